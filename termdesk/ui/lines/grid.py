"""A grid of styled characters, and the braille dots and scales that charts are drawn with."""

from __future__ import annotations

import msgspec

from termdesk.ui.lines.idiom import Cell

Column = tuple[Cell, ...]
"""One screen column of a pane, top first; every text is one cell wide."""
BLANK: Cell = (" ", "text")

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Braille bits by dot row (top first) and dot column."""


class Scale(msgspec.Struct, frozen=True):
    """From numbers to ``steps`` positions, 0 at the bottom.

    ``low`` lies in the middle of the lowest step, ``high`` in that of the
    highest; an empty range puts everything in the middle.
    """

    low: float
    high: float
    steps: int

    def at(self, value: float) -> int:
        """Give the position of a value, clipped to the scale."""
        if self.high <= self.low:
            return self.steps // 2
        position = (value - self.low) / (self.high - self.low) * (self.steps - 1)
        return max(0, min(self.steps - 1, int(position + 0.5)))

    def value(self, position: int) -> float:
        """Give the value in the middle of a position."""
        if self.steps < 2:
            return self.low
        return self.low + (self.high - self.low) * position / (self.steps - 1)


def rows_of(columns: list[Column], height: int) -> list[list[Cell]]:
    """Turn columns into rows, joining neighbours of one style."""
    rows = []
    for y in range(height):
        row: list[Cell] = []
        run: list[str] = []
        before = ""
        for column in columns:
            character, style = column[y]
            if style != before and run:
                row.append(("".join(run), before))
                run = []
            run.append(character)
            before = style
        if run:
            row.append(("".join(run), before))
        rows.append(row)
    return rows


class Dots:
    """A canvas of braille dots, two across and four down in each cell."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.cells: dict[tuple[int, int], int] = {}

    def plot(self, x: int, y: int) -> None:
        """Set the dot ``x`` from the left and ``y`` from the bottom; outside the canvas nothing is set."""
        if not (0 <= x < 2 * self.width and 0 <= y < 4 * self.height):
            return
        top = 4 * self.height - 1 - y
        place = (x // 2, top // 4)
        self.cells[place] = self.cells.get(place, 0) | _DOTS[top % 4][x % 2]

    def line(self, x0: int, y0: int, x1: int, y1: int) -> None:
        """Set the dots of a straight line."""
        length = max(abs(x1 - x0), abs(y1 - y0))
        if length == 0:
            self.plot(x0, y0)
            return
        for step in range(length + 1):
            self.plot(round(x0 + (x1 - x0) * step / length), round(y0 + (y1 - y0) * step / length))


def braille(bits: int) -> str:
    """Give the character of a dot pattern."""
    return chr(0x2800 + bits)
