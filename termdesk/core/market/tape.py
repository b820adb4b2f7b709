"""Time and sales: the newest public trades, with a running number, and the volume at each price."""

from __future__ import annotations

from collections import deque

from termdesk.core.model.event import OrderMatched, Trade
from termdesk.core.model.number import Price, Qty
from termdesk.core.model.terms import Side

KEPT = 1_000
"""Trades kept of an instrument, 0.1 to 0.25 kB each."""

_BUY, _SELL = Side.BUY, Side.SELL
Print = Trade | OrderMatched
"""A public trade of either kind of feed."""


class Tape:
    """The newest trades, and what traded at each price.

    ``count`` is the number of trades ever seen, so a reader can tell what it missed.

    Attributes:
        volumes: Quantity by price, by the side that took it; None where nobody did.
        bought, sold: Quantity in all that buyers and sellers took.
        first_ns: Venue time of the first trade in ``volumes``, 0 before any.
        day: Counts the times that ``volumes`` began anew.
    """

    __slots__ = ("bought", "count", "day", "first_ns", "sold", "trades", "volumes")

    def __init__(self) -> None:
        self.trades: deque[Print] = deque(maxlen=KEPT)
        self.count = 0
        self.day = 0
        self.begin_day()

    def begin_day(self) -> None:
        """Forget the volume at each price."""
        self.volumes: dict[Side | None, dict[Price, Qty]] = {Side.BUY: {}, Side.SELL: {}, None: {}}
        self.bought = self.sold = 0
        self.first_ns = 0
        self.day += 1

    def add(self, trade: Print) -> None:
        """Append one trade."""
        self.trades.append(trade)
        self.count += 1
        aggressor, qty = trade.aggressor, trade.qty
        at_price = self.volumes[aggressor]
        price = trade.price
        at_price[price] = at_price.get(price, 0) + qty
        if aggressor is _BUY:
            self.bought += qty
        elif aggressor is _SELL:
            self.sold += qty
        if not self.first_ns:
            self.first_ns = trade.venue_ns

    def prices(self) -> set[Price]:
        """Give every price that traded."""
        return set().union(*self.volumes.values())

    def prices_since(self, count: int) -> set[Price] | None:
        """Give the prices that traded after running number ``count``; None where that is no longer known."""
        new = self.count - count
        if new > len(self.trades):
            return None
        return {self.trades[-back].price for back in range(1, new + 1)}

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
