"""The watchlist: one line per instrument, of which only the visible ones are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Phase
from termdesk.core.wire.topics import QuoteBody
from termdesk.ui.lines import format as text
from termdesk.ui.lines import table
from termdesk.ui.lines.idiom import Cell, Idiom, Row
from termdesk.ui.lines.listing import Listing
from termdesk.ui.lines.table import Column

COLUMNS = (
    Column("watch.header.symbol", 8, is_number=False, grows=True),
    Column("watch.header.name", 12, rank=5, is_number=False, grows=True),
    Column("watch.header.last", 10),
    Column("watch.header.change", 9, rank=4),
    Column("watch.header.percent", 8, rank=1),
    Column("watch.header.volume", 7, rank=3),
    Column("watch.header.age", 7, rank=2),
)
"""Dropped when narrow: name, change, volume, age, change percent; symbol and last always stay."""


class WatchItem(msgspec.Struct, frozen=True):
    """One instrument as the list shows it."""

    instrument: Instrument
    quote: QuoteBody | None
    age_ns: int | None
    """Since the instrument's last news, None when there was none."""
    is_stale: bool = False
    """The source itself is silent; a quiet instrument is not stale."""


class WatchModel(msgspec.Struct, frozen=True):
    """The list: ids in order, and how to get what is known of one of them."""

    ids: Sequence[str]
    item: Callable[[str], WatchItem | None]
    language: str = "en"


def paint_item(item: WatchItem, idiom: Idiom, width: int, language: str = "en") -> Row:
    """Paint one instrument."""
    instrument, quote = item.instrument, item.quote
    plain = "stale" if item.is_stale else "text"
    name = instrument.name_zh if language == "zh" and instrument.name_zh else instrument.name
    values: dict[str, Cell] = {
        "symbol": (instrument.code, plain),
        "name": (name, "stale" if item.is_stale else "muted"),
    }
    if quote is not None:
        values |= _quoted(item, quote, idiom)
    values["age"] = (_age(item, idiom), "danger" if item.is_stale else "muted")
    return table.row(COLUMNS, width, values)


def _quoted(item: WatchItem, quote: QuoteBody, idiom: Idiom) -> dict[str, Cell]:
    decimals = item.instrument.price_decimals
    known = bool(quote.last and quote.prev_close)
    change = quote.last - quote.prev_close if known else 0
    ink = "stale" if item.is_stale else "up" if change > 0 else "down" if change < 0 else "flat"
    glyph = idiom.glyphs.direction(change)
    return {
        "last": (text.price(quote.last, decimals), ink),
        "change": (text.signed(change, decimals) if known else text.UNKNOWN, ink),
        "percent": (glyph + text.percent(change, quote.prev_close) if known else text.UNKNOWN, ink),
        "volume": (text.size(quote.volume, item.instrument.qty_decimals, 6, idiom.units), "muted"),
    }


def _age(item: WatchItem, idiom: Idiom) -> str:
    phase = item.quote.phase if item.quote else Phase.UNKNOWN
    age = text.age(item.age_ns)
    if phase in (Phase.CONTINUOUS, Phase.UNKNOWN):
        return age
    return f"{idiom.tr(f'watch.phase.{phase.value}')} {age}"


class WatchSurface(Listing):
    """The watchlist as a widget."""

    def __init__(self, idiom: Idiom, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(idiom, id=id, classes=classes)
        self.model = WatchModel((), lambda _: None)

    def show(self, model: WatchModel) -> int:
        """Show another list or newer quotes; returns how many rows changed."""
        self.model = model
        return self.flush()

    @property
    def visible_ids(self) -> Sequence[str]:
        """Instruments in the window: those whose quotes need to be subscribed."""
        return self.model.ids[self.offset_rows : self.offset_rows + self.page]

    @property
    def selected_id(self) -> str | None:
        """The selected instrument."""
        return self.model.ids[self.selected] if 0 <= self.selected < len(self.model.ids) else None

    def count(self) -> int:
        """Instruments in the list."""
        return len(self.model.ids)

    def heading(self, width: int) -> Sequence[Row]:
        """Name the columns."""
        return [table.heading(COLUMNS, width, self.idiom)]

    def line(self, index: int, width: int) -> Row:
        """Paint one instrument; one not known yet by its id alone."""
        name = self.model.ids[index]
        item = self.model.item(name)
        if item is None:
            return table.row(COLUMNS, width, {"symbol": (name, "muted")})
        return paint_item(item, self.idiom, width, self.model.language)

    def nothing(self) -> str:
        """Say that nothing is watched."""
        return self.idiom.tr("watch.empty")
