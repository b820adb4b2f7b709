"""Time and sales: the newest public trades, with a running number."""

from __future__ import annotations

from collections import deque

from termdesk.core.model.event import OrderMatched, Trade

KEPT = 1_000
"""Trades kept."""

Print = Trade | OrderMatched
"""A public trade of either kind of feed."""


class Tape:
    """The newest trades. ``count`` is the number of trades ever seen, so a reader can tell what it missed."""

    __slots__ = ("count", "trades")

    def __init__(self) -> None:
        self.trades: deque[Print] = deque(maxlen=KEPT)
        self.count = 0

    def add(self, trade: Print) -> None:
        """Append one trade."""
        self.trades.append(trade)
        self.count += 1

    def since(self, count: int, limit: int = KEPT) -> tuple[tuple[Print, ...], int]:
        """Give the trades after running number ``count``, oldest first, and how many of them are left out.

        Args:
            count: Value of ``count`` at the last reading, 0 for all.
            limit: Most trades to give; older ones are left out.
        """
        new = max(0, self.count - count)
        given = min(new, limit, len(self.trades))
        trades = self.trades
        return tuple([trades[-back] for back in range(given, 0, -1)]), new - given
