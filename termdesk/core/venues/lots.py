"""Lots, odd lots and the largest order of a venue."""

from __future__ import annotations

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Qty
from termdesk.core.venues.boards import book_and_board
from termdesk.core.venues.rulebook import in_force


class LotRule(msgspec.Struct, frozen=True):
    """Quantities that the venue takes, in the instrument's scale; an unknown maximum is None."""

    min_qty: Qty
    step: Qty
    max_limit: Qty | None
    max_market: Qty | None

    def takes_buy(self, qty: Qty) -> bool:
        """Whether a buy has a legal quantity; maxima are apart."""
        return qty >= self.min_qty and qty % self.step == 0

    def takes_sell(self, qty: Qty, position: Qty) -> bool:
        """Whether a sale out of a position has a legal quantity.

        An odd rest goes only all at once: with a step of 100 the part of the
        position below one lot, alone or on top of whole lots; with a step of 1
        (STAR, Beijing) the whole position when it is below the minimum.
        """
        if self.takes_buy(qty):
            return True
        if self.min_qty > self.step:
            return 0 < qty == position < self.min_qty
        odd = position % self.step
        return odd > 0 and 0 < qty <= position and qty % self.step == odd


def lot_rule(instrument: Instrument, day: str) -> LotRule | None:
    """Give the quantities in force; None where they are not known."""
    placed = book_and_board(instrument, day)
    row = in_force(placed[0].lots, placed[1], day) if placed is not None else None
    if row is None:
        return None
    unit = instrument.qty("1")
    return LotRule(
        min_qty=row.min_qty * unit,
        step=row.step * unit,
        max_limit=None if row.max_limit is None else row.max_limit * unit,
        max_market=None if row.max_market is None else row.max_market * unit,
    )
