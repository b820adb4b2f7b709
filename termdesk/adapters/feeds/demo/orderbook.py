"""A limit order book of single orders, in ticks and lots, matched by price and time."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from random import Random


class RestingOrder:
    """One order in a book."""

    __slots__ = ("price", "qty", "slot")

    def __init__(self, price: int, qty: int, slot: int) -> None:
        self.price = price
        self.qty = qty
        self.slot = slot


class HalfBook:
    """The orders of one side, oldest first at each price.

    Args:
        sign: +1 for bids, -1 for asks: times the price, more is better.
    """

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self._keys: list[int] = []
        self._queues: dict[int, deque[RestingOrder]] = {}
        self._totals: dict[int, int] = {}
        self._orders: list[RestingOrder] = []

    def __len__(self) -> int:
        """Number of orders."""
        return len(self._orders)

    @property
    def depth(self) -> int:
        """Number of price levels."""
        return len(self._keys)

    @property
    def best(self) -> int:
        """Best price; the book must not be empty."""
        return self._keys[-1] * self.sign

    def total(self, price: int) -> int:
        """Size at a price, 0 where there is none."""
        return self._totals.get(price, 0)

    def levels(self) -> list[tuple[int, int]]:
        """Every level, best first."""
        return [(key * self.sign, self._totals[key * self.sign]) for key in reversed(self._keys)]

    def add(self, price: int, qty: int) -> None:
        """Put a new order at the end of its level's queue."""
        order = RestingOrder(price, qty, len(self._orders))
        self._orders.append(order)
        queue = self._queues.get(price)
        if queue is None:
            queue = self._queues[price] = deque()
            self._totals[price] = 0
            insort(self._keys, price * self.sign)
        queue.append(order)
        self._totals[price] += qty

    def cancel_any(self, rng: Random, keep: int) -> int | None:
        """Cancel one order by chance and give its price; None where it would leave fewer than ``keep`` levels."""
        return self._cancel(self._orders[int(rng.random() * len(self._orders))], keep)

    def cancel_best(self, keep: int) -> int | None:
        """Cancel the newest order at the best price; otherwise as ``cancel_any``."""
        return self._cancel(self._queues[self.best][-1], keep)

    def _cancel(self, order: RestingOrder, keep: int) -> int | None:
        if len(self._keys) <= keep and len(self._queues[order.price]) == 1:
            return None
        self._queues[order.price].remove(order)
        self._reduce(order.price, order.qty)
        self._forget(order)
        return order.price

    def take(self, qty: int, keep: int) -> list[tuple[int, int]]:
        """Match an incoming order: best price first, oldest order first.

        Stops when the last ``keep`` levels are reached; what is left is dropped.

        Returns:
            One (price, size) per resting order that traded.
        """
        fills = []
        while qty > 0 and len(self._keys) > keep:
            price = self.best
            order = self._queues[price][0]
            traded = min(qty, order.qty)
            fills.append((price, traded))
            qty -= traded
            order.qty -= traded
            if order.qty == 0:
                self._queues[price].popleft()
                self._forget(order)
            self._reduce(price, traded)
        return fills

    def _reduce(self, price: int, qty: int) -> None:
        self._totals[price] -= qty
        if not self._queues[price]:
            del self._queues[price], self._totals[price]
            del self._keys[bisect_left(self._keys, price * self.sign)]

    def _forget(self, order: RestingOrder) -> None:
        last = self._orders.pop()
        if last is not order:
            self._orders[order.slot] = last
            last.slot = order.slot
