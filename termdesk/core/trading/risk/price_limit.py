"""A price lies within the day's limits of its venue.

Only where the rule book gives a limit for certain and the source told the
previous close of the day: what is not known stops nothing. The venue calls an
order outside the limits void, whatever its side (SSE and SZSE trading rules 3.3).
"""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal
from termdesk.core.venues.limits import price_limits
from termdesk.core.venues.sessions import trading_day


def check(proposal: Proposal) -> Reason | None:
    """Refuse a price above the highest or below the lowest of the day."""
    price, seen, instrument = proposal.price, proposal.seen, proposal.instrument
    if price is None or seen.prev_close <= 0:
        return None
    limits = price_limits(instrument, trading_day(instrument.id, seen.at_ns), seen.prev_close)
    if limits is None or limits.low is None or limits.high is None or limits.low <= price <= limits.high:
        return None
    text = instrument.price_text
    return Reason("risk.price_limit", {"price": text(price), "low": text(limits.low), "high": text(limits.high)})
