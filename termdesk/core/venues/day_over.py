"""When a trading day of a venue is over: at the first moment that belongs to a later one.

A night session begins the next trading day. Where the timetable does not say,
a day ends with its date.
"""

from __future__ import annotations

from functools import lru_cache

from termdesk.core.model.number import Ns
from termdesk.core.venues.days import day_number, utc_offset
from termdesk.core.venues.rulebook import rule_books
from termdesk.core.venues.sessions import phase

_MINUTE_NS = 60_000_000_000
_DAY_NS = 1440 * _MINUTE_NS


@lru_cache(maxsize=4096)
def day_over(instrument_id: str, day: str) -> Ns:
    """Give the first moment after an ISO day; an id that is only ``.SEGMENT`` asks for the venue's dates."""
    book = rule_books().get(instrument_id.rpartition(".")[2])
    number = day_number(day)
    midnight = number * _DAY_NS
    if book is not None:
        midnight -= utc_offset(book, number) * _MINUTE_NS
    at_ns, latest = midnight, midnight + _DAY_NS
    while at_ns < latest:
        known = phase(instrument_id, at_ns)
        if known is None:
            return latest
        if known.day > day:
            return at_ns
        at_ns = known.until_ns
    return latest
