"""Columns that drop in a stated order when a table gets narrow."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom, Row


class Column(msgspec.Struct, frozen=True):
    """One column. ``rank`` 0 never drops; of the others the highest drops first."""

    key: str
    """Translation key of its title; its last part names the column."""
    width: int
    rank: int = 0
    is_number: bool = True
    grows: bool = False
    """Takes the space that is left over; of several the last that is shown."""
    most: int = 0
    """Cells that it may take of that space before."""

    @property
    def name(self) -> str:
        """The last part of the key."""
        return self.key.rpartition(".")[2]


@lru_cache(maxsize=256)
def laid(columns: tuple[Column, ...], width: int) -> tuple[tuple[Column, int], ...]:
    """Choose the columns that fit, one blank between two and one before the first, with their widths."""
    kept = list(columns)
    while len(kept) > 1 and sum(c.width + 1 for c in kept) > width:
        last = max(kept, key=lambda c: c.rank)
        if last.rank == 0:
            break
        kept.remove(last)
    spare = max(0, width - sum(c.width + 1 for c in kept))
    widths = []
    for column in kept:
        more = min(spare, max(0, column.most - column.width))
        spare -= more
        widths.append(column.width + more)
    growing = next((c for c in reversed(kept) if c.grows), None)
    return tuple((c, w + spare if c is growing else w) for c, w in zip(kept, widths, strict=True))


def heading(columns: tuple[Column, ...], width: int, idiom: Idiom) -> Row:
    """Name the columns."""
    cells = []
    for column, cells_wide in laid(columns, width):
        title = idiom.tr(column.key)
        cells.append((" " + (text.right if column.is_number else text.left)(title, cells_wide), "header@header"))
    used = sum(w + 1 for _, w in laid(columns, width))
    return [*cells, (" " * max(0, width - used), "header@header")]


def row(columns: tuple[Column, ...], width: int, values: dict[str, Cell]) -> Row:
    """Lay values under their columns; numbers are never cut, words are. A missing value is blank."""
    cells: list[Cell] = []
    used = 0
    for column, cells_wide in laid(columns, width):
        body, style = values.get(column.name, ("", "text"))
        cells.append((" " + (text.number if column.is_number else text.cut)(body, cells_wide), style))
        used += cells_wide + 1
    return [*cells, (" " * (width - used), "text")] if used < width else cells


def cells_of(columns: tuple[Column, ...], width: int, name: str) -> int:
    """Give the cells of a column; 0 where it is dropped."""
    return next((cells for column, cells in laid(columns, width) if column.name == name), 0)


def fitting(columns: Sequence[Column], width: int) -> tuple[str, ...]:
    """Name the columns that a width shows."""
    return tuple(column.name for column, _ in laid(tuple(columns), width))
