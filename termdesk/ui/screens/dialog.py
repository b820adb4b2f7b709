"""What every dialog is: a screen on top of the desk that is answered once."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """Gives one answer.

    Keys typed ahead still reach a dialog that has been answered; answering it
    again would take away whatever screen is on top by then. Whatever else
    comes late (a preview, a change of a field) finds ``is_active`` false and
    must leave the widgets alone, which are going or gone.
    """

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Give the answer and go; a second one is none."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
