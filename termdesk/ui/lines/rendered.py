"""A strip that knows its terminal text and makes its segments only when somebody asks for them.

On the way to the terminal nobody does: segments and the caches of a strip are
needed where rows are cropped, overlapped, dimmed or exported, which is rare,
and making them costs more than the rest of a row. Textual is pinned for this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from termdesk.ui.lines.idiom import Row

_SLOTS = frozenset(Strip.__slots__)


class RenderedStrip(Strip):
    """One row with its terminal text.

    Args:
        cells: Texts with style names, together ``width`` cells wide.
        styles: Styles by name.
        width: Cells of the row.
        rendered: The row as it goes to the terminal.
    """

    __slots__ = ("_cells", "_styles")

    def __init__(self, cells: Row, styles: Mapping[str, Style], width: int, rendered: str) -> None:
        self._cells = cells
        self._styles = styles
        self._cell_length = width
        self._render_cache = rendered

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any slot of Strip
        if name not in _SLOTS:
            raise AttributeError(name)
        styles = self._styles
        rendered = self._render_cache
        super().__init__([Segment(text, styles[style]) for text, style in self._cells if text], self._cell_length)
        self._render_cache = rendered
        return getattr(self, name)

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Divide the strip; undivided it stays as it is."""
        places = list(cuts)
        return [self] if places == [self._cell_length] else super().divide(places)
