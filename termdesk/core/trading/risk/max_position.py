"""A position does not grow beyond its limit."""

from __future__ import annotations

from termdesk.core.model.limits import TradingLimits
from termdesk.core.model.number import plain
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal, limits: TradingLimits) -> Reason | None:
    """Refuse what could make the net position, with working orders of that side, larger than its limit."""
    if not limits.max_position or not proposal.adds_risk:
        return None
    after = proposal.instrument.qty_decimal(abs(proposal.measures.position_after))
    if after <= limits.max_position:
        return None
    return Reason("risk.max_position", {"after": plain(after), "max": plain(limits.max_position)})
