"""``docs/venues.md``: what every rule book says, since when and by what source, and what it does not know."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum

import msgspec

from termdesk.core.venues.rows import LimitCase, Row
from termdesk.core.venues.rulebook import RuleBook, holidays, in_force, rule_books

_INTRO = """\
# Venues: what the rule books know

Generated from `termdesk/core/venues/data` by `scripts/generate_docs.py`. A row holds from its first day until the next
row of its subject and boards. *Verified* rows were checked against an official text or real data, *sourced* ones were
read in a named place that is not the venue's own, *unconfirmed* ones are commonly said, *invented* ones belong to
generated markets. What is not known is listed, and every function that would need it answers "unknown".

**Fees.** An order pays every item that is in force on the day of its fill, each reckoned and rounded half up to the
currency's unit on all fills of the order together, so that a minimum is paid once and a restart changes nothing. The
commission is the account's: the rate that a book states is an assumption. Set your own in the configuration, by
venue: `fees = { SSE = { rate = 0.0001, minimum = 0, all_in = true } }`. An `all_in` commission covers exchange and
regulatory fees. Items whose rate is not known are not charged, and a preview names them.

**Limits.** Daily limits are rounded half up to the tick, reckoned in decimals. A bound of the price cage between two
ticks is drawn to the inside, which is legal by every reading of the rule.

**Days.** A night session belongs to the next trading day. Weekend days on which offices work are no trading days. Past
the last announced day of a calendar the phase is unknown.

**Call auctions.** The largest volume; every buy above and every sale below the price fills; at the price at least one
side does. Shanghai then takes, among order prices, the least unfilled quantity and the middle of what is left;
Shenzhen, among all ticks, the least surplus and the price nearest to the previous close (at the close: to the last
price). Both auctions of a recorded Shanghai day come out to the share.

**Why `marina-rules` is no dependency.** The package (MIT, data CC0) holds dated limits, ticks and fees of Chinese
shares with quotes of their sources. It reckons in binary floats, reads YAML and knows neither sessions, lots, cages,
order types nor other venues, so that its rows would be a second rule book beside ours. It is pinned for the tests, as
an independent oracle: limits, stamp duty, transfer fee and T+0 funds are held against it day by day.
"""

_SUBJECTS = {
    "boards": "Boards",
    "sessions": "Sessions",
    "extended": "Extended hours",
    "after_hours": "Fixed price after the close",
    "auctions": "Call auctions",
    "ticks": "Ticks",
    "lots": "Quantities",
    "limits": "Daily limits",
    "cages": "Price cage",
    "order_types": "Order types",
    "settlements": "Settlement",
    "contracts": "Contracts",
    "financing": "Buying on credit",
    "commissions": "Commission",
    "charges": "Charges",
}
_ASKED = ("sessions", "auctions", "ticks", "lots", "limits", "order_types", "settlements", "charges")
"""Subjects that every board should have; where one has none, the page says so."""

_LAST = "9999-12-31"
_COMMON = frozenset(Row.__struct_fields__)


def venues_markdown() -> str:
    """Give the page's text."""
    books = {book.segments: book for book in rule_books().values()}
    parts = [_INTRO]
    for segments, book in sorted(books.items()):
        parts.append("\n".join(_venue(segments, book)))
    return "\n".join(parts)


def _venue(segments: tuple[str, ...], book: RuleBook) -> Iterator[str]:
    yield f"## {', '.join(segments)}"
    yield ""
    yield _clock(book)
    unknown = list(_unknown(book))
    if unknown:
        yield ""
        yield "Not known:"
        yield ""
        yield from (f"- {line}" for line in unknown)
    yield ""
    yield "| Subject | Boards | From | What | Certainty | Source |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for table, title in _SUBJECTS.items():
        for row in getattr(book, table):
            cells = (
                title,
                ", ".join(row.boards) or "all",
                row.first_day or "always",
                _what(row),
                row.certainty.value,
                row.source,
            )
            yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
    yield ""


def _clock(book: RuleBook) -> str:
    hours = Decimal(book.utc_offset_minutes) / 60
    clock = f"Clock: UTC{hours:+g}" + (", an hour ahead in summer" if book.summer_time else "")
    if not book.calendar:
        return f"{clock}. Every date is a trading day."
    known = holidays(book.calendar)
    early = ", with days that close early" if known.early else ", no day closes early"
    return f"{clock}. Trading days known from {known.first_day} to {known.last_day}{early} ({known.source})."


def _unknown(book: RuleBook) -> Iterator[str]:
    for table in _ASKED:
        rows = [row for row in getattr(book, table) if getattr(row, "case", None) in (None, LimitCase.ORDINARY)]
        boards = [row.board for row in book.boards]
        missing = sorted({board for board in boards if _says_nothing(in_force(rows, board, _LAST))})
        if missing:
            yield f"{_SUBJECTS[table].lower()}: {', '.join(missing)}"
    for row in book.charges:
        if row.rate is None:
            yield f"rate of {row.item} from {row.first_day or 'always'}: {', '.join(row.boards)}"


def _says_nothing(row: Row | None) -> bool:
    return row is None or not _what(row)


def _what(row: Row) -> str:
    """What a row says beside its day, boards and source."""
    named = {
        name: getattr(row, name)
        for name, default in zip(row.__struct_fields__, _defaults(type(row)), strict=True)
        if name not in _COMMON and getattr(row, name) != default
    }
    return "; ".join(f"{name.replace('_', ' ')} {_text(value)}" for name, value in named.items())


def _defaults(kind: type[Row]) -> list[object]:
    return [field.default for field in msgspec.structs.fields(kind)]


def _text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case Decimal():
            return f"{value:f}"
        case tuple():
            return ", ".join(map(_text, value))
        case msgspec.Struct():
            return " ".join(_text(getattr(value, name)) for name in value.__struct_fields__)
        case _:
            return str(value)
