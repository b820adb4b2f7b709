"""Book of an order-by-order feed: every public order, feeding an aggregated book.

Rule of the Shanghai Level-2 day 2023-02-01 (truth file of the recording): an
order adds its size at its price; a removal takes size off at the order's own
price; a trade reduces the passive order only, both in a call auction. The
venue publishes an aggressive order only for what remains after its trades, so
the aggressor's number may be unknown when its trades come.
"""

from __future__ import annotations

from collections.abc import Iterator

from termdesk.core.market.book import Book
from termdesk.core.model.event import OrderAdded, OrderMatched, OrderRemoved
from termdesk.core.model.terms import Side

_BUY = Side.BUY
_SELL = Side.SELL


class OrderBook:
    """Open public orders by number. Does not check that a trade was possible.

    Attributes:
        unmatched: Removals and trades that named an order never seen.
        removed_at: Price of the order that was last reduced or removed, which a removal does not tell.
    """

    __slots__ = ("_book", "_buys", "_sells", "removed_at", "unmatched")

    def __init__(self, book: Book) -> None:
        self._book = book
        self._buys: dict[int, tuple[int, int]] = {}
        self._sells: dict[int, tuple[int, int]] = {}
        self.unmatched = 0
        self.removed_at = 0

    def add(self, event: OrderAdded) -> None:
        """Enter an order by its number; a number of the same side and price seen before grows."""
        orders = self._buys if event.side is _BUY else self._sells
        left = event.qty
        held = orders.get(event.order_no)
        if held is not None and held[0] == event.price:
            left += held[1]
        orders[event.order_no] = (event.price, left)
        self._book.change(event.side, event.price, event.qty)

    def open(self, side: Side) -> Iterator[tuple[int, int, int]]:
        """Number, price and quantity of every open order of a side, in the order of entry."""
        orders = self._buys if side is _BUY else self._sells
        for number, (price, left) in orders.items():
            yield number, price, left

    def remove(self, event: OrderRemoved) -> None:
        """Take ``qty`` off an order, at the order's own price."""
        self._reduce(event.side, event.order_no, event.qty)

    def match(self, event: OrderMatched) -> None:
        """Reduce the passive order of a trade, both where no one was the aggressor."""
        if event.aggressor is not _BUY:
            self._reduce(_BUY, event.buy_order_no, event.qty)
        if event.aggressor is not _SELL:
            self._reduce(_SELL, event.sell_order_no, event.qty)

    def _reduce(self, side: Side, order_no: int, qty: int) -> None:
        orders = self._buys if side is _BUY else self._sells
        held = orders.get(order_no)
        if held is None:
            self.unmatched += 1
            self.removed_at = 0
            return
        price, left = held
        self.removed_at = price
        taken = min(qty, left)
        self._book.change(side, price, -taken)
        if taken == left:
            del orders[order_no]
        else:
            orders[order_no] = (price, left - taken)
