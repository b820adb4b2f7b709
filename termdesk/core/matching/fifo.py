"""Exact places in an order-by-order book: which public orders came after an own order."""

from __future__ import annotations

from collections.abc import Iterator

from termdesk.core.matching.resting import RestingOrder, RestingSide


class Arrivals:
    """Public orders of one side that came to own levels while own orders stood there.

    A public order that is not among them stood there before. So nothing has
    to be looked up when an own order takes its place.
    """

    def __init__(self) -> None:
        self._levels: dict[int, dict[int, int]] = {}
        self._count = 0

    def stand(self, order: RestingOrder) -> None:
        """Give an own order its place, after everyone who is there."""
        order.place_no = self._count

    def add(self, own: RestingSide, price: int, order_no: int) -> None:
        """Note a public order, where an own order stands before it."""
        if own.at(price):
            self._count += 1
            self._levels.setdefault(price, {}).setdefault(order_no, self._count)

    def reduce(self, own: RestingSide, price: int, order_no: int, qty: int) -> Iterator[RestingOrder]:
        """Let a public order lose ``qty``; gives the own orders that stood before it, in their order.

        Those behind it come forward.
        """
        orders = own.at(price)
        if not orders:
            self._levels.pop(price, None)
            return
        came = self._levels.get(price, {}).get(order_no, 0)
        for order in tuple(orders):
            if order.ahead is None:
                continue
            if came > order.place_no:
                yield order
            else:
                order.ahead = max(0, order.ahead - qty)
