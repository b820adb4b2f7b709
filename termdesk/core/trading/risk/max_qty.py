"""One order is not larger than its limit."""

from __future__ import annotations

from termdesk.core.model.limits import TradingLimits
from termdesk.core.model.number import plain
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal, limits: TradingLimits) -> Reason | None:
    """Refuse a larger quantity; the limit itself passes, and so does making an order smaller."""
    if not limits.max_qty or proposal.only_smaller:
        return None
    if proposal.instrument.qty_decimal(proposal.qty) <= limits.max_qty:
        return None
    return Reason("risk.max_qty", {"qty": proposal.instrument.qty_text(proposal.qty), "max": plain(limits.max_qty)})
