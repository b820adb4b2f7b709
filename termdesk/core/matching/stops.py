"""Orders of one pit that wait for a trigger: taken, changed, and let go when the market reaches it."""

from __future__ import annotations

from collections.abc import Iterable

from termdesk.core.market.state import InstrumentState
from termdesk.core.matching import explain, reports
from termdesk.core.matching.arriving import Arrival, tick_of
from termdesk.core.matching.fidelity import StopInMarket
from termdesk.core.matching.floor import TRADING, Floor
from termdesk.core.matching.resting import RestingOrder
from termdesk.core.matching.watch import NOTHING_KNOWN, Fired, Prices, TriggerMark, Triggers
from termdesk.core.model.event import OrderMatched, Trade
from termdesk.core.model.execution import BrokerReport
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, OrdType, Side


class Stops:
    """Waiting orders of one floor. Triggers move and fire in continuous trading only.

    Attributes:
        triggers: Where they stand; false where nobody waits.
    """

    def __init__(self, floor: Floor, arrival: Arrival) -> None:
        self._floor = floor
        self._arrival = arrival
        self.triggers = Triggers()
        self._count = 0
        self._book_ns = 0

    def new(self, order: RestingOrder, state: InstrumentState, now_ns: int) -> list[BrokerReport]:
        """Take an order; one whose trigger the market has reached already goes on at once, or is refused."""
        fired = self._arm(order, state, prices_of(state) if state.phase in TRADING else NOTHING_KNOWN)
        new = order.new
        if fired is not None and self._floor.fidelity.stop_in_market is StopInMarket.REJECT:
            return [reports.rejected(new, now_ns, explain.in_market(order, fired, state.instrument))]
        self._wait(order)
        reason = None if fired is not None else self.waits(order, state)
        out: list[BrokerReport] = [reports.word(order, ExecType.NEW, new.cl_ord_id, now_ns, reason, new.trigger_price)]
        if fired is not None:
            self._let_go(order, fired, state, now_ns, out)
        return out

    def restore(self, order: RestingOrder, state: InstrumentState, mark: TriggerMark | None) -> None:
        """Take up a waiting order from before a restart; it fires with the next price at the earliest."""
        self._arm(order, state, NOTHING_KNOWN)
        self._wait(order)
        if mark is not None:
            self.triggers.restore(mark)

    def amend(
        self,
        order: RestingOrder,
        trigger_price: int | None,
        state: InstrumentState,
        now_ns: int,
        out: list[BrokerReport],
    ) -> None:
        """Put a trigger elsewhere; where the market has reached it already the order goes on at once."""
        if trigger_price is None:
            return
        order_id = order.new.order_id
        if order.new.trail is not None:
            self.triggers.amend(order_id, trigger_price)
            return
        self.triggers.disarm(order_id)
        fired = self._arm(order, state, prices_of(state) if state.phase in TRADING else NOTHING_KNOWN, trigger_price)
        if fired is not None:
            self._let_go(order, fired, state, now_ns, out)

    def refuses(self, order: RestingOrder, trigger_price: int | None, state: InstrumentState) -> Reason | None:
        """Why a trigger may not be put there: the market has reached it, where the policy refuses that."""
        is_strict = self._floor.fidelity.stop_in_market is StopInMarket.REJECT
        if trigger_price is None or order.new.trail is not None or not is_strict or state.phase not in TRADING:
            return None
        fired = self._arm(order, state, prices_of(state), trigger_price, Triggers())
        return None if fired is None else explain.in_market(order, fired, state.instrument)

    def disarm(self, order: RestingOrder) -> None:
        """Stop waiting."""
        order.waits = False
        self.triggers.disarm(order.new.order_id)

    def on_print(self, event: Trade | OrderMatched, state: InstrumentState, out: list[BrokerReport]) -> None:
        """Take a public trade."""
        fired = self.triggers.on_last(event.price)
        if not fired:
            return
        stamp = event.venue_ns or event.recv_ns
        is_newer = stamp >= self._book_ns
        seeded: set[Side] = set()
        for one in fired:
            order = self._floor.orders[one.order_id]
            side = order.new.side
            after = event.price if is_newer and event.aggressor is not side.opposite else 0
            if after and side not in seeded and event.qty and self._floor.is_live(state):
                self._arrival.seed(side.opposite, state, event.qty)
                seeded.add(side)
            self._let_go(order, one, state, event.recv_ns, out, after)

    def on_book(self, stamp_ns: int, state: InstrumentState, out: list[BrokerReport]) -> None:
        """Take a change of book or best prices."""
        self._book_ns = stamp_ns
        for one in self.triggers.on_quote(state.bid, state.ask):
            self._let_go(self._floor.orders[one.order_id], one, state, state.recv_ns, out)

    def waits(self, order: RestingOrder, state: InstrumentState) -> Reason:
        """What an order waits for."""
        return explain.waits_for_trigger(order, self.triggers, prices_of(state), state.instrument)

    def trigger_of(self, order_id: str) -> int | None:
        """Where a waiting order's trigger stands."""
        return self.triggers.trigger_of(order_id)

    def activated(self, order_id: str) -> bool:
        """Whether a waiting order follows the market."""
        return self.triggers.activated(order_id)

    def marks(self) -> Iterable[TriggerMark]:
        """Watch state, to be kept over a restart."""
        return self.triggers.marks()

    def _arm(
        self,
        order: RestingOrder,
        state: InstrumentState,
        prices: Prices,
        trigger_price: int | None = None,
        triggers: Triggers | None = None,
    ) -> Fired | None:
        new, self._count = order.new, self._count + 1
        triggers = self.triggers if triggers is None else triggers
        if not self.triggers:
            self._book_ns = state.venue_ns or state.recv_ns
        at = new.trigger_price if trigger_price is None else trigger_price
        return triggers.arm(
            new.order_id,
            self._count,
            new.side,
            new.ord_type,
            at,
            new.trigger_by,
            new.trail,
            tick_of(state),
            state.instrument.price_decimals,
            prices,
        )

    def _wait(self, order: RestingOrder) -> None:
        order.waits = True
        self._floor.orders[order.new.order_id] = order

    def _let_go(
        self,
        order: RestingOrder,
        fired: Fired,
        state: InstrumentState,
        now_ns: int,
        out: list[BrokerReport],
        after: int = 0,
    ) -> None:
        """Make a waiting order what it was to become; where there is no book it meets the first one.

        One of whose group another has just traded meets the next.
        """
        order.waits = False
        order.is_market = order.new.ord_type.triggered is OrdType.MARKET
        if fired.limit is not None:
            order.limit = fired.limit
        reason = explain.triggered(order, fired, state.instrument)
        cl_ord_id = order.new.cl_ord_id
        out.append(reports.word(order, ExecType.TRIGGERED, cl_ord_id, now_ns, reason, fired.trigger_price))
        if not self._floor.is_live(state) or self._floor.waits_for_another(order):
            self._floor.unplaced[order.new.order_id] = order
            return
        self._floor.remove(order)
        refused = explain.would_take(order, order.limit, self._floor.book(state), state.instrument)
        if refused is not None:
            out.append(self._floor.end(order, ExecType.CANCELED, refused, now_ns))
            return
        self._arrival.bound(order, state)
        self._arrival.enter(order, state, now_ns, out, after)


def prices_of(state: InstrumentState) -> Prices:
    """The market now, as far as it is known."""
    return Prices(state.bid, state.ask, state.last)
