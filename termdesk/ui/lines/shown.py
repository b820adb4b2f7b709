"""What the terminal shows, and the least text that makes it show the next frame.

Textual writes every changed strip in full. Here a strip that stands where
another one stood is written by its differences; the colours go on from strip
to strip, and one reset ends the frame. What somebody else may have written over
is forgotten and written whole; so is a line that is cut at other places than before. Textual is pinned for this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from termdesk.ui.lines.changes import Piece, changes
from termdesk.ui.lines.format import width_of
from termdesk.ui.lines.pen import RESET, Pen
from termdesk.ui.lines.rendered import RenderedStrip


class Shown:
    """The strips of a terminal by line and first cell.

    Attributes:
        spent: Characters sent for each owner of rows; whoever reads it may empty it.
    """

    def __init__(self) -> None:
        self.spent: dict[str, int] = {}
        self._pen = Pen()
        self._lines: dict[int, dict[int, Strip]] = {}
        self._ends: dict[int, Sequence[int]] = {}

    def forget(self) -> None:
        """Take nothing for granted: the next frame is written whole where it is drawn."""
        self._lines.clear()
        self._ends.clear()

    def text(self, update: CompositorUpdate, console: Console) -> str:
        """Give what to write for an update, and take it for shown."""
        frame = _Frame(self, console)
        if isinstance(update, ChopsUpdate):
            for y, x1, x2 in update.spans:
                ends = update.chop_ends[y]
                chops = zip(ends, update.chops[y].items(), strict=False)
                frame.line(y, ends, [(x, strip) for end, (x, strip) in chops if strip and x <= x2 and end > x1])
            return frame.ended()
        if isinstance(update, LayoutUpdate):
            for y, strips in enumerate(update.strips, update.region.y):
                line = list(strips)
                ends = list(accumulate((strip.cell_length for strip in line), initial=update.region.x))
                frame.line(y, ends[1:], list(zip(ends, line, strict=False)))
            return frame.ended()
        self.forget()
        return update.render_segments(console)

    def line(self, y: int, ends: Sequence[int]) -> dict[int, Strip]:
        """Give what is known of a line that is cut at these places."""
        if self._ends.get(y) != ends:
            self._lines[y], self._ends[y] = {}, ends
        return self._lines[y]


class _Frame:
    """The text of one frame while it is put together."""

    def __init__(self, shown: Shown, console: Console) -> None:
        self._shown, self._console = shown, console
        self._parts: list[str] = []
        self._style: Style | None = None

    def line(self, y: int, ends: Sequence[int], strips: Iterable[tuple[int, Strip]]) -> None:
        """Write strips of a line by their first cells; ``ends`` are the places at which the line is cut."""
        known = self._shown.line(y, ends)
        for x, strip in strips:
            before = known.get(x)
            if before is not strip:
                known[x] = strip
                self._strip(y, x, before, strip)

    def ended(self) -> str:
        """Give the text, which leaves the terminal reset."""
        self._reset()
        return "".join(self._parts)

    def _strip(self, y: int, x: int, before: Strip | None, strip: Strip) -> None:
        if not isinstance(strip, RenderedStrip):
            text = strip.render(self._console)
            if before is None or before.render(self._console) != text:
                self._reset()
                self._parts += (f"\x1b[{y + 1};{x + 1}H", text)
            return
        if isinstance(before, RenderedStrip) and before.styles is strip.styles:
            pieces = changes(before.cells, strip.cells)
        else:
            pieces = changes((), strip.cells)
        began = len(self._parts)
        self._pieces(y, x, pieces, strip)
        spent = self._shown.spent
        spent[strip.owner] = spent.get(strip.owner, 0) + sum(map(len, self._parts[began:]))

    def _pieces(self, y: int, x: int, pieces: list[Piece], strip: RenderedStrip) -> None:
        parts, styles, pen = self._parts, strip.styles, self._shown._pen
        at = -1
        for first, text, name in pieces:
            if first != at:
                parts.append(f"\x1b[{y + 1};{x + first + 1}H" if at < 0 else f"\x1b[{x + first + 1}G")
            style = styles[name]
            if style is not self._style:
                parts.append(pen.code(self._style, style, self._console))
                self._style = style
            parts.append(text)
            at = first + width_of(text)

    def _reset(self) -> None:
        if self._style is not None:
            self._parts.append(RESET)
            self._style = None


class ShownUpdate(CompositorUpdate):
    """An update that is written as what differs from what is shown."""

    def __init__(self, update: CompositorUpdate, shown: Shown) -> None:
        self._update, self._shown = update, shown

    def render_segments(self, console: Console) -> str:
        """Give the terminal text; once, since it is taken for written."""
        return self._shown.text(self._update, console)
