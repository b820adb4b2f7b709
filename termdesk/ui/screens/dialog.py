"""What every dialog is: a screen on top of the desk that is answered once."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """Gives one answer.

    Keys typed ahead still reach a dialog that has been answered; answering it
    again would take away whatever screen is on top by then.
    """

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Give the answer and go; a second one is none."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
