"""The simulated exchange: takes every market event first, then requests; answers with reports.

Deterministic: the same events and requests give the same reports. Knows no
accounts' money, keeps no clock and no randomness. What it has to do by itself
at a time (requests and reports on their way, the rest of a bar after a fill)
is told by ``next_deadline`` and done by ``on_time``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState
from termdesk.core.matching import reports
from termdesk.core.matching.bar_order import BarOrder
from termdesk.core.matching.bar_pit import BarPit, PositionOf, is_on_bars
from termdesk.core.matching.call import ONLY_AUCTION
from termdesk.core.matching.consumption import Consumption
from termdesk.core.matching.expiry import NEVER, DayEnd, Expiry
from termdesk.core.matching.fees import FeesOf
from termdesk.core.matching.fidelity import QUEUE, Fidelity
from termdesk.core.matching.latency import Wire
from termdesk.core.matching.pit import Pit
from termdesk.core.matching.resting import RestingOrder
from termdesk.core.matching.restored import RestoredOrder
from termdesk.core.matching.taking import cost_to_buy
from termdesk.core.matching.watch import TriggerMark
from termdesk.core.model.event import BarClosed, InstrumentEvent
from termdesk.core.model.execution import (
    BrokerReport,
    BrokerRequest,
    NewOrderSingle,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
)
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import TimeInForce
from termdesk.core.wire.topics import QueueLine

_ENDING = frozenset({TimeInForce.DAY, TimeInForce.GTD})


class SimulatedExchange:
    """Every own order on the public markets of ``market``, which it reads and never changes."""

    def __init__(
        self,
        market: Market,
        fees: FeesOf,
        fidelity: Fidelity = QUEUE,
        position: PositionOf | None = None,
        day_end: DayEnd | None = None,
    ) -> None:
        """Begin without orders.

        Args:
            market: Every public market.
            fees: What is in force for an instrument.
            fidelity: What is believed of fills.
            position: What an account holds; a pessimist's way through a bar depends on it.
            day_end: When DAY orders end; None leaves that to whoever cancels them.
        """
        self.fidelity = fidelity
        self._market = market
        self._fees = fees
        self._position = position
        self._pits: dict[str, Pit | BarPit] = {}
        self._walking: dict[str, BarPit] = {}
        self._expiry = Expiry(day_end)
        delayed = fidelity.entry_latency_ns or fidelity.response_latency_ns
        self._wire = Wire(fidelity.entry_latency_ns, fidelity.response_latency_ns) if delayed else None

    def on_event(self, event: InstrumentEvent, state: InstrumentState) -> list[BrokerReport]:
        """Take an event that ``state`` has taken already."""
        wire = self._wire
        if wire is not None:
            # What arrived before the event was there before it, also where the clock comes late.
            out = self.on_time(event.recv_ns - 1)
            wire.answer(self._event(event, state), event.recv_ns)
            return [*out, *wire.take_reports(event.recv_ns)]
        return self._event(event, state)

    def on_request(self, request: BrokerRequest, now_ns: int) -> list[BrokerReport]:
        """Take a request; without latency the first report is about the request itself."""
        wire = self._wire
        if wire is None:
            return self._request(request, now_ns)
        wire.send(request, now_ns)
        return self.on_time(now_ns)

    def next_deadline(self) -> int | None:
        """When ``on_time`` is due; a time that has passed means at once."""
        if self._walking:
            return min(pit.due_ns or 0 for pit in self._walking.values())
        wire, ends = self._wire, self._expiry.due_ns
        due = (ends,) if wire is None else (ends, wire.entry_due_ns, wire.report_due_ns)
        first = min(one for one in due if one is not None)
        return first if first < NEVER else None

    def on_time(self, now_ns: int) -> list[BrokerReport]:
        """Do what is due by now. Of a bar under way only the part up to the next fill."""
        said: list[BrokerReport] = []
        for instrument, pit in tuple(self._walking.items()):
            if (pit.due_ns or 0) <= now_ns:
                said += self._tidied(instrument, pit, pit.resume(self._market.states[instrument]))
        wire = self._wire
        if wire is None:
            return [*said, *self._expire(now_ns)]
        wire.answer(said, now_ns)
        while (due_ns := wire.entry_due_ns) is not None and due_ns <= now_ns:
            wire.answer(self._request(wire.take_request(), due_ns), due_ns)
        wire.answer(self._expire(now_ns), now_ns)
        return wire.take_reports(now_ns)

    def restore(self, orders: Iterable[RestoredOrder], now_ns: int, marks: Iterable[TriggerMark] = ()) -> None:
        """Take up orders from before a restart, oldest first; each stands at the back of its level, marked so.

        They fill nothing here: what the market did meanwhile is not known.
        ``marks`` is what ``marks`` gave before; a trailing trigger without one
        begins anew.
        """
        mark_of = {mark.order_id: mark for mark in marks}
        for restored in orders:
            instrument = restored.new.instrument
            state = self._market.states.get(instrument)
            pit = self._pit(instrument, state)
            order = RestingOrder(restored.new, restored.cum_qty)
            order.fees.recall(restored.fee_terms, restored.fills)
            if isinstance(pit, BarPit) and state is not None:
                mark = mark_of.get(restored.new.order_id)
                pit.adopt(order, state, now_ns, mark, triggered=restored.triggered)
            elif isinstance(pit, Pit):
                pit.restore(order, state, mark_of.get(restored.new.order_id), triggered=restored.triggered)
            self._expiry.watch(restored.new, now_ns)

    def marks(self) -> tuple[TriggerMark, ...]:
        """Watch state of orders that wait for a trigger, to be kept over a restart."""
        return tuple(mark for pit in self._pits.values() for mark in pit.marks())

    def trigger_of(self, order_id: str) -> tuple[int | None, bool] | None:
        """Where a waiting order's trigger stands now, and whether it follows the market yet; None for other orders."""
        for pit in self._pits.values():
            if order_id in pit.orders:
                return pit.trigger_of(order_id)
        return None

    def queue_lines(self, account: str) -> tuple[QueueLine, ...]:
        """Queue estimates of an account's resting orders; an order whose level is not seen has none."""
        return tuple(
            QueueLine(order.new.order_id, order.ahead, state.book.size(order.new.side, order.limit), order.restarted)
            for instrument, pit in self._pits.items()
            if (state := self._market.states.get(instrument)) is not None
            for order in pit.orders.values()
            if order.new.account == account and order.ahead is not None
        )

    def waits(self, order_id: str) -> Reason | None:
        """Why a resting order does not trade now; None for an order that does not rest here."""
        for instrument, pit in self._pits.items():
            order = pit.orders.get(order_id)
            if isinstance(order, BarOrder):
                return order.unmet(self._market.states[instrument])
            if order is not None and isinstance(pit, Pit):
                return pit.waits(order_id, self._market.states.get(instrument))
        return None

    def buy_cost(self, instrument_id: str, qty: int) -> Decimal | None:
        """Money to take ``qty`` from the asks that own orders have left, without fee; None where there are none."""
        state = self._market.states.get(instrument_id)
        if state is None:
            return None
        instrument, pit = state.instrument, self._pits.get(instrument_id)
        if is_on_bars(state):
            return instrument.cash(instrument.price_decimal(state.last), qty, "")
        if not state.book_valid:
            return None
        consumption = pit.consumption if isinstance(pit, Pit) else Consumption()
        return cost_to_buy(state.book, consumption, instrument, qty)

    def _event(self, event: InstrumentEvent, state: InstrumentState) -> list[BrokerReport]:
        name = event.instrument
        ended = self._expire(event.recv_ns) if event.recv_ns >= self._expiry.due_ns else None
        pit = self._pits.get(name)
        if pit is None:
            return ended or []
        if type(pit) is Pit and pit.orders and ended is None and type(event) is not BarClosed:
            # The way of nearly every event.
            out = pit.on_event(event, state)
            return self._tidied(name, pit, out) if out else out
        if type(event) is BarClosed and not isinstance(pit, BarPit) and is_on_bars(state):
            ended = [*(ended or ()), *_without_auction(pit, event.recv_ns)]
            pit = self._pits[name] = self._on_bars(pit, state, event.venue_ns)
        out = self._tidied(name, pit, pit.on_event(event, state))
        return out if ended is None else [*ended, *out]

    def _request(self, request: BrokerRequest, now_ns: int) -> list[BrokerReport]:
        name = request.instrument
        state = self._market.states.get(name)
        ended = self._expire(now_ns) if now_ns >= self._expiry.due_ns else []
        pit = self._pit(name, state)
        out = _TAKE[type(request)](pit, request, state, now_ns)
        if type(request) is NewOrderSingle and request.time_in_force in _ENDING and request.order_id in pit.orders:
            self._expiry.watch(request, now_ns)
        return [*self._tidied(name, pit, out), *ended]

    def _expire(self, now_ns: int) -> list[BrokerReport]:
        out: list[BrokerReport] = []
        for instrument, order_id in self._expiry.due(now_ns):
            pit = self._pits.get(instrument)
            if pit is not None:
                out += self._tidied(instrument, pit, pit.expire(order_id, now_ns))
        return out

    def _pit(self, name: str, state: InstrumentState | None) -> Pit | BarPit:
        pit = self._pits.get(name)
        if pit is None:
            on_bars = state is not None and is_on_bars(state)
            pit = BarPit(self._fees, self.fidelity.bars, self._position) if on_bars else Pit(self._fees, self.fidelity)
            self._pits[name] = pit
        return pit

    def _on_bars(self, pit: Pit, state: InstrumentState, end_ns: int) -> BarPit:
        """Move orders that came before the first bar, which may have ended before them; they meet the next one."""
        made = BarPit(self._fees, self.fidelity.bars, self._position)
        mark_of = {mark.order_id: mark for mark in pit.marks()}
        for order_id, order in pit.orders.items():
            triggered = order.new.ord_type.has_trigger and not order.waits
            made.adopt(order, state, end_ns, mark_of.get(order_id), triggered=triggered)
        return made

    def _tidied(self, name: str, pit: Pit | BarPit, out: list[BrokerReport]) -> list[BrokerReport]:
        """Keep only pits with something in them, and know which rest within a bar."""
        if isinstance(pit, BarPit):
            if pit.due_ns is not None:
                self._walking[name] = pit
            else:
                self._walking.pop(name, None)
        if not pit:
            self._pits.pop(name, None)
        return out


def _without_auction(pit: Pit, now_ns: int) -> list[BrokerReport]:
    """End what waits for a call auction: a source that tells bars only has none."""
    waiting = [name for name, order in pit.orders.items() if order.new.time_in_force in ONLY_AUCTION]
    return [report for order_id in waiting for report in pit.expire(order_id, now_ns)]


def _new(pit: Pit | BarPit, request: NewOrderSingle, state: InstrumentState | None, now_ns: int) -> list[BrokerReport]:
    if state is None:
        reason = Reason("command.instrument_unknown", {"instrument": request.instrument})
        return [reports.rejected(request, now_ns, reason)]
    return pit.new(request, state, now_ns)


def _cancel(
    pit: Pit | BarPit, request: OrderCancelRequest, state: InstrumentState | None, now_ns: int
) -> list[BrokerReport]:
    del state
    return pit.cancel(request, now_ns)


def _replace(
    pit: Pit | BarPit, request: OrderCancelReplaceRequest, state: InstrumentState | None, now_ns: int
) -> list[BrokerReport]:
    return pit.replace(request, state, now_ns)


_TAKE: dict[type, Callable[..., list[BrokerReport]]] = {
    NewOrderSingle: _new,
    OrderCancelRequest: _cancel,
    OrderCancelReplaceRequest: _replace,
}
