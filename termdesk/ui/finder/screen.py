"""The finder's dialog: every letter narrows the choice, Enter takes it, Insert adds it to the list, Escape leaves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from termdesk.core.model.errors import ConfigError
from termdesk.core.model.instrument import Instrument
from termdesk.ui.finder.index import Index
from termdesk.ui.finder.initials import Spelling
from termdesk.ui.finder.shortcuts import SHORTCUTS
from termdesk.ui.lines.format import clean, left
from termdesk.ui.locale import Catalogue
from termdesk.ui.screens.dialog import Dialog
from termdesk.ui.screens.field import Field

ROWS = 10
"""Matches seen at once."""


class Finder(Dialog[str]):
    """Gives ``take ID``, ``add ID``, ``act ACTION`` or ``sort COLUMN``; nothing when left.

    Args:
        instruments: What can be found.
        said: The reader's words.
        typed: What was typed already.
        adds: Enter adds to the list, rather than showing the instrument.
    """

    DEFAULT_CSS = """
    Finder { align: center top; }
    Finder > Vertical {
        width: 64; max-width: 96%; height: auto; margin-top: 2; padding: 0 1;
        background: $panel; border: heavy $border-focus;
    }
    Finder Input, Finder Input:focus { border: none; height: 1; background: $panel; padding: 0 1; }
    Finder #found { width: 100%; height: 10; margin-top: 1; }
    Finder #told { width: 100%; height: auto; color: $muted; }
    """
    HAS_FIELD = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, id="finder.leave"),
        Binding("up", "step(-1)", show=False, id="finder.up"),
        Binding("down", "step(1)", show=False, id="finder.down"),
        Binding("insert,ctrl+a", "add", show=False, id="finder.add"),
        Binding("enter", "submit", show=False, id="finder.submit"),
    ]

    def __init__(self, instruments: Iterable[Instrument], said: Catalogue, typed: str = "", *, adds: bool) -> None:
        super().__init__()
        self._said = said
        self._typed = typed
        self._adds = adds
        self._told = said.tr("finder.add_hint" if adds else "finder.hint")
        try:
            spelling = Spelling.read()
        except ConfigError as error:
            spelling, self._told = Spelling({}), str(error)
        self._index = Index(instruments, spelling)
        self._answers: list[tuple[str, str, str]] = []
        self._at = 0
        self._is_taken = False
        self._searched: str | None = None

    def compose(self) -> ComposeResult:
        """The field over what fits."""
        with Vertical():
            yield Field(self._typed, placeholder="›", select_on_focus=False)
            yield Static(id="found")
            yield Static(Content(clean(self._told)), id="told")

    def on_mount(self) -> None:
        """Begin behind what was typed."""
        field = self.query_one(Input)
        field.value = self._typed
        field.cursor_position = len(self._typed)
        self._search()

    def enter_early(self) -> None:
        """Take the match of what was typed as soon as that stands in the field: it sends nothing."""
        self._is_taken = True
        if self.has_keys:
            self.action_submit()

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Take what an early Enter asked for."""
        super().set_focus(widget, scroll_visible, from_app_focus)
        if self.has_keys and self._is_taken:
            self.action_submit()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the choice."""
        event.stop()
        if self.is_active:
            self._search()

    def action_submit(self) -> None:
        """Take the marked match."""
        if not self.is_active:
            return
        self._search()
        if self._answers:
            self.dismiss(self._answers[self._at][0])

    def action_step(self, by: int) -> None:
        """Move the mark."""
        self._search()
        if self._answers:
            self._at = (self._at + by) % len(self._answers)
            self._show()

    def action_add(self) -> None:
        """Add the marked instrument to the list."""
        self._search()
        answer = self._answers[self._at][0] if self._answers else ""
        if answer.startswith("take "):
            self.dismiss(answer.replace("take", "add", 1))

    def action_leave(self) -> None:
        """Take nothing."""
        self.dismiss("")

    def _search(self) -> None:
        """Find what fits what stands in the field now; a mark that was moved since stays."""
        typed = self.query_one(Input).value
        if typed == self._searched:
            return
        answers = []
        shortcut = SHORTCUTS.get(typed.strip())
        if shortcut is not None and not self._adds:
            answers.append((shortcut[0], typed.strip(), self._said.tr(f"finder.shortcut.{shortcut[1]}")))
        is_chinese = self._said.language == "zh"
        for one in self._index.find(typed):
            name = one.name_zh if is_chinese and one.name_zh else one.name
            answers.append((f"take {one.id}", one.id, f"{name}  {one.name_zh if name != one.name_zh else ''}"))
        self._searched, self._answers, self._at = typed, answers, 0
        self._show()

    def _show(self) -> None:
        width = max(20, self.query_one("#found", Static).size.width or 58)
        first = max(0, self._at - ROWS + 1)
        rows = [
            Content.styled(left(f" {left(code, 18)} {words}", width), "reverse" if index == self._at else "")
            for index, (_, code, words) in enumerate(self._answers[first : first + ROWS], first)
        ]
        nothing = Content(f" {self._said.tr('finder.nothing')}")
        self.query_one("#found", Static).update(Content("\n").join(rows) if rows else nothing, layout=False)
