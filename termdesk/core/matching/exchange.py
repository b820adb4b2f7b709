"""The simulated exchange: takes every market event first, then requests; answers with reports.

Deterministic: the same events and requests give the same reports. Knows no
accounts' money, keeps no clock and no randomness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState
from termdesk.core.matching import explain, reports
from termdesk.core.matching.fees import FeesOf
from termdesk.core.matching.pit import Pit
from termdesk.core.matching.resting import RestingOrder
from termdesk.core.matching.restored import RestoredOrder
from termdesk.core.matching.taking import cost_to_buy
from termdesk.core.model.event import InstrumentEvent
from termdesk.core.model.execution import (
    BrokerReport,
    BrokerRequest,
    NewOrderSingle,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
)
from termdesk.core.model.reason import Reason
from termdesk.core.wire.topics import QueueLine


class SimulatedExchange:
    """Every own order on the public markets of ``market``, which it reads and never changes."""

    def __init__(self, market: Market, fees: FeesOf) -> None:
        """Begin without orders; ``fees`` gives what is in force for an instrument."""
        self._market = market
        self._fees = fees
        self._pits: dict[str, Pit] = {}

    def on_event(self, event: InstrumentEvent, state: InstrumentState) -> list[BrokerReport]:
        """Take an event that ``state`` has taken already."""
        pit = self._pits.get(event.instrument)
        if pit is None:
            return []
        out = pit.on_event(event, state)
        if not pit:
            del self._pits[event.instrument]
        return out

    def on_request(self, request: BrokerRequest, now_ns: int) -> list[BrokerReport]:
        """Take a request; the first report is always about the request itself."""
        instrument = request.instrument
        pit = self._pits.get(instrument)
        if pit is None:
            pit = self._pits[instrument] = Pit(self._fees)
        out = _TAKE[type(request)](pit, request, self._market.states.get(instrument), now_ns)
        if not pit:
            del self._pits[instrument]
        return out

    def restore(self, orders: Iterable[RestoredOrder], now_ns: int) -> None:
        """Take up orders from before a restart, oldest first; each stands at the back of its level, marked so.

        They fill nothing here: what the market did meanwhile is not known.
        """
        del now_ns
        for restored in orders:
            instrument = restored.new.instrument
            pit = self._pits.setdefault(instrument, Pit(self._fees))
            order = RestingOrder(restored.new, restored.cum_qty)
            order.fees.recall(restored.fee_terms, restored.fills)
            pit.restore(order, self._market.states.get(instrument))

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
            if order is not None:
                return explain.waits(order, self._market.states.get(instrument), pit.consumption)
        return None

    def buy_cost(self, instrument_id: str, qty: int) -> Decimal | None:
        """Money to take ``qty`` from the asks that own orders have left, without fee; None where there are none."""
        state = self._market.states.get(instrument_id)
        if state is None or not state.book_valid:
            return None
        pit = self._pits.get(instrument_id) or Pit(self._fees)
        return cost_to_buy(state.book, pit.consumption, state.instrument, qty)


def _new(pit: Pit, request: NewOrderSingle, state: InstrumentState | None, now_ns: int) -> list[BrokerReport]:
    if state is None:
        reason = Reason("command.instrument_unknown", {"instrument": request.instrument})
        return [reports.rejected(request, now_ns, reason)]
    return pit.new(request, state, now_ns)


def _cancel(pit: Pit, request: OrderCancelRequest, state: InstrumentState | None, now_ns: int) -> list[BrokerReport]:
    del state
    return pit.cancel(request, now_ns)


_TAKE: dict[type, Callable[..., list[BrokerReport]]] = {
    NewOrderSingle: _new,
    OrderCancelRequest: _cancel,
    OrderCancelReplaceRequest: Pit.replace,
}
