"""The place of all panes: lays them out as the workspace says, and lets the mouse move them."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.containers import Container
from textual.geometry import NULL_OFFSET, Region, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from termdesk.core.wire.shared import Leaf, Node, panes
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
        on_gap: Called with the pane left of a gap and by how many cells the mouse moved it.
        on_drop: Called when the title of one pane was dropped on another.
    """

    def __init__(
        self, boxes: dict[str, Widget], on_gap: Callable[[str, int], None], on_drop: Callable[[str, str], None]
    ) -> None:
        super().__init__(*boxes.values(), id="arena")
        self.boxes = boxes
        self.plan: Node = Leaf("ladders")
        self.rects: dict[str, Rect] = {}
        self._names = {box: name for name, box in boxes.items()}
        self._on_gap, self._on_drop = on_gap, on_drop
        self._gap, self._title, self._x = "", "", 0
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
        """Take hold of a gap between two panes, or of a title."""
        x, y = event.screen_x - self.region.x, event.screen_y - self.region.y
        name = self._at(x, y)
        self._x = int(x)
        self._gap = "" if name else self._at(x - 1, y)
        self._title = name if name and self.rects[name].y == y else ""
        if self._gap or self._title:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the gap along."""
        x = int(event.screen_x - self.region.x)
        if self._gap and x != self._x:
            self._on_gap(self._gap, x - self._x)
            self._x = x

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go; a title that is over another pane goes there."""
        target = self._at(event.screen_x - self.region.x, event.screen_y - self.region.y)
        title, held = self._title, self._gap or self._title
        self._gap = self._title = ""
        if held:
            self.release_mouse()
        if title and target and target != title:
            self._on_drop(title, target)

    def _at(self, x: float, y: float) -> str:
        for name, rect in self.rects.items():
            if rect.x <= x < rect.x + rect.width and rect.y <= y < rect.y + rect.height:
                return name
        return ""
