"""Time and sales: the newest trade on top."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.wire.topics import TapeTrade
from termdesk.ui.lines import format as text
from termdesk.ui.lines import table
from termdesk.ui.lines.idiom import Idiom, Row
from termdesk.ui.lines.listing import Listing
from termdesk.ui.lines.table import Column

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
    """The tape as a widget; ``scroll`` looks back."""

    def __init__(self, idiom: Idiom, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(idiom, id=id, classes=classes)
        self.model: TapeModel | None = None

    def show(self, model: TapeModel | None) -> int:
        """Show another tape or newer trades; returns how many rows changed."""
        before, self.model = self.model, model
        if before is None or model is None or before.instrument.id != model.instrument.id:
            self.offset_rows = 0
        elif self.offset_rows:
            self.offset_rows += model.total - before.total
        return self.flush()

    def count(self) -> int:
        """Trades that are kept."""
        return len(self.model.trades) if self.model else 0

    def heading(self, width: int) -> Sequence[Row]:
        """Name the columns."""
        return [table.heading(COLUMNS, width, self.idiom)]

    def line(self, index: int, width: int) -> Row:
        """Paint a trade, counted from the newest."""
        assert self.model is not None
        model = self.model
        return paint_trade(model.trades[-1 - index], model.instrument, self.idiom, width, model.is_stale)

    def nothing(self) -> str:
        """Say that nothing traded yet."""
        return self.idiom.tr("tape.empty")
