"""Orders of one instrument that wait for a price: stops, if-touched orders and trailing stops.

A buy stop fires when the price that it follows is at or above its trigger, a
sale's at or below; if-touched orders the other way round. A trailing trigger
follows in the order's favour and never goes back. Without a trigger the first
price (after the activation price, if there is one) gives it. Prices of 0 are
unknown and move nothing.

Knows no quantities and decides nothing: it tells which orders fired. Where
they stand is watch state, given by ``marks`` and taken by ``restore``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from termdesk.core.matching.ladder import FAR, Ladder, Waiting
from termdesk.core.matching.trailing import Distance
from termdesk.core.model.number import Price
from termdesk.core.model.terms import OrdType, Side, TriggerBy
from termdesk.core.model.trigger import Trail, followed_by


class Prices(NamedTuple):
    """The market of one instrument; 0 where unknown."""

    bid: int
    ask: int
    last: int


NOTHING_KNOWN = Prices(0, 0, 0)


class Fired(NamedTuple):
    """An order whose trigger was reached; it is watched no more. They come in the order of arming."""

    order_id: str
    trigger_price: int
    """Where the trigger stood."""
    followed: int
    """The price that reached it; the sum of bid and ask for ``TriggerBy.MID``."""
    limit: int | None
    """Limit of a trailing stop-limit; None where the order has its own limit or none."""
    number: int
    """Order of arming."""


class TriggerMark(msgspec.Struct, frozen=True):
    """Watch state of one order: what the market has done to it since it was armed."""

    order_id: str
    trigger_price: Price | None
    extreme: int
    active: bool
    trades: int
    """Trades seen since it was armed, at most 2."""
    last: Price
    """The last of them."""


class Triggers:
    """Waiting orders of one instrument.

    Attributes:
        orders: Each with its ladder, by id; for reading.
    """

    __slots__ = ("_ask", "_bid", "_double", "_last", "_mid", "_previous", "_trades", "orders")

    def __init__(self) -> None:
        self._last, self._double, self._bid, self._ask, self._mid = Ladder(), Ladder(), Ladder(), Ladder(), Ladder(2)
        self.orders: dict[str, tuple[Waiting, Ladder]] = {}
        self._previous = 0
        self._trades = 0

    def __len__(self) -> int:
        return len(self.orders)

    def __contains__(self, order_id: str) -> bool:
        return order_id in self.orders

    def arm(
        self,
        order_id: str,
        number: int,
        side: Side,
        ord_type: OrdType,
        trigger_price: int | None,
        trigger_by: TriggerBy,
        trail: Trail | None,
        tick: int,
        price_decimals: int,
        prices: Prices,
    ) -> Fired | None:
        """Watch an order; gives it back at once where ``prices`` have reached its trigger already."""
        ladder = self._ladder(side, trigger_by)
        sign = -side.sign if ord_type.in_favour else side.sign
        distance = None
        if trail is not None:
            distance = Distance(trail, side, tick, price_decimals, ladder.scale)
        order = Waiting(order_id, number, sign, trigger_price, distance)
        order.since = self._trades
        if trail is not None:
            order.limit_offset = trail.limit_offset
            if trail.activation_price is not None:
                order.active = False
                order.extreme = trail.activation_price * ladder.scale + sign
        now = followed_by(side, trigger_by, prices)
        if now and distance is not None and (order.extreme - now) * sign > 0:
            order.follow(now)
        if now and _is_through(order, now, ladder.scale) and trigger_by is not TriggerBy.DOUBLE_LAST:
            return _fired(order, now)
        self.orders[order_id] = order, ladder
        ladder.add(order)
        return None

    def disarm(self, order_id: str) -> None:
        """Stop watching; an id that is not watched is left alone."""
        found = self.orders.pop(order_id, None)
        if found is not None:
            found[1].remove(found[0])

    def amend(self, order_id: str, trigger_price: int) -> None:
        """Put a trigger elsewhere; a trailing one goes on from there. Fires with the next price at the earliest."""
        order, ladder = self.orders[order_id]
        ladder.remove(order)
        order.trigger = trigger_price
        ladder.add(order)

    def on_last(self, last: int) -> Sequence[Fired]:
        """Take a public trade's price."""
        self._trades += 1
        previous, self._previous = self._previous, last
        fired: list[Fired] | None = None
        ladder = self._last
        if last >= ladder.high or last <= ladder.low:
            fired = self._move(ladder, last, last, last)
        ladder = self._double
        if last >= ladder.high or last <= ladder.low:
            seen = min(previous, last), max(previous, last)
            fired = [*(fired or ()), *self._move(ladder, *seen, last, self._trades - 2)]
        return sorted(fired, key=_number) if fired else ()

    def on_quote(self, bid: int, ask: int) -> Sequence[Fired]:
        """Take best bid and ask; 0 for an empty side."""
        fired: list[Fired] | None = None
        ladder = self._ask
        if ask and (ask >= ladder.high or ask <= ladder.low):
            fired = self._move(ladder, ask, ask, ask)
        ladder = self._bid
        if bid and (bid >= ladder.high or bid <= ladder.low):
            fired = [*(fired or ()), *self._move(ladder, bid, bid, bid)]
        ladder = self._mid
        both = bid + ask
        if (both >= ladder.high or both <= ladder.low) and bid and ask:
            fired = [*(fired or ()), *self._move(ladder, both, both, both)]
        return sorted(fired, key=_number) if fired else ()

    def trigger_of(self, order_id: str) -> int | None:
        """Where an order's trigger stands; None before a trailing order has one."""
        return self.orders[order_id][0].trigger

    def activated(self, order_id: str) -> bool:
        """Whether a trailing order follows the market; others always do."""
        return self.orders[order_id][0].active

    def restored(self, order_id: str) -> bool:
        """Whether a trailing extreme is from before a restart and the market has not passed it since."""
        return self.orders[order_id][0].restored

    def marks(self) -> tuple[TriggerMark, ...]:
        """Watch state of the orders that the market moves: trailing ones, and those that wait for two trades."""
        return tuple(
            TriggerMark(
                order.order_id,
                order.trigger,
                order.extreme,
                order.active,
                min(2, self._trades - order.since),
                self._previous,
            )
            for order, ladder in self.orders.values()
            if order.distance is not None or ladder is self._double
        )

    def restore(self, mark: TriggerMark) -> None:
        """Let an armed order go on from its watch state; an id that is not watched is left alone."""
        found = self.orders.get(mark.order_id)
        if found is None:
            return
        order, ladder = found
        ladder.remove(order)
        self._previous = mark.last
        self._trades = max(self._trades, mark.trades)
        order.since = self._trades - mark.trades
        if order.distance is not None:
            order.trigger, order.extreme, order.active = mark.trigger_price, mark.extreme, mark.active
            order.restored = True
        ladder.add(order)

    def _move(self, ladder: Ladder, lowest: int, highest: int, followed: int, since: int = FAR) -> list[Fired]:
        fired = ladder.take(lowest, highest, since)
        for order in fired:
            del self.orders[order.order_id]
        ladder.follow(followed)
        return [_fired(order, followed) for order in fired]

    def _ladder(self, side: Side, trigger_by: TriggerBy) -> Ladder:
        if trigger_by is TriggerBy.BID_ASK:
            return self._ask if side is Side.BUY else self._bid
        return {TriggerBy.LAST: self._last, TriggerBy.MID: self._mid, TriggerBy.DOUBLE_LAST: self._double}[trigger_by]


def _is_through(order: Waiting, followed: int, scale: int) -> bool:
    return order.active and order.trigger is not None and (followed - order.trigger * scale) * order.sign >= 0


def _fired(order: Waiting, followed: int) -> Fired:
    return Fired(order.order_id, order.trigger or 0, followed, order.limit, order.number)


def _number(fired: Fired) -> int:
    return fired.number
