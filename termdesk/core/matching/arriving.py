"""How an order meets the book when it comes: what it takes, at what prices, and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Iterator

from termdesk.core.market.state import InstrumentState
from termdesk.core.matching import explain
from termdesk.core.matching.fidelity import SelfTrade
from termdesk.core.matching.floor import Floor
from termdesk.core.matching.resting import RestingOrder
from termdesk.core.matching.taking import Take, best_first, take, walk
from termdesk.core.model.execution import BrokerReport
from termdesk.core.model.price import crosses
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Liquidity, OrdType, Side, TimeInForce
from termdesk.core.venues.sessions import trading_day

_ENDLESS = 1 << 80


class Arrival:
    """Lets orders come to one floor, as the policies say."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        fidelity = floor.fidelity
        self._points = fidelity.price_protection_points
        self._slips = fidelity.slip_one_tick
        self._stp = fidelity.stp
        self._meets_own = fidelity.own_orders_match or fidelity.stp is not None

    def bound(self, order: RestingOrder, state: InstrumentState) -> bool:
        """Give an order without a limit the one that its type or the price protection asks for.

        Returns:
            False where a market-to-limit order finds no price.
        """
        if order.new.ord_type is OrdType.MARKET_TO_LIMIT and not order.limit:
            first = next(self._walk(order, state, 1, None), None) if self._floor.is_live(state) else None
            if first is None:
                return False
            order.limit = first.price
        elif order.is_market and self._points is not None and self._floor.is_live(state):
            best = self._floor.book(state).best(order.new.side.opposite)
            if best is not None:
                order.limit = best[0] + order.new.side.sign * self._points * tick_of(state)
                order.is_market = False
        return True

    def available(self, order: RestingOrder, state: InstrumentState) -> int:
        """What the order would get of its leaves if it came now."""
        if not self._floor.is_live(state):
            return 0
        return sum(got.qty for got in self._walk(order, state, order.leaves, order.worst))

    def arrive(
        self, order: RestingOrder, state: InstrumentState, now_ns: int, out: list[BrokerReport], after: int = 0
    ) -> Reason | None:
        """Let an order take what it can.

        Args:
            order: Not resting.
            state: Of its instrument.
            now_ns: Desk time.
            out: Reports are added here.
            after: Price of the print that triggered it and is newer than the book, else 0: nothing better is given.

        Returns:
            Why the rest must end at once; None where it may rest.
        """
        if not self._floor.is_live(state):
            return None
        order.arrived = True
        if self._meets_own:
            ended = self._meet_own(order, state, now_ns, out)
            if ended is not None:
                return ended
        self._take(order, state, order.leaves, order.worst, now_ns, out, after)
        if self._slips and order.leaves and not order.new.time_in_force.is_at_once:
            self._slip(order, state, now_ns, out)
        return None

    def enter(
        self, order: RestingOrder, state: InstrumentState, now_ns: int, out: list[BrokerReport], after: int = 0
    ) -> None:
        """Let an order arrive, then rest or end, with what there is to say about it."""
        all_or_none = order.new.time_in_force is TimeInForce.FOK
        available = self.available(order, state) if all_or_none else 0
        ended = None
        if not all_or_none or available == order.leaves:
            ended = self.arrive(order, state, now_ns, out, after)
        if not order.leaves:
            return
        if ended is not None:
            out.append(self._floor.end(order, ExecType.EXPIRED, ended, now_ns))
        elif order.is_market or order.new.time_in_force.is_at_once:
            reason = explain.end(order, state.instrument, available)
            out.append(self._floor.end(order, ExecType.CANCELED, reason, now_ns))
        else:
            self._floor.rest(order, state)

    def seed(self, side: Side, state: InstrumentState, qty: int) -> None:
        """Count a print as taken from the best levels of ``side``; the book does not know of it yet."""
        book, consumption = self._floor.book(state), self._floor.consumption
        for price, displayed in best_first(book, side):
            got = min(qty, max(0, displayed - consumption.taken(side, price)))
            if got:
                consumption.take(book, side, price, got)
                qty -= got
            if not qty:
                return

    def _walk(self, order: RestingOrder, state: InstrumentState, qty: int, limit: int | None) -> Iterator[Take]:
        return walk(self._floor.book(state), self._floor.consumption, order.new.side, qty, limit)

    def _take(
        self,
        order: RestingOrder,
        state: InstrumentState,
        qty: int,
        limit: int | None,
        now_ns: int,
        out: list[BrokerReport],
        after: int = 0,
    ) -> None:
        floor, side = self._floor, order.new.side
        for got in take(floor.book(state), floor.consumption, side, qty, limit):
            price = got.price
            if after and (after - price) * side.sign > 0 and (limit is None or crosses(side, limit, after)):
                price = after
                reason = explain.after_print(got, price, state.instrument)
            else:
                reason = explain.taken(got, state.instrument)
            out.append(floor.fill(order, state, got.qty, price, Liquidity.TAKER, reason, now_ns))

    def _slip(self, order: RestingOrder, state: InstrumentState, now_ns: int, out: list[BrokerReport]) -> None:
        side, book = order.new.side, self._floor.book(state)
        best = book.best(side.opposite)
        if best is None or book.count(side.opposite) != 1:
            return
        price = best[0] + side.sign * tick_of(state)
        if order.worst is not None and not crosses(side, order.worst, price):
            return
        reason = explain.slipped(price, order.leaves, best[0], state.instrument)
        out.append(self._floor.fill(order, state, order.leaves, price, Liquidity.TAKER, reason, now_ns))

    def _meet_own(
        self, order: RestingOrder, state: InstrumentState, now_ns: int, out: list[BrokerReport]
    ) -> Reason | None:
        floor, side, instrument = self._floor, order.new.side, state.instrument
        book, opposite = floor.book(state), side.opposite
        worst = side.sign * _ENDLESS if order.worst is None else order.worst
        for maker in floor.side(opposite).reached(worst):
            if not maker.arrived:
                continue
            self._take(order, state, order.leaves, maker.limit - side.sign, now_ns, out)
            displayed = floor.consumption.available(book, opposite, maker.limit)
            first = min(order.leaves, maker.ahead or 0, displayed)
            self._take(order, state, first, maker.limit, now_ns, out)
            if not order.leaves:
                return None
            if self._stp is not None and maker.new.account == order.new.account:
                if self._stp is SelfTrade.EXPIRE_TAKER:
                    return Reason("end.self_trade", {"order_id": maker.new.order_id})
                ended = Reason("end.self_trade", {"order_id": order.new.order_id})
                out.append(floor.end(maker, ExecType.EXPIRED, ended, now_ns))
                continue
            qty, price = min(order.leaves, maker.leaves), maker.limit
            for one, other, liquidity in (
                (maker, order, Liquidity.MAKER),
                (order, maker, Liquidity.TAKER),
            ):
                reason = explain.met_own(other.new.order_id, price, qty, instrument)
                out.append(floor.fill(one, state, qty, price, liquidity, reason, now_ns))
            if not order.leaves:
                return None
        return None


def tick_of(state: InstrumentState) -> int:
    """Price step in force on the trading day of the last event."""
    instrument = state.instrument
    if len(instrument.rules) == 1:
        return instrument.rules[0].tick
    return instrument.rule(trading_day(instrument.id, state.recv_ns)).tick
