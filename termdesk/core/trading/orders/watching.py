"""Orders that the engine watches for in the venue's place: which prices have reached their triggers.

Watch state, not desk state: it is made anew from the desk's orders and the
marks that were saved, and moves with the market without facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from termdesk.core.market.state import InstrumentState, Touched
from termdesk.core.matching.explain import waits_for_trigger
from termdesk.core.matching.resting import RestingOrder
from termdesk.core.matching.triggers import TriggerBook
from termdesk.core.matching.watch import NOTHING_KNOWN, Fired, Prices, TriggerMark
from termdesk.core.model.facts import (
    OrderAccepted,
    OrderCanceled,
    OrderExpired,
    OrderRejected,
    OrderReplaced,
    OrderTriggered,
    Recorded,
)
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.core.trading.orders.follow_inputs import TriggerMet
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.orders.requests import order_single
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View

_QUOTE = Touched.BOOK | Touched.QUOTE
_LOOKED_AT = frozenset({OrderAccepted, OrderReplaced, OrderTriggered, OrderCanceled, OrderRejected, OrderExpired})


class TriggerWatch:
    """Every order of a desk that waits in the engine for a price."""

    def __init__(self) -> None:
        self._book = TriggerBook()
        self.moved = False
        """Whether trailing triggers may have moved since it was last said that they have not."""

    def __len__(self) -> int:
        return len(self._book)

    def resume(self, state: DeskState, view: View, marks: Iterable[TriggerMark]) -> None:
        """Take up the orders of a journal; none fires before the market has spoken."""
        for order_id in state.working:
            order = state.orders[order_id]
            if _is_watched(order):
                self._arm(order, state, view, NOTHING_KNOWN)
        self._book.restore(marks)

    def follow(
        self, records: Sequence[Recorded], state: DeskState, view: View, market: dict[str, InstrumentState]
    ) -> list[TriggerMet]:
        """Watch what was accepted here, and leave what has ended; gives what is due at once."""
        met: list[TriggerMet] = []
        for record in records:
            fact = record.fact
            if type(fact) not in _LOOKED_AT:
                continue
            order = state.orders[fact.order_id]  # type: ignore[union-attr]  # every one of them names an order
            if not _is_watched(order):
                if len(self._book):
                    self._book.disarm(order.order_id)
            elif order.order_id not in self._book:
                fired = self._arm(order, state, view, _prices(market.get(order.instrument)))
                if fired is not None:
                    met.append(_met(fired))
            elif isinstance(fact, OrderReplaced) and fact.trigger_price is not None:
                self._book.amend(order.order_id, fact.trigger_price)
        return met

    def on_event(self, state: InstrumentState, touched: int) -> Sequence[TriggerMet]:
        """Take what an event did to an instrument's market."""
        if not len(self._book):
            return ()
        name = state.instrument.id
        fired: list[Fired] = []
        if touched & Touched.TRADE:
            fired += self._book.on_last(name, state.last)
        if touched & _QUOTE and state.book_valid:
            now = _prices(state)
            fired += self._book.on_quote(name, now.bid, now.ask)
        self.moved = True
        return [_met(one) for one in fired]

    def trigger_of(self, order: Order) -> tuple[int | None, bool] | None:
        """Where an order's trigger stands, and whether it follows the market; None for one that is not watched."""
        if order.order_id not in self._book:
            return None
        return self._book.trigger_of(order.order_id), self._book.activated(order.order_id)

    def waits(self, order: Order, state: InstrumentState | None) -> Reason | None:
        """What an order of the engine's own keeping waits for; None for one that a venue has."""
        if order.status is OrdStatus.HELD:
            return Reason("wait.entry", {"order_id": order.parent_id})
        if order.order_id not in self._book or state is None:
            return None
        return waits_for_trigger(RestingOrder(order_single(order)), self._book, _prices(state), state.instrument)

    def marks(self) -> tuple[TriggerMark, ...]:
        """Watch state, to be kept over a restart."""
        return self._book.marks()

    def _arm(self, order: Order, state: DeskState, view: View, prices: Prices) -> Fired | None:
        instrument = view.instrument(order.instrument) or state.instruments[order.instrument]
        return self._book.arm(
            order.order_id,
            instrument,
            order.side,
            order.ord_type,
            order.trigger_price,
            order.trigger_by,
            order.trail,
            instrument.rule(view.trading_day(instrument.id)).tick,
            prices,
        )


def _is_watched(order: Order) -> bool:
    return order.emulated and order.is_watching and order.status is OrdStatus.NEW


def _prices(state: InstrumentState | None) -> Prices:
    if state is None:
        return NOTHING_KNOWN
    bid, ask = (state.book.best(side) for side in (Side.BUY, Side.SELL)) if state.book_valid else (None, None)
    return Prices(bid[0] if bid is not None else 0, ask[0] if ask is not None else 0, state.last)


def _met(fired: Fired) -> TriggerMet:
    return TriggerMet(order_id=fired.order_id, trigger_price=fired.trigger_price, limit=fired.limit)
