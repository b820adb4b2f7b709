"""One order is not worth more than its limit."""

from __future__ import annotations

from termdesk.core.model.limits import TradingLimits
from termdesk.core.model.number import plain
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal, limits: TradingLimits) -> Reason | None:
    """Refuse an order that is worth more; the limit itself passes. Currencies are not converted."""
    if not limits.max_notional or proposal.only_smaller or proposal.measures.notional <= limits.max_notional:
        return None
    words = {"notional": plain(proposal.measures.notional), "max": plain(limits.max_notional)}
    return Reason("risk.max_notional", {**words, "currency": proposal.instrument.currency})
