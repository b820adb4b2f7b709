"""The command palette: type a part of what is wanted, Enter does it, Escape leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from termdesk.ui.lines.format import cut, left, right
from termdesk.ui.palette import Offer
from termdesk.ui.screens.dialog import Dialog
from termdesk.ui.screens.field import Field

ROWS = 12
"""Offers seen at once."""


class Palette(Dialog[str]):
    """Gives the id of the chosen action, empty if none was chosen.

    Args:
        offered: What there is for a text.
        nothing: What is said when nothing fits.
        barred: Says why the key just pressed may choose nothing, since an action may trade; empty if it may.
    """

    DEFAULT_CSS = """
    Palette { align: center top; }
    Palette > Vertical {
        width: 76; max-width: 96%; height: auto; margin-top: 2; padding: 0 1;
        background: $panel; border: heavy $border-focus;
    }
    Palette Input, Palette Input:focus { border: none; height: 1; background: $panel; padding: 0 1; }
    Palette #offers { width: 100%; height: 12; margin-top: 1; }
    """
    HAS_FIELD = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, id="palette.leave"),
        Binding("up", "step(-1)", show=False, id="palette.up"),
        Binding("down", "step(1)", show=False, id="palette.down"),
        Binding("enter", "submit", show=False, id="palette.submit"),
    ]

    def __init__(self, offered: Callable[[str], list[Offer]], nothing: str, barred: Callable[[], str]) -> None:
        super().__init__()
        self._offered = offered
        self._nothing = nothing
        self._barred = barred
        self._typed, self._offers = "", offered("")
        self._chosen = 0

    def compose(self) -> ComposeResult:
        """The field, and below it what fits."""
        with Vertical():
            yield Field(placeholder="›")
            yield Static(id="offers")

    def on_mount(self) -> None:
        """Show everything that can be done now."""
        self._show()

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self.call_after_refresh(self._show)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer what fits."""
        event.stop()
        if self.is_active:
            self._find()
            self._show()

    def _find(self) -> None:
        """Offer what fits what stands in the field now; a mark that was moved since stays."""
        typed = self.query_one(Input).value
        if typed != self._typed:
            self._typed, self._offers, self._chosen = typed, self._offered(typed), 0

    def action_submit(self) -> None:
        """Choose the marked line."""
        self._find()
        if self._offers and (why := self._barred()):
            self.query_one("#offers", Static).update(Content.styled(f" {why}", "$warning"), layout=False)
        elif self._offers:
            self.dismiss(self._offers[self._chosen].id)

    def action_step(self, by: int) -> None:
        """Move the mark."""
        self._find()
        if self._offers:
            self._chosen = (self._chosen + by) % len(self._offers)
            self._show()

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss("")

    def _show(self) -> None:
        lines = self.query_one("#offers", Static)
        first = max(0, self._chosen - ROWS + 1)
        width = max(20, lines.size.width or 72)
        rows = [self._line(offer, width, offer is self._offers[self._chosen]) for offer in self._offers[first:][:ROWS]]
        lines.update(Content("\n").join(rows) if rows else Content(f" {self._nothing}"), layout=False)

    def _line(self, offer: Offer, width: int, is_chosen: bool) -> Content:
        keys = min(14, width // 5)
        label = min(26, (width - keys) // 2)
        ground = "reverse" if is_chosen else ""
        return Content.assemble(
            (f" {left(cut(offer.label, label), label)} ", f"bold {ground}".strip()),
            (left(cut(offer.help, width - label - keys - 4), width - label - keys - 4), ground or "$muted"),
            (f" {right(offer.keys, keys)} ", f"$accent {ground}".strip()),
        )
