"""Where one row differs from another, as the least text that has to be written. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rich.cells import cell_len

from termdesk.ui.lines.format import width_of
from termdesk.ui.lines.idiom import Cell, Row

Piece = tuple[int, str, str]
"""First cell, text, style name."""


def changes(before: Row, after: Row) -> list[Piece]:
    """Give what must be written over one row to make it the other, left to right; both are equally wide.

    Wide characters and what joins with others are never parted.
    """
    pieces: list[Piece] = []
    x = 0
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        width = width_of(new[0])
        if old is not new and old != new:
            if width_of(old[0]) != width:
                return pieces + _parted(before[index:], after[index:], x)
            pieces += _piece(old, new, x)
        x += width
    return pieces + [(at, *cell) for at, cell in _placed(after[len(before) :], x)]


def _piece(old: Cell, new: Cell, x: int) -> list[Piece]:
    """Compare two cells of one width."""
    (was, its), (text, name) = old, new
    if its != name or not (_is_plain(was) and _is_plain(text)):
        return [(x, text, name)]
    if was == text:
        return []
    first, last = 0, len(text)
    while was[first] == text[first]:
        first += 1
    while was[last - 1] == text[last - 1]:
        last -= 1
    return [(x + first, text[first:last], name)]


def _parted(before: Row, after: Row, x: int) -> list[Piece]:
    """Compare rows whose cells do not begin at the same places."""
    if not (_are_plain(before) and _are_plain(after)):
        return _middle(before, after, x)
    pieces: list[Piece] = []
    olds = iter(before)
    was, its = "", ""
    for text, name in after:
        while text:
            while not was:
                was, its = next(olds, (text, ""))
            length = min(len(was), len(text))
            old, new = was[:length], text[:length]
            if old != new or its != name:
                pieces += _piece((old, its), (new, name), x)
            was, text, x = was[length:], text[length:], x + length
    return pieces


def _middle(before: Row, after: Row, x: int) -> list[Piece]:
    """Write all but the cells that both rows end with."""
    same = 0
    while same < min(len(before), len(after)) and before[-1 - same] == after[-1 - same]:
        same += 1
    return [(at, *cell) for at, cell in _placed(after[: len(after) - same], x)]


def _placed(row: Sequence[Cell], x: int) -> Iterator[tuple[int, Cell]]:
    for cell in row:
        if cell[0]:
            yield x, cell
            x += width_of(cell[0])


def _are_plain(row: Row) -> bool:
    return all(text.isascii() or _is_plain(text) for text, _ in row)


@lru_cache(maxsize=2048)
def _is_plain(text: str) -> bool:
    """Whether every character takes one cell, so that the text may be cut anywhere."""
    return text.isascii() or all(cell_len(character) == 1 for character in text)
