"""Boards: which rows of a rule book an instrument falls under."""

from __future__ import annotations

from functools import lru_cache

from termdesk.core.model.instrument import Instrument
from termdesk.core.venues.rulebook import RuleBook, rule_books


def board_of_id(instrument_id: str, day: str) -> str:
    """Give the board by the beginning of the code, ``""`` where no row covers it.

    The same code means different things at two venues (000001 is a bank in
    Shenzhen and an index in Shanghai), so the segment decides first.
    """
    row = _row(instrument_id, day, "")
    return row[0] if row is not None else ""


def book_and_board(instrument: Instrument, day: str) -> tuple[RuleBook, str] | None:
    """Give book and board of an instrument.

    Returns:
        None where no book or no board is known, or the board lists another kind.
    """
    row = _row(instrument.id, day, instrument.kind)
    if row is None:
        return None
    return rule_books()[instrument.segment], row[0]


@lru_cache(maxsize=8192)
def _row(instrument_id: str, day: str, kind: str) -> tuple[str, str] | None:
    """Board and kind; ``""`` asks for any kind."""
    code, _, segment = instrument_id.rpartition(".")
    book = rule_books().get(segment)
    found = [
        (len(prefix), row.first_day, row.board, row.kind)
        for row in (book.boards if book is not None else ())
        for prefix in row.prefixes
        if row.first_day <= day and code.startswith(prefix) and kind in ("", row.kind)
    ]
    return max(found)[2:] if found else None
