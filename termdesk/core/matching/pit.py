"""Matching of own orders against one instrument's public market.

Own orders never change the public book. They trade in three ways: taking
displayed levels on arrival (taker, at the levels' prices), being reached by a
public trade, or being crossed by the opposite best price (both maker, at
their own limit). Nothing trades outside continuous trading; an unknown phase
counts as continuous. While the book is not valid public trades still count,
but nothing is taken and no place is given: a limit order waits and meets the
first valid book as if it arrived then. What else is believed of fills is the
fidelity's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from termdesk.core.market.book import Book
from termdesk.core.market.state import InstrumentState
from termdesk.core.matching import explain, queue, reports
from termdesk.core.matching.arriving import Arrival
from termdesk.core.matching.consumption import Consumption
from termdesk.core.matching.fees import FeesOf
from termdesk.core.matching.fidelity import QUEUE, CrossFill, Fidelity, Queue
from termdesk.core.matching.floor import TRADING, Floor, view_of
from termdesk.core.matching.queue import View
from termdesk.core.matching.resting import RestingOrder, RestingSide
from termdesk.core.matching.stops import Stops
from termdesk.core.matching.taking import take
from termdesk.core.matching.watch import TriggerMark
from termdesk.core.model.event import (
    BestQuote,
    BookDelta,
    BookSnapshot,
    InstrumentEvent,
    Level,
    OrderAdded,
    OrderMatched,
    OrderRemoved,
    PhaseChanged,
    Trade,
)
from termdesk.core.model.execution import (
    BrokerReport,
    NewOrderSingle,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
)
from termdesk.core.model.price import through
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Liquidity, OrdType, Side

_BUY, _SELL, _MAKER = Side.BUY, Side.SELL, Liquidity.MAKER


class Pit:
    """Own orders of one instrument and what they took."""

    def __init__(self, fees: FeesOf, fidelity: Fidelity = QUEUE) -> None:
        self._floor = floor = Floor(fees, fidelity)
        self._arrival = Arrival(floor)
        self._stops = Stops(floor, self._arrival)
        self._blind = False
        self._change = queue.change_of(fidelity)
        self._prints = fidelity.trade_execution
        self._is_exact = fidelity.queue is Queue.L3_FIFO
        self._cross_fill = fidelity.cross_fill
        self._reached_by_last = fidelity.last_as_book

    def __bool__(self) -> bool:
        return bool(self._floor.orders) or bool(self._floor.consumption)

    @property
    def orders(self) -> dict[str, RestingOrder]:
        """Every open order, those that wait for a trigger included."""
        return self._floor.orders

    @property
    def consumption(self) -> Consumption:
        """What own orders took."""
        return self._floor.consumption

    def on_event(self, event: InstrumentEvent, state: InstrumentState) -> list[BrokerReport]:
        """Take an event that ``state`` has taken already."""
        out: list[BrokerReport] = []
        take_event = _ON.get(type(event))
        if take_event is not None:
            take_event(self, event, state, out)
        return out

    def new(self, request: NewOrderSingle, state: InstrumentState, now_ns: int) -> list[BrokerReport]:
        """Take a new order: it takes what it can, then rests or ends; or it waits for its trigger."""
        order = RestingOrder(request)
        if request.ord_type.has_trigger:
            return self._stops.new(order, state, now_ns)
        if not self._arrival.bound(order, state):
            return [reports.rejected(request, now_ns, Reason("venue.no_market"))]
        refused = self._would_take(order, order.limit, state) if request.post_only else None
        if refused is not None:
            return [reports.rejected(request, now_ns, refused)]
        later: list[BrokerReport] = []
        self._arrival.enter(order, state, now_ns, later)
        reason = explain.place(order, state) if order.rests else None
        return [reports.word(order, ExecType.NEW, request.cl_ord_id, now_ns, reason), *later]

    def cancel(self, request: OrderCancelRequest, now_ns: int) -> list[BrokerReport]:
        """Take an order off."""
        order = self._floor.orders.get(request.order_id)
        if order is None:
            return [reports.not_found(request, now_ns)]
        self._remove(order)
        return [reports.word(order, ExecType.CANCELED, request.cl_ord_id, now_ns, Reason("end.asked"))]

    def expire(self, order_id: str, now_ns: int) -> list[BrokerReport]:
        """End an order whose time is over; one that has ended is left alone."""
        order = self._floor.orders.get(order_id)
        if order is None:
            return []
        self._remove(order)
        reason = Reason("end.expired", {"time_in_force": order.new.time_in_force.value})
        return [reports.word(order, ExecType.EXPIRED, order.new.cl_ord_id, now_ns, reason)]

    def replace(
        self, request: OrderCancelReplaceRequest, state: InstrumentState | None, now_ns: int
    ) -> list[BrokerReport]:
        """Change terms: a smaller quantity keeps the place, a new price or a larger quantity loses it.

        A quantity at or below what is filled ends the order there (FIX 4.4,
        Appendix D). An order that waits for its trigger has no place to lose.
        """
        order = self._floor.orders.get(request.order_id)
        if order is None:
            return [reports.not_found(request, now_ns)]
        limit = order.limit if request.price is None else request.price
        if order.waits and state is not None:
            return self._replace_waiting(order, limit, request, state, now_ns)
        keeps = limit == order.limit and request.qty <= order.qty
        refused = self._would_take(order, limit, state) if not keeps and order.new.post_only else None
        if refused is not None:
            return [reports.refused(request, now_ns, refused)]
        order.qty = max(request.qty, order.cum_qty)
        later: list[BrokerReport] = []
        if not keeps or not order.leaves:
            self._floor.remove(order)
        elif order.shown > order.leaves:
            order.shown = order.leaves
        if not keeps:
            order.limit, order.ahead, order.arrived, order.restarted = limit, None, False, False
            self._come_again(order, state, now_ns, later)
        reason = explain.place(order, state, kept=keeps) if order.rests else None
        return [reports.word(order, ExecType.REPLACED, request.cl_ord_id, now_ns, reason), *later]

    def restore(
        self,
        order: RestingOrder,
        state: InstrumentState | None,
        mark: TriggerMark | None = None,
        *,
        triggered: bool = False,
    ) -> None:
        """Take up an order from before a restart; it stands at the back once its level is seen."""
        order.restarted = True
        if order.new.ord_type.has_trigger and not triggered and state is not None:
            self._stops.restore(order, state, mark)
            return
        order.is_market = order.new.ord_type.triggered is OrdType.MARKET and not order.limit
        if order.is_market:
            self._floor.orders[order.new.order_id] = self._floor.unplaced[order.new.order_id] = order
            return
        order.arrived = True
        self._floor.rest(order, state)

    def waits(self, order_id: str, state: InstrumentState | None) -> Reason | None:
        """Why an open order does not trade now; None for an order that is not here."""
        order = self._floor.orders.get(order_id)
        if order is None:
            return None
        if order.waits and state is not None:
            return self._stops.waits(order, state)
        return explain.waits(order, state, self._floor.consumption)

    def trigger_of(self, order_id: str) -> tuple[int | None, bool] | None:
        """Where a waiting order's trigger stands and whether it follows the market; None for other orders."""
        order = self._floor.orders.get(order_id)
        if order is None or not order.waits:
            return None
        return self._stops.trigger_of(order_id), self._stops.activated(order_id)

    def marks(self) -> Iterable[TriggerMark]:
        """Watch state of waiting orders, to be kept over a restart."""
        return self._stops.marks()

    def _replace_waiting(
        self,
        order: RestingOrder,
        limit: int,
        request: OrderCancelReplaceRequest,
        state: InstrumentState,
        now_ns: int,
    ) -> list[BrokerReport]:
        order.qty = request.qty
        order.limit = limit
        at = self._stops.trigger_of(request.order_id) if request.trigger_price is None else request.trigger_price
        later: list[BrokerReport] = []
        self._stops.amend(order, request.trigger_price, state, now_ns, later)
        reason = self._stops.waits(order, state) if order.waits else None
        return [reports.word(order, ExecType.REPLACED, request.cl_ord_id, now_ns, reason, at), *later]

    def _would_take(self, order: RestingOrder, limit: int, state: InstrumentState | None) -> Reason | None:
        if not self._floor.is_live(state):
            return None
        return explain.would_take(order, limit, self._floor.book(state), state.instrument)

    def _come_again(
        self, order: RestingOrder, state: InstrumentState | None, now_ns: int, out: list[BrokerReport]
    ) -> None:
        if state is None:
            self._floor.rest(order, state)
        else:
            self._arrival.enter(order, state, now_ns, out)

    def _remove(self, order: RestingOrder) -> None:
        if order.waits:
            self._stops.disarm(order)
        self._floor.remove(order)

    # market events

    def _on_trade(self, event: Trade, state: InstrumentState, out: list[BrokerReport]) -> None:
        if state.phase in TRADING:
            if self._prints and event.qty:
                self._print(event, state, out)
            if self._stops:
                self._stops.on_print(event, state, out)
        if not self._floor.is_live(state):
            self._blind = True
        elif self._blind or self._reached_by_last:
            self._see(event, state, out)

    def _on_quote(self, event: BestQuote, state: InstrumentState, out: list[BrokerReport]) -> None:
        if self._stops and state.phase in TRADING:
            self._stops.on_book(event.venue_ns or event.recv_ns, state, out)

    def _on_delta(self, event: BookDelta, state: InstrumentState, out: list[BrokerReport]) -> None:
        if not self._sees(event, state, out):
            return
        book = state.book
        if event.bids:
            self._look_at(book, self._floor.buys, event.bids)
        if event.asks:
            self._look_at(book, self._floor.sells, event.asks)
        self._moved(event, state, out)

    def _on_snapshot(self, event: BookSnapshot, state: InstrumentState, out: list[BrokerReport]) -> None:
        if self._sees(event, state, out):
            self._look_everywhere(state.book, returned=False)
            self._moved(event, state, out)

    def _on_phase(self, event: PhaseChanged, state: InstrumentState, out: list[BrokerReport]) -> None:
        if self._sees(event, state, out):
            self._moved(event, state, out)

    def _on_added(self, event: OrderAdded, state: InstrumentState, out: list[BrokerReport]) -> None:
        if not self._sees(event, state, out):
            return
        side, floor = event.side, self._floor
        own = floor.side(side)
        if self._is_exact:
            floor.arrivals[side].add(own, event.price, event.order_no)
        level = ((event.price, event.qty),)
        if self._change is not None:
            self._look_at(state.book, own, level)
        else:
            floor.consumption.refresh(state.book, side, level)
        self._moved(event, state, out)

    def _on_removed(self, event: OrderRemoved, state: InstrumentState, out: list[BrokerReport]) -> None:
        if not self._sees(event, state, out):
            return
        own, price = self._floor.side(event.side), state.orders.removed_at
        if self._is_exact:
            for _ in self._floor.arrivals[event.side].reduce(own, price, event.order_no, event.qty):
                pass
        self._look_at(state.book, own, ((price, event.qty),))
        self._moved(event, state, out)

    def _on_matched(self, event: OrderMatched, state: InstrumentState, out: list[BrokerReport]) -> None:
        is_trading = state.phase in TRADING
        if is_trading and self._prints:
            if self._is_exact:
                self._match_exactly(event, state, out)
            else:
                self._print(event, state, out)
        if self._sees(event, state, out):
            for own in (self._floor.buys, self._floor.sells):
                if own.side is not event.aggressor:
                    self._look_at(state.book, own, ((event.price, event.qty),))
            self._moved(event, state, out)
        if self._stops and is_trading:
            self._stops.on_print(event, state, out)

    def _sees(self, event: InstrumentEvent, state: InstrumentState, out: list[BrokerReport]) -> bool:
        """Whether what an event did to the book is to be looked at; after a time without sight all of it is."""
        if self._reached_by_last:
            return False
        if not state.book_valid or state.phase not in TRADING:
            self._blind = True
            return False
        if self._blind:
            self._see(event, state, out)
            return False
        return True

    def _see(self, event: InstrumentEvent, state: InstrumentState, out: list[BrokerReport]) -> None:
        self._blind = False
        self._look_everywhere(self._floor.book(state), returned=True)
        self._moved(event, state, out)

    def _moved(self, event: InstrumentEvent, state: InstrumentState, out: list[BrokerReport]) -> None:
        """Let own orders meet the book as it is now."""
        floor = self._floor
        if floor.unplaced:
            self._place_waiting(event, state, out)
        bid, _, ask, _ = (state.book if not self._reached_by_last else floor.book(state)).top()
        if floor.buys.is_reached(ask):
            self._cross(floor.buys, ask, event.recv_ns, state, out)
        if floor.sells.is_reached(bid):
            self._cross(floor.sells, bid, event.recv_ns, state, out)
        if self._stops:
            self._stops.on_book(event.venue_ns or event.recv_ns, state, out)

    def _print(self, event: Trade | OrderMatched, state: InstrumentState, out: list[BrokerReport]) -> None:
        price, floor = event.price, self._floor
        for own in (floor.buys, floor.sells):
            if event.aggressor is own.side or not own.is_reached(price):
                continue
            fills_all = self._cross_fill is CrossFill.ALL
            for share in queue.share_print(own, state.book, price, event.qty, through_fills_all=fills_all):
                reason, order = explain.printed(share, price, state.instrument), share.order
                out.append(floor.fill(order, state, share.filled, order.limit, _MAKER, reason, event.recv_ns))

    def _match_exactly(self, event: OrderMatched, state: InstrumentState, out: list[BrokerReport]) -> None:
        """Let a trade of public orders reach own ones: those that stand before a traded one are due as much."""
        floor, price = self._floor, event.price
        for own, order_no in ((floor.buys, event.buy_order_no), (floor.sells, event.sell_order_no)):
            if event.aggressor is own.side or not own.is_reached(price):
                continue
            left = event.qty
            for order in own.reached(price + own.side.sign):
                filled = min(left, order.leaves)
                if filled and order.arrived:
                    share = queue.Share(order, 0, left, filled, through=True)
                    reason = explain.printed(share, price, state.instrument)
                    out.append(floor.fill(order, state, filled, order.limit, _MAKER, reason, event.recv_ns))
                    left -= filled
            for order in floor.arrivals[own.side].reduce(own, price, order_no, event.qty):
                filled = min(left, order.leaves)
                if filled:
                    reason = explain.overtaken(left, filled, state.instrument)
                    out.append(floor.fill(order, state, filled, order.limit, _MAKER, reason, event.recv_ns))
                    left -= filled

    def _look_at(self, book: Book, own: RestingSide, changed: Sequence[Level]) -> None:
        consumption = self._floor.consumption
        if consumption.has(own.side):
            consumption.refresh(book, own.side, changed)
        if own:
            for price, _ in changed:
                queue.look(own, price, book, View.WHOLE, self._change, returned=False)

    def _look_everywhere(self, book: Book, *, returned: bool) -> None:
        self._floor.consumption.refresh_all(book)
        for own in (self._floor.buys, self._floor.sells):
            for price in own.prices():
                queue.look(own, price, book, View.DEPTH, self._change, returned=returned)

    def _place_waiting(self, event: InstrumentEvent, state: InstrumentState, out: list[BrokerReport]) -> None:
        floor = self._floor
        book = floor.book(state)
        for order in tuple(floor.unplaced.values()):
            if not order.arrived:
                floor.remove(order)
                refused = explain.would_take(order, order.limit, book, state.instrument)
                if refused is not None:
                    out.append(floor.end(order, ExecType.CANCELED, refused, event.recv_ns))
                    continue
                self._arrival.bound(order, state)
                self._arrival.enter(order, state, event.recv_ns, out)
                continue
            view = view_of(state)
            if view == View.DEPTH and not isinstance(event, BookSnapshot):
                view = View.BEST
            floor.place(order, book, view)
            if order.ahead is not None:
                del floor.unplaced[order.new.order_id]

    def _cross(
        self, own: RestingSide, opposite: int, at_ns: int, state: InstrumentState, out: list[BrokerReport]
    ) -> None:
        """Fill own orders that the opposite best price has come to."""
        floor, side = self._floor, own.side
        book = floor.book(state)
        for order in own.reached(opposite):
            order.ahead = 0
            floor.unplaced.pop(order.new.order_id, None)
            is_all = self._cross_fill is CrossFill.ALL or (
                self._cross_fill is CrossFill.ALL_WHEN_THROUGH and through(side, order.limit, opposite)
            )
            if is_all:
                reason = explain.reached(order, opposite, state.instrument)
                out.append(floor.fill(order, state, order.leaves, order.limit, _MAKER, reason, at_ns))
                continue
            for got in take(book, floor.consumption, side, order.leaves, order.limit):
                reason = explain.crossed(got, order, state.instrument)
                out.append(floor.fill(order, state, got.qty, order.limit, _MAKER, reason, at_ns))


_ON: dict[type, Callable[[Pit, Any, InstrumentState, list[BrokerReport]], None]] = {
    Trade: Pit._on_trade,
    BestQuote: Pit._on_quote,
    BookDelta: Pit._on_delta,
    BookSnapshot: Pit._on_snapshot,
    PhaseChanged: Pit._on_phase,
    OrderAdded: Pit._on_added,
    OrderRemoved: Pit._on_removed,
    OrderMatched: Pit._on_matched,
}
