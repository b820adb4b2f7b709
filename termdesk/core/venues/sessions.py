"""Sessions: in which phase of which trading day an instrument is.

Does not know halts of single instruments, nor sessions that cross midnight;
what a feed says about a phase goes before what the timetable says.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import lru_cache

import msgspec

from termdesk.core.model.number import Ns
from termdesk.core.model.terms import Phase
from termdesk.core.venues.rulebook import Holidays, RuleBook, SessionRow, holidays, rule_books

_MINUTE_NS = 60_000_000_000
_DAY_NS = 1440 * _MINUTE_NS
_EPOCH = date(1970, 1, 1).toordinal()
_LONGEST_CLOSURE = 30
"""Days to look ahead for the next trading day; the longest Chinese closure is eleven."""


class PhaseAt(msgspec.Struct, frozen=True):
    """The trading day and phase at a moment, and until when both hold."""

    day: str
    """ISO date; on a date without a session, the next trading day."""
    phase: Phase
    until_ns: Ns
    """First moment at which day or phase is another one, or the venue's midnight."""


class _Plan(msgspec.Struct, frozen=True):
    starts: tuple[Ns, ...]
    phases: tuple[PhaseAt, ...]


def phase(instrument_id: str, t_ns: Ns) -> PhaseAt | None:
    """Give trading day and phase by the venue's timetable.

    Returns:
        None where it is not known: no rule book for the segment, or a day
        outside the announced calendar.
    """
    segment = instrument_id.rpartition(".")[2]
    book = rule_books().get(segment)
    if book is None:
        return None
    plan = _plan(segment, (t_ns + book.utc_offset_minutes * _MINUTE_NS) // _DAY_NS)
    return None if plan is None else plan.phases[bisect_right(plan.starts, t_ns) - 1]


def trading_day(instrument_id: str, t_ns: Ns) -> str:
    """Give the trading day (ISO date) to which a moment belongs.

    On a date without a session it is the next trading day. Where the calendar
    does not know, it is the venue's date; without a rule book, the UTC date.
    """
    known = phase(instrument_id, t_ns)
    if known is not None:
        return known.day
    book = rule_books().get(instrument_id.rpartition(".")[2])
    offset = book.utc_offset_minutes if book is not None else 0
    return _iso((t_ns + offset * _MINUTE_NS) // _DAY_NS)


@lru_cache(maxsize=1024)
def _plan(segment: str, day_number: int) -> _Plan | None:
    """The boundaries of one date of a venue, None where unknown. ``day_number`` counts from 1970-01-01."""
    book = rule_books()[segment]
    row = _row(book, _iso(day_number))
    trading = _next_trading_day(book, day_number)
    if row is None or trading is None:
        return None
    midnight = day_number * _DAY_NS - book.utc_offset_minutes * _MINUTE_NS
    timetable = [(_minutes(step.start), step.phase) for step in row.phases]
    if trading != day_number:
        timetable = [(0, Phase.CLOSED)]
    starts = tuple(midnight + minutes * _MINUTE_NS for minutes, _ in timetable)
    ends = (*starts[1:], midnight + _DAY_NS)
    day = _iso(trading)
    return _Plan(starts, tuple(PhaseAt(day, step, end) for (_, step), end in zip(timetable, ends, strict=True)))


def _row(book: RuleBook, day: str) -> SessionRow | None:
    rows = [row for row in book.sessions if row.first_day <= day]
    return rows[-1] if rows else None


def _next_trading_day(book: RuleBook, day_number: int) -> int | None:
    """The first trading day from this date on, None where the calendar does not say."""
    if not book.calendar:
        return day_number
    known = holidays(book.calendar)
    for number in range(day_number, day_number + _LONGEST_CLOSURE):
        day = _iso(number)
        if not known.first_day <= day <= known.last_day:
            return None
        if _is_session(known, number, day):
            return number
    return None


def _is_session(known: Holidays, day_number: int, day: str) -> bool:
    weekend = (day_number + 3) % 7 >= 5
    return not weekend and day not in known.closed


def _iso(day_number: int) -> str:
    return date.fromordinal(_EPOCH + day_number).isoformat()


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
