"""The order form as a dialog: every order type, checked while it is filled in, with the desk's own preview."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from termdesk.core.model.command import SubmitBracket, SubmitOrder
from termdesk.core.model.instrument import Instrument
from termdesk.ui.lines.format import clean
from termdesk.ui.locale import Catalogue
from termdesk.ui.orders.ticket_form import CHOICES, FIELDS, Form, choice_word, read_form, wanted
from termdesk.ui.screens.dialog import Dialog
from termdesk.ui.screens.field import Field
from termdesk.ui.screens.line import ASK_AFTER_S, Look, Told

if TYPE_CHECKING:
    from textual.worker import WorkType


TURNS = {"left": -1, "right": 1, "space": 1}
"""By how many values a key changes a choice."""
STEPS = {"up": -1, "shift+tab": -1, "down": 1, "tab": 1}
"""By how many fields a key goes on."""


class ChoiceField(Static, can_focus=True):
    """One of a few values; left and right change it."""

    class Changed(Message):
        """Another value was chosen."""

    def __init__(self, values: tuple[str, ...], value: str, words: Callable[[str], str], *, id: str) -> None:
        super().__init__(id=id)
        self.value = value if value in values else values[0]
        self._values = values
        self._words = words

    def on_mount(self) -> None:
        """Show the first value."""
        self._show()

    def on_key(self, event: events.Key) -> None:
        """Change at once: a key that acts later would change the field that has the keys by then."""
        if event.key in TURNS:
            event.stop()
            self.turn(TURNS[event.key])

    def turn(self, by: int) -> None:
        """Change to the next value, or the one before with -1."""
        self.value = self._values[(self._values.index(self.value) + by) % len(self._values)]
        self._show()
        self.post_message(self.Changed())

    def _show(self) -> None:
        self.update(Content(clean(f"‹ {self._words(self.value)} ›")))


class SendField(Static, can_focus=True):
    """The last row: Enter sends from here and from nowhere else."""


class TicketForm(Dialog[SubmitOrder | SubmitBracket]):
    """Gives the order once, or nothing.

    Args:
        instrument: What is traded.
        account: Of the order.
        where: Account and mode, in words.
        fields: What the form begins with.
        said: The reader's language.
        look: Asks the desk what an order would do.
        told: Words of that.
        barred: Says why the key just pressed may send nothing; empty if it may.
    """

    DEFAULT_CSS = """
    TicketForm { align: center middle; }
    TicketForm > Vertical {
        width: 84; max-width: 98%; height: auto; max-height: 98%; padding: 0 1;
        background: $panel; border: heavy $border-focus;
    }
    TicketForm VerticalScroll { height: auto; max-height: 15; }
    TicketForm Horizontal { height: 1; }
    TicketForm .name { width: 18; color: $muted; }
    TicketForm .wrong { width: 1fr; color: $danger; padding-left: 1; height: 1; }
    TicketForm Input { width: 24; padding: 0; background: $background; }
    TicketForm ChoiceField { width: 24; height: 1; }
    TicketForm ChoiceField:focus, TicketForm SendField:focus { background: $border-focus; color: $background; }
    TicketForm #told { height: auto; max-height: 4; min-height: 1; }
    TicketForm SendField { height: 1; width: 1fr; }
    TicketForm #keys { height: 1; color: $muted; }
    """
    HAS_FIELD = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, id="form.leave"),
        Binding("up", "step(-1)", show=False, id="form.previous", priority=True),
        Binding("down", "step(1)", show=False, id="form.next", priority=True),
        Binding("tab", "step(1)", show=False, id="form.tab", priority=True),
        Binding("shift+tab", "step(-1)", show=False, id="form.back", priority=True),
        Binding("enter", "go_on", show=False, id="form.enter", priority=True),
    ]
    """Keys that change the field act before what is struck after them finds its field."""

    def __init__(
        self,
        instrument: Instrument,
        account: str,
        where: str,
        fields: dict[str, str],
        said: Catalogue,
        look: Look,
        told: Told,
        barred: Callable[[], str],
    ) -> None:
        super().__init__()
        self._instrument, self._account, self._where = instrument, account, where
        self._fields = {name: CHOICES[name][0] if name in CHOICES else "" for name in FIELDS} | fields
        self._said, self._look, self._told, self._barred = said, look, told, barred
        self.form = Form(None, {})
        self._is_sent = False

    def compose(self) -> ComposeResult:
        """One row per field, the preview, the row that sends, and the keys."""
        said = self._said
        with Vertical():
            yield Static(Content(clean(f"{self._instrument.code} {self._named()} · {self._where}")), id="head")
            with VerticalScroll(can_focus=False):
                for name in FIELDS:
                    with Horizontal(id=f"row-{name}"):
                        yield Static(said.texts[f"form.{name}"], classes="name")
                        yield self._field(name)
                        yield Static(classes="wrong")
            yield Static(id="told")
            yield SendField(Content(f"[ {said.tr('ui.form_send')} ]"), id="send")
            yield Static(Content(said.tr("ui.form_keys")), id="keys")

    def _named(self) -> str:
        name_zh = self._instrument.name_zh if self._said.language == "zh" else ""
        return name_zh or self._instrument.name

    def _field(self, name: str) -> Widget:
        if name in CHOICES:
            return ChoiceField(CHOICES[name], self._fields[name], partial(self._word, name), id=f"field-{name}")
        return Field(self._fields[name], id=f"field-{name}", compact=True)

    def _word(self, name: str, value: str) -> str:
        said = self._said
        if name in ("side", "ord_type"):
            return said.word(name, value)
        if name in ("post_only", "reduce_only"):
            return said.tr("dialog.yes") if value == "yes" else said.tr("dialog.no")
        return choice_word(value, said.language) or said.word("form", value)

    def on_mount(self) -> None:
        """Begin at the quantity."""
        self._read()
        self.set_focus(self.query_one("#field-qty"))

    def on_input_changed(self) -> None:
        """Check what was typed at once."""
        if self.is_active:
            self._read()

    def on_choice_field_changed(self) -> None:
        """Show the fields that matter now."""
        if self.is_active:
            self._read()

    def _values(self) -> Iterator[tuple[str, str]]:
        for name in FIELDS:
            field = self.query_one(f"#field-{name}")
            if isinstance(field, Input | ChoiceField):
                yield name, field.value

    def _read(self) -> None:
        fields = dict(self._values())
        shown = wanted(fields)
        self.form = read_form(fields, self._instrument, self._account)
        for name in FIELDS:
            row = self.query_one(f"#row-{name}", Horizontal)
            row.display = name in shown
            row.query_one(".wrong", Static).update(Content(clean(self._fault(name))))
        self._say("", "")
        order = self.form.order
        if order is not None:
            look: WorkType[None] = partial(self._ask, order)
            self.run_worker(look, group="look", exclusive=True)

    def _fault(self, name: str) -> str:
        if name not in self.form.wrong:
            return ""
        reason = self.form.wrong[name]
        return self._said.tr("ui.form_needed") if reason is None else self._said.sentence(reason.code, reason.params)

    def _say(self, words: str, style: str) -> None:
        self.query_one("#told", Static).update(Content.styled(clean(words), style) if style else Content(clean(words)))

    async def _ask(self, order: SubmitOrder) -> None:
        await asyncio.sleep(ASK_AFTER_S)
        preview = await self._look(order)
        if preview is not None and self.is_active and self.form.order is order:
            self._say(*self._told(order, preview))

    def on_key(self, event: events.Key) -> None:
        """Enter goes on to the next field, and sends from the last row only; once."""
        if event.key != "enter":
            return
        event.stop()
        self.desk.goes_back_to(event)
        self.form = read_form(dict(self._values()), self._instrument, self._account)  # news of the field come later
        if not isinstance(self.focused, SendField):
            self.focus_next()
        elif self.form.command is None:
            self._say(self._said.tr("ui.form_wrong"), "$danger")
        elif why := self._barred():
            self.workers.cancel_group(self, "look")  # its answer would cover why nothing was sent
            self._say(why, "$warning")
        elif not self._is_sent:
            self._is_sent = True
            self.dismiss(self.form.command)

    def catch(self, event: events.Key) -> bool:
        """Keep what goes from field to field or changes one too: what is typed behind it is meant for that one."""
        if event not in self._own and event.key in {*STEPS, *TURNS, "enter"}:
            self.take(event.key, event.time)
            return True
        return super().catch(event)

    def enter(self, what: str) -> None:
        """Do now what was typed ahead; an Enter goes on from a text field, and does nothing else."""
        focused = self.focused
        if what in STEPS:
            self.action_step(STEPS[what])
        elif what == "enter" or isinstance(focused, ChoiceField):
            if isinstance(focused, ChoiceField) and what in TURNS:
                focused.turn(TURNS[what])
            elif isinstance(focused, Input):
                self.focus_next()
        elif what not in TURNS:
            super().enter(what)
        elif what == "space":
            super().enter(" ")

    def action_step(self, by: int) -> None:
        """Go on to the next field, or back with -1."""
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_go_on(self) -> None:
        """Go on to the next field: no text field sends an order. Elsewhere Enter is a key like others."""
        if not (self.has_keys and isinstance(self.focused, Input)):
            raise SkipAction
        self.focus_next()

    def action_leave(self) -> None:
        """Send nothing."""
        self.dismiss(None)
