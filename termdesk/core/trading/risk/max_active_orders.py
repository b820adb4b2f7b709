"""Not too many orders work at the same time."""

from __future__ import annotations

from termdesk.core.model.limits import TradingLimits
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.controls import Tally
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal, limits: TradingLimits, tally: Tally) -> Reason | None:
    """Refuse a new order while as many work as may."""
    if not limits.max_active_orders or not proposal.is_new or tally.working < limits.max_active_orders:
        return None
    words = {"working": str(tally.working), "max": str(limits.max_active_orders)}
    return Reason("risk.max_active_orders", words)
