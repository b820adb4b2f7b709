"""Rule books: what a venue's data file says, validated.

A book is a TOML file of this package. Rows are dated: a row holds from its
``first_day`` (ISO date of the venue, ``""`` is always) until the next row's.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib import resources

import msgspec

from termdesk.core.model.terms import Phase


class PhaseRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From ``start`` (``HH:MM`` of the venue's clock) the venue is in ``phase``."""

    start: str
    phase: Phase


class SessionRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The timetable of a trading day; the first phase starts at 00:00."""

    first_day: str
    source: str
    phases: tuple[PhaseRow, ...]


class FeeRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rates of notional for one kind of instrument, or for all kinds without a row (``""``)."""

    first_day: str
    kind: str
    maker: Decimal
    taker: Decimal
    source: str


class RuleBook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules of one venue, for all its segments."""

    segments: tuple[str, ...]
    utc_offset_minutes: int
    calendar: str
    """Name of a holiday file; ``""`` where every date is a trading day."""
    sessions: tuple[SessionRow, ...]
    fees: tuple[FeeRow, ...]


class Holidays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Weekdays without a session between two days; outside them nothing is known."""

    source: str
    first_day: str
    last_day: str
    closed: frozenset[str]


@cache
def rule_books() -> dict[str, RuleBook]:
    """Every rule book by segment. Reads the package's data once."""
    folder = resources.files(__package__) / "data"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    books = (msgspec.toml.decode(file.read_bytes(), type=RuleBook) for file in files)
    return {segment: book for book in books for segment in book.segments}


@cache
def holidays(calendar: str) -> Holidays:
    """A holiday file by name. Reads it once."""
    file = resources.files(__package__) / "data" / "holidays" / f"{calendar}.toml"
    return msgspec.toml.decode(file.read_bytes(), type=Holidays)
