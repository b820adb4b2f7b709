"""A dialog in which the columns of a ladder are shown, hidden and put into order."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from termdesk.ui.lines.ladder_columns import ORDER, Column
from termdesk.ui.locale import Catalogue
from termdesk.ui.screens.dialog import Dialog


def names(said: Catalogue) -> dict[Column, str]:
    """Name every column in words."""
    return {
        Column.OWN_BUYS: said.tr("dialog.column.buys"),
        Column.BID: said.tr("dialog.column.bid"),
        Column.PRICE: said.tr("dialog.column.price"),
        Column.LAST: said.tr("dialog.column.last"),
        Column.ASK: said.tr("dialog.column.ask"),
        Column.OWN_SELLS: said.tr("dialog.column.sells"),
        Column.VOLUME: said.tr("dialog.column.volume"),
        Column.TRADED: said.tr("dialog.column.traded"),
        Column.FLOW: said.tr("dialog.column.flow"),
        Column.PNL: said.tr("dialog.column.pnl"),
        Column.NOTE: said.tr("dialog.column.note"),
    }


class ColumnChooser(Dialog[tuple[Column, ...]]):
    """Gives the columns that were chosen, left to right; escape gives those there were.

    The price is always shown.
    """

    DEFAULT_CSS = """
    ColumnChooser { align: center middle; }
    ColumnChooser > Vertical {
        width: auto; max-width: 90%; height: auto; padding: 1 2;
        background: $panel; border: heavy $border-focus;
    }
    ColumnChooser Static { width: auto; }
    ColumnChooser #columns { margin: 1 0; }
    """

    def __init__(self, chosen: Sequence[Column], said: Catalogue) -> None:
        super().__init__()
        self._before = tuple(chosen)
        self._shown = set(chosen) | {Column.PRICE}
        self._order = list(dict.fromkeys((*chosen, *ORDER)))
        self._at = 0
        self._said = said
        self._names = names(said)

    def compose(self) -> ComposeResult:
        """Title, one line per column, and the keys."""
        with Vertical():
            yield Static(Content(self._said.tr("dialog.columns")))
            yield Static(self._lines(), id="columns")
            yield Static(Content(self._said.tr("dialog.columns_help")))

    def _lines(self) -> Content:
        lines: list[str | tuple[str, str]] = []
        for index, column in enumerate(self._order):
            mark = "x" if column in self._shown else " "
            line = f"[{mark}] {self._names[column]}"
            lines += [(line, "bold reverse") if index == self._at else line, "\n"]
        return Content.assemble(*lines[:-1])

    def on_key(self, event: events.Key) -> None:
        """Move, show or hide, put into order; every key stays in the dialog."""
        event.stop()
        event.prevent_default()
        match event.key:
            case "escape":
                self.dismiss(self._before)
            case "enter":
                self.dismiss(tuple(column for column in self._order if column in self._shown))
            case "up" | "k":
                self._at = max(0, self._at - 1)
            case "down" | "j":
                self._at = min(len(self._order) - 1, self._at + 1)
            case "space":
                self._toggle()
            case "plus" | "right":
                self._shift(1)
            case "minus" | "left":
                self._shift(-1)
        self.query_one("#columns", Static).update(self._lines())

    def _toggle(self) -> None:
        column = self._order[self._at]
        if column is not Column.PRICE:
            self._shown ^= {column}

    def _shift(self, by: int) -> None:
        to = self._at + by
        if 0 <= to < len(self._order):
            self._order[self._at], self._order[to] = self._order[to], self._order[self._at]
            self._at = to
