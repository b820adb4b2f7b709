"""The last look at text before it goes to the terminal: nothing that is obeyed, and with plain glyphs nothing wide.

Whoever takes text in has made it safe already (``core/model/text.py``,
``format.clean``); this also holds for what a person pastes into a field, and
for text that a widget of Textual makes. Plain glyphs are for terminals in
which characters of East Asian width "ambiguous" (Unicode Standard Annex 11,
2023) take two cells: none of those leaves.
"""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from termdesk.ui.lines.format import clean

_INSTEAD = {
    "-": "–—―·¯▔",
    "_": "▁",
    "|": "▌▍▎▏▐▊▋▉▕",
    "*": "●◉◎•★☆",
    "o": "○◯°",
    "'": "‘’",
    '"': "“”",
    ".": "…‥",
    "x": "×",
    "/": "÷",
    "^": "▲△↑",
    "v": "▼▽↓",
    ">": "→▶▷",
    "<": "←◀◁",
    "=": "≡≈",
}


class _Plain(dict[int, str]):
    """Translation of single characters; made as they come."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        is_ambiguous = unicodedata.east_asian_width(character) == "A"
        found = self[code] = _shape(unicodedata.name(character, "")) if is_ambiguous else character
        return found


def _shape(name: str) -> str:
    if name.startswith("BOX DRAWINGS"):
        is_flat, is_upright = "HORIZONTAL" in name, "VERTICAL" in name
        return "+" if is_flat == is_upright else "-" if is_flat else "|"
    return "#" if name.endswith(("BLOCK", "SHADE")) else "?"


_TABLE = _Plain({ord(character): plain for plain, characters in _INSTEAD.items() for character in characters})


def plain(text: str) -> str:
    """Give a text of the same length in which every character has one width wherever it is shown."""
    return text if text.isascii() else text.translate(_TABLE)


class Guard(LineFilter):
    """Takes everything out of a line that a terminal would obey.

    Args:
        is_plain: Whether ambiguous characters become plain ones too.
    """

    def __init__(self, *, is_plain: bool) -> None:
        super().__init__()
        self.is_plain = is_plain

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the segments with the same widths and harmless text."""
        if all(text.isprintable() and (text.isascii() or not self.is_plain) for text, _, _ in segments):
            return segments
        return [Segment(self._safe(text), style, control) for text, style, control in segments]

    def _safe(self, text: str) -> str:
        if not text.isprintable():
            text = "".join(clean(c) if cell_len(c) else "" for c in text)
        return plain(text) if self.is_plain else text
