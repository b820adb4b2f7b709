"""The same order does not go out again and again."""

from __future__ import annotations

from termdesk.core.model.limits import TradingLimits
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal
from termdesk.core.trading.risk.rate import MS


def check(proposal: Proposal, limits: TradingLimits) -> Reason | None:
    """Refuse a new order after as many identical ones within the window; a window of 0 is the life of the desk."""
    count = limits.max_identical
    if not count or not proposal.is_new:
        return None
    stamps = proposal.measures.identical
    if len(stamps) < count:
        return None
    window = limits.identical_window_ms
    if window and proposal.at_ns - stamps[-count] >= window * MS:
        return None
    return Reason("risk.max_identical", {"max": str(count), "window": str(window)})
