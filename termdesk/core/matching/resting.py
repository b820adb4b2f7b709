"""Own resting orders of one instrument and side, sorted so that a price reaches only what it can move."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence

from termdesk.core.matching.fees import FeeTally
from termdesk.core.model.execution import NewOrderSingle
from termdesk.core.model.terms import OrdType, Side

_FAR = -(1 << 80)
"""Before every key."""


class RestingOrder:
    """An order at the simulated venue. Mutable; owned by one pit.

    Attributes:
        new: As it was sent; ``qty`` and ``limit`` below are the terms in force.
        link: Names its account and group; None without a group.
        limit: Price on the instrument's scale; 0 for a market order.
        is_market: Whether it takes any price; a stop becomes what it is to be when it is triggered.
        waits: Whether its trigger is still to come.
        rests: Whether it stands in a ``RestingSide``.
        ahead: Public quantity estimated before it, None until its level is seen.
        arrived: Whether it has met a valid book in continuous trading.
        restarted: Whether the estimate began at the back after an engine restart.
        fees: What it was charged.
        hidden: Whether its level left the visible part of the book; on return the estimate is capped.
        shown: What an iceberg shows now; 0 for an order that shows all.
        level_size: Displayed size of its level when it was last looked at.
        traded: What was traded at its price since then.
        place_no: Count of public orders at its level when it took its place (order-by-order books).
    """

    __slots__ = (
        "ahead",
        "arrived",
        "cum_qty",
        "fees",
        "hidden",
        "is_market",
        "level_size",
        "limit",
        "link",
        "new",
        "place_no",
        "qty",
        "restarted",
        "rests",
        "shown",
        "traded",
        "waits",
    )

    def __init__(self, new: NewOrderSingle, cum_qty: int = 0) -> None:
        self.new = new
        self.link = (new.account, new.group) if new.group else None
        self.limit = new.price or 0
        self.is_market = new.ord_type is OrdType.MARKET
        self.waits = self.rests = False
        self.qty = new.qty
        self.cum_qty = cum_qty
        self.ahead: int | None = None
        self.arrived = False
        self.restarted = False
        self.hidden = False
        self.fees = FeeTally()
        self.shown = self.level_size = self.traded = self.place_no = 0

    @property
    def worst(self) -> int | None:
        """The worst price it takes; None takes any."""
        return None if self.is_market else self.limit

    @property
    def leaves(self) -> int:
        """What is not filled."""
        return self.qty - self.cum_qty

    def show(self) -> None:
        """Let an iceberg show its next part."""
        if self.new.display_qty is not None:
            self.shown = min(self.new.display_qty, self.leaves)


class RestingSide:
    """Orders by price; within a price in the order of arrival.

    Attributes:
        levels: Orders by price, oldest first; for reading.
        best_key: Best own limit times the side's sign, far away where there is none.
    """

    __slots__ = ("_keys", "_sign", "best_key", "levels", "side")

    def __init__(self, side: Side) -> None:
        self.side = side
        self._sign = side.sign
        self._keys: list[int] = []
        self.levels: dict[int, list[RestingOrder]] = {}
        self.best_key = _FAR

    def __bool__(self) -> bool:
        return bool(self._keys)

    def add(self, order: RestingOrder) -> None:
        """Put an order at the back of its price."""
        order.rests = True
        level = self.levels.get(order.limit)
        if level is None:
            self.levels[order.limit] = [order]
            insort(self._keys, order.limit * self._sign)
            self.best_key = self._keys[-1]
        else:
            level.append(order)

    def remove(self, order: RestingOrder) -> None:
        """Take an order out."""
        order.rests = False
        level = self.levels[order.limit]
        level.remove(order)
        if not level:
            del self.levels[order.limit]
            del self._keys[bisect_left(self._keys, order.limit * self._sign)]
            self.best_key = self._keys[-1] if self._keys else _FAR

    def send_back(self, order: RestingOrder) -> None:
        """Put an order behind the others of its price."""
        level = self.levels[order.limit]
        level.remove(order)
        level.append(order)

    def best(self) -> int | None:
        """Best own price."""
        return self._keys[-1] * self._sign if self._keys else None

    def is_reached(self, price: int) -> bool:
        """Whether a price, 0 where there is none, comes to the best own limit or beyond."""
        return price != 0 and self.best_key >= price * self._sign

    def at(self, price: int) -> Sequence[RestingOrder]:
        """Orders at a price, oldest first."""
        return self.levels.get(price, ())

    def prices(self) -> list[int]:
        """Own prices, best first."""
        return [key * self._sign for key in reversed(self._keys)]

    def reached(self, price: int) -> Iterator[RestingOrder]:
        """Orders that a print at ``price`` reaches (equal or better limits), in price-time order."""
        worst = price * self._sign
        for key in reversed(self._keys[bisect_left(self._keys, worst) :]):
            yield from tuple(self.levels[key * self._sign])

    def __iter__(self) -> Iterator[RestingOrder]:
        for price in self.prices():
            yield from tuple(self.levels[price])
