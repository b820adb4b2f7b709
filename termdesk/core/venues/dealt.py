"""How long an instrument has been dealt in on its trading day: what a volume ratio counts by."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import msgspec

from termdesk.core.model.number import Ns
from termdesk.core.model.terms import Phase
from termdesk.core.venues.sessions import phase

_MINUTE_NS = 60_000_000_000
_DAY_NS = 1440 * _MINUTE_NS
_EPOCH = date(1970, 1, 1).toordinal()
_BEFORE = 4
"""Days before the trading day on which a night session that counts to it may begin."""
_MOST_PHASES = 96
"""More than any timetable has in so many days."""
_DEALING = frozenset({Phase.CONTINUOUS, Phase.CLOSING_AUCTION})


class Dealt(msgspec.Struct, frozen=True):
    """Minutes of one trading day in which an instrument is dealt in, breaks left out."""

    so_far: int
    """Minutes begun."""
    whole: int
    """Of the whole day: 240 in Shanghai and Shenzhen."""


def dealt(instrument_id: str, t_ns: Ns) -> Dealt | None:
    """Count the minutes of continuous trading and of the closing auction; None where the timetable is not known.

    The opening auction has none: what it traded counts to the first minute.
    """
    known = phase(instrument_id, t_ns)
    spans = _spans(instrument_id, known.day) if known is not None else None
    if not spans:
        return None
    whole = [(end - start) // _MINUTE_NS for start, end in spans]
    begun = [(t_ns - start) // _MINUTE_NS + 1 for start, _ in spans]
    return Dealt(sum(max(0, min(pair)) for pair in zip(begun, whole, strict=True)), sum(whole))


@lru_cache(maxsize=8192)
def _spans(instrument_id: str, day: str) -> tuple[tuple[Ns, Ns], ...] | None:
    """When the instrument is dealt in on a trading day, in order; None where it is not known."""
    at = (date.fromisoformat(day).toordinal() - _EPOCH - _BEFORE) * _DAY_NS
    found: list[tuple[Ns, Ns]] = []
    for _ in range(_MOST_PHASES):
        known = phase(instrument_id, at)
        if known is None:
            return None
        if known.day > day:
            break
        if known.day == day and known.phase in _DEALING:
            found.append((at, known.until_ns))
        at = known.until_ns
    return tuple(found)
