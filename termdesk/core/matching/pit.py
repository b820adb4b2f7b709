"""Matching of own orders against one instrument's public market.

Own orders never change the public book. They trade in three ways: taking
displayed levels on arrival (``arriving.py``), being reached by a public trade,
or being crossed by the opposite best price (``crowd.py``). What else is
believed of fills is the fidelity's.
"""

from __future__ import annotations

from collections.abc import Iterable

from termdesk.core.market.state import InstrumentState
from termdesk.core.matching import explain, reports
from termdesk.core.matching.arriving import Arrival
from termdesk.core.matching.call import ONLY_AUCTION, Call
from termdesk.core.matching.consumption import Consumption
from termdesk.core.matching.crowd import Crowd
from termdesk.core.matching.fees import FeesOf
from termdesk.core.matching.fidelity import QUEUE, Fidelity
from termdesk.core.matching.floor import Floor
from termdesk.core.matching.resting import RestingOrder
from termdesk.core.matching.stops import Stops
from termdesk.core.matching.watch import TriggerMark
from termdesk.core.model.execution import (
    BrokerReport,
    NewOrderSingle,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
)
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, OrdType


class Pit:
    """Own orders of one instrument and what they took."""

    def __init__(self, fees: FeesOf, fidelity: Fidelity = QUEUE) -> None:
        self._floor = floor = Floor(fees, fidelity)
        self.orders: dict[str, RestingOrder] = floor.orders
        """Every open order, those that wait for a trigger included."""
        self.consumption: Consumption = floor.consumption
        """What own orders took."""
        self._arrival = Arrival(floor)
        self._stops = Stops(floor, self._arrival)
        self._call = Call(floor)
        self.on_event = Crowd(floor, self._arrival, self._stops, self._call).on_event
        """Take an event that the instrument's state has taken already; gives what the venue says."""

    def __bool__(self) -> bool:
        return bool(self.orders) or bool(self.consumption)

    def new(self, request: NewOrderSingle, state: InstrumentState, now_ns: int) -> list[BrokerReport]:
        """Take a new order: it takes what it can, then rests or ends; or it waits for its trigger."""
        order = RestingOrder(request)
        if request.time_in_force in ONLY_AUCTION:
            self._call.enter(order)
            return [reports.word(order, ExecType.NEW, request.cl_ord_id, now_ns, self._call.waits(order))]
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
        reason = Reason("end.over", {"time_in_force": order.new.time_in_force.value})
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
        if order.new.time_in_force in ONLY_AUCTION:
            return self._replace_for_auction(order, limit, request, now_ns)
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
        if order.new.time_in_force in ONLY_AUCTION:
            self._call.enter(order)
            return
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
        if order.new.time_in_force in ONLY_AUCTION:
            return self._call.waits(order)
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

    def _replace_for_auction(
        self, order: RestingOrder, limit: int, request: OrderCancelReplaceRequest, now_ns: int
    ) -> list[BrokerReport]:
        order.limit, order.qty = limit, max(request.qty, order.cum_qty)
        if not order.leaves:
            self._floor.remove(order)
        return [reports.word(order, ExecType.REPLACED, request.cl_ord_id, now_ns, self._call.waits(order))]

    def _replace_waiting(
        self,
        order: RestingOrder,
        limit: int,
        request: OrderCancelReplaceRequest,
        state: InstrumentState,
        now_ns: int,
    ) -> list[BrokerReport]:
        refused = self._stops.refuses(order, request.trigger_price, state)
        if refused is not None:
            return [reports.refused(request, now_ns, refused)]
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
