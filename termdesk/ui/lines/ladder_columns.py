"""Columns of a ladder: their names, their order, and which fit into a width."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import msgspec


class Column(Enum):
    """What a ladder can show beside each price; the values are those of the configuration."""

    OWN_BUYS = "buys"
    BID = "bid"
    PRICE = "price"
    LAST = "last"
    """Size of the last trade, and of all at its price since the price before it."""
    ASK = "ask"
    OWN_SELLS = "sells"
    VOLUME = "volume"
    """What traded at the price today."""
    TRADED = "traded"
    """What was sold and bought at the price lately."""
    FLOW = "flow"
    """Orders that were added to (+) or pulled from (-) the level lately; trades are no pulls."""
    PNL = "pnl"
    """Profit or loss if the position were closed at the price, before fees."""
    NOTE = "note"
    """Notes on own orders at the price."""


ORDER: tuple[Column, ...] = tuple(Column)

OWN_LEAST, OWN_USUAL, OWN_MOST = 5, 10, 13
SIZE_LEAST, SIZE_MOST = 6, 9
MARK = 2
"""Cells of a mark behind the price."""


class Extra(msgspec.Struct, frozen=True):
    """Least and most cells of a column that a narrow ladder leaves out."""

    column: Column
    least: int
    most: int


EXTRAS = (
    Extra(Column.LAST, 6, 11),
    Extra(Column.VOLUME, 7, 9),
    Extra(Column.TRADED, 12, 14),
    Extra(Column.FLOW, 11, 13),
    Extra(Column.PNL, 10, 13),
    Extra(Column.NOTE, 8, 24),
)
"""The most important first: each comes only when those before it that were asked for have room."""

_SIZES = (Column.BID, Column.ASK)
_OWN = (Column.OWN_BUYS, Column.OWN_SELLS)


def widths(width: int, price_width: int, wanted: Sequence[Column] = ORDER) -> dict[Column, int]:
    """Share out a width: sizes first, then own orders, then what else was asked for.

    The price column holds cursor, direction of the last trade, price and a
    mark, with blanks around it where there is room; it is always there. The two sizes are equally wide, as are the two
    columns of own orders. Own orders come before every extra column.

    Args:
        width: Cells of the ladder.
        price_width: Cells of the longest price.
        wanted: Columns in the order in which they are shown.

    Returns:
        Cells by column in the wanted order, ``width`` together; what has no room is missing.
    """
    cells = {Column.PRICE: price_width + 2 + MARK}
    rest = width - cells[Column.PRICE]
    sizes = [column for column in _SIZES if column in wanted]
    own = [column for column in _OWN if column in wanted]
    for column in sizes:
        cells[column] = min(SIZE_LEAST, max(1, rest // len(sizes)))
    rest -= sum(cells[column] for column in sizes)
    if own and rest >= OWN_LEAST * len(own):
        for column in own:
            cells[column] = min(OWN_USUAL, rest // len(own))
        rest -= sum(cells[column] for column in own)
    elif own:
        own = []
    extras = _extras(rest, wanted) if len(own) == len([column for column in _OWN if column in wanted]) else {}
    rest -= sum(extras.values())
    cells |= extras
    rest = _widen(cells, [Column.PRICE], cells[Column.PRICE] + 2, rest)
    rest = _widen(cells, sizes, SIZE_MOST if own else rest, rest)
    for extra in EXTRAS:
        if extra.column is Column.NOTE:
            rest = _widen(cells, own, OWN_MOST, rest)
        if extra.column in cells:
            rest = _widen(cells, [extra.column], extra.most, rest)
    rest = _widen(cells, sizes, width, rest)
    cells[Column.PRICE] += rest
    return {column: cells[column] for column in dict.fromkeys((*wanted, Column.PRICE)) if column in cells}


def halves(width: int) -> tuple[int, int]:
    """Give the cells left and right of the mark in the middle of a column that tells two numbers."""
    left = (width - 1) // 2
    return left, width - 1 - left


def _extras(rest: int, wanted: Sequence[Column]) -> dict[Column, int]:
    taken: dict[Column, int] = {}
    for extra in EXTRAS:
        if extra.column not in wanted:
            continue
        if extra.least > rest:
            break
        taken[extra.column] = extra.least
        rest -= extra.least
    return taken


def _widen(cells: dict[Column, int], columns: Sequence[Column], most: int, rest: int) -> int:
    """Widen columns alike up to ``most`` cells; gives what is left."""
    if not columns:
        return rest
    by = max(0, min(most - cells[columns[0]], rest // len(columns)))
    for column in columns:
        cells[column] += by
    return rest - by * len(columns)
