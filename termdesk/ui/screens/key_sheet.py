"""The key sheet: every action with its keys, from the registry; what acts now comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from termdesk.ui.actions import ACTIONS, Context, Danger, Keymap, shown_keys
from termdesk.ui.lines.format import left
from termdesk.ui.locale import Catalogue
from termdesk.ui.screens.dialog import Dialog

KEYS = 14
"""Cells of an action's keys."""
_DANGER = {Danger.NONE: "", Danger.CANCELS: " ✕", Danger.TRADES: " ⚠"}


def sheet_lines(keymap: Keymap, said: Catalogue, holds: Callable[[Context], bool]) -> Iterator[Content]:
    """Give the sheet line by line: contexts, those that hold now first, and below each its keys with what they do."""
    yield Content.styled(said.tr("ui.keys_marks"), "$muted")
    for context in sorted(Context, key=lambda one: not holds(one)):
        yield Content("")
        yield Content.styled(f"── {said.tr('news.keys')} · {said.word('context', context.value)} ──", "bold $accent")
        for action in ACTIONS:
            if action.context is context:
                keys = shown_keys(keymap.keys[action.id]) or "–"
                words = f"{said.texts[action.help_key]}{_DANGER[action.danger]}"
                yield Content.assemble((left(keys, max(KEYS, len(keys) + 1)), "bold"), words)


class KeySheet(Dialog[None]):
    """Shows the keys until any of its leaving keys is pressed."""

    DEFAULT_CSS = """
    KeySheet { align: center middle; }
    KeySheet > VerticalScroll {
        width: 100; max-width: 96%; height: auto; max-height: 92%; padding: 1 2;
        background: $panel; border: heavy $border-focus;
    }
    KeySheet Static { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "dismiss", show=False, id="key_sheet.leave")
    ]

    def __init__(self, keymap: Keymap, said: Catalogue, holds: Callable[[Context], bool]) -> None:
        super().__init__()
        self._text = Content("\n").join(sheet_lines(keymap, said, holds))

    def compose(self) -> ComposeResult:
        """One scrolling text."""
        with VerticalScroll():
            yield Static(self._text)
