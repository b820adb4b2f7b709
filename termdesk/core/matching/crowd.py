"""What public events do to own orders of one instrument.

Own orders are reached by a public trade, or crossed by the opposite best
price; both fill them as makers, at their own limit. Nothing trades outside
continuous trading; an unknown phase counts as continuous. While the book is
not valid public trades still count, but nothing is taken and no place is
given: an order waits and meets the first valid book as if it arrived then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from termdesk.core.market.book import Book
from termdesk.core.market.state import InstrumentState
from termdesk.core.matching import explain, queue
from termdesk.core.matching.arriving import Arrival
from termdesk.core.matching.call import Call
from termdesk.core.matching.fidelity import CrossFill, Queue
from termdesk.core.matching.floor import TRADING, Floor, view_of
from termdesk.core.matching.queue import View
from termdesk.core.matching.resting import RestingSide
from termdesk.core.matching.stops import Stops
from termdesk.core.matching.taking import take
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
from termdesk.core.model.execution import BrokerReport
from termdesk.core.model.price import through
from termdesk.core.model.terms import ExecType, Liquidity

_MAKER = Liquidity.MAKER


class Crowd:
    """The public side of one floor. The policies are read once, not per event."""

    def __init__(self, floor: Floor, arrival: Arrival, stops: Stops, call: Call) -> None:
        fidelity = floor.fidelity
        self._call = call
        self._floor, self._arrival, self._stops = floor, arrival, stops
        self._waiting = stops.triggers.orders
        self._blind = False
        self._change = queue.change_of(fidelity)
        self._prints = fidelity.trade_execution
        self._is_exact = fidelity.queue is Queue.L3_FIFO
        self._cross_fill = fidelity.cross_fill
        self._reached_by_last = fidelity.last_as_book
        self._buys, self._sells, self._unplaced = floor.buys, floor.sells, floor.unplaced
        self._consumed = floor.consumption.bids, floor.consumption.asks
        self._linked = floor.traded
        self._some_hidden = False

    def on_event(self, event: InstrumentEvent, state: InstrumentState) -> list[BrokerReport]:
        """Take an event that ``state`` has taken already."""
        out: list[BrokerReport] = []
        if self._linked:
            self._linked.clear()
        take_event = _ON.get(type(event))
        if take_event is not None:
            take_event(self, event, state, out)
        return out

    def _on_trade(self, event: Trade, state: InstrumentState, out: list[BrokerReport]) -> None:
        if state.phase in TRADING:
            if self._prints and event.qty:
                self._print(event, state, out)
            if self._waiting:
                self._stops.on_print(event, state, out)
        else:
            self._call.on_print(event, state, out)
        if not self._floor.is_live(state):
            self._blind = True
        elif self._blind or self._reached_by_last:
            self._see(event, state, out)

    def _on_quote(self, event: BestQuote, state: InstrumentState, out: list[BrokerReport]) -> None:
        if self._waiting and state.phase in TRADING:
            self._stops.on_book(event.venue_ns or event.recv_ns, state, out)

    def _on_delta(self, event: BookDelta, state: InstrumentState, out: list[BrokerReport]) -> None:
        if not state.book_valid or self._blind or self._reached_by_last or state.phase not in TRADING:
            self._sees(event, state, out)
            return
        if event.bids:
            self._look_at(state.book, self._buys, event.bids)
        if event.asks:
            self._look_at(state.book, self._sells, event.asks)
        self._moved(event, state, out)

    def _on_snapshot(self, event: BookSnapshot, state: InstrumentState, out: list[BrokerReport]) -> None:
        if self._sees(event, state, out):
            self._look_everywhere(state.book, returned=False)
            self._moved(event, state, out)

    def _on_phase(self, event: PhaseChanged, state: InstrumentState, out: list[BrokerReport]) -> None:
        self._call.on_phase(state, event.recv_ns, out)
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
        if not is_trading:
            self._call.on_print(event, state, out)
        elif self._prints:
            if self._is_exact:
                self._match_exactly(event, state, out)
            else:
                self._print(event, state, out)
        if self._sees(event, state, out):
            for own in (self._floor.buys, self._floor.sells):
                if own.side is not event.aggressor:
                    self._look_at(state.book, own, ((event.price, event.qty),))
            self._moved(event, state, out)
        if self._waiting and is_trading:
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
        if self._unplaced:
            self._place_waiting(event, state, out)
        if state.quote_seq == state.book_seq and not self._reached_by_last:
            bid, ask = state.bid, state.ask
        else:
            bid, _, ask, _ = self._floor.book(state).top()
        if ask and self._buys.best_key >= ask:
            self._cross(self._buys, ask, event.recv_ns, state, out)
        if bid and self._sells.best_key >= -bid:
            self._cross(self._sells, bid, event.recv_ns, state, out)
        if self._waiting:
            self._stops.on_book(event.venue_ns or event.recv_ns, state, out)

    def _print(self, event: Trade | OrderMatched, state: InstrumentState, out: list[BrokerReport]) -> None:
        price, floor = event.price, self._floor
        for own in (floor.buys, floor.sells):
            if event.aggressor is own.side or not own.is_reached(price):
                continue
            fills_all = self._cross_fill is CrossFill.ALL
            waits = floor.waits_for_another
            for share in queue.share_print(own, state.book, price, event.qty, waits, through_fills_all=fills_all):
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
                if filled and order.arrived and not floor.waits_for_another(order):
                    share = queue.Share(order, 0, left, filled, through=True)
                    reason = explain.printed(share, price, state.instrument)
                    out.append(floor.fill(order, state, filled, order.limit, _MAKER, reason, event.recv_ns))
                    left -= filled
            for order in floor.arrivals[own.side].reduce(own, price, order_no, event.qty):
                filled = min(left, order.leaves)
                if filled and not floor.waits_for_another(order):
                    reason = explain.overtaken(left, filled, state.instrument)
                    out.append(floor.fill(order, state, filled, order.limit, _MAKER, reason, event.recv_ns))
                    left -= filled

    def _look_at(self, book: Book, own: RestingSide, changed: Sequence[Level]) -> None:
        """See what became of levels; one that is still displayed tells nothing to most queue models."""
        bids, asks = self._consumed
        if bids or asks:
            self._floor.consumption.refresh(book, own.side, changed)
        levels, sizes = own.levels, book.bids if own is self._buys else book.asks
        sees_all = self._change is not None or self._some_hidden
        for price, _ in changed:
            if price in levels and (sees_all or price not in sizes):
                hides = queue.look(own, price, book, View.WHOLE, self._change, returned=False)
                self._some_hidden = self._some_hidden or hides

    def _look_everywhere(self, book: Book, *, returned: bool) -> None:
        self._floor.consumption.refresh_all(book)
        for own in (self._floor.buys, self._floor.sells):
            for price in own.prices():
                hides = queue.look(own, price, book, View.DEPTH, self._change, returned=returned)
                self._some_hidden = self._some_hidden or hides

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
            if floor.waits_for_another(order):
                continue
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


_ON: dict[type, Callable[[Crowd, Any, InstrumentState, list[BrokerReport]], None]] = {
    Trade: Crowd._on_trade,
    BestQuote: Crowd._on_quote,
    BookDelta: Crowd._on_delta,
    BookSnapshot: Crowd._on_snapshot,
    PhaseChanged: Crowd._on_phase,
    OrderAdded: Crowd._on_added,
    OrderRemoved: Crowd._on_removed,
    OrderMatched: Crowd._on_matched,
}
