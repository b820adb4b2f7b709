"""Triggers that follow one price of one instrument, sorted, so that a price touches only what it moves.

An order fires when the followed price reaches its trigger from its side: a
buy stop and a sale if-touched from below, the others from above. A trailing
trigger moves only when the followed price passes its extreme.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from operator import itemgetter
from typing import NamedTuple

from termdesk.core.matching.trailing import Distance

FAR = 1 << 80
"""Beyond every price."""


class Waiting:
    """An order that waits for its trigger. Owned by one ``Ladder``.

    Attributes:
        number: Order of arming.
        sign: +1 fires at or above its trigger, -1 at or below.
        trigger: Where it stands, in prices; None before a trailing order has one.
        extreme: Followed number at its best so far, of a trailing order; beyond it the trigger moves.
        active: Whether it follows the market; False until the activation price was met.
        since: Count of trades when it was armed.
        restored: Whether its extreme is from before a restart and the market has not passed it since.
    """

    __slots__ = (
        "active",
        "distance",
        "extreme",
        "limit_offset",
        "number",
        "order_id",
        "restored",
        "sign",
        "since",
        "trigger",
    )

    def __init__(self, order_id: str, number: int, sign: int, trigger: int | None, distance: Distance | None) -> None:
        self.order_id = order_id
        self.number = number
        self.sign = sign
        self.trigger = trigger
        self.distance = distance
        self.limit_offset: int | None = None
        self.extreme = sign * FAR
        self.active = True
        self.since = 0
        self.restored = False

    @property
    def limit(self) -> int | None:
        """Limit that a trailing stop-limit gets where it stands; None where its limit is its own."""
        if self.limit_offset is None or self.trigger is None:
            return None
        return self.trigger + self.sign * self.limit_offset

    def follow(self, followed: int) -> None:
        """Let a trailing trigger take a new extreme; it never goes back."""
        self.extreme = followed
        self.active = True
        self.restored = False
        if self.distance is not None:
            at = self.distance.trigger(followed)
            if self.trigger is None or (at - self.trigger) * self.sign < 0:
                self.trigger = at


class _Key(NamedTuple):
    at: int
    number: int
    order: Waiting


_at = itemgetter(0)


class _Half:
    """Orders that fire in one direction. Numbers here are times the sign, so that all fire upwards."""

    __slots__ = ("due", "sign", "trails")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.due: list[_Key] = []
        self.trails: list[_Key] = []

    def reached(self, followed: int) -> list[Waiting]:
        """Orders whose trigger is at or before the price."""
        due = self.due
        return [key.order for key in due[: bisect_right(due, followed * self.sign, key=_at)]]

    def passed(self, followed: int) -> list[Waiting]:
        """Trailing orders whose extreme the price went beyond."""
        trails = self.trails
        return [key.order for key in trails[bisect_right(trails, followed * self.sign, key=_at) :]]


class Ladder:
    """Every order that follows one number. ``scale`` is how many of its units one price unit is."""

    __slots__ = ("_down", "_up", "high", "low", "scale")

    def __init__(self, scale: int = 1) -> None:
        self.scale = scale
        self._up, self._down = _Half(1), _Half(-1)
        self.low, self.high = -FAR, FAR
        """Nothing fires or moves strictly between them."""

    def add(self, order: Waiting) -> None:
        """Watch an order at where it stands."""
        half = self._half(order)
        if order.active and order.trigger is not None:
            insort(half.due, self._due(order), key=_sort)
        if order.distance is not None:
            insort(half.trails, self._trail(order), key=_sort)
        self._bound()

    def remove(self, order: Waiting) -> None:
        """Stop watching an order; its numbers must be as they were when it was added."""
        half = self._half(order)
        if order.active and order.trigger is not None:
            _drop(half.due, self._due(order))
        if order.distance is not None:
            _drop(half.trails, self._trail(order))
        self._bound()

    def take(self, lowest: int, highest: int, since: int = FAR) -> list[Waiting]:
        """Take off the orders that fire, in the order of arming.

        Args:
            lowest: Number that must have reached triggers from below.
            highest: Number that must have reached triggers from above.
            since: Only orders armed at or before this count of trades fire.
        """
        fired = [order for order in (*self._up.reached(lowest), *self._down.reached(highest)) if order.since <= since]
        for order in fired:
            self.remove(order)
        fired.sort(key=_number)
        return fired

    def follow(self, followed: int) -> None:
        """Move the trailing triggers whose extreme the number passed."""
        for half in (self._up, self._down):
            for order in half.passed(followed):
                self.remove(order)
                order.follow(followed)
                self.add(order)

    def _half(self, order: Waiting) -> _Half:
        return self._up if order.sign > 0 else self._down

    def _due(self, order: Waiting) -> _Key:
        return _Key((order.trigger or 0) * order.sign * self.scale, order.number, order)

    def _trail(self, order: Waiting) -> _Key:
        return _Key(order.extreme * order.sign, order.number, order)

    def _bound(self) -> None:
        up, down = self._up, self._down
        high = up.due[0].at if up.due else FAR
        low = -down.due[0].at if down.due else -FAR
        if down.trails:
            high = min(high, 1 - down.trails[-1].at)
        if up.trails:
            low = max(low, up.trails[-1].at - 1)
        self.low, self.high = low, high


def _drop(keys: list[_Key], key: _Key) -> None:
    del keys[bisect_left(keys, (key.at, key.number), key=_sort)]


def _sort(key: _Key) -> tuple[int, int]:
    return key.at, key.number


def _number(order: Waiting) -> int:
    return order.number
