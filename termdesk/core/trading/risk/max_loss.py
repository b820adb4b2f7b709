"""An account that lost its limit of the day only closes."""

from __future__ import annotations

from termdesk.core.model.limits import OnLoss, TradingLimits
from termdesk.core.model.number import plain
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal, limits: TradingLimits) -> Reason | None:
    """Refuse what adds risk once the day's loss has reached its limit."""
    is_reached = limits.max_loss_day and proposal.measures.day_result <= -limits.max_loss_day
    if not is_reached or not proposal.adds_risk or limits.on_loss is OnLoss.WARN:
        return None
    words = {"lost": plain(-proposal.measures.day_result), "max": plain(limits.max_loss_day)}
    return Reason("risk.max_loss_day", {**words, "currency": proposal.instrument.currency})
