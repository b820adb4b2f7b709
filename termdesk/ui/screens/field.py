"""The field of every dialog: text and the keys that edit it act in the order in which they were struck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from textual import events
from textual.binding import Binding
from textual.widgets import Input

if TYPE_CHECKING:
    from termdesk.ui.app import TermdeskApp

_EDITING: Mapping[str, str] = {
    key: binding.action
    for binding in Input.BINDINGS
    if isinstance(binding, Binding)
    for key in binding.key.split(",")
    if key != "enter"
}
"""Actions by key. Enter answers the dialog, and is the dialog's."""


class Field(Input):
    """Does at once what a key means to it or to its dialog.

    A binding acts only when its key has gone all the way up to the app. By then
    the letters struck after it stand in the field, so that of what comes in one
    burst, as a slow line brings it, a backspace took the wrong ones, an Enter
    sent what was typed behind it, and a line of the history came over what was
    changed in it.
    """

    _has_begun = False

    def begin(self) -> None:
        """Be ready now for what was typed ahead; news of the focus come later, and would have it replaced."""
        if self.select_on_focus:
            self.action_select_all()
            self.select_on_focus, self._has_begun = False, True

    def on_blur(self) -> None:
        """Let the next focus select what it holds again."""
        self.select_on_focus, self._has_begun = self.select_on_focus or self._has_begun, False

    async def _on_key(self, event: events.Key) -> None:
        own = self._of_dialog(event.key)
        if not own and event.key not in _EDITING:
            return
        event.stop()
        event.prevent_default()
        if own:
            cast("TermdeskApp", self.app).goes_back_to(event)
            await self.screen.run_action(own)
        else:
            await self.run_action(_EDITING[event.key])

    def _of_dialog(self, key: str) -> str:
        """Give what a key does in the dialog around the field; empty for nothing, or what acts before any field."""
        bindings = (one for one in self.screen.BINDINGS if isinstance(one, Binding) and not one.priority)
        return next((one.action for one in bindings if key in one.key.split(",")), "")
