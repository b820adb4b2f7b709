"""Trading days of a venue, by its calendar. A day number counts from 1970-01-01."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from termdesk.core.venues.rulebook import Holidays, RuleBook, holidays

_EPOCH = date(1970, 1, 1).toordinal()
LONGEST_CLOSURE = 30
"""Days within which a venue trades at least five times; the longest Chinese closure is eleven days."""


@lru_cache(maxsize=4096)
def iso_day(number: int) -> str:
    """The ISO date of a day number."""
    return date.fromordinal(_EPOCH + number).isoformat()


def day_number(day: str) -> int:
    """The day number of an ISO date."""
    return date.fromisoformat(day).toordinal() - _EPOCH


def utc_offset(book: RuleBook, number: int) -> int:
    """Minutes that the venue's clock is ahead of UTC on a date, by what holds during its day.

    Summer time of the United States since 2007 (Energy Policy Act of 2005,
    section 110): second Sunday of March to first Sunday of November.
    """
    if not book.summer_time:
        return book.utc_offset_minutes
    year = date.fromordinal(_EPOCH + number).year
    summer = _sunday(year, 3, 2) <= number < _sunday(year, 11, 1)
    return book.utc_offset_minutes + 60 * summer


def _sunday(year: int, month: int, which: int) -> int:
    first = date(year, month, 1)
    return first.toordinal() - _EPOCH + (6 - first.weekday()) % 7 + 7 * (which - 1)


def closes_early(book: RuleBook, number: int) -> bool:
    """Whether the calendar names the date as one that closes early."""
    return bool(book.calendar) and iso_day(number) in holidays(book.calendar).early


def next_trading_day(book: RuleBook, number: int) -> int | None:
    """The first trading day from this one on, None where the calendar does not say."""
    if not book.calendar:
        return number
    known = holidays(book.calendar)
    for candidate in range(number, number + LONGEST_CLOSURE):
        if not known.first_day <= iso_day(candidate) <= known.last_day:
            return None
        if _trades(known, candidate):
            return candidate
    return None


def listing_age(book: RuleBook, first_day: str, day: str) -> int | None:
    """How many trading days a listing has seen on a day, its first one being 1.

    Returns:
        At least ``LONGEST_CLOSURE`` when it is longer ago than that many dates;
        None where the first day or the calendar is not known.
    """
    if not first_day or first_day > day:
        return None
    first, last = day_number(first_day), day_number(day)
    if last - first > LONGEST_CLOSURE or not book.calendar:
        return last - first + 1
    known = holidays(book.calendar)
    if first_day < known.first_day or day > known.last_day:
        return None
    return sum(_trades(known, number) for number in range(first, last + 1))


def is_weekend(number: int) -> bool:
    """Whether a day number is a Saturday or Sunday."""
    return (number + 3) % 7 >= 5


def _trades(known: Holidays, number: int) -> bool:
    return not is_weekend(number) and iso_day(number) not in known.closed
