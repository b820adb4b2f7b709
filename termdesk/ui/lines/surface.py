"""Surfaces: widgets for whatever ticks, drawn as rows of styled cells.

A surface paints all its visible rows from its model, compares them with the
rows on the screen and redraws only those that differ. Rows become strips that
have real segments where overlaps, crops and screenshots ask for them; to the
terminal goes only what differs within a row (``shown``).

``render_lines`` is overridden and skips Textual's styles cache and line
filters, which cost more than the drawing itself: the filters are applied to
the palette instead, and what they do to text is done here. Where a widget has what only the styles cache can draw
(border, padding, tint, opacity), and with ``TERMDESK_SURFACE=plain``, rows go
the documented way through ``render_line``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import ClassVar, Self

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from termdesk.ui.lines.format import clean, width_of
from termdesk.ui.lines.idiom import Row, cropped
from termdesk.ui.lines.palette import Palette
from termdesk.ui.lines.pen import Pen
from termdesk.ui.lines.plain import Guard, plain
from termdesk.ui.lines.rendered import RenderedStrip


class Surface(Widget):
    """Base of everything that ticks; subclasses implement ``paint``.

    Does not know where its data comes from and holds no timer: whoever owns
    the data calls ``flush`` at the frame rate.
    """

    DEFAULT_CSS = """
    Surface { width: 1fr; height: 1fr; }
    """
    ALLOW_SELECT = False
    fast: ClassVar[bool] = os.environ.get("TERMDESK_SURFACE", "fast") != "plain"
    """Whether rows may go past the styles cache; set on a class or an instance before mounting."""
    pen: ClassVar[Pen] = Pen()

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: Sequence[Row] = ()
        self._strips: dict[int, Strip] = {}
        self._styles_of: dict[str, Style] = {}
        self._is_fast = False
        self._is_checked = False
        self._is_plain = False
        self._painted_size = Size(0, 0)

    def paint(self, width: int, height: int) -> Sequence[Row]:
        """Give the visible rows, top first; missing ones and missing cells are blank."""
        raise NotImplementedError

    def flush(self) -> int:
        """Paint anew and redraw the rows that changed; returns how many did."""
        width, height = self.size
        if not self._is_checked or self.size != self._painted_size:
            self.refresh()
            return height
        before, after = self._rows, self.paint(width, height)
        self._rows = after
        shared = min(len(before), len(after))
        changed = [y for y in range(shared) if before[y] != after[y]]
        changed += range(shared, min(height, max(len(before), len(after))))
        self.invalidate_rows(changed)
        return len(changed)

    def invalidate_rows(self, rows: Iterable[int]) -> None:
        """Redraw some view lines with what ``paint`` gave last."""
        width, height = self.size
        lines = list(rows)
        for y in lines:
            self._strips.pop(y, None)
        if 2 * len(lines) > height:
            super().refresh(Region(0, 0, width, height))
        elif lines:
            super().refresh(*[Region(0, y, width, 1) for y in lines])

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Redraw; without regions everything is painted anew, colours included."""
        if repaint and not regions:
            self._is_checked = False
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """Forget all colours, since theme or styles changed."""
        super().notify_style_update()
        self._is_checked = False

    def render_line(self, y: int) -> Strip:
        """Give one content line without terminal text, for the styles cache."""
        self._check()
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = self._strip(y, self.size.width)
        return strip

    def render_lines(self, crop: Region) -> list[Strip]:
        """Give the lines of a region, straight from the row cache where possible."""
        self._check()
        if not self._is_fast:
            return super().render_lines(crop)
        width = self.size.width
        strips = self._strips
        lines = []
        for y in range(crop.y, crop.bottom):
            strip = strips.get(y)
            if strip is None:
                strip = strips[y] = self._strip(y, width)
            lines.append(strip)
        if crop.x or crop.width != width:
            return [strip.crop(crop.x, crop.right) for strip in lines]
        return lines

    def _check(self) -> None:
        """Resolve colours and paint, if anything but rows changed since the last time."""
        size = self.size
        if self._is_checked and size == self._painted_size:
            return
        self._is_checked = True
        self._painted_size = size
        self._strips.clear()
        self._is_fast = self.fast and self._is_bare()
        self._is_plain = any(isinstance(one, Guard) and one.is_plain for one in self.get_line_filters())
        self._styles_of = self._resolved()
        self._rows = self.paint(size.width, size.height)

    def _is_bare(self) -> bool:
        """Whether nothing of the styles cache would show."""
        styles = self.styles
        decorated = styles.tint.a or styles.text_opacity != 1.0 or styles.has_rule("hatch") or styles.outline.spacing
        return not decorated and self.opacity == 1.0 and self.outer_size == self.size

    def _resolved(self) -> dict[str, Style]:
        background = self.background_colors[1]
        palette = Palette(self.app.theme_variables, background)
        return _Filtered(palette, self) if self._is_fast else palette

    def _strip(self, y: int, width: int) -> Strip:
        cells = self._rows[y] if y < len(self._rows) else ()
        text = "".join([cell[0] for cell in cells])
        if not text.isprintable():
            cells = [(clean(part), name) for part, name in cells]
            text = "".join([cell[0] for cell in cells])
        if self._is_plain and not text.isascii():
            cells = [(plain(part), name) for part, name in cells]
        length = width_of(text)
        if length < width:
            cells = [*cells, (" " * (width - length), "text")]
        elif length > width:
            cells = cropped(cells, width)
        if self._is_fast:
            return RenderedStrip(cells, self._styles_of, width, self.pen, self.id or "")
        return Strip([Segment(part, self._styles_of[name]) for part, name in cells if part], width)


class _Filtered(dict[str, Style]):
    """Styles as the app's line filters (no colour, monochrome, dim) would leave them."""

    def __init__(self, palette: Palette, surface: Surface) -> None:
        super().__init__()
        self._palette = palette
        self._filters = surface.get_line_filters()
        self._background = surface.background_colors[1]

    def __missing__(self, name: str) -> Style:
        segments = [Segment(" ", self._palette[name])]
        for line_filter in self._filters:
            segments = line_filter.apply(segments, self._background)
        style = self[name] = segments[0].style or Style()
        return style
