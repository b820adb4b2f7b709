"""Shows which keys this terminal delivers: press them all, and see which arrive under which name."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from termdesk.ui.actions import ACTIONS, Keymap, shown_keys
from termdesk.ui.lines.format import clean, left
from termdesk.ui.locale import Catalogue
from termdesk.ui.screens.dialog import Dialog

COLUMN = 12
"""Cells of one key."""


def keys_to_check(keymap: Keymap) -> tuple[str, ...]:
    """Give every key in force once, in the order of the registry."""
    return tuple(dict.fromkeys(key for action in ACTIONS for key in keymap.keys[action.id]))


class KeyCheck(Dialog[None], inherit_bindings=False):
    """Ticks off keys as they arrive; two Escapes in a row leave. No key does anything else here."""

    DEFAULT_CSS = """
    KeyCheck { align: center middle; }
    KeyCheck > VerticalScroll {
        width: 78; max-width: 96%; height: auto; max-height: 92%; padding: 1 2;
        background: $panel; border: heavy $border-focus;
    }
    KeyCheck Static { width: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, keymap: Keymap, said: Catalogue) -> None:
        super().__init__()
        self._said = said
        self._keys = keys_to_check(keymap)
        self._names = {key: _actions_of(key, keymap, said) for key in self._keys}
        self.seen: list[str] = []

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys in force that did not arrive yet."""
        return tuple(key for key in self._keys if key not in self.seen)

    def compose(self) -> ComposeResult:
        """One text."""
        with VerticalScroll(can_focus=False):
            yield Static(id="keys")

    def on_mount(self) -> None:
        """Show all keys as missing."""
        self._show()

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self.call_after_refresh(self._show)

    def on_key(self, event: events.Key) -> None:
        """Tick off what arrived."""
        event.stop()
        event.prevent_default()
        if event.key == "escape" and self.seen[-1:] == ["escape"]:
            self.dismiss()
            return
        self.seen.append(event.key)
        self._show()

    def _show(self) -> None:
        text, tr = self.query_one("#keys", Static), self._said.tr
        per_row = max(1, (text.size.width or 72) // COLUMN)
        cells = [self._cell(key) for key in self._keys]
        rows = [Content.assemble(*cells[at : at + per_row]) for at in range(0, len(cells), per_row)]
        head = tr("ui.keys_check", missing=len(self.missing), count=len(self._keys))
        text.update(Content("\n").join([Content(head), Content(""), *rows, Content(""), Content(self._last())]))

    def _cell(self, key: str) -> tuple[str, str]:
        is_seen = key in self.seen
        return (
            left(f"{'✓' if is_seen else '·'} {shown_keys((key,))}", COLUMN),
            "bold $success" if is_seen else "$muted",
        )

    def _last(self) -> str:
        if not self.seen:
            return ""
        key = self.seen[-1]
        meaning = self._names.get(key) or self._said.tr("ui.keys_free")
        return clean(f"{key} → {meaning}")


class KeyCheckApp(App[int], inherit_bindings=False):
    """The check by itself, for ``termdesk keys --check``; exits with 0 whether or not keys are missing."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, keymap: Keymap, said: Catalogue) -> None:
        super().__init__()
        self.check = KeyCheck(keymap, said)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give our own variables to Textual's theme."""
        return {"muted": "#9aa4b1", "border-focus": "#f2b84b"}

    def on_mount(self) -> None:
        """Show the check, and leave with it."""
        self.push_screen(self.check, lambda _: self.exit(0))


def _actions_of(key: str, keymap: Keymap, said: Catalogue) -> str:
    labels = (said.texts[action.label_key] for action in ACTIONS if key in keymap.keys[action.id])
    return " · ".join(dict.fromkeys(labels))
