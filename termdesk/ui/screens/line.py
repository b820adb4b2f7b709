"""The command line's dialog: a field at the bottom, above it what the line would do or what is wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from termdesk.core.language import Context
from termdesk.core.model.command import SubmitBracket, SubmitOrder
from termdesk.core.wire.queries import PreviewResult
from termdesk.ui.lines.format import clean
from termdesk.ui.locale import Catalogue
from termdesk.ui.orders.command_line import History, Reading, candidates, completed, read_line
from termdesk.ui.screens.dialog import Dialog
from termdesk.ui.screens.field import Field

if TYPE_CHECKING:
    from textual.worker import WorkType

ASK_AFTER_S = 0.15
"""Pause in typing before the desk is asked what an order would do."""
SHOWN_CANDIDATES = 12

Look = Callable[[SubmitOrder], Awaitable[PreviewResult | None]]
Told = Callable[[SubmitOrder, PreviewResult], tuple[str, str]]
"""From an order's preview to words and their colour."""


class LineScreen(Dialog[tuple[str, Reading]]):
    """Reads one line; Enter gives it with its meaning, escape gives nothing. Stays open on a mistake.

    Args:
        context: Everything a line may name.
        history: Of the screen.
        said: The reader's language.
        look: Asks the desk what an order would do; None where it does not answer.
        told: Words of that.
        barred: Says why the key just pressed may send nothing; empty if it may.
    """

    DEFAULT_CSS = """
    LineScreen { align: left bottom; background: transparent; }
    LineScreen > Vertical { width: 100%; height: auto; background: $panel; border-top: heavy $border-focus; }
    LineScreen Input { padding: 0 1; background: $panel; }
    LineScreen Static { padding: 0 1; height: auto; max-height: 3; }
    LineScreen #told { max-height: 9; }
    LineScreen #keys { color: $muted; }
    """
    HAS_FIELD = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, id="line.leave"),
        Binding("up", "step(-1)", show=False, id="line.older"),
        Binding("down", "step(1)", show=False, id="line.newer"),
        Binding("tab", "complete", show=False, id="line.complete"),
        Binding("enter", "submit", show=False, id="line.submit"),
    ]

    def __init__(
        self, context: Context, history: History, said: Catalogue, look: Look, told: Told, barred: Callable[[], str]
    ) -> None:
        super().__init__()
        self._known, self._history, self._said = context, history, said
        self._look, self._told, self._barred = look, told, barred
        self._offered: list[str] = []
        self._offer = 0
        self._stem = ("", 0)
        self.reading = Reading()

    def compose(self) -> ComposeResult:
        """What could stand at the cursor, what the line would do, the line, its keys."""
        with Vertical():
            yield Static(id="offers")
            yield Static(id="told")
            yield Field(placeholder=self._said.tr("ui.line_hint"), id="line", compact=True)
            yield Static(Content(self._said.tr("ui.line_keys")), id="keys")

    def on_mount(self) -> None:
        """Offer the first words."""
        self._read("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what the line means now: keys behind the one that changed it may have done more."""
        self._offered = []
        if self.is_active:
            self._read(event.input.value)

    def _read(self, text: str) -> None:
        cursor = self.query_one(Input).cursor_position
        words = candidates(text, cursor, self._known)[:SHOWN_CANDIDATES]
        self.query_one("#offers", Static).update(Content.styled(clean("  ".join(words)), "$muted"))
        self.reading = read_line(text, self._known, self._said) if text.strip() else Reading()
        self._say(*self._words(text))
        command = self.reading.command
        order = command.entry if isinstance(command, SubmitBracket) else command
        if isinstance(order, SubmitOrder):
            look: WorkType[None] = partial(self._ask, order)  # no coroutine before it runs: it may never come to run
            self.run_worker(look, group="look", exclusive=True)

    def _words(self, text: str) -> tuple[str, str]:
        reading = self.reading
        if reading.helps:
            return self._said.tr("ui.line_help").strip("\n"), "$muted"
        if not reading.error:
            return "", ""
        if reading.at is None or reading.at >= len(text):
            return reading.error, "$muted"
        return f"{' ' * reading.at}^ {reading.error}", "$danger"

    def _say(self, words: str, style: str) -> None:
        lines = "\n".join(map(clean, words.split("\n")))
        self.query_one("#told", Static).update(Content.styled(lines, style) if style else Content(lines))

    async def _ask(self, order: SubmitOrder) -> None:
        await asyncio.sleep(ASK_AFTER_S)
        preview = await self._look(order)
        if preview is not None and self.is_active:
            self._say(*self._told(order, preview))

    def action_submit(self) -> None:
        """Give the line and its meaning; a mistake stays to be mended."""
        line = self.query_one(Input).value
        self._read(line)
        reading, text = self.reading, line.strip()
        if not text:
            self.dismiss(None)
        elif reading.helps:
            return
        elif reading.error:
            self._say(self._words(line)[0], "$danger")
        elif not (why := self._barred()):
            self.dismiss((text, reading))
        else:
            self.workers.cancel_group(self, "look")  # its answer would cover why nothing was sent
            self._say(why, "$warning")

    def action_step(self, by: int) -> None:
        """Show another line of the history."""
        field = self.query_one(Input)
        field.value = self._history.step(by, field.value)
        field.cursor_position = len(field.value)

    def action_complete(self) -> None:
        """Put the next word that fits at the cursor."""
        field = self.query_one(Input)
        if not self._offered:
            self._offered = candidates(field.value, field.cursor_position, self._known)
            self._offer = 0
            if not self._offered:
                return
            self._stem = field.value, field.cursor_position
        text, cursor = completed(*self._stem, self._offered[self._offer % len(self._offered)])
        offered, self._offer = self._offered, self._offer + 1
        with self.prevent(Input.Changed):
            field.value, field.cursor_position = text, cursor
        self._read(text)
        self._offered = offered if len(offered) > 1 else []

    def action_leave(self) -> None:
        """Give nothing."""
        self.dismiss(None)
