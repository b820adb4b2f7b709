"""The place of all panes: lays them out as the workspace says, and lets the mouse move them."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.containers import Container
from textual.content import Content
from textual.geometry import NULL_OFFSET, Offset, Region, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from termdesk.core.wire.shared import Axis, Leaf, Node, panes
from termdesk.ui.layout.tree import Rect, placed


class _Placing(Layout):
    """Puts every child where its arena's tree says."""

    name = "arena"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        assert isinstance(parent, Arena)
        del greedy
        rects = parent.place(size)
        return [
            WidgetPlacement(Region(*rects[name]), NULL_OFFSET, Spacing(), child)
            for child in children
            if (name := parent.name_of(child)) in rects
        ]


class Arena(Container):
    """Holds the boxes of all panes; those that the tree does not name are hidden.

    Args:
        boxes: What stands for each pane of the tree.
        on_edge: Called with the pane left of an edge or above it, its axis, and by how many cells the mouse moved it.
        on_drop: Called when the title of one pane was dropped on another, with the axis along which that is split;
            None lets the two change places.
    """

    def __init__(
        self,
        boxes: dict[str, Widget],
        on_edge: Callable[[str, Axis, int], None],
        on_drop: Callable[[str, str, Axis | None], None],
    ) -> None:
        super().__init__(*boxes.values(), id="arena")
        self.boxes = boxes
        self.plan: Node = Leaf("ladders")
        self.rects: dict[str, Rect] = {}
        self._names = {box: name for name, box in boxes.items()}
        self._on_edge, self._on_drop = on_edge, on_drop
        self._edge: tuple[str, Axis] | None = None
        self._title = ""
        self._last = Offset(0, 0)
        self._placing = _Placing()

    @property
    def layout(self) -> Layout:
        """What arranges the boxes, whatever the style sheet says."""
        return self._placing

    @property
    def rect(self) -> Rect:
        """The whole place."""
        return Rect(0, 0, *self.size)

    def name_of(self, box: Widget) -> str:
        """Give the pane that a box stands for."""
        return self._names[box]

    def place(self, size: Size) -> dict[str, Rect]:
        """Give the places in a size, and remember them."""
        self.rects = placed(self.plan, Rect(0, 0, *size))
        return self.rects

    def show(self, tree: Node) -> None:
        """Arrange the panes anew."""
        self.plan = tree
        shown = panes(tree)
        for name, box in self.boxes.items():
            if box.display != (name in shown):
                box.display = name in shown
        # Asked of a child, since a widget's own arrangement is kept until one of its children asks.
        next(iter(self.boxes.values())).refresh(layout=True)

    # -- the mouse ------------------------------------------------------------

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of an edge between two panes, or of the words of a title."""
        at = self._last = self._offset(event)
        name = self._at(at.x, at.y)
        is_title = bool(name) and self.rects[name].y == at.y
        above = self._at(at.x, at.y - 1)
        if not name:
            left = self._at(at.x - 1, at.y)
            self._edge = (left, "row") if left else None
        elif is_title and above and not self._is_on_words(event):
            self._edge = (above, "column")
        elif is_title:
            self._title = name
        if self._edge or self._title:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the edge along."""
        if self._edge is None:
            return
        at, (pane, axis) = self._offset(event), self._edge
        by = at.x - self._last.x if axis == "row" else at.y - self._last.y
        if by:
            self._on_edge(pane, axis, by)
            self._last = at

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go; a title that is over another pane goes there."""
        at = self._offset(event)
        target = self._at(at.x, at.y)
        title, held = self._title, self._edge or self._title
        self._edge, self._title = None, ""
        if held:
            self.release_mouse()
        if title and target and target != title:
            self._on_drop(title, target, side_of(self.rects[target], at.x, at.y))

    def _offset(self, event: events.MouseEvent) -> Offset:
        return Offset(int(event.screen_x), int(event.screen_y)) - self.region.offset

    def _is_on_words(self, event: events.MouseEvent) -> bool:
        """Whether a title's words are under the mouse, and not the rule behind them."""
        widget, region = self.screen.get_widget_at(int(event.screen_x), int(event.screen_y))
        words = Content.from_markup(widget.border_title or "").cell_length
        return event.screen_x <= region.x + words

    def _at(self, x: float, y: float) -> str:
        for name, rect in self.rects.items():
            if rect.x <= x < rect.x + rect.width and rect.y <= y < rect.y + rect.height:
                return name
        return ""


def side_of(rect: Rect, x: int, y: int) -> Axis | None:
    """Give the axis along which a pane dropped there splits a place: its last quarters do, the rest does not."""
    if 4 * (x - rect.x) >= 3 * rect.width:
        return "row"
    return "column" if 4 * (y - rect.y) >= 3 * rect.height else None
