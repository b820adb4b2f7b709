"""The call auction: one price for all, by the exchange's own rule.

Shanghai (trading rules 2023, 3.4) and Shenzhen (2026-04-24, 3.4) ask for the
same three things: the largest volume; every buy above and every sale below the
price fills completely; at the price at least one side does. Where several
prices are left they differ:

- Shanghai looks at order prices only: the least unfilled quantity, then the
  middle of what is left. A middle between two ticks is rounded half up, which
  no source states.
- Shenzhen looks at every tick: the least difference between buys at or above
  and sales at or below, then the price nearest to a reference, the previous
  close in the opening call and the last price in the closing call.

Knows no limits, lots and phases: whoever calls it hands in what may trade.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

import msgspec

from termdesk.core.model.event import Level
from termdesk.core.model.number import Price, Qty
from termdesk.core.model.price import crosses
from termdesk.core.model.terms import Side
from termdesk.core.venues.rows import AuctionTie


class Cross(msgspec.Struct, frozen=True):
    """What an auction comes to."""

    price: Price
    volume: Qty
    surplus: Qty
    """Quantity at the price or better that finds no counterpart: positive for buys, negative for sales."""


class AuctionRule(msgspec.Struct, frozen=True):
    """How ties end."""

    tie: AuctionTie
    tick: Price
    reference: Price = 0
    """Previous close (opening) or last price (closing); 0 where it is not known."""


def uncross(bids: Iterable[Level], asks: Iterable[Level], rule: AuctionRule) -> Cross | None:
    """Find the auction price.

    Args:
        bids: Prices and quantities of buys, in any order, several at a price or one.
        asks: Likewise of sales.
        rule: How ties end.

    Returns:
        None where nothing trades, or where several prices are left and the
        rule's reference, which would decide, is not known.
    """
    curves = _Curves(bids, asks)
    spans = [(price, price) for price in curves.prices]
    if rule.tie is AuctionTie.NEAREST:
        spans = sorted([*spans, *curves.gaps(rule.tick)])
    fair = [span for span in spans if curves.is_fair(span[0])]
    if not fair:
        return None
    surplus = min(abs(curves.surplus(low)) for low, _ in fair)
    left = [span for span in fair if abs(curves.surplus(span[0])) == surplus]
    price = _decide(left[0][0], left[-1][1], rule)
    return None if price is None else Cross(price, curves.volume(price), curves.surplus(price))


def allocate(orders: Sequence[Level], side: Side, price: Price, volume: Qty) -> list[Qty]:
    """Deal the volume out to the orders of one side: best price first, then in the order given.

    Args:
        orders: Limit and quantity, oldest first.
        side: Of all of them.
        price: The auction's.
        volume: The auction's.

    Returns:
        What each order gets, in the order given; together ``volume`` unless the orders do not reach it.
    """
    got = [0] * len(orders)
    for number in sorted(range(len(orders)), key=lambda at: -side.sign * orders[at][0]):
        limit, qty = orders[number]
        if not volume or not crosses(side, limit, price):
            break
        got[number] = min(qty, volume)
        volume -= got[number]
    return got


class _Curves:
    """Demand and supply by price."""

    def __init__(self, bids: Iterable[Level], asks: Iterable[Level]) -> None:
        self._buys, self._bought = _ascending(bids)
        self._sales, self._sold = _ascending(asks)
        self.prices = sorted({*self._buys, *self._sales})
        self.most = max(map(self.volume, self.prices), default=0)

    def demand(self, price: Price) -> Qty:
        """Buys at the price or above."""
        return self._bought[-1] - self._bought[bisect_left(self._buys, price)]

    def supply(self, price: Price) -> Qty:
        """Sales at the price or below."""
        return self._sold[bisect_left(self._sales, price + 1)]

    def volume(self, price: Price) -> Qty:
        return min(self.demand(price), self.supply(price))

    def surplus(self, price: Price) -> Qty:
        return self.demand(price) - self.supply(price)

    def is_fair(self, price: Price) -> bool:
        """Whether the volume is the largest, and every buy above and every sale below the price fills."""
        volume = self.volume(price)
        return volume == self.most > 0 and max(self.demand(price + 1), self.supply(price - 1)) <= volume

    def gaps(self, tick: Price) -> Iterator[tuple[Price, Price]]:
        """Ticks between neighbouring order prices, where the curves are flat: first and last of each stretch."""
        for low, high in pairwise(self.prices):
            if high - low > tick:
                yield low + tick, high - tick


def _ascending(levels: Iterable[Level]) -> tuple[list[Price], list[Qty]]:
    """Prices, and the quantity below each of them and in all."""
    total: dict[Price, Qty] = {}
    for price, qty in levels:
        if qty > 0:
            total[price] = total.get(price, 0) + qty
    prices = sorted(total)
    return prices, [0, *accumulate(total[price] for price in prices)]


def _decide(low: Price, high: Price, rule: AuctionRule) -> Price | None:
    """Choose from prices that are equally good; they lie next to each other."""
    if low == high:
        return low
    if rule.tie is AuctionTie.MIDDLE:
        return ((low + high) // rule.tick + 1) // 2 * rule.tick
    return min(max(rule.reference, low), high) if rule.reference > 0 else None
