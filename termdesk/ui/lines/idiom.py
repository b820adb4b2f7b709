"""How a screen speaks: its words, its marks, its number units, its clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from termdesk.ui.lines.format import ENGLISH_UNITS, Units, left, width_of
from termdesk.ui.lines.glyphs import UNICODE, Glyphs

Cell = tuple[str, str]
"""Text and style name; a style name is ``ink`` or ``ink@ground`` of ``palette``."""
Row = Sequence[Cell]
"""Cells of one line, left to right."""
Translate = Callable[[str], str]
"""From a key such as ``ladder.header.bid`` to a word of the reader's language."""


class Idiom(msgspec.Struct, frozen=True):
    """What painters need to speak to one reader."""

    tr: Translate
    glyphs: Glyphs = UNICODE
    units: Units = ENGLISH_UNITS
    offset_s: int = 0
    """Seconds east of Greenwich of the times shown."""


def cropped(row: Row, width: int) -> list[Cell]:
    """Cut a row that is too wide; half a wide character becomes a blank."""
    kept: list[Cell] = []
    room = width
    for body, style in row:
        cells = width_of(body)
        kept.append((body if cells <= room else left(body, room), style))
        room -= min(cells, room)
        if not room:
            break
    return kept


def message(text: str, width: int, height: int, style: str = "muted") -> list[Row]:
    """Lay one sentence in the middle of an empty surface."""
    margin = max(0, (width - width_of(text)) // 2)
    middle = [(left(" " * margin + text, width), style)]
    blank: Row = [(" " * width, "text")]
    return [middle if y == height // 2 else blank for y in range(height)]
