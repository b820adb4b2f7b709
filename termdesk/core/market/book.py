"""Aggregated book: price to size, with the best price last in an ascending key list.

Most changes happen near the best price, so keeping it at the end of the list
makes inserts and deletes move few elements. Ask prices are stored negated in
their key list, so that both sides have one direction.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

from termdesk.core.model.event import Level
from termdesk.core.model.terms import Side

_BUY = Side.BUY


class Book:
    """Sizes by price of one instrument, in its scaled ints.

    Holds no orders, no sequence numbers and no opinion on validity: whoever
    feeds it decides what may be applied. A crossed book (call auction) is kept
    as it is.
    """

    __slots__ = ("_ask_keys", "_bid_keys", "asks", "bids")

    def __init__(self) -> None:
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}
        self._bid_keys: list[int] = []
        self._ask_keys: list[int] = []

    def replace(self, bids: Iterable[Level], asks: Iterable[Level]) -> None:
        """Forget everything and hold these levels; sizes of 0 are left out."""
        self.bids = {price: qty for price, qty in bids if qty}
        self.asks = {price: qty for price, qty in asks if qty}
        self._bid_keys = sorted(self.bids)
        self._ask_keys = sorted(-price for price in self.asks)

    def apply(self, bids: Iterable[Level], asks: Iterable[Level]) -> None:
        """Set absolute sizes; 0 removes a level, removing an unknown level does nothing."""
        sizes, keys = self.bids, self._bid_keys
        for price, qty in bids:
            if qty:
                if price not in sizes:
                    insort(keys, price)
                sizes[price] = qty
            elif price in sizes:
                del sizes[price]
                del keys[bisect_left(keys, price)]
        sizes, keys = self.asks, self._ask_keys
        for price, qty in asks:
            if qty:
                if price not in sizes:
                    insort(keys, -price)
                sizes[price] = qty
            elif price in sizes:
                del sizes[price]
                del keys[bisect_left(keys, -price)]

    def change(self, side: Side, price: int, by: int) -> None:
        """Add ``by`` (signed) to one level; a level that falls to 0 or below is removed."""
        if side is _BUY:
            sizes, keys, key = self.bids, self._bid_keys, price
        else:
            sizes, keys, key = self.asks, self._ask_keys, -price
        held = sizes.get(price)
        if held is None:
            if by > 0:
                insort(keys, key)
                sizes[price] = by
        elif held + by > 0:
            sizes[price] = held + by
        else:
            del sizes[price]
            del keys[bisect_left(keys, key)]

    def size(self, side: Side, price: int) -> int:
        """Displayed size at a price, 0 where there is none."""
        return (self.bids if side is _BUY else self.asks).get(price, 0)

    def best(self, side: Side) -> Level | None:
        """Best price of a side with its size."""
        if side is _BUY:
            if not self._bid_keys:
                return None
            price = self._bid_keys[-1]
            return price, self.bids[price]
        if not self._ask_keys:
            return None
        price = -self._ask_keys[-1]
        return price, self.asks[price]

    def top(self) -> tuple[int, int, int, int]:
        """Best bid, its size, best ask, its size; 0 and 0 for an empty side."""
        bid = bid_qty = ask = ask_qty = 0
        if self._bid_keys:
            bid = self._bid_keys[-1]
            bid_qty = self.bids[bid]
        if self._ask_keys:
            ask = -self._ask_keys[-1]
            ask_qty = self.asks[ask]
        return bid, bid_qty, ask, ask_qty

    def levels(self, side: Side, n: int) -> tuple[Level, ...]:
        """Up to ``n`` levels of a side, best first."""
        if n <= 0:
            return ()
        if side is _BUY:
            bids = self.bids
            return tuple([(price, bids[price]) for price in self._bid_keys[: -n - 1 : -1]])
        asks = self.asks
        return tuple([(price := -key, asks[price]) for key in self._ask_keys[: -n - 1 : -1]])

    def count(self, side: Side) -> int:
        """Number of levels of a side."""
        return len(self.bids if side is _BUY else self.asks)
