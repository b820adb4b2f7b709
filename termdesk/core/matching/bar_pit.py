"""Matching of own orders against closed bars, where a source tells nothing finer.

An order meets only bars that end after it came. A bar is walked through on
the way that the policy chooses, and what is filled comes in that order. After
each fill the walk rests, so that the desk can cancel or reduce what hangs on
it, and goes on with ``resume``: at once, at the time of the same bar. What
arrives meanwhile waits for the next bar, except orders whose terms are older
than the bar because they waited for that very fill.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from termdesk.core.market.state import InstrumentState
from termdesk.core.matching import reports
from termdesk.core.matching.bar_order import OPEN, PAST, BarOrder, Meeting, Place, Rule, Way
from termdesk.core.matching.bar_policy import BarPolicy
from termdesk.core.matching.call import ONLY_AUCTION
from termdesk.core.matching.fees import FeesOf
from termdesk.core.matching.resting import RestingOrder
from termdesk.core.matching.watch import TriggerMark
from termdesk.core.model.event import BarClosed, InstrumentEvent
from termdesk.core.model.execution import (
    BrokerReport,
    NewOrderSingle,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
)
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Liquidity, OrdType, Side, TimeInForce

PositionOf = Callable[[str, str], int]
"""Signed position of an account in an instrument."""

_STOPS = frozenset({OrdType.STOP, OrdType.STOP_LIMIT, OrdType.TRAILING_STOP, OrdType.TRAILING_STOP_LIMIT})
_CODES = {
    Rule.OPEN: "fill.bar_open",
    Rule.LIMIT: "fill.bar_limit",
    Rule.TRIGGER: "fill.bar_trigger",
    Rule.CLOSE: "fill.bar_close",
    Rule.PATH: "fill.bar_path",
}


def is_on_bars(state: InstrumentState) -> bool:
    """Whether bars are all that is told of an instrument: a displayed book counts more."""
    return state.on_bars and not (state.bid or state.ask)


class _Walk:
    """A bar under way: how far it is, each account's way, and what volume is left."""

    __slots__ = ("bar", "event", "left", "place", "ways")

    def __init__(self, event: BarClosed, left: list[int] | None) -> None:
        self.event = event
        self.bar = event.bar
        self.place = OPEN
        self.left = left
        self.ways: dict[str, Way] = {}


class BarPit:
    """Own orders of one instrument of which only bars are told."""

    def __init__(self, fees: FeesOf, policy: BarPolicy, position: PositionOf | None = None) -> None:
        self.orders: dict[str, BarOrder] = {}
        self._fees = fees
        self._policy = policy
        self._position = position
        self._walk: _Walk | None = None
        self._trailing: dict[str, None] = {}

    def __bool__(self) -> bool:
        return bool(self.orders) or self._walk is not None

    @property
    def due_ns(self) -> int | None:
        """When ``resume`` is due: at once where a walk rests, None where none does."""
        return self._walk.event.recv_ns if self._walk is not None else None

    def on_event(self, event: InstrumentEvent, state: InstrumentState) -> list[BrokerReport]:
        """Take an event; only bars mean anything. A walk that still rests is ended first."""
        if type(event) is not BarClosed:
            return []
        out: list[BrokerReport] = []
        while self._walk is not None:
            self._go(state, out)
        end_ns, bar = event.venue_ns, event.bar
        low, high = bar.low, bar.high
        for order in self.orders.values():
            if (order.low >= low or order.high <= high) and order.since_ns < end_ns:
                break
        else:
            self._ratchet(event)
            return out
        for order in self.orders.values():
            order.begin(bar)
        rule = state.instrument.rules[-1]
        self._walk = _Walk(event, self._policy.rooms(bar.volume, rule.lot))
        self._go(state, out)
        return out

    def resume(self, state: InstrumentState) -> list[BrokerReport]:
        """Go on with a bar after a fill."""
        out: list[BrokerReport] = []
        if self._walk is not None:
            self._go(state, out)
        return out

    def new(self, request: NewOrderSingle, state: InstrumentState, now_ns: int) -> list[BrokerReport]:
        """Take a new order; it meets the next bar that ends after this moment."""
        if request.time_in_force in ONLY_AUCTION:
            return [reports.rejected(request, now_ns, Reason("venue.no_auction"))]
        order = BarOrder(request, state.instrument, now_ns)
        if state.last:
            order.follow(state.last)
        self._join(order)
        self._keep(order)
        return [reports.word(order, ExecType.NEW, request.cl_ord_id, now_ns, Reason("wait.bar"))]

    def cancel(self, request: OrderCancelRequest, now_ns: int) -> list[BrokerReport]:
        """Take an order off."""
        order = self.orders.pop(request.order_id, None)
        if order is None:
            return [reports.not_found(request, now_ns)]
        return [reports.word(order, ExecType.CANCELED, request.cl_ord_id, now_ns, Reason("end.asked"))]

    def expire(self, order_id: str, now_ns: int) -> list[BrokerReport]:
        """End an order whose time is over; one that has ended is left alone."""
        order = self.orders.pop(order_id, None)
        if order is None:
            return []
        reason = Reason("end.over", {"time_in_force": order.new.time_in_force.value})
        return [reports.word(order, ExecType.EXPIRED, order.new.cl_ord_id, now_ns, reason)]

    def replace(
        self, request: OrderCancelReplaceRequest, state: InstrumentState | None, now_ns: int
    ) -> list[BrokerReport]:
        """Change terms; a new price or trigger meets the next bar at the earliest."""
        del state
        order = self.orders.get(request.order_id)
        if order is None:
            return [reports.not_found(request, now_ns)]
        order.change(request.qty, request.price, request.trigger_price, now_ns)
        if not order.leaves:
            del self.orders[request.order_id]
        word = reports.word(order, ExecType.REPLACED, request.cl_ord_id, now_ns, None)
        return [replace(word, trigger_price=order.trigger)]

    def adopt(
        self,
        order: RestingOrder,
        state: InstrumentState,
        since_ns: int,
        mark: TriggerMark | None = None,
        *,
        triggered: bool = False,
    ) -> None:
        """Take up an order from before a restart, or from before the source was known to tell bars only."""
        own = BarOrder(order.new, state.instrument, since_ns, order.cum_qty)
        own.fees, own.restarted = order.fees, order.restarted
        own.change(order.qty, order.limit, None, since_ns)
        own.recall(mark, triggered=triggered)
        self._keep(own)

    def marks(self) -> Iterable[TriggerMark]:
        """Watch state of trailing orders, to be kept over a restart."""
        waiting = (self.orders[order_id] for order_id in self._trailing if order_id in self.orders)
        return (order.mark() for order in waiting if order.kind.has_trigger)

    def trigger_of(self, order_id: str) -> tuple[int | None, bool]:
        """Where an order's trigger stands, and whether a trailing one follows the market."""
        order = self.orders[order_id]
        return order.trigger, order.active

    def _keep(self, order: BarOrder) -> None:
        self.orders[order.new.order_id] = order
        if order.new.trail is not None:
            self._trailing[order.new.order_id] = None

    # walking

    def _join(self, order: BarOrder) -> None:
        """Let an order that waited for the fill at which the walk rests take part in what is left of the bar.

        A pessimist's exit takes no profit in the bar of its entry.
        """
        walk = self._walk
        if walk is None or not order.new.released:
            return
        if self._policy.path == "pessimistic" and order.kind not in _STOPS:
            return
        order.since_ns = walk.event.venue_ns - 1
        order.start = walk.place
        if walk.place == OPEN:
            walk.ways.pop(order.new.account, None)

    def _go(self, state: InstrumentState, out: list[BrokerReport]) -> None:
        """Walk to the next fill that the desk may want to answer, or to the end."""
        walk = self._walk
        while walk is not None:
            order, meeting = self._next(walk, state)
            if order is None:
                self._walk = None
                self._ratchet(walk.event)
                return
            if self._apply(walk, order, meeting, state, out):
                return

    def _next(self, walk: _Walk, state: InstrumentState) -> tuple[BarOrder | None, Meeting | None]:
        """The order that is met first; one that trades at once or not at all is due at the open."""
        found: BarOrder | None = None
        nearest: Meeting | None = None
        tick, end_ns, policy = state.instrument.rules[-1].tick, walk.event.venue_ns, self._policy
        for order in self.orders.values():
            if order.since_ns >= end_ns or order.start >= PAST:
                continue
            meeting = order.meet(self._way(walk, order), policy, order.start, tick)
            if order.at_once and (meeting is None or meeting.place != order.start):
                return order, None
            if meeting is not None and (nearest is None or meeting.place < nearest.place):
                found, nearest = order, meeting
        return found, nearest

    def _apply(
        self,
        walk: _Walk,
        order: BarOrder,
        meeting: Meeting | None,
        state: InstrumentState,
        out: list[BrokerReport],
    ) -> bool:
        """Do what a meeting says; gives whether it filled something."""
        at_ns = walk.event.recv_ns
        if meeting is None:
            self._end(order, at_ns, state, 0, out)
            return False
        walk.place = max(walk.place, meeting.place)
        if order.kind.has_trigger:
            order.fire()
            word = reports.word(order, ExecType.TRIGGERED, order.new.cl_ord_id, at_ns, None)
            out.append(replace(word, trigger_price=order.trigger))
        if meeting.price is None:
            order.start = meeting.place if order.new.ord_type is OrdType.LIMIT_IF_TOUCHED else PAST
            return False
        pile, room = _room(walk, meeting.place, order.leaves)
        if order.new.time_in_force is TimeInForce.FOK and room < order.leaves:
            self._end(order, at_ns, state, room, out)
            return False
        qty = min(room, order.leaves)
        if qty:
            if walk.left is not None:
                walk.left[pile] -= qty
            out.append(self._fill(order, meeting, meeting.price, qty, walk, state))
        if order.leaves and order.at_once:
            self._end(order, at_ns, state, room, out)
        order.start = (pile + 1, 0) if walk.left is not None and pile + 1 < len(walk.left) else PAST
        return bool(qty)

    def _fill(
        self, order: BarOrder, meeting: Meeting, price: int, qty: int, walk: _Walk, state: InstrumentState
    ) -> BrokerReport:
        instrument, bar = state.instrument, walk.bar
        text = instrument.price_text
        reason = Reason(
            _CODES[meeting.rule],
            {
                "price": text(price),
                "open": text(bar.open),
                "high": text(bar.high),
                "low": text(bar.low),
                "close": text(bar.close),
                "filled": instrument.qty_text(qty),
            },
        )
        liquidity = Liquidity.MAKER if meeting.rule is Rule.LIMIT else Liquidity.TAKER
        fees = self._fees(instrument)
        report = reports.fill(order, instrument, fees, qty, price, liquidity, reason, walk.event.recv_ns)
        if order.kind is OrdType.MARKET_TO_LIMIT:
            order.rest_at(price)
        if not order.leaves:
            del self.orders[order.new.order_id]
        return report

    def _end(
        self, order: BarOrder, at_ns: int, state: InstrumentState, available: int, out: list[BrokerReport]
    ) -> None:
        """End an order that trades at once or not at all."""
        qty = state.instrument.qty_text
        if order.new.time_in_force is TimeInForce.FOK:
            reason = Reason("end.fok", {"qty": qty(order.leaves), "available": qty(available)})
        else:
            reason = Reason("end.ioc", {"left": qty(order.leaves)})
        del self.orders[order.new.order_id]
        out.append(reports.word(order, ExecType.CANCELED, order.new.cl_ord_id, at_ns, reason))

    def _way(self, walk: _Walk, order: BarOrder) -> Way:
        account = order.new.account
        way = walk.ways.get(account)
        if way is None:
            points = self._policy.points(walk.bar, self._leaning(order))
            way = walk.ways[account] = Way(walk.bar, points)
        return way

    def _leaning(self, order: BarOrder) -> int:
        """Whether an account is long or short: its position, or what its stops protect."""
        if self._policy.path != "pessimistic":
            return 0
        account = order.new.account
        held = self._position(account, order.new.instrument) if self._position is not None else 0
        if held:
            return held
        return sum(
            1 if own.new.side is Side.SELL else -1
            for own in self.orders.values()
            if own.new.account == account and own.kind in _STOPS
        )

    def _ratchet(self, event: BarClosed) -> None:
        if not self._trailing:
            return
        for order_id in tuple(self._trailing):
            order = self.orders.get(order_id)
            if order is None or not order.kind.has_trigger:
                del self._trailing[order_id]
            elif order.since_ns < event.venue_ns:
                order.ratchet(event.bar, self._policy)


def _room(walk: _Walk, place: Place, wanted: int) -> tuple[int, int]:
    """Which pile of volume a place draws on, and what is left there."""
    if walk.left is None:
        return 0, wanted
    leg, gone = place
    pile = min(leg + (gone > 0), len(walk.left) - 1)
    return pile, walk.left[pile]
