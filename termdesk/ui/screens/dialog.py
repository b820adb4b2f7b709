"""What every dialog is: a screen on top of the desk that is answered once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast
from weakref import WeakSet

from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen
from textual.widgets import Input

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
        self._has_keys = False
        self._own: WeakSet[events.Key] = WeakSet()
        """Keys that were given to the dialog itself."""

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
        if self._has_keys:
            self._put()

    def enter_early(self) -> None:
        """Hear of an Enter that was struck before the dialog was there; it does nothing."""

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Give the field what came before it had the keys."""
        if isinstance(event.widget, Input):
            self._has_keys = True
            self._put()

    def on_key(self, event: events.Key) -> None:
        """Keep what came before the field had the keys."""
        if not self._has_keys and self.catch(event):
            event.stop()
            event.prevent_default()
        self._own.add(event)

    def _put(self) -> None:
        field = self.focused
        if isinstance(field, Input) and self.is_active:
            text = "".join(character for _, character in sorted(self._ahead, key=lambda one: one[0]))
            self._ahead.clear()
            for number, part in enumerate(text.split(ERASE)):
                if number:
                    field.action_delete_left()
                if part:
                    field.replace(part, *sorted(field.selection))
