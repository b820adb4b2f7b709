"""The key sheet: every action with its keys, from the registry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from termdesk.ui.actions import ACTIONS, Context, Keymap, shown_keys
from termdesk.ui.lines.format import left
from termdesk.ui.locale import Catalogue
from termdesk.ui.screens.dialog import Dialog


def sheet_lines(keymap: Keymap, said: Catalogue) -> Iterator[str]:
    """Give the sheet line by line: contexts, and below each its keys with what they do."""
    for context in Context:
        actions = [action for action in ACTIONS if action.context is context]
        yield f"── {said.tr('news.keys')} · {said.word('context', context.value)} ──"
        for action in actions:
            keys = shown_keys(keymap.keys[action.id]) or "–"
            yield f"{left(keys, 10)} {said.texts[action.help_key]}"
        yield ""


class KeySheet(Dialog[None]):
    """Shows the keys until any of its leaving keys is pressed."""

    DEFAULT_CSS = """
    KeySheet { align: center middle; }
    KeySheet > VerticalScroll {
        width: 78; max-width: 96%; height: auto; max-height: 92%; padding: 1 2;
        background: $panel; border: heavy $border-focus;
        scrollbar-background: $panel; scrollbar-background-hover: $panel; scrollbar-color: $border;
        scrollbar-size-vertical: 1;
    }
    KeySheet Static { width: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", show=False, id="key_sheet.leave")
    ]

    def __init__(self, keymap: Keymap, said: Catalogue) -> None:
        super().__init__()
        self._text = "\n".join(sheet_lines(keymap, said))

    def compose(self) -> ComposeResult:
        """One scrolling text."""
        with VerticalScroll():
            yield Static(Content(self._text))
