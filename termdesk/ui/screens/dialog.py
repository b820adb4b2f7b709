"""What every dialog is: a screen on top of the desk that is answered once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast
from weakref import WeakSet

from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from termdesk.ui.screens.field import Field

if TYPE_CHECKING:
    from termdesk.ui.app import TermdeskApp

Answer = TypeVar("Answer")


ERASE = "\b"
"""Takes back the character before it, among what was typed ahead."""


class Dialog(ModalScreen[Answer]):
    """Gives one answer.

    Keys typed ahead still reach a dialog that has been answered; answering it
    again would take away whatever screen is on top by then. Whatever else
    comes late (a preview, a change of a field) finds ``is_active`` false and
    must leave the widgets alone, which are going or gone.

    What is typed for a dialog before its field has the keys is kept for it in
    its order, backspaces too, but no Enter: nobody has seen yet what that would
    answer.
    """

    HAS_FIELD: ClassVar[bool] = False
    """Whether what is typed goes into a field."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead: list[tuple[float, str]] = []
        self.has_keys = False
        """Whether its field has had them."""
        self._is_putting = False
        self._own: WeakSet[events.Key] = WeakSet()
        """Keys that what is in the dialog was given."""

    @property
    def is_active(self) -> bool:
        """Whether the dialog is on top and stays: not while it or the whole screen closes."""
        return super().is_active and not self._pruning

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Give the answer and go; a second one is none."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    @property
    def desk(self) -> TermdeskApp:
        """The app."""
        return cast("TermdeskApp", self.app)

    def awaits(self, event: events.Key) -> bool:
        """Take a key that comes before the field has the keys; gives whether it was meant for that."""
        return not self.has_keys and self.catch(event)

    def catch(self, event: events.Key) -> bool:
        """Take a key that was given to what had the keys before; gives whether it was meant for the field."""
        if not self.HAS_FIELD or event in self._own:
            return False
        is_text = event.is_printable and bool(event.character) and "+" not in event.key  # alt+j tells its letter too
        if is_text:
            self.take(event.character or "", event.time)
        elif event.key == "backspace":
            self.take(ERASE, event.time)
        elif event.key == "enter":
            self.enter_early()
        return is_text or event.key in ("backspace", "enter")

    def take(self, character: str, at_s: float) -> None:
        """Put a character where it was meant to go; ``at_s`` says when it was read, for the order."""
        self._ahead.append((at_s, character))
        if self.has_keys:
            self._put()

    def enter_early(self) -> None:
        """Hear of an Enter that was struck before the dialog was there; it does nothing."""

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Give the field what came before it had the keys, before it is given what comes now."""
        super().set_focus(widget, scroll_visible, from_app_focus)
        field = self.focused
        if isinstance(field, Field) and (self._is_putting or not self.has_keys):
            field.begin()
            self.has_keys = True
            self._put()

    def on_key(self, event: events.Key) -> None:
        """Note which keys were given to what is in here."""
        self._own.add(event)

    def _put(self) -> None:
        if not self.is_active or self._is_putting:
            return
        ahead = sorted(self._ahead, key=lambda one: one[0])
        self._ahead.clear()
        self._is_putting = True
        for _, what in ahead:
            self.enter(what)
        self._is_putting = False

    def enter(self, what: str) -> None:
        """Do now what was typed ahead; where no field has the keys it was meant for none."""
        field = self.focused
        if not isinstance(field, Input):
            return
        if what == ERASE:
            field.action_delete_left()
        else:
            field.replace(what, *sorted(field.selection))
