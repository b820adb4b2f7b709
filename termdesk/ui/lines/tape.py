"""Time and sales: the newest trade on top, below a depth box where one is wanted."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Qty
from termdesk.core.wire.topics import BookBody, QuoteBody, TapeTrade
from termdesk.ui.lines import format as text
from termdesk.ui.lines import table
from termdesk.ui.lines.depth import fitting, paint_depth, rows_of
from termdesk.ui.lines.idiom import Idiom, Row
from termdesk.ui.lines.listing import Listing, grounded
from termdesk.ui.lines.table import Column
from termdesk.ui.lines.tape_view import TapeView

COLUMNS = (
    Column("tape.header.time", 8, rank=1),
    Column("tape.header.price", 10),
    Column("tape.header.size", 9),
)
"""Dropped when narrow: time."""


class TapeModel(msgspec.Struct, frozen=True):
    """Trades of one instrument, oldest first, as many as are kept.

    ``total`` counts all trades ever added; by it a reader who scrolled back
    keeps his place while new trades come in.
    """

    instrument: Instrument
    trades: Sequence[TapeTrade]
    total: int
    is_stale: bool = False
    quote: QuoteBody | None = None
    book: BookBody | None = None
    """For the depth box."""


def paint_trade(trade: TapeTrade, instrument: Instrument, idiom: Idiom, width: int, is_stale: bool = False) -> Row:
    """Paint one trade; a trade without known aggressor has neither mark nor colour."""
    sign = trade.aggressor.sign if trade.aggressor else 0
    ink = "stale" if is_stale else "up" if sign > 0 else "down" if sign < 0 else "flat"
    size = text.size(trade.qty, instrument.qty_decimals, 8, idiom.units)
    return table.row(
        COLUMNS,
        width,
        {
            "time": (text.clock(trade.venue_ns, idiom.offset_s), "muted"),
            "price": (text.price(trade.price, instrument.price_decimals), ink),
            "size": (size + (idiom.glyphs.direction(sign) if sign else " "), ink),
        },
    )


class TapeSurface(Listing):
    """The tape as a widget; ``scroll`` looks back.

    The reader's view and box stay when the instrument changes; its sizes are those of the instrument.
    """

    def __init__(self, idiom: Idiom, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(idiom, id=id, classes=classes)
        self.model: TapeModel | None = None
        self.view = TapeView()
        self.levels = 0
        """Levels a side of the depth box."""
        self._seen = 0
        self._trades: Sequence[TapeTrade] = ()
        self._large = 0
        self._of = ""
        """The instrument that was shown last."""
        self._sizes: dict[str, tuple[Qty, Qty]] = {}
        """The least and the large size by instrument: those of one are nothing to another."""

    def show(self, model: TapeModel | None) -> int:
        """Show another tape or newer trades; returns how many rows changed."""
        before, self.model = self.model, model
        if model is not None and model.instrument.id != self._of:
            self.view = self.view_of(model.instrument.id) if self._of else self.view
            self._of = model.instrument.id
        self._trades = self.view.shown(model.trades) if model is not None else ()
        self._large = self.view.large_from(model.trades) if model is not None else 0
        if before is None or model is None or before.instrument.id != model.instrument.id:
            self.offset_rows = 0
        elif self.offset_rows:
            self.offset_rows += self._rows_since(model.total - before.total)
        return self.flush()

    def view_of(self, name: str) -> TapeView:
        """Give how the trades of an instrument are looked at."""
        least, large = self._sizes.get(name, (0, 0))
        return msgspec.structs.replace(self.view, least=least, large=large)

    def _rows_since(self, new: int) -> int:
        """Count the rows that the newest trades added; the oldest may have gone meanwhile."""
        if self.view.is_plain or self.model is None:
            return new
        kept = self.model.trades
        return len(self._trades) - len(self.view.shown(list(kept)[: max(0, len(kept) - new)]))

    def look(self, view: TapeView, levels: int | None = None) -> int:
        """Show other trades, or another depth box; returns how many rows changed."""
        self.view = view
        if self._of:
            self._sizes[self._of] = (view.least, view.large)
        self.levels = self.levels if levels is None else levels
        self.offset_rows = 0
        return self.show(self.model)

    def count(self) -> int:
        """Trades that are shown."""
        return len(self._trades)

    def paint(self, width: int, height: int) -> list[Row]:
        """Paint the box with as many levels as there is room for, over the trades."""
        self._seen = fitting(self.levels, height)
        self.headings = 1 + rows_of(self._seen)
        return super().paint(width, height)

    def heading(self, width: int) -> Sequence[Row]:
        """Name the columns, below the depth box."""
        model, titles = self.model, table.heading(COLUMNS, width, self.idiom)
        if not self._seen or model is None:
            return [*([[(" " * width, "text")]] * (self.headings - 1)), titles]
        box = paint_depth(
            model.instrument,
            model.quote,
            model.book,
            self.levels,
            self.idiom,
            width,
            seen=self._seen,
            is_stale=model.is_stale,
        )
        return [*box, titles]

    def line(self, index: int, width: int) -> Row:
        """Paint a trade, counted from the newest; a large one by ground and mark."""
        assert self.model is not None
        trade = self._trades[-1 - index]
        row = paint_trade(trade, self.model.instrument, self.idiom, width, self.model.is_stale)
        if not self._large or trade.qty < self._large:
            return row
        return grounded([("!" + row[0][0][1:], row[0][1]), *row[1:]], "badge")

    def nothing(self) -> str:
        """Say that nothing traded yet, or that nothing fits what is looked for."""
        return self.idiom.tr("tape.empty" if self.view.is_plain else "watch.filtered")
