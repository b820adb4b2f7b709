"""The field of every dialog: text and the keys that edit it act in the order in which they were struck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from textual import events
from textual.binding import Binding
from textual.widgets import Input

if TYPE_CHECKING:
    from termdesk.ui.app import TermdeskApp
    from termdesk.ui.blotter.trips import Stroke

_EDITING: Mapping[str, str] = {
    key: binding.action
    for binding in Input.BINDINGS
    if isinstance(binding, Binding)
    for key in binding.key.split(",")
    if key != "enter"
}
"""Actions by key. Enter answers the dialog, and is the dialog's."""


class Field(Input):
    """Edits at once.

    A binding acts only when its key has gone all the way up to the app. By then
    the letters struck after it stand in the field, so that of what comes in one
    burst, as a slow line brings it, a backspace took the wrong ones.
    """

    struck: Stroke | None = None
    """The Enter that submitted what stands here; what it answers hears of it later."""

    async def action_submit(self) -> None:
        """Keep which stroke submits."""
        self.struck = cast("TermdeskApp", self.app).strokes.acting
        await super().action_submit()

    async def _on_key(self, event: events.Key) -> None:
        if event.key in _EDITING:
            event.stop()
            event.prevent_default()
            await self.run_action(_EDITING[event.key])
