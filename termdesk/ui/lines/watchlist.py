"""The watchlist: one line per instrument, of which only the visible ones are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
from textual import events

from termdesk.ui.lines import table
from termdesk.ui.lines.idiom import Cell, Idiom, Row
from termdesk.ui.lines.listing import Listing
from termdesk.ui.lines.table import Column
from termdesk.ui.lines.watchlist_columns import CHOICES, USUAL, WatchItem

__all__ = ["COLUMNS", "WatchItem", "WatchModel", "WatchSurface", "paint_item"]

COLUMNS: tuple[Column, ...] = tuple(CHOICES[name].column for name in USUAL)


def _plainly(item: WatchItem) -> Mapping[str, str]:
    del item
    return {}


class WatchModel(msgspec.Struct, frozen=True):
    """The list: ids in order, and how to get what is known of one of them."""

    ids: Sequence[str]
    item: Callable[[str], WatchItem | None]
    columns: tuple[Column, ...] = COLUMNS
    inks: Callable[[WatchItem], Mapping[str, str]] = _plainly
    """Inks by column that colour rules give an instrument."""
    empty: str = "watch.empty"
    """Catalogue key of what an empty list says."""


def paint_item(
    item: WatchItem,
    idiom: Idiom,
    width: int,
    columns: tuple[Column, ...] = COLUMNS,
    inks: Mapping[str, str] | None = None,
) -> Row:
    """Paint one instrument; only the columns that fit cost anything."""
    values: dict[str, Cell] = {
        column.name: CHOICES[column.name].cell(item, idiom) for column, _ in table.laid(columns, width)
    }
    for name, ink in (inks or {}).items():
        if name in values and not item.is_stale:
            values[name] = (values[name][0], ink)
    return table.row(columns, width, values)


class WatchSurface(Listing):
    """The watchlist as a widget."""

    def __init__(self, idiom: Idiom, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(idiom, id=id, classes=classes)
        self.model = WatchModel((), lambda _: None)

    def show(self, model: WatchModel) -> int:
        """Show another list or newer quotes; returns how many rows changed."""
        self.model = model
        return self.flush()

    def typed(self, event: events.Key) -> str:
        """Give what could begin a code, a name or initials, while this pane has the keys; else nothing."""
        character = event.character or ""
        is_alone = "+" not in event.key  # terminals tell the letter of alt+j too
        return (
            character
            if self.screen.focused is self and is_alone and character.isalnum() and not character.isupper()
            else ""
        )

    @property
    def visible_ids(self) -> Sequence[str]:
        """Instruments in the window: those whose quotes need to be subscribed."""
        return self.model.ids[self.offset_rows : self.offset_rows + self.page]

    def count(self) -> int:
        """Instruments in the list."""
        return len(self.model.ids)

    def heading(self, width: int) -> Sequence[Row]:
        """Name the columns."""
        return [table.heading(self.model.columns, width, self.idiom)]

    def line(self, index: int, width: int) -> Row:
        """Paint one instrument; one not known yet by its id alone."""
        model, name = self.model, self.model.ids[index]
        item = model.item(name)
        if item is None:
            return table.row(model.columns, width, {"symbol": (name, "muted")})
        return paint_item(item, self.idiom, width, model.columns, model.inks(item))

    def nothing(self) -> str:
        """Say why the list is empty."""
        return self.idiom.tr(self.model.empty)
