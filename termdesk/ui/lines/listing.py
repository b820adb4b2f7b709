"""Lists longer than the screen: a header, a window of rows and a selected one.

The list itself stays where it is; only the rows in the window are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from termdesk.ui.lines.idiom import Cell, Idiom, Row, message
from termdesk.ui.lines.surface import Surface


def window(offset: int, selected: int, count: int, rows: int) -> int:
    """Give the first row to show: as near to ``offset`` as keeps the selected row and no empty space in sight.

    Args:
        offset: First row shown now.
        selected: Row that must be seen, -1 for none.
        count: Rows of the list.
        rows: Rows of the window.
    """
    offset = max(0, min(offset, count - rows))
    if selected < 0 or rows <= 0:
        return offset
    if selected < offset:
        return selected
    return max(offset, min(selected, count - 1) - rows + 1)


def grounded(row: Row, ground: str) -> Row:
    """Lay one ground under all cells of a row, whatever they had."""
    return [(cell[0], f"{cell[1].partition('@')[0]}@{ground}") for cell in row]


class Listing(Surface, can_focus=True):
    """Base of list surfaces. Subclasses give ``count``, ``heading`` and ``line``.

    ``selected`` is a row of the list, -1 for none; ``select`` and ``step`` move
    it and scroll. It does not follow an entry that changes its place: whoever
    owns the list sets ``selected`` anew.
    """

    headings = 1

    def __init__(self, idiom: Idiom, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.idiom = idiom
        self.selected = -1
        self.offset_rows = 0

    def count(self) -> int:
        """Rows of the list."""
        raise NotImplementedError

    def heading(self, width: int) -> Sequence[Row]:
        """``headings`` rows above the list."""
        raise NotImplementedError

    def line(self, index: int, width: int) -> Row:
        """Paint one row of the list."""
        raise NotImplementedError

    def nothing(self) -> str:
        """Say why the list is empty."""
        raise NotImplementedError

    @property
    def page(self) -> int:
        """Rows of the list that fit."""
        return max(0, self.size.height - self.headings)

    def select(self, index: int) -> int:
        """Select a row (the nearest there is) and show it; returns how many rows changed."""
        self.selected = max(0, min(index, self.count() - 1)) if self.count() else -1
        return self.flush()

    def step(self, rows: int) -> int:
        """Move the selection; from none, to the first row."""
        return self.select(self.selected + rows if self.selected >= 0 else 0)

    def scroll(self, rows: int) -> int:
        """Move the window without selecting; returns how many rows changed."""
        self.selected = -1
        self.offset_rows += rows
        return self.flush()

    def paint(self, width: int, height: int) -> list[Row]:
        """Paint heading and window."""
        count, rows = self.count(), max(0, height - self.headings)
        if self.selected >= count:
            self.selected = count - 1
        self.offset_rows = window(self.offset_rows, self.selected, count, rows)
        painted = list(self.heading(width))
        if not count:
            return painted + message(self.nothing(), width, rows)
        for index in range(self.offset_rows, min(count, self.offset_rows + rows)):
            line = self.line(index, width)
            painted.append(self._marked(line) if index == self.selected else line)
        return painted

    def _marked(self, line: Row) -> Row:
        """Show the selected row by ground, and by the glyph in its first cell where that is blank."""
        mark = line[0][0][:1].strip() or self.idiom.glyphs.cursor
        first: Cell = (mark + line[0][0][1:], line[0][1])
        return grounded([first, *line[1:]], "selection")
