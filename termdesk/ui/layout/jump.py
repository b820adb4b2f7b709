"""Jump mode: a letter on every pane; the next key is a letter or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import Static

from termdesk.ui.layout.arena import Arena
from termdesk.ui.screens.dialog import Dialog

LETTERS = "asdfghjkl"


class Jump(Dialog[str], inherit_bindings=False):
    """Gives the pane whose letter was pressed, empty for any other key."""

    DEFAULT_CSS = """
    Jump { background: transparent; }
    Jump Static { position: absolute; width: 3; height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, arena: Arena, names: Sequence[str]) -> None:
        super().__init__()
        self._arena = arena
        self._names = dict(zip(LETTERS, names, strict=False))

    def compose(self) -> ComposeResult:
        """A letter in the middle of each title."""
        place = self._arena.region
        for letter, name in self._names.items():
            rect = self._arena.rects[name]
            mark = Static(Content.assemble((f" {letter} ", "bold reverse $accent")))
            mark.styles.offset = Offset(place.x + rect.x + rect.width // 2 - 1, place.y + rect.y)
            yield mark

    def on_key(self, event: events.Key) -> None:
        """Choose by letter."""
        event.stop()
        event.prevent_default()
        self.dismiss(self._names.get(event.key, ""))

    def on_click(self) -> None:
        """Leave by a click."""
        self.dismiss("")
