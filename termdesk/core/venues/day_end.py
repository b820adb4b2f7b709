"""When a trading day ends for an instrument: the last moment of its last session."""

from __future__ import annotations

from termdesk.core.model.number import Ns
from termdesk.core.model.terms import Phase
from termdesk.core.venues.days import utc_offset
from termdesk.core.venues.rulebook import rule_books
from termdesk.core.venues.sessions import phase

_MINUTE_NS = 60_000_000_000
_DAY_NS = 1440 * _MINUTE_NS
_MOST_PHASES = 64
"""More than any timetable has from a night session to the close of the day after a long holiday."""


def day_end(instrument_id: str, t_ns: Ns) -> Ns:
    """Give the end of the trading day that a moment belongs to.

    A day of several sessions ends with the last of them: a night session's
    orders live through the day that it counts to. After the close it is the
    end of the next trading day. Where the timetable is not known the day is
    the venue's date (without a rule book the UTC date), as for
    ``trading_day``, and ends at its midnight.
    """
    day, end, at = "", 0, t_ns
    for _ in range(_MOST_PHASES):
        known = phase(instrument_id, at)
        if known is None:
            return end or _midnight(instrument_id, t_ns)
        if end and known.day != day:
            return end
        if known.phase is not Phase.CLOSED:
            day, end = known.day, known.until_ns
        at = known.until_ns
    return end or _midnight(instrument_id, t_ns)


def _midnight(instrument_id: str, t_ns: Ns) -> Ns:
    book = rule_books().get(instrument_id.rpartition(".")[2])
    offset_ns = 0 if book is None else utc_offset(book, t_ns // _DAY_NS) * _MINUTE_NS
    return ((t_ns + offset_ns) // _DAY_NS + 1) * _DAY_NS - offset_ns
