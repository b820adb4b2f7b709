"""The dialog that chooses a list's columns: space takes one in or out, + and - move it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from termdesk.ui.lines.format import left
from termdesk.ui.lines.watchlist_columns import CHOICES
from termdesk.ui.locale import Catalogue
from termdesk.ui.screens.dialog import Dialog


class ColumnChooser(Dialog[tuple[str, ...]]):
    """Gives the columns in their order; none when left with escape."""

    DEFAULT_CSS = """
    ColumnChooser { align: center middle; }
    ColumnChooser > Vertical {
        width: 48; max-width: 96%; height: auto; padding: 0 1; background: $panel; border: heavy $border-focus;
    }
    ColumnChooser Static { width: 100%; }
    ColumnChooser #rows { height: 16; max-height: 66vh; }
    """

    def __init__(self, columns: Sequence[str], said: Catalogue) -> None:
        super().__init__()
        self._said = said
        self._chosen = set(columns)
        self._order = [*columns, *(name for name in CHOICES if name not in self._chosen)]
        self._at = 0

    def compose(self) -> ComposeResult:
        """Hint over the columns."""
        with Vertical():
            yield Static(Content(self._said.tr("dialog.watch_ask_columns")))
            yield Static(id="rows")

    def on_mount(self) -> None:
        """Show where it stands."""
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Keep the cursor in sight when there is less room."""
        self.call_after_refresh(self._show)

    def on_key(self, event: events.Key) -> None:
        """Move, take in or out, reorder, leave."""
        event.stop()
        event.prevent_default()
        name = self._order[self._at]
        match event.key:
            case "up" | "down":
                self._at = (self._at + (1 if event.key == "down" else -1)) % len(self._order)
            case "space":
                self._chosen ^= {name}
            case "plus" | "equals_sign" | "minus" | "shift+up" | "shift+down":
                by = -1 if event.key in ("minus", "shift+up") else 1
                to = max(0, min(len(self._order) - 1, self._at + by))
                self._order.insert(to, self._order.pop(self._at))
                self._at = to
            case "enter":
                self.dismiss(tuple(one for one in self._order if one in self._chosen))
                return
            case "escape":
                self.dismiss(())
                return
        self._show()

    def _show(self) -> None:
        widget = self.query_one("#rows", Static)
        fitting = widget.size.height
        first = max(0, min(self._at - fitting // 2, len(self._order) - fitting))
        rows = []
        for index, name in enumerate(self._order[first : first + fitting], first):
            mark = "[x]" if name in self._chosen else "[ ]"
            words = f" {mark} {left(self._said.tr(f'watch.header.{name}'), 12)} {name}"
            rows.append(Content.styled(left(words, 44), "reverse" if index == self._at else ""))
        widget.update(Content("\n").join(rows), layout=False)
