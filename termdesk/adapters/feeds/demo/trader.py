"""The crowd of one instrument: each turn it places, cancels or takes, in a book of its own."""

from __future__ import annotations

from math import exp, floor, tanh
from random import Random

from termdesk.adapters.feeds.demo.orderbook import HalfBook
from termdesk.adapters.feeds.demo.spec import FlowSpec
from termdesk.core.model.terms import Side

_KEEP = 12
"""Levels that no cancel and no market order takes away."""
_MARKET = 0.10
"""Share of turns that take liquidity."""
_SWEEP = 0.06
"""Share of market orders that are meant to go through several levels."""
_JOIN = 0.30
"""Share of new orders, of those that do not improve, that queue at the best price."""
_FLIGHT = 0.5
"""Share of cancels that run from the fair price when it leans fully against a side."""
_TILT = 0.40
"""How far the side of market orders leans towards the fair price at most."""
_EXCITEMENT = {"take": 2.6, "place": 0.85, "cancel": 0.75}
"""How exciting a turn is for the next ones; about 1 on average."""


class Turn:
    """What one turn did: fills as (price, size), and the sides and prices whose size changed."""

    __slots__ = ("aggressor", "changed", "excitement", "fills")

    def __init__(self, kind: str) -> None:
        self.excitement = _EXCITEMENT[kind]
        self.fills: list[tuple[int, int]] = []
        self.aggressor: Side | None = None
        self.changed: tuple[Side, tuple[int, ...]] | None = None


class Crowd:
    """Order flow of one instrument. Prices in ticks, sizes in lots.

    Never crosses the book and never empties a side.
    """

    def __init__(self, rng: Random, flow: FlowSpec, price: int) -> None:
        self._rng = rng
        self._flow = flow
        self.bids = HalfBook(1)
        self.asks = HalfBook(-1)
        self._halves = {Side.BUY: self.bids, Side.SELL: self.asks}
        self._open(price)

    def _open(self, price: int) -> None:
        half_spread = max(1, round(self._flow.tight / 2))
        for half, best in ((self.bids, price), (self.asks, price + half_spread)):
            for step in range(_KEEP + 4):
                half.add(max(best - half.sign * step * max(1, round(self._flow.reach / 8)), 1), self._size())
            while len(half) < self._flow.orders // 2:
                half.add(max(half.best - half.sign * self._distance(), 1), self._size())

    @property
    def middle(self) -> float:
        """Middle of best bid and best ask."""
        return (self.bids.best + self.asks.best) / 2

    def turn(self, fair: float, *, take: bool = False) -> Turn:
        """Do one thing.

        Args:
            fair: Where the crowd thinks the price belongs.
            take: Whether it has to be a market order.
        """
        lean = tanh((fair - self.middle) / (2.0 * self._flow.tight + 1.0))
        chance = self._rng.random()
        if take or chance < _MARKET:
            return self._take(lean)
        crowding = (len(self.bids) + len(self.asks)) / self._flow.orders
        if chance < _MARKET + (1 - _MARKET) * min(0.45 * crowding, 0.7):
            return self._cancel(lean)
        return self._place(fair, lean)

    def _take(self, lean: float) -> Turn:
        rng = self._rng
        turn = Turn("take")
        side = Side.BUY if rng.random() < 0.5 + _TILT * lean else Side.SELL
        half = self._halves[side.opposite]
        size = self._size()
        size = size * 6 if rng.random() < _SWEEP else min(size, half.total(half.best))
        turn.fills = half.take(size, _KEEP)
        turn.aggressor = side
        if turn.fills:
            turn.changed = (side.opposite, tuple(dict.fromkeys(price for price, _ in turn.fills)))
        return turn

    def _cancel(self, lean: float) -> Turn:
        turn = Turn("cancel")
        if self._rng.random() < _FLIGHT * abs(lean):
            side = Side.SELL if lean > 0 else Side.BUY
            price = self._halves[side].cancel_best(_KEEP)
        else:
            bids = len(self.bids) / (len(self.bids) + len(self.asks))
            side = Side.BUY if self._rng.random() < bids else Side.SELL
            price = self._halves[side].cancel_any(self._rng, _KEEP)
        if price is not None:
            turn.changed = (side, (price,))
        return turn

    def _place(self, fair: float, lean: float) -> Turn:
        turn = Turn("place")
        side = Side.BUY if self._rng.random() < 0.5 + 0.2 * lean else Side.SELL
        half = self._halves[side]
        price = self._price(half, self._halves[side.opposite], fair)
        half.add(price, self._size())
        turn.changed = (side, (price,))
        return turn

    def _price(self, half: HalfBook, other: HalfBook, fair: float) -> int:
        """Improve, join or stay behind, but never offer what looks like a gift."""
        rng = self._rng
        sign = half.sign
        room = (other.best - half.best) * sign - 1
        if room > 0 and rng.random() < room / (room + self._flow.tight):
            price = half.best + sign * (1 + int(room * rng.random() ** 2))
        elif rng.random() < _JOIN:
            price = half.best
        else:
            price = half.best - sign * self._distance()
        margin = self._flow.tight * rng.random()
        modest = floor(fair * sign - margin) * sign
        return max(price if (price - modest) * sign <= 0 else modest, 1)

    def _distance(self) -> int:
        return 1 + int(self._flow.reach * self._rng.expovariate(1.0) ** 1.5)

    def _size(self) -> int:
        flow = self._flow
        size = max(1, round(flow.size * exp(flow.size_sigma * self._rng.gauss(0.0, 1.0))))
        if self._rng.random() < flow.roundness:
            unit = 10 ** (len(str(size)) - 1)
            size = round(size / unit) * unit
        return size
