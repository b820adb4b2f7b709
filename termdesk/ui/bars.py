"""Bars: one or two docked rows that say something. Text of orders goes here, never into toasts."""

from __future__ import annotations

from collections.abc import Sequence

from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Row
from termdesk.ui.lines.surface import Surface


class Bar(Surface):
    """Rows as they are given."""

    DEFAULT_CSS = """
    Bar { height: 1; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._said: Sequence[Row] = ()

    def say(self, *rows: Row) -> None:
        """Show these rows; missing ones are blank."""
        self._said = rows
        self.flush()

    @property
    def said(self) -> str:
        """What is shown, as plain text, one line per row."""
        return "\n".join("".join(cell[0] for cell in row) for row in self._said)

    def paint(self, width: int, height: int) -> list[Row]:
        """Paint what was said; words that do not fit are cut at the right."""
        return [_fitted(row, width) for row in self._said[:height]]


def _fitted(row: Row, width: int) -> Row:
    cells, left = [], width
    for words, style in row:
        words = text.clean(words)
        shown = min(left, text.width_of(words))
        cells.append((text.cut(words, shown), style))
        left -= shown
    return cells
