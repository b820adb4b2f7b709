"""Own orders of one instrument, where they stand, and what they took."""

from __future__ import annotations

from typing import TypeGuard

from termdesk.core.market.book import Book
from termdesk.core.market.state import InstrumentState
from termdesk.core.matching import queue, reports
from termdesk.core.matching.consumption import Consumption, Forgetful
from termdesk.core.matching.fees import FeesOf
from termdesk.core.matching.fidelity import Fidelity, Queue
from termdesk.core.matching.fifo import Arrivals
from termdesk.core.matching.queue import View
from termdesk.core.matching.resting import RestingOrder, RestingSide
from termdesk.core.model.execution import BrokerReport
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Liquidity, Phase, Side

TRADING = frozenset({Phase.CONTINUOUS, Phase.UNKNOWN})
ANY_SIZE = 1 << 62
"""Size of a last price that stands in for the book."""


class Floor:
    """What a pit holds. Decides nothing about prices.

    Attributes:
        orders: Every open order, those that wait for a trigger included, by id.
        unplaced: Those of them that have not met a valid book, or whose level was not seen.
        arrivals: Public orders behind own ones, by own side; for exact queues only.
        traded: Groups of which an order has traded in the present event. The others of a group wait for the
            next one: before it the desk says what is left for them.
    """

    def __init__(self, fees: FeesOf, fidelity: Fidelity) -> None:
        self.fidelity = fidelity
        self.orders: dict[str, RestingOrder] = {}
        self.buys, self.sells = RestingSide(Side.BUY), RestingSide(Side.SELL)
        self.unplaced: dict[str, RestingOrder] = {}
        self.consumption = Consumption() if fidelity.consumption else Forgetful()
        self.arrivals = {Side.BUY: Arrivals(), Side.SELL: Arrivals()}
        self.traded: dict[tuple[str, str], str] = {}
        self._queues = fidelity.queue is not Queue.OFF
        self._stand_in = Book() if fidelity.last_as_book else None
        self._fees = fees

    def side(self, side: Side) -> RestingSide:
        """Own resting orders of a side."""
        return self.buys if side is Side.BUY else self.sells

    def is_live(self, state: InstrumentState | None) -> TypeGuard[InstrumentState]:
        """Whether own orders can meet the book now."""
        if state is None or state.phase not in TRADING:
            return False
        return state.book_valid if self._stand_in is None else state.last != 0

    def book(self, state: InstrumentState) -> Book:
        """The book that own orders meet: the displayed one, or the last price where the policy says so."""
        stand_in = self._stand_in
        if stand_in is None:
            return state.book
        level = (state.last, ANY_SIZE)
        if stand_in.best(Side.BUY) != level:
            stand_in.replace((level,), (level,))
        return stand_in

    def waits_for_another(self, order: RestingOrder) -> bool:
        """Whether another order of its group has traded in the present event."""
        return order.link is not None and self.traded.get(order.link, order.new.order_id) != order.new.order_id

    def rest(self, order: RestingOrder, state: InstrumentState | None) -> None:
        """Let an order stand at the back of its level."""
        order_id, side = order.new.order_id, order.new.side
        self.orders[order_id] = order
        order.show()
        self.side(side).add(order)
        if self.is_live(state):
            self.place(order, self.book(state), view_of(state))
        elif state is not None:
            order.level_size = state.book.size(order.new.side, order.limit) if state.book_valid else ANY_SIZE
        if order.ahead is None or not order.arrived:
            self.unplaced[order_id] = order

    def place(self, order: RestingOrder, book: Book, view: int) -> None:
        """Estimate what stands before an order that stands last."""
        queue.place(order, book, self.consumption, view)
        self.arrivals[order.new.side].stand(order)
        if not self._queues:
            order.ahead = 0

    def remove(self, order: RestingOrder) -> None:
        """Take an order off."""
        order_id = order.new.order_id
        del self.orders[order_id]
        self.unplaced.pop(order_id, None)
        if order.rests:
            self.side(order.new.side).remove(order)

    def fill(
        self,
        order: RestingOrder,
        state: InstrumentState,
        qty: int,
        price: int,
        liquidity: Liquidity,
        reason: Reason,
        at_ns: int,
    ) -> BrokerReport:
        """Fill an order; one with nothing left is taken off."""
        instrument = state.instrument
        if order.link is not None:
            self.traded[order.link] = order.new.order_id
        report = reports.fill(order, instrument, self._fees(instrument), qty, price, liquidity, reason, at_ns)
        if not order.qty - order.cum_qty and order.new.order_id in self.orders:
            self.remove(order)
        elif order.shown > order.leaves:
            order.shown = order.leaves
        return report

    def end(self, order: RestingOrder, exec_type: ExecType, reason: Reason, at_ns: int) -> BrokerReport:
        """End an order by the venue's own will."""
        if order.new.order_id in self.orders:
            self.remove(order)
        return reports.word(order, exec_type, order.new.cl_ord_id, at_ns, reason)


def view_of(state: InstrumentState) -> int:
    """An order-by-order book never had a depth snapshot, and tells every level."""
    return View.WHOLE if state.depth.seq < 0 else View.DEPTH
