"""Which trades a tape shows: a side, a least size, trades joined, and which of them are large. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from termdesk.core.model.number import Qty
from termdesk.core.model.terms import Side
from termdesk.core.wire.topics import TapeTrade

JOIN_NS = 100_000_000
"""Trades of one side follow each other at most so closely where they are joined."""
LARGE_TIMES = 8
"""A trade so many times the mean of those kept is large, where nobody said what is."""


class TapeView(msgspec.Struct, frozen=True):
    """What a reader wants to see. Sizes are scaled."""

    side: Side | None = None
    least: Qty = 0
    joins: bool = False
    """Trades of one side at one price within a moment become one."""
    large: Qty = 0
    """0 is ``LARGE_TIMES`` the mean."""

    @property
    def is_plain(self) -> bool:
        """Whether every trade is shown as it came."""
        return self.side is None and not self.least and not self.joins

    def shown(self, trades: Sequence[TapeTrade]) -> Sequence[TapeTrade]:
        """Give the trades to show, oldest first; joined before they are measured."""
        if self.is_plain:
            return trades
        found = joined(trades) if self.joins else trades
        return [one for one in found if one.qty >= self.least and (self.side is None or one.aggressor is self.side)]

    def large_from(self, trades: Sequence[TapeTrade]) -> Qty:
        """Give the size from which on a trade is large; 0 where there are too few to tell."""
        if self.large:
            return self.large
        return LARGE_TIMES * sum([one.qty for one in trades]) // len(trades) if len(trades) >= LARGE_TIMES else 0


def joined(trades: Sequence[TapeTrade]) -> list[TapeTrade]:
    """Join neighbours of one price and side that follow each other within ``JOIN_NS``."""
    found: list[TapeTrade] = []
    for trade in trades:
        last = found[-1] if found else None
        if (
            last is not None
            and (last.price, last.aggressor) == (trade.price, trade.aggressor)
            and trade.venue_ns - last.venue_ns <= JOIN_NS
        ):
            found[-1] = TapeTrade(trade.price, last.qty + trade.qty, trade.aggressor, trade.venue_ns, trade.trade_id)
        else:
            found.append(trade)
    return found
