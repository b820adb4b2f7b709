"""Matching of own orders against one instrument's public market.

Own orders never change the public book and never meet each other. They trade
in three ways: taking displayed levels on arrival (taker, at the levels'
prices), being reached by a public trade, or being crossed by the opposite
best price (both maker, at their own limit). Nothing trades outside continuous
trading; an unknown phase counts as continuous. While the book is not valid
public trades still count, but nothing is taken and no place is given: a limit
order waits and meets the first valid book as if it arrived then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from termdesk.core.market.book import Book
from termdesk.core.market.state import InstrumentState
from termdesk.core.matching import explain, queue, reports
from termdesk.core.matching.consumption import Consumption
from termdesk.core.matching.fees import FeesOf
from termdesk.core.matching.queue import View
from termdesk.core.matching.resting import RestingOrder, RestingSide
from termdesk.core.matching.taking import take, walk
from termdesk.core.model.event import (
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
from termdesk.core.model.price import crosses
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Liquidity, OrdType, Phase, Side, TimeInForce

_TRADING = frozenset({Phase.CONTINUOUS, Phase.UNKNOWN})
_MOVES_BOOK = frozenset({BookDelta, BookSnapshot, OrderAdded, OrderRemoved, OrderMatched, PhaseChanged})


def is_live(state: InstrumentState | None) -> TypeGuard[InstrumentState]:
    """Whether own orders can meet the book now."""
    return state is not None and state.book_valid and state.phase in _TRADING


class Pit:
    """Own orders of one instrument and what they took."""

    def __init__(self, fees: FeesOf) -> None:
        self.orders: dict[str, RestingOrder] = {}
        self.consumption = Consumption()
        self._sides = {Side.BUY: RestingSide(Side.BUY), Side.SELL: RestingSide(Side.SELL)}
        self._unplaced: dict[str, RestingOrder] = {}
        self._blind = False
        self._fees = fees

    def __bool__(self) -> bool:
        return bool(self.orders) or bool(self.consumption)

    def on_event(self, event: InstrumentEvent, state: InstrumentState) -> list[BrokerReport]:
        """Take an event that ``state`` has taken already."""
        out: list[BrokerReport] = []
        if isinstance(event, Trade | OrderMatched) and state.phase in _TRADING:
            self._print(event, state, out)
        if not is_live(state):
            self._blind = True
            return out
        if self._blind:
            self._blind = False
            self._look_everywhere(state.book, View.DEPTH, returned=True)
        elif type(event) in _MOVES_BOOK:
            self._look(event, state.book)
        else:
            return out
        self._place_waiting(event, state, out)
        self._cross(event.recv_ns, state, out)
        return out

    def new(self, request: NewOrderSingle, state: InstrumentState, now_ns: int) -> list[BrokerReport]:
        """Take a new order: it takes what it can, then rests or ends."""
        order = RestingOrder(request)
        refused = explain.would_take(order, order.limit, state) if is_live(state) else None
        if refused is not None:
            return [reports.rejected(request, now_ns, refused)]
        fills: list[BrokerReport] = []
        available = self._available(order, state)
        if request.time_in_force is not TimeInForce.FOK or available == order.leaves:
            self._arrive(order, state, now_ns, fills)
        ends = request.ord_type is OrdType.MARKET or request.time_in_force.is_at_once
        reason = None
        if order.leaves and not ends:
            self._rest(order, state)
            reason = explain.place(order, state)
        out: list[BrokerReport] = [reports.word(order, ExecType.NEW, request.cl_ord_id, now_ns, reason), *fills]
        if order.leaves and ends:
            reason = explain.end(order, state.instrument, available)
            out.append(reports.word(order, ExecType.CANCELED, request.cl_ord_id, now_ns, reason))
        return out

    def cancel(self, request: OrderCancelRequest, now_ns: int) -> list[BrokerReport]:
        """Take an order off."""
        order = self.orders.get(request.order_id)
        if order is None:
            return [reports.not_found(request, now_ns)]
        self._remove(order)
        return [reports.word(order, ExecType.CANCELED, request.cl_ord_id, now_ns, Reason("end.asked"))]

    def replace(
        self, request: OrderCancelReplaceRequest, state: InstrumentState | None, now_ns: int
    ) -> list[BrokerReport]:
        """Change terms: a smaller quantity keeps the place, a new price or a larger quantity loses it.

        A quantity at or below what is filled ends the order there (FIX 4.4, Appendix D).
        """
        order = self.orders.get(request.order_id)
        if order is None:
            return [reports.not_found(request, now_ns)]
        limit = order.limit if request.price is None else request.price
        keeps = limit == order.limit and request.qty <= order.qty
        refused = explain.would_take(order, limit, state) if is_live(state) and not keeps else None
        if refused is not None:
            return [reports.refused(request, now_ns, refused)]
        order.qty = max(request.qty, order.cum_qty)
        fills: list[BrokerReport] = []
        if not keeps or not order.leaves:
            self._remove(order)
        if not keeps:
            order.limit, order.ahead, order.arrived, order.restarted = limit, None, False, False
            self._arrive(order, state, now_ns, fills)
            if order.leaves:
                self._rest(order, state)
        reason = explain.place(order, state, kept=keeps) if order.leaves else None
        return [reports.word(order, ExecType.REPLACED, request.cl_ord_id, now_ns, reason), *fills]

    def restore(self, order: RestingOrder, state: InstrumentState | None) -> None:
        """Take up an order from before a restart; it stands at the back once its level is seen."""
        order.arrived = order.restarted = True
        self._rest(order, state)

    def _arrive(self, order: RestingOrder, state: InstrumentState | None, now_ns: int, out: list[BrokerReport]) -> None:
        if not is_live(state):
            return
        order.arrived = True
        for got in take(state.book, self.consumption, order.new.side, order.leaves, order.worst):
            reason = explain.taken(got, state.instrument)
            out.append(self._fill(order, state, got.qty, got.price, Liquidity.TAKER, reason, now_ns))

    def _available(self, order: RestingOrder, state: InstrumentState | None) -> int:
        """What the order would get of its leaves if it arrived now."""
        if not is_live(state):
            return 0
        takes = walk(state.book, self.consumption, order.new.side, order.leaves, order.worst)
        return sum(got.qty for got in takes)

    def _rest(self, order: RestingOrder, state: InstrumentState | None) -> None:
        order_id = order.new.order_id
        self.orders[order_id] = order
        self._sides[order.new.side].add(order)
        if is_live(state):
            queue.place(order, state.book, self.consumption, _view_of(state))
        if order.ahead is None or not order.arrived:
            self._unplaced[order_id] = order

    def _remove(self, order: RestingOrder) -> None:
        del self.orders[order.new.order_id]
        self._sides[order.new.side].remove(order)
        self._unplaced.pop(order.new.order_id, None)

    def _fill(
        self,
        order: RestingOrder,
        state: InstrumentState,
        qty: int,
        price: int,
        liquidity: Liquidity,
        reason: Reason,
        at_ns: int,
    ) -> BrokerReport:
        instrument = state.instrument
        report = reports.fill(order, instrument, self._fees(instrument), qty, price, liquidity, reason, at_ns)
        if not order.leaves and order.new.order_id in self.orders:
            self._remove(order)
        return report

    def _print(self, event: Trade | OrderMatched, state: InstrumentState, out: list[BrokerReport]) -> None:
        for side, own in self._sides.items():
            if event.aggressor is side or not own:
                continue
            for share in queue.share_print(own, event.price, event.qty):
                reason = explain.printed(share, event.price, state.instrument)
                order = share.order
                out.append(self._fill(order, state, share.filled, order.limit, Liquidity.MAKER, reason, event.recv_ns))

    def _look(self, event: InstrumentEvent, book: Book) -> None:
        """See what became of own levels and takes, as narrowly as the event says what it touched."""
        match event:
            case BookDelta(bids=bids, asks=asks):
                self._look_at(book, Side.BUY, bids)
                self._look_at(book, Side.SELL, asks)
            case OrderAdded(side=side, price=price, qty=qty):
                self.consumption.refresh(book, side, ((price, qty),))
            case OrderMatched(price=price, qty=qty, aggressor=aggressor):
                for side in self._sides:
                    if side is not aggressor:
                        self._look_at(book, side, ((price, qty),))
            case OrderRemoved(side=side):
                self.consumption.refresh_all(book)
                own = self._sides[side]
                gone = [price for price in own.prices() if not book.size(side, price)]
                queue.look(own, gone, book, View.WHOLE, returned=False)
            case BookSnapshot():
                self._look_everywhere(book, View.DEPTH, returned=False)
            case _:
                pass

    def _look_at(self, book: Book, side: Side, changed: Sequence[Level]) -> None:
        self.consumption.refresh(book, side, changed)
        own = self._sides[side]
        if own:
            queue.look(own, [price for price, _ in changed], book, View.WHOLE, returned=False)

    def _look_everywhere(self, book: Book, view: int, *, returned: bool) -> None:
        self.consumption.refresh_all(book)
        for own in self._sides.values():
            if own:
                queue.look(own, own.prices(), book, view, returned=returned)

    def _place_waiting(self, event: InstrumentEvent, state: InstrumentState, out: list[BrokerReport]) -> None:
        for order in tuple(self._unplaced.values()):
            if not order.arrived:
                self._remove(order)
                refused = explain.would_take(order, order.limit, state)
                if refused is not None:
                    word = reports.word(order, ExecType.CANCELED, order.new.cl_ord_id, event.recv_ns, refused)
                    out.append(word)
                    continue
                self._arrive(order, state, event.recv_ns, out)
                if order.leaves:
                    self._rest(order, state)
                continue
            view = _view_of(state)
            if view == View.DEPTH and not isinstance(event, BookSnapshot):
                view = View.BEST
            queue.place(order, state.book, self.consumption, view)
            if order.ahead is not None:
                del self._unplaced[order.new.order_id]

    def _cross(self, at_ns: int, state: InstrumentState, out: list[BrokerReport]) -> None:
        book = state.book
        for side, own in self._sides.items():
            best, opposite = own.best(), book.best(side.opposite)
            if best is None or opposite is None or not crosses(side, best, opposite[0]):
                continue
            for order in own.reached(opposite[0]):
                order.ahead = 0
                self._unplaced.pop(order.new.order_id, None)
                for got in take(book, self.consumption, side, order.leaves, order.limit):
                    reason = explain.crossed(got, order, state.instrument)
                    out.append(self._fill(order, state, got.qty, order.limit, Liquidity.MAKER, reason, at_ns))


def _view_of(state: InstrumentState) -> int:
    """An order-by-order book never had a depth snapshot, and tells every level."""
    return View.WHOLE if state.depth.seq < 0 else View.DEPTH
