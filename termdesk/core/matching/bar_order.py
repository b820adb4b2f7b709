"""An own order on a market that tells bars only, and where on a bar's way it would be filled.

The way goes straight from point to point (see ``BarPolicy.points``). A place
on it is ``(leg, distance)``: how far a leg has gone from its first point, so
``(0, 0)`` is the open and ``(3, 0)`` the close.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from termdesk.core.market.state import InstrumentState
from termdesk.core.matching.bar_policy import BarPolicy, Points
from termdesk.core.matching.ladder import FAR
from termdesk.core.matching.resting import RestingOrder
from termdesk.core.matching.trailing import Distance
from termdesk.core.matching.watch import TriggerMark
from termdesk.core.model.bar import Bar
from termdesk.core.model.execution import NewOrderSingle
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdType

Place = tuple[int, int]
OPEN: Place = (0, 0)
CLOSE: Place = (3, 0)
PAST: Place = (4, 0)
"""Nothing more on this bar."""

_AT_MARKET = frozenset({OrdType.MARKET, OrdType.MARKET_TO_LIMIT})
_TRAILING = frozenset({OrdType.TRAILING_STOP, OrdType.TRAILING_STOP_LIMIT})


class Rule(Enum):
    """What filled an order on a bar; a code ``fill.bar_…`` each."""

    OPEN = "open"
    LIMIT = "limit"
    TRIGGER = "trigger"
    CLOSE = "close"
    PATH = "path"
    """At a point of the way, where an earlier one had no volume left."""


class Meeting(NamedTuple):
    """Where a bar meets an order. ``price`` is None where it reaches the trigger and fills nothing yet."""

    place: Place
    price: int | None
    rule: Rule


class Way(NamedTuple):
    """A bar as one account's orders meet it."""

    bar: Bar
    points: Points


class BarOrder(RestingOrder):
    """An order that rests where only bars are told. Mutable; owned by one ``BarPit``.

    Attributes:
        kind: Its type now: what a trigger made of it, or what market-to-limit left.
        since_ns: When it came; bars that ended by then do not count.
        trigger: Where its trigger stands, None where it has none or a trailing one has none yet.
        extreme: Best price that a trailing trigger has followed, 0 before one.
        active: Whether a trailing trigger follows the market.
        start: From where on the present bar it counts.
        missed_open: Whether the present bar began before it came.
        low: A bar whose low is not above it may mean something to the order.
        high: A bar whose high is not below it may, too.
    """

    __slots__ = (
        "_distance",
        "active",
        "extreme",
        "high",
        "kind",
        "low",
        "missed_open",
        "since_ns",
        "start",
        "trigger",
    )

    def __init__(self, new: NewOrderSingle, instrument: Instrument, since_ns: int, cum_qty: int = 0) -> None:
        super().__init__(new, cum_qty)
        self.kind = new.ord_type
        self.since_ns = since_ns
        self.trigger = new.trigger_price
        self.extreme = 0
        self.start: Place = OPEN
        self.missed_open = False
        trail = new.trail
        tick = instrument.rules[-1].tick
        self._distance = Distance(trail, new.side, tick, instrument.price_decimals) if trail is not None else None
        self.active = trail is None or trail.activation_price is None
        self._watch()

    def change(self, qty: int, limit: int | None, trigger: int | None, now_ns: int) -> None:
        """Take new terms; with a new price or trigger it is as if it came now."""
        self.qty = max(qty, self.cum_qty)
        if limit is not None and limit != self.limit:
            self.limit, self.since_ns = limit, now_ns
        if trigger is not None and trigger != self.trigger:
            self.trigger, self.since_ns = trigger, now_ns
        self._watch()

    def recall(self, mark: TriggerMark | None, *, triggered: bool) -> None:
        """Go on from before a restart: where its trigger stood, or as what its trigger made of it."""
        if triggered:
            self.kind = self.kind.triggered
        elif mark is not None and self._distance is not None:
            self.trigger, self.active = mark.trigger_price, mark.active
            self.extreme = mark.extreme if mark.active else 0
        self._watch()

    def mark(self) -> TriggerMark:
        """Where its trigger stands, to be kept over a restart."""
        return TriggerMark(self.new.order_id, self.trigger, self.extreme, self.active, 0, 0)

    def rest_at(self, limit: int) -> None:
        """What market-to-limit did not get rests at the price that it got."""
        self.kind, self.limit = OrdType.LIMIT, limit
        self._watch()

    @property
    def at_once(self) -> bool:
        """Whether it trades at the first open that it meets, or not at all."""
        return self.new.time_in_force.is_at_once and not self.kind.has_trigger

    def begin(self, bar: Bar) -> None:
        """A bar begins that ends after the order came. At an open before it nothing is bought better than asked."""
        self.missed_open = 0 < bar.start_ns < self.since_ns
        waits = self.missed_open and (self.kind in _AT_MARKET or self.at_once)
        self.start = PAST if waits else OPEN

    def follow(self, best: int) -> None:
        """Let a trailing trigger follow a price; it never goes back."""
        distance, trail, sign = self._distance, self.new.trail, self.new.side.sign
        if distance is None or trail is None or self.kind not in _TRAILING:
            return
        if not self.active:
            if trail.activation_price is None or (best - trail.activation_price) * sign > 0:
                return
            self.active = True
        if self.extreme and (best - self.extreme) * sign >= 0:
            return
        self.extreme = best
        at = distance.trigger(best)
        if self.trigger is None or (at - self.trigger) * sign < 0:
            self.trigger = at
        self._watch()

    def ratchet(self, bar: Bar, policy: BarPolicy) -> None:
        """Let a trailing trigger follow what a bar brought, after it was held against the bar."""
        if policy.trail == "from_close":
            self.follow(bar.close)
        else:
            self.follow(bar.low if self.new.side.sign > 0 else bar.high)

    def fire(self) -> None:
        """Its trigger was reached."""
        trail = self.new.trail
        if trail is not None and trail.limit_offset is not None and self.trigger is not None:
            self.limit = self.trigger + self.new.side.sign * trail.limit_offset
        self.kind = self.kind.triggered
        self._watch()

    def meet(self, way: Way, policy: BarPolicy, start: Place, tick: int) -> Meeting | None:
        """Where on the way, from ``start`` on, the order is filled or triggered; None where it is not."""
        kind = self.kind
        if kind.has_trigger:
            if self.trigger is None or not self.active:
                return None
            return self._meet_trigger(way, policy, start, tick)
        if kind is OrdType.LIMIT:
            return self._meet_limit(way, policy, start)
        return self._take(way, policy, start, tick)

    def _watch(self) -> None:
        """Keep the bounds that a bar has to reach to mean anything; never too narrow, and cheap to look at."""
        kind, sign = self.kind, self.new.side.sign
        self.low, self.high = -FAR, FAR
        if self.at_once or kind in _AT_MARKET:
            self.low = FAR
        elif not kind.has_trigger:
            self._bound(self.limit, rising=sign < 0)
        elif self.trigger is not None and self.active:
            self._bound(self.trigger, rising=(sign > 0) is not kind.in_favour)

    def _bound(self, level: int, *, rising: bool) -> None:
        if rising:
            self.high = level
        else:
            self.low = level

    def unmet(self, state: InstrumentState) -> Reason:
        """Why it was not filled on the newest bar."""
        newest = state.bar
        if newest is None or self.since_ns >= newest.venue_ns:
            return Reason("wait.bar")
        price, bar = state.instrument.price_text, newest.bar
        wanted = self.trigger or 0 if self.kind.has_trigger else self.limit
        return Reason("wait.bar_price", {"price": price(wanted), "high": price(bar.high), "low": price(bar.low)})

    def _take(self, way: Way, policy: BarPolicy, start: Place, tick: int) -> Meeting:
        """A market order takes what the way is at."""
        price = price_at(way.points, start)
        at_open = start == OPEN
        if not at_open or policy.slippage_on_open:
            price = policy.slipped(price, self.new.side.sign, way.bar, tick, None)
        return Meeting(start, price, Rule.OPEN if at_open else Rule.PATH)

    def _meet_limit(self, way: Way, policy: BarPolicy, start: Place) -> Meeting | None:
        sign, limit, points = self.new.side.sign, self.limit, way.points
        strict = policy.limit == "through"
        place = reach(points, start, limit, -sign, strict=strict)
        if place is None:
            return None
        if place == start:
            now = price_at(points, start)
            if start == OPEN and not self.missed_open:
                return Meeting(start, now, Rule.OPEN)
            # A limit that the whole bar is beyond was never its price.
            limit = min(limit, way.bar.high) if sign > 0 else max(limit, way.bar.low)
            return Meeting(start, limit, Rule.LIMIT)
        return Meeting(place, limit, Rule.LIMIT)

    def _meet_trigger(self, way: Way, policy: BarPolicy, start: Place, tick: int) -> Meeting | None:
        kind, sign = self.kind, self.new.side.sign
        trigger = self.trigger or 0
        points = way.points
        touched = kind.in_favour
        place = reach(points, start, trigger, -sign if touched else sign, strict=False)
        if place is None:
            return None
        beyond = place == start
        if kind is OrdType.MARKET_IF_TOUCHED:
            return Meeting(place, trigger, Rule.TRIGGER)
        if touched or kind.has_limit:
            return self._meet_limited(way, policy, place, beyond=beyond, tick=tick)
        if kind is OrdType.TRAILING_STOP and policy.trail_fill == "worse_of_stop_and_close":
            close = way.bar.close
            worse = max(trigger, close) if sign > 0 else min(trigger, close)
            return Meeting(place, worse, Rule.TRIGGER if worse == trigger else Rule.CLOSE)
        return self._stopped(way, policy, place, beyond=beyond, tick=tick)

    def _stopped(self, way: Way, policy: BarPolicy, place: Place, *, beyond: bool, tick: int) -> Meeting:
        sign, price = self.new.side.sign, self.trigger or 0
        at_open = beyond and place == OPEN
        if beyond:
            price = price_at(way.points, place)
        if not at_open or policy.slippage_on_open:
            price = policy.slipped(price, sign, way.bar, tick, None)
        return Meeting(place, price, Rule.OPEN if at_open else Rule.TRIGGER)

    def _meet_limited(self, way: Way, policy: BarPolicy, place: Place, *, beyond: bool, tick: int) -> Meeting:
        """A trigger with a limit behind it was reached at ``place``."""
        sign, bar, limit = self.new.side.sign, way.bar, self._limit_behind()
        waits = Meeting(place, None, Rule.TRIGGER)
        if self.kind is OrdType.LIMIT_IF_TOUCHED:
            price = price_at(way.points, place) if beyond else self.trigger or 0
            return waits if (price - limit) * sign > 0 else Meeting(place, price, Rule.TRIGGER)
        if policy.stop_limit == "backtrader":
            return self._as_backtrader(way, policy, place, limit, beyond=beyond, tick=tick) or waits
        inside = (limit - bar.close) * sign
        if inside < 0 or (inside == 0 and policy.limit == "through"):
            return waits
        price = min(bar.high, limit) if sign > 0 else max(bar.low, limit)
        return Meeting(CLOSE, price, Rule.CLOSE)

    def _as_backtrader(
        self, way: Way, policy: BarPolicy, place: Place, limit: int, *, beyond: bool, tick: int
    ) -> Meeting | None:
        """``BackBroker._try_exec_stoplimit``: the few cases in which open and close prove the fill."""
        sign, bar, trigger = self.new.side.sign, way.bar, self.trigger or 0
        if beyond and place == OPEN:
            if (limit - bar.open) * sign >= 0:
                price = policy.slipped(bar.open, sign, bar, tick, limit) if policy.slippage_on_open else bar.open
                return Meeting(place, price, Rule.OPEN)
            worst = bar.low if sign > 0 else bar.high
            return Meeting(CLOSE, limit, Rule.LIMIT) if (limit - worst) * sign >= 0 else None
        if (limit - trigger) * sign >= 0:
            price = policy.slipped(trigger, sign, bar, tick, limit)
            return Meeting(place, price, Rule.TRIGGER)
        came_back = bar.open > bar.close if sign > 0 else bar.open <= bar.close
        if came_back and (limit - bar.close) * sign >= 0:
            return Meeting(CLOSE, limit, Rule.LIMIT)
        return None

    def _limit_behind(self) -> int:
        trail = self.new.trail
        if trail is None or trail.limit_offset is None:
            return self.limit
        return (self.trigger or 0) + self.new.side.sign * trail.limit_offset


def price_at(points: Points, place: Place) -> int:
    """The price at a place on the way."""
    leg, gone = place
    price = points[leg]
    if not gone:
        return price
    return price + gone if points[leg + 1] > price else price - gone


def reach(points: Points, start: Place, level: int, rising: int, *, strict: bool) -> Place | None:
    """The first place from ``start`` on at which the price is at or beyond a level.

    Args:
        points: The way.
        start: Where to begin.
        level: A price.
        rising: +1 where beyond is above, -1 where it is below.
        strict: Whether it must go beyond the level; the place is then still where it passes it.
    """
    least = 1 if strict else 0
    if (price_at(points, start) - level) * rising >= least:
        return start
    for leg in range(start[0], 3):
        if (points[leg + 1] - level) * rising >= least:
            gone = abs(level - points[leg])
            return (leg, gone) if gone < abs(points[leg + 1] - points[leg]) else (leg + 1, 0)
    return None
