"""Rule books: what a venue's data file says, validated. A book is a TOML file of this package."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Literal, TypeVar

import msgspec

from termdesk.core.venues.rows import (
    AfterHoursRow,
    AuctionRow,
    BoardRow,
    CageRow,
    ChargeRow,
    CommissionRow,
    ContractRow,
    ExtendedRow,
    FinancingRow,
    LimitRow,
    LotRow,
    OrderTypesRow,
    Row,
    SessionRow,
    SettlementRow,
    TickRow,
)


class RuleBook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of one venue, for all its segments. Every table ascends by first day; an empty one says nothing."""

    segments: tuple[str, ...]
    utc_offset_minutes: int
    summer_time: Literal["", "us"] = ""
    """By whose rule clocks go an hour ahead in summer."""
    calendar: str
    """Name of a holiday file; ``""`` where every date is a trading day."""
    boards: tuple[BoardRow, ...] = ()
    sessions: tuple[SessionRow, ...]
    extended: tuple[ExtendedRow, ...] = ()
    after_hours: tuple[AfterHoursRow, ...] = ()
    auctions: tuple[AuctionRow, ...] = ()
    ticks: tuple[TickRow, ...] = ()
    lots: tuple[LotRow, ...] = ()
    limits: tuple[LimitRow, ...] = ()
    cages: tuple[CageRow, ...] = ()
    order_types: tuple[OrderTypesRow, ...] = ()
    settlements: tuple[SettlementRow, ...] = ()
    commissions: tuple[CommissionRow, ...] = ()
    charges: tuple[ChargeRow, ...] = ()
    contracts: tuple[ContractRow, ...] = ()
    financing: tuple[FinancingRow, ...] = ()


class Holidays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Weekdays without a session between two days; outside them nothing is known."""

    source: str
    first_day: str
    last_day: str
    closed: frozenset[str]
    early: frozenset[str] = frozenset()
    """Days that close early."""


AnyRow = TypeVar("AnyRow", bound=Row)


def in_force(rows: Sequence[AnyRow], board: str, day: str) -> AnyRow | None:
    """Give the latest row of a board on a day; rows for all boards count only where the board has none."""
    own = [row for row in rows if board in row.boards] or [row for row in rows if not row.boards]
    return next((row for row in reversed(own) if row.first_day <= day), None)


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
