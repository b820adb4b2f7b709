"""The blotter: orders, fills and positions as three tables behind tabs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from termdesk.core.wire.queries import FillLine, OrderLine
from termdesk.core.wire.topics import PositionLine
from termdesk.ui.lines import format as text
from termdesk.ui.lines import table
from termdesk.ui.lines.blotter_rows import COLUMNS, BlotterModel, paint_fill, paint_order, paint_position
from termdesk.ui.lines.idiom import Cell, Idiom, Row
from termdesk.ui.lines.listing import Listing

__all__ = ["TABS", "BlotterModel", "BlotterSurface", "Tab"]

Tab = Literal["orders", "fills", "positions"]
TABS: tuple[Tab, ...] = ("orders", "fills", "positions")


def paint_tabs(tab: Tab, counts: dict[Tab, int], idiom: Idiom, width: int) -> Row:
    """Name the tabs with their counts, all of them or only the open one, which brackets mark as well as ground."""
    titles = {name: f"{idiom.tr(f'blotter.tab.{name}')} {counts[name]}" for name in TABS}
    bodies = {name: f"[{title}]" if name == tab else f" {title} " for name, title in titles.items()}
    fits = sum(map(text.width_of, bodies.values())) <= width
    cells: list[Cell] = [
        (body, "strong@selection" if name == tab else "muted@header")
        for name, body in bodies.items()
        if fits or name == tab
    ]
    used = sum(text.width_of(cell[0]) for cell in cells)
    return [*cells, (" " * (width - used), "header@header")]


class BlotterSurface(Listing):
    """The blotter as a widget. The newest order and fill stand on top.

    Each tab keeps its own selection.
    """

    headings = 2

    def __init__(self, idiom: Idiom, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(idiom, id=id, classes=classes)
        self.model = BlotterModel()
        self.tab: Tab = "orders"
        self._selections: dict[Tab, tuple[int, int]] = {}

    def show(self, model: BlotterModel) -> int:
        """Show another state; a selected order or fill stays selected when newer ones come."""
        before = self._entries()
        chosen = _key(before[self.selected]) if 0 <= self.selected < len(before) else None
        self.model = model
        if chosen is not None:
            keys = [_key(entry) for entry in self._entries()]
            self.selected = keys.index(chosen) if chosen in keys else self.selected
        return self.flush()

    def open(self, tab: Tab) -> int:
        """Turn to a tab; returns how many rows changed."""
        self._selections[self.tab] = (self.selected, self.offset_rows)
        self.tab = tab
        self.selected, self.offset_rows = self._selections.get(tab, (-1, 0))
        return self.flush()

    def turn(self, by: int) -> int:
        """Turn to the next tab, or the one before with -1."""
        return self.open(TABS[(TABS.index(self.tab) + by) % len(TABS)])

    @property
    def selected_entry(self) -> OrderLine | FillLine | PositionLine | None:
        """What is selected in the open tab."""
        entries = self._entries()
        return entries[self.selected] if 0 <= self.selected < len(entries) else None

    def _entries(self) -> Sequence[OrderLine | FillLine | PositionLine]:
        entries: dict[Tab, Sequence[OrderLine | FillLine | PositionLine]] = {
            "orders": self.model.orders,
            "fills": self.model.fills,
            "positions": self.model.positions,
        }
        return entries[self.tab]

    def count(self) -> int:
        """Entries of the open tab."""
        return len(self._entries())

    def heading(self, width: int) -> Sequence[Row]:
        """Give the tabs and the columns of the open one."""
        model = self.model
        counts: dict[Tab, int] = {
            "orders": len(model.orders),
            "fills": len(model.fills),
            "positions": len(model.positions),
        }
        tabs = paint_tabs(self.tab, counts, self.idiom, width)
        return [tabs, table.heading(COLUMNS[self.tab], width, self.idiom)]

    def line(self, index: int, width: int) -> Row:
        """Paint one entry of the open tab."""
        entry = self._entries()[index]
        if isinstance(entry, OrderLine):
            return paint_order(entry, self.model, self.idiom, width)
        if isinstance(entry, FillLine):
            return paint_fill(entry, self.model, self.idiom, width)
        return paint_position(entry, self.model, self.idiom, width)

    def nothing(self) -> str:
        """Say that the open tab is empty."""
        return self.idiom.tr(f"blotter.empty.{self.tab}")


def _key(entry: OrderLine | FillLine | PositionLine) -> str | int:
    if isinstance(entry, OrderLine):
        return entry.order_id
    return entry.seq if isinstance(entry, FillLine) else entry.instrument
