"""Sessions: in which phase of which trading day an instrument is.

Does not know halts of single instruments; what a feed says about a phase goes
before what the timetable says. A night session belongs to the next trading
day, and there is none on the eve of a public holiday.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

import msgspec

from termdesk.core.model.number import Ns
from termdesk.core.model.terms import Phase
from termdesk.core.venues.boards import board_of_id
from termdesk.core.venues.days import closes_early, is_weekend, iso_day, next_trading_day, utc_offset
from termdesk.core.venues.rows import PhaseRow
from termdesk.core.venues.rulebook import RuleBook, in_force, rule_books

_MINUTE_NS = 60_000_000_000
_DAY = 1440
_DAY_NS = _DAY * _MINUTE_NS


_KEPT = 8192
_latest: dict[str, tuple[Ns, PhaseAt]] = {}
"""The last answer for an instrument and since when it holds: an order asks for its day many times."""


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


class _Step(msgspec.Struct, frozen=True):
    """From a minute of the date on."""

    minute: int
    phase: Phase
    day: int


def phase(instrument_id: str, t_ns: Ns) -> PhaseAt | None:
    """Give trading day and phase by the venue's timetable.

    Returns:
        None where it is not known: no rule book for the segment, no timetable
        for the board, or a day outside the announced calendar.
    """
    kept = _latest.get(instrument_id)
    if kept is not None and kept[0] <= t_ns < kept[1].until_ns:
        return kept[1]
    segment = instrument_id.rpartition(".")[2]
    book = rule_books().get(segment)
    if book is None:
        return None
    number = _date_of(book, t_ns)
    board = board_of_id(instrument_id, iso_day(number)) if book.boards else ""
    plan = _plan(segment, board, number)
    if plan is None:
        return None
    at = max(bisect_right(plan.starts, t_ns) - 1, 0)
    if len(_latest) >= _KEPT:
        _latest.clear()
    _latest[instrument_id] = (min(plan.starts[at], t_ns), plan.phases[at])
    return plan.phases[at]


def trading_day(instrument_id: str, t_ns: Ns) -> str:
    """Give the trading day (ISO date) to which a moment belongs.

    On a date without a session it is the next trading day. Where the calendar
    does not know, it is the venue's date; without a rule book, the UTC date.
    """
    kept = _latest.get(instrument_id)
    known = kept[1] if kept is not None and kept[0] <= t_ns < kept[1].until_ns else phase(instrument_id, t_ns)
    if known is not None:
        return known.day
    book = rule_books().get(instrument_id.rpartition(".")[2])
    return iso_day(t_ns // _DAY_NS if book is None else _date_of(book, t_ns))


def phases_of_day(instrument_id: str, t_ns: Ns) -> frozenset[Phase] | None:
    """Give every phase of the trading day to which a moment belongs; None where the timetable is not known."""
    book = rule_books().get(instrument_id.rpartition(".")[2])
    if book is None:
        return None
    day = trading_day(instrument_id, t_ns)
    row = in_force(book.sessions, board_of_id(instrument_id, day) if book.boards else "", day)
    return frozenset(step.phase for step in (*row.night, *row.phases)) if row is not None and row.phases else None


def _date_of(book: RuleBook, t_ns: Ns) -> int:
    """Day number by the venue's clock; the hour in which a clock is changed counts to the day before."""
    number = (t_ns + book.utc_offset_minutes * _MINUTE_NS) // _DAY_NS
    return (t_ns + utc_offset(book, number) * _MINUTE_NS) // _DAY_NS if book.summer_time else number


@lru_cache(maxsize=4096)
def _plan(segment: str, board: str, number: int) -> _Plan | None:
    """The boundaries of one date of a venue, None where unknown."""
    book = rule_books()[segment]
    steps = _steps(book, board, number)
    if steps is None:
        return None
    midnight = number * _DAY_NS - utc_offset(book, number) * _MINUTE_NS
    starts = tuple(midnight + step.minute * _MINUTE_NS for step in steps)
    ends = (*starts[1:], midnight + _DAY_NS)
    phases = (PhaseAt(iso_day(step.day), step.phase, end) for step, end in zip(steps, ends, strict=True))
    return _Plan(starts, tuple(phases))


def _steps(book: RuleBook, board: str, number: int) -> list[_Step] | None:
    """A date's timetable: the rest of last night, the day, the evening."""
    row = in_force(book.sessions, board, iso_day(number))
    trading = next_trading_day(book, number)
    if row is None or not row.phases or trading is None:
        return None
    if not row.night:
        phases = row.early if closes_early(book, number) else row.phases
        return _day_steps(phases, number, trading, 0) if phases else None
    last_night, tonight = _night(book, board, number - 1), _night(book, board, number)
    if last_night is None or tonight is None:
        return None
    rest = [_Step(max(0, step.minute - _DAY), step.phase, step.day) for step in last_night]
    rest = [step for at, step in enumerate(rest) if step.minute > 0 or at == len(rest) - 1 or rest[at + 1].minute > 0]
    evening = [step for step in tonight if step.minute < _DAY]
    return [*rest, *_day_steps(row.phases, number, trading, rest[-1].minute + 1 if rest else 0), *evening]


def _day_steps(phases: tuple[PhaseRow, ...], number: int, trading: int, from_minute: int) -> list[_Step]:
    if trading != number:
        return [_Step(0, Phase.CLOSED, trading)] if from_minute == 0 else []
    steps = (_Step(_minutes(step.start), step.phase, trading) for step in phases)
    return [step for step in steps if step.minute >= from_minute]


def _night(book: RuleBook, board: str, number: int) -> list[_Step] | None:
    """The night session that begins on a date; empty where there is none, None where unknown."""
    row = in_force(book.sessions, board, iso_day(number))
    if row is None or not row.night or next_trading_day(book, number) != number:
        return []
    following = next_trading_day(book, number + 1)
    if following is None:
        return None
    if not all(is_weekend(between) for between in range(number + 1, following)):
        return []
    return [_Step(_minutes(step.start), step.phase, following) for step in row.night]


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
