"""The blotter: seven tables behind tabs, each with its own order, filter, selection and marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from termdesk.ui.lines import format as text
from termdesk.ui.lines import table
from termdesk.ui.lines.blotter_rows import BlotterModel
from termdesk.ui.lines.blotter_tables import ALL_COLUMNS, TABS, Entry, Tab, entries, key_of, paint, sort_key
from termdesk.ui.lines.idiom import Cell, Idiom, Row
from termdesk.ui.lines.listing import Listing

__all__ = ["TABS", "BlotterModel", "BlotterSurface", "Tab"]

_WIDE = 400
"""Cells in which nothing of a row is left out."""


def laid_tabs(tab: Tab, counts: Mapping[Tab, int], idiom: Idiom, width: int) -> Sequence[tuple[Tab, str]]:
    """Give as many tabs around the open one as fit, each with its words; brackets mark the open one."""
    titles = {name: f"{idiom.tr(f'blotter.tab.{name}')} {counts[name]}" for name in TABS}
    bodies = {name: f"[{title}]" if name == tab else f" {title} " for name, title in titles.items()}
    first = last = TABS.index(tab)
    used = text.width_of(bodies[tab])
    while True:
        wider = [at for at in (first - 1, last + 1) if 0 <= at < len(TABS)]
        fits = [at for at in wider if used + text.width_of(bodies[TABS[at]]) <= width]
        if not fits:
            return [(name, bodies[name]) for name in TABS[first : last + 1]]
        used += text.width_of(bodies[TABS[fits[0]]])
        first, last = min(first, fits[0]), max(last, fits[0])


def paint_tabs(tab: Tab, counts: Mapping[Tab, int], idiom: Idiom, width: int, told: str = "") -> Row:
    """Name the tabs with their counts, as many as fit; ground marks the open one too.

    Args:
        tab: The open one.
        counts: Entries of each.
        idiom: The reader's.
        width: Cells.
        told: What else counts for the open one: its order and filter.
    """
    laid = laid_tabs(tab, counts, idiom, width)
    cells: list[Cell] = [(words, "strong@selection" if name == tab else "muted@header") for name, words in laid]
    rest = width - sum(text.width_of(words) for _, words in laid)
    return [*cells, (text.cut(f" {told}", rest) if told and rest > 4 else " " * rest, "header@header")]


class BlotterSurface(Listing):
    """The blotter as a widget. The newest entry stands on top, unless a tab is sorted."""

    headings = 2

    def __init__(self, idiom: Idiom, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(idiom, id=id, classes=classes)
        self.model = BlotterModel()
        self.tab: Tab = "orders"
        self.orders_by: dict[Tab, str] = {}
        """Column that a tab is sorted by, with ``-`` before it from high to low."""
        self.words: dict[Tab, str] = {}
        """What entries of a tab must have in their rows."""
        self.marks: dict[Tab, set[str | int]] = {name: set() for name in TABS}
        self._place = 0
        """Row of the entry that was selected last, from which to go on when it is gone."""
        self._selections: dict[Tab, tuple[int, int]] = {}
        self._shown: Sequence[Entry] = ()
        self._read: dict[str | int, tuple[Entry, str]] = {}

    def show(self, model: BlotterModel) -> int:
        """Show another state; a selected entry stays selected when newer ones come, and none is when it goes."""
        chosen = self.selected_entry
        self.model = model
        self._gather()
        if chosen is not None:
            keys = [key_of(entry) for entry in self._shown]
            self._place, at = self.selected, key_of(chosen)
            self.selected = keys.index(at) if at in keys else -1  # a key meant for it must not do to the next one
        return self.flush()

    def open(self, tab: Tab) -> int:
        """Turn to a tab; returns how many rows changed."""
        self._selections[self.tab] = (self.selected, self.offset_rows)
        self.tab = tab
        self._read.clear()
        self._gather()
        self.selected, self.offset_rows = self._selections.get(tab, (-1, 0))
        self._place = 0
        return self.flush()

    def turn(self, by: int) -> int:
        """Turn to the next tab, or the one before with -1."""
        return self.open(TABS[(TABS.index(self.tab) + by) % len(TABS)])

    def point(self, x: int, y: int) -> int:
        """Open the tab or select the row at a cell; returns how many rows changed."""
        if y == 0:
            at = 0
            for tab, words in laid_tabs(self.tab, self._counts(), self.idiom, self.size.width):
                at += text.width_of(words)
                if x < at:
                    return self.open(tab)
            return 0
        row = y - self.headings + self.offset_rows
        return self.select(row) if y >= self.headings and row < self.count() else 0

    def sort_out(self, *, by: str | None = None, words: str | None = None) -> int:
        """Sort or filter the open tab; empty takes it back."""
        if by is not None:
            self.orders_by[self.tab] = by
        if words is not None:
            self.words[self.tab] = words
        self.selected, self.offset_rows, self._place = -1, 0, 0
        self._gather()
        return self.flush()

    def step(self, rows: int) -> int:
        """Move the selection; from none, to where it was."""
        return self.select(self._place) if self.selected < 0 else super().step(rows)

    def mark(self) -> int:
        """Mark the selected entry, or take its mark away, and go on to the next."""
        entry = self.selected_entry
        if entry is not None:
            self.marks[self.tab] ^= {key_of(entry)}
        return self.step(1)

    @property
    def shown(self) -> Sequence[Entry]:
        """Entries of the open tab, sorted and filtered."""
        return self._shown

    @property
    def marked(self) -> list[Entry]:
        """Marked entries that the open tab shows; without marks the selected one."""
        marks, chosen = self.marks[self.tab], self.selected_entry
        if marks:
            return [entry for entry in self._shown if key_of(entry) in marks]
        return [chosen] if chosen is not None else []

    @property
    def selected_entry(self) -> Entry | None:
        """What is selected in the open tab: an ``OrderLine``, ``FillLine``, ``PositionLine``…, None for nothing."""
        return self._shown[self.selected] if 0 <= self.selected < len(self._shown) else None

    def text_of(self, entry: Entry) -> str:
        """Give all that a row says, uncut, its columns parted by tabs."""
        row = paint(self.tab, entry, self.model, self.idiom, _WIDE)
        return "\t".join(cell[0].strip() for cell in row).rstrip("\t")

    def _gather(self) -> None:
        tab = self.tab
        found: Sequence[Entry] = entries(self.model, tab)
        words = self.words.get(tab, "").casefold().split()
        if words:
            found = [entry for entry in found if all(word in self._searched(entry) for word in words)]
        by = self.orders_by.get(tab, "")
        if by:
            key = sort_key(tab, by.removeprefix("-"), self.model)
            known = [entry for entry in found if not key(entry)[0]]
            unknown = [entry for entry in found if key(entry)[0]]
            found = sorted(known, key=key, reverse=by.startswith("-")) + unknown
        self._shown = found

    def _searched(self, entry: Entry) -> str:
        """Give a row's text in lower case; rows that did not change are not painted again."""
        key = key_of(entry)
        kept = self._read.get(key)
        if kept is None or kept[0] is not entry:
            extra = (getattr(entry, "account", ""), getattr(entry, "origin", ""), getattr(entry, "note", ""))
            kept = self._read[key] = (entry, " ".join((self.text_of(entry), *extra)).casefold())
        return kept[1]

    def count(self) -> int:
        """Entries of the open tab."""
        return len(self._shown)

    def _counts(self) -> dict[Tab, int]:
        return {**{name: len(entries(self.model, name)) for name in TABS}, self.tab: len(self._shown)}

    def heading(self, width: int) -> Sequence[Row]:
        """Give the tabs and the columns of the open one."""
        words, by = self.words.get(self.tab, ""), self.orders_by.get(self.tab, "")
        told = " ".join(part for part in (f"⌕{words}" if words else "", f"↕{by}" if by else "") if part)
        tabs = paint_tabs(self.tab, self._counts(), self.idiom, width, told)
        return [tabs, table.heading(ALL_COLUMNS[self.tab], width, self.idiom)]

    def line(self, index: int, width: int) -> Row:
        """Paint one entry of the open tab; a marked one by a star."""
        entry = self._shown[index]
        row = paint(self.tab, entry, self.model, self.idiom, width)
        if key_of(entry) not in self.marks[self.tab]:
            return row
        return [("*" + row[0][0][1:], "accent"), *row[1:]]

    def nothing(self) -> str:
        """Say that the open tab is empty, or that nothing fits its filter."""
        return self.idiom.tr("watch.filtered" if self.words.get(self.tab) else f"blotter.empty.{self.tab}")
