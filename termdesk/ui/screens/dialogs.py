"""Dialogs: a question with answers on keys, and one line of text. Escape always leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from termdesk.ui.lines.format import clean
from termdesk.ui.screens.dialog import Dialog
from termdesk.ui.screens.field import Field

Choice = tuple[str, str, str]
"""Key, what it says, result."""


class Question(Dialog[str]):
    """Asks, and gives the result of the key that was pressed; escape and Enter give the last choice, the safe one.

    A held key, or text that is pasted, answers nothing: an Enter that opened the question and is held down leaves it
    standing. Escape always leaves.
    """

    DEFAULT_CSS = """
    Question { align: center middle; }
    Question > Vertical {
        width: auto; max-width: 90%; height: auto; padding: 1 2;
        background: $panel; border: heavy $border-focus;
    }
    Question Static { width: auto; max-width: 80vw; }
    Question #question { margin-bottom: 1; }
    """

    def __init__(self, text: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._text = text
        self._choices = choices

    def compose(self) -> ComposeResult:
        """The text, and one line per choice."""
        with Vertical():
            yield Static(Content("\n".join(map(clean, self._text.split("\n")))), id="question")
            for key, words, _ in self._choices:
                yield Static(Content.assemble((f" {key} ", "bold reverse"), f" {clean(words)}"))

    def on_key(self, event: events.Key) -> None:
        """Answer by key."""
        event.stop()
        event.prevent_default()
        safe = self._choices[-1][2]
        answers = {key: result for key, _, result in self._choices} | {"escape": safe, "enter": safe}
        self.desk.goes_back_to(event)
        if event.key in answers and (event.key == "escape" or self.desk.strokes.may_trade):
            self.dismiss(answers[event.key])


class LineInput(Dialog[str]):
    """Asks for one line of text; escape gives an empty one."""

    DEFAULT_CSS = """
    LineInput { align: center middle; }
    LineInput > Vertical {
        width: 60; max-width: 90%; height: auto; padding: 1 2;
        background: $panel; border: heavy $border-focus;
    }
    LineInput #told { height: auto; display: none; }
    """
    HAS_FIELD = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, id="dialog.leave"),
        Binding("enter", "submit", show=False, id="dialog.submit"),
    ]

    def __init__(self, text: str, value: str) -> None:
        super().__init__()
        self._text = text
        self._value = value

    def compose(self) -> ComposeResult:
        """Text above the field."""
        with Vertical():
            yield Static(Content("\n".join(map(clean, self._text.split("\n")))))
            yield Field(self._value)
            yield Static(id="told")

    @property
    def line(self) -> str:
        """What stands in the field."""
        return self.query_one(Input).value.strip()

    def action_submit(self) -> None:
        """Give what was typed."""
        self.dismiss(self.line)

    def action_leave(self) -> None:
        """Give nothing."""
        self.dismiss("")


class EditedLine(LineInput):
    """Asks for a line that may well be empty; escape gives None.

    Args:
        text: The question.
        value: The line as it is now.
        wrong: Says why a line is not taken with the key just pressed, empty if it is; the line then stays to be mended.
    """

    def __init__(self, text: str, value: str, wrong: Callable[[str], str] | None = None) -> None:
        super().__init__(text, value)
        self._wrong = wrong

    def action_submit(self) -> None:
        """Give what was typed, or say why not."""
        line = self.line
        if self._wrong is not None and (why := self._wrong(line)):
            told = self.query_one("#told", Static)
            told.update(Content.styled(clean(why), "$warning"))
            told.display = True
        else:
            self.dismiss(line)

    def action_leave(self) -> None:
        """Leave the line as it was."""
        self.dismiss(None)
