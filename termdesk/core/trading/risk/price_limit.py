"""A price lies within the day's limits of its venue.

Only where the rule book gives a limit for certain and the source told the
previous close of the day: what is not known stops nothing. The venue calls an
order outside the limits void, whatever its side (SSE and SZSE trading rules 3.3).
"""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse a price above the highest or below the lowest of the day."""
    price, low, high = proposal.price, proposal.rule.low, proposal.rule.high
    if price is None or low is None or high is None or low <= price <= high:
        return None
    text = proposal.instrument.price_text
    return Reason("risk.price_limit", {"price": text(price), "low": text(low), "high": text(high)})
