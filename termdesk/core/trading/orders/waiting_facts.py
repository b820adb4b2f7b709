"""Facts about orders that wait in the engine or at the venue: they are let go, and their trigger is reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from termdesk.core.model.facts import OrderFilled, OrderReleased, OrderSubmitted, OrderTriggered, Recorded
from termdesk.core.trading.orders.links import is_slice
from termdesk.core.trading.orders.order import Order, Word
from termdesk.core.trading.settle import settle, take_word
from termdesk.core.trading.state import DeskState


def _released(state: DeskState, record: Recorded, fact: OrderReleased) -> None:
    order = state.orders[fact.order_id]
    order.change_terms(fact.qty, order.price)
    order.move(Word.RELEASED)
    settle(state, record, order, reserve=fact.reserve)


def _triggered(state: DeskState, record: Recorded, fact: OrderTriggered) -> None:
    order = state.orders[fact.order_id]
    order.triggered = True
    order.trigger_price = fact.trigger_price
    order.price = fact.price
    if order.emulated:
        # Only now does the venue hear of it.
        order.acknowledged = False
    take_word(order, Word.TRIGGERED, fact.exec_id)
    settle(state, record, order, reserve=fact.reserve)


def fill_parent(state: DeskState, record: Recorded, order: Order, fact: OrderFilled) -> None:
    """Count a fill of a slice with the order that it is a slice of; the ledger has it already."""
    if not is_slice(order):
        return
    parent = state.orders[order.parent_id]
    parent.fill(fact.qty, fact.price)
    parent.end_if_filled()
    settle(state, record, parent)


def slice_off(state: DeskState, record: Recorded, order: Order, fact: OrderSubmitted) -> None:
    """What a slice holds back, its parent no longer does."""
    if not is_slice(order):
        return
    parent = state.orders[order.parent_id]
    settle(state, record, parent, reserve=parent.reserve - fact.reserve)


WAITING_FACTS: dict[type, Callable[[DeskState, Recorded, Any], None]] = {
    OrderReleased: _released,
    OrderTriggered: _triggered,
}
