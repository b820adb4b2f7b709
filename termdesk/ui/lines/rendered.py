"""A strip that keeps its cells, and makes text or segments only when somebody asks for them.

On the way to the terminal hardly anybody does: only what differs from what the
terminal shows is sent (``shown``), and segments and the caches of a strip are
needed where rows are cropped, overlapped, dimmed or exported, which is rare.
Textual is pinned for this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from termdesk.ui.lines.idiom import Row
from termdesk.ui.lines.pen import Pen

_SLOTS = frozenset(Strip.__slots__)


class RenderedStrip(Strip):
    """One row with its terminal text.

    Args:
        cells: Texts with style names, together ``width`` cells wide.
        styles: Styles by name.
        width: Cells of the row.
        pen: Makes the terminal text.
        owner: Whose row it is; what it costs to send is put on that name's account.
    """

    __slots__ = ("_pen", "cells", "owner", "styles")

    def __init__(self, cells: Row, styles: Mapping[str, Style], width: int, pen: Pen, owner: str = "") -> None:
        self.cells = cells
        self.owner = owner
        self.styles = styles
        self._cell_length = width
        self._pen = pen
        self._render_cache = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any slot of Strip
        if name not in _SLOTS:
            raise AttributeError(name)
        styles, rendered = self.styles, self._render_cache
        super().__init__([Segment(text, styles[style]) for text, style in self.cells if text], self._cell_length)
        self._render_cache = rendered
        return getattr(self, name)

    def __bool__(self) -> bool:
        return bool(self._cell_length)

    def render(self, console: Console) -> str:
        """Give the whole row as it goes to the terminal."""
        if self._render_cache is None:
            styles = self.styles
            self._render_cache = self._pen.row([(text, styles[name]) for text, name in self.cells], console)
        return self._render_cache

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Divide the strip; undivided it stays as it is."""
        places = list(cuts)
        return [self] if places == [self._cell_length] else super().divide(places)
