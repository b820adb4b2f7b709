"""The workspaces of one screen: shows one of them, and changes it as keys, mouse and other screens say.

Arrangements are shared by all screens through the engine, which has the last
word. Which workspace is shown, and which pane has the keys, is each screen's
own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from textual.widget import Widget

from termdesk.core.wire.frames import Welcome
from termdesk.core.wire.shared import ArrangeRoom, Axis, Leaf, Node, WorkspacesBody, panes
from termdesk.ui.layout import keeping
from termdesk.ui.layout.arena import Arena
from termdesk.ui.layout.tree import beside, resized, swapped, without
from termdesk.ui.layout.workspaces import PANES, VAST, WIDE, WORKSPACES, shipped
from termdesk.ui.lines.format import clean
from termdesk.ui.news import News
from termdesk.ui.sharing.shared import Shared, Told

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

STEP: dict[Axis, int] = {"row": 2, "column": 1}
"""Cells that one key moves an edge."""


class Workspaces:
    """What is seen of a screen's panes, and where.

    Attributes:
        arena: Holds the panes.
    """

    def __init__(self, screen: TradeScreen, boxes: dict[str, Widget]) -> None:
        self.screen = screen
        self.arena = Arena(boxes, self._drag, self._drop)
        self._kept, self._aside = keeping.read()
        self._shared: Shared[Node | None] = Shared()
        self._waiting: dict[str, Node | None] = {}
        """Arrangements from elsewhere that come when nothing is under way here."""
        self._welcome: Welcome | None = None
        self._alone = ""
        """The pane that has the whole place to itself."""

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""

        def edge(axis: Axis, sign: int) -> Callable[[], None]:
            return lambda: self._resize(self._focused(), axis, sign * STEP[axis])

        return {
            "workspace.next": self.next,
            **{f"workspace.{name}": partial(self.choose, name) for name in WORKSPACES},
            "workspace.reset": self.reset,
            "pane.alone": self.turn_alone,
            "pane.jump": lambda: self._ask(self._focus),
            "pane.swap": lambda: self._ask(lambda name: self._swap(self._focused(), name)),
            "pane.wider": edge("row", 1),
            "pane.narrower": edge("row", -1),
            "pane.higher": edge("column", 1),
            "pane.lower": edge("column", -1),
            "pane.split_right": lambda: self._split("row"),
            "pane.split_below": lambda: self._split("column"),
            "pane.close": lambda: self._change(without(self.tree, self._focused())),
        }

    def complaint(self) -> str:
        """Say that the file of arrangements was damaged and where it is now; empty if it was whole."""
        file = clean(str(self._aside)) if self._aside else ""
        return self.screen.said.tr("news.arrangements_damaged", file=file) if file else ""

    @property
    def shown(self) -> str:
        """The workspace that is seen."""
        return self._kept.shown

    @property
    def is_narrow(self) -> bool:
        """Whether panes of the trade workspace stand behind each other."""
        return self.screen.size.width < WIDE

    @property
    def tree(self) -> Node:
        """The arrangement of now: a person's own, or the shipped one."""
        return self._tree(self.shown)

    def _tree(self, workspace: str) -> Node:
        own = self._kept.changed.get(self._room_of(workspace))
        if own is not None:
            return own
        screen, (width, height) = self.screen, self.screen.size
        side = screen.navigation.side
        depth = next((levels for levels in (5, 10) if screen.has_class(f"-depth-{levels}")), 0)
        pane = "ladders" if side == "ladder" else side
        return shipped(workspace, width, height, pane, len(screen.ladders.all), depth)

    def show(self) -> None:
        """Arrange the panes for the present size."""
        tree = self.tree
        self.arena.show(Leaf(self._alone) if self._alone in panes(tree) else tree)

    def reveal(self, pane: str) -> bool:
        """Bring a pane into sight, if need be in the first workspace with a place for it; gives whether one has."""
        if pane in panes(self.arena.plan):
            return True
        self._alone = ""
        if pane not in panes(self.tree):
            having = next((name for name in WORKSPACES if pane in panes(self._tree(name))), "")
            if not having:
                self.screen.say(News(self.screen.said.tr("news.no_place"), "warning"))
                return False
            self.choose(having)
        self.show()
        return True

    def choose(self, name: str) -> None:
        """Show a workspace."""
        self._alone = ""
        self._keep(msgspec.structs.replace(self._kept, shown=name))
        self._show_anew()
        self.screen.say(News(self.screen.said.word("workspace", name)))

    def next(self) -> None:
        """Show the next workspace."""
        self.choose(WORKSPACES[(WORKSPACES.index(self.shown) + 1) % len(WORKSPACES)])

    def reset(self) -> None:
        """Give the workspace its shipped arrangement again."""
        if self._room in self._kept.changed:
            self._arrange(None)

    def turn_alone(self) -> None:
        """Give the focused pane the whole place, or the others their places again."""
        self._alone = "" if self._alone else self._focused()
        self._show_anew()

    # -- changing -------------------------------------------------------------

    def _resize(self, pane: str, axis: Axis, by: int) -> None:
        self._change(resized(self.tree, pane, axis, by, self.arena.rect))

    def _swap(self, first: str, second: str) -> None:
        self._change(swapped(self.tree, first, second))

    def _drag(self, pane: str, axis: Axis, by: int) -> None:
        self._change(resized(self.tree, pane, axis, by, self.arena.rect, at_its_end=True))

    def _drop(self, pane: str, target: str, axis: Axis | None) -> None:
        """Put a pane into the second half of another one's place, or let both change places."""
        if axis is None:
            self._swap(pane, target)
        else:
            self._change(beside(without(self.tree, pane), target, axis, pane))

    def _split(self, axis: Axis) -> None:
        """Put the first pane that is not seen beside the focused one."""
        tree = self.tree
        hidden = [name for name in PANES if name not in panes(tree)]
        if hidden:
            self._change(beside(tree, self._focused(), axis, hidden[0]))
        else:
            self.screen.say(News(self.screen.said.tr("news.all_panes")))

    def _change(self, tree: Node) -> None:
        if tree != self.tree:
            self._arrange(tree)

    def _arrange(self, tree: Node | None) -> None:
        self._waiting.pop(self._room, None)
        self._put(self._room, tree)
        self._keep(self._kept.arranged({self._room: tree}))
        self._show_anew()

    def _keep(self, kept: keeping.Kept) -> None:
        self._kept = kept
        keeping.write(kept)

    def _put(self, room: str, tree: Node | None) -> None:
        self._shared.put(room, tree)
        self.screen.link.put(ArrangeRoom(room, tree))

    # -- from other screens ---------------------------------------------------

    def look(self, *, is_news: bool) -> None:
        """Take arrangements that other screens made, where nothing is under way here that would lose its place."""
        store, body = self.screen.store, self.screen.store.workspaces
        if is_news and body is not None and store.welcome is not None:
            if store.welcome is not self._welcome:
                self._welcome = store.welcome
                self._meet(body)
            told = [Told(one.room, one.arrangement, one.revision, one.session) for one in body.rooms]
            news = self._shared.news(told, store.welcome.session, self._unsent)
            self._waiting |= {one.name: one.value for one in news if one.value is None or keeping.is_whole(one.value)}
        if self._waiting and self.screen.following.is_free:
            before = self._kept.changed.get(self._room)
            self._keep(self._kept.arranged(self._waiting))
            self._waiting = {}
            if self._kept.changed.get(self._room) != before:
                self._show_anew()

    def _meet(self, body: WorkspacesBody) -> None:
        """Begin with an engine: it has the last word, and one that has no arrangement at all gets those of here."""
        self._shared.begin_anew()
        if not body.revision:
            for room, tree in self._kept.changed.items():
                self._put(room, tree)
            return
        known = {one.room for one in body.rooms}
        self._waiting = dict.fromkeys(self._kept.changed.keys() - known - self._unsent)

    @property
    def _unsent(self) -> set[str]:
        """Rooms that were arranged here and of which the engine has not heard."""
        return {change.room for change in self.screen.link.unsent if isinstance(change, ArrangeRoom)}

    def _show_anew(self) -> None:
        self.show()
        self.screen.call_after_refresh(self._look)

    def _look(self) -> None:
        self.screen.navigation.keep_focus()
        self.screen.flush(everything=True)

    # -- which pane -----------------------------------------------------------

    def _ask(self, chosen: Callable[[str], None]) -> None:
        """Mark the panes with letters, and do something with the one whose letter comes."""
        from termdesk.ui.layout.jump import Jump  # loaded when it is opened

        def answered(name: str | None) -> None:
            if name:
                chosen(name)

        self.screen.app.push_screen(Jump(self.arena, panes(self.arena.plan)), answered)

    def _focus(self, pane: str) -> None:
        box = self.screen.ladders.active if pane == "ladders" else self.arena.boxes[pane]
        self.screen.set_focus(next(widget for widget in box.query("*") if widget.can_focus), scroll_visible=False)

    def _focused(self) -> str:
        """The pane that has the keys, or the first one."""
        boxes = {box: name for name, box in self.arena.boxes.items()}
        focused = self.screen.focused
        found = next((boxes[node] for node in focused.ancestors if node in boxes), "") if focused else ""
        return found or panes(self.arena.plan)[0]

    @property
    def _room(self) -> str:
        return self._room_of(self.shown)

    def _room_of(self, workspace: str) -> str:
        width = self.screen.size.width
        return f"{workspace} {'narrow' if width < WIDE else 'wide' if width < VAST else 'vast'}"
