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


class MessageBar(Bar):
    """One row; a message that is longer begins in the row above it, where that is free."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._above = ""

    @property
    def is_spread(self) -> bool:
        """Whether it begins in the row above."""
        return bool(self._above)

    @property
    def is_cut(self) -> bool:
        """Whether it is too long for one row."""
        return text.width_of(text.clean(self.said)) > self.size.width

    def spread(self, width: int, *, is_free: bool) -> Row | None:
        """Give the row above, where it is free and needed."""
        row = self._said[0] if self._said and is_free else []
        above, rest = text.broken("".join(cell[0] for cell in row), width)
        self._above = above if rest else ""
        self.flush()
        return [(above, row[0][1])] if rest else None

    def say(self, *rows: Row) -> None:
        """Show another message, in one row until it is spread."""
        self._above = ""
        super().say(*rows)

    def paint(self, width: int, height: int) -> list[Row]:
        """Paint what does not stand above."""
        if not self._above:
            return super().paint(width, height)
        rest = text.clean(self.said)[len(self._above) :].lstrip()
        return [_fitted([(f" {rest}", self._said[0][0][1])], width)]


def _fitted(row: Row, width: int) -> Row:
    cells, left = [], width
    for words, style in row:
        words = text.clean(words)
        shown = min(left, text.width_of(words))
        cells.append((text.cut(words, shown), style))
        left -= shown
    return cells
