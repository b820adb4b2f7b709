"""What has to be looked at because of a fact: one table from facts to inputs of the desk itself.

Each of them is decided against the state after the fact, one at a time and
before the next input from outside. An order that stands alone leads to
nothing, which costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from termdesk.core.model.facts import (
    CancelRejected,
    CancelRequested,
    FillBusted,
    OrderAccepted,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderNotSent,
    OrderRejected,
    OrderReplaced,
    OrderTriggered,
    ReplaceRequested,
)
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Contingency
from termdesk.core.trading.orders.follow_inputs import AnswerHere, DealSlice, EndOrder, FitOrder, FollowUp
from termdesk.core.trading.orders.links import is_slice, siblings
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.state import DeskState

_NOTHING: Sequence[FollowUp] = ()


def follow_ups(state: DeskState, fact: object) -> Sequence[FollowUp]:
    """Give what a fact, which the state has taken already, asks the desk to look at."""
    find = _FOLLOWED.get(type(fact))
    return _NOTHING if find is None else find(state, fact)


def _filled(state: DeskState, fact: OrderFilled | FillBusted) -> Sequence[FollowUp]:
    order = state.orders[fact.order_id]
    reducing = state.reducing.get(order.account)
    if not (order.group or order.parent_id or reducing or order.order_id in state.children):
        return _NOTHING
    found: list[FollowUp] = [*_of_group(state, order), *_of_entry(state, order)]
    if reducing:
        found += _of_position(state, order, reducing)
    if is_slice(order):
        parent = state.orders[order.parent_id]
        found += [*_of_group(state, parent), *_of_entry(state, parent)]
        if not order.status.is_open:
            found.append(_after_slice(parent, DealSlice(order_id=parent.order_id)))
    return found


def _after_slice(parent: Order, otherwise: FollowUp) -> FollowUp:
    """A cancel of the whole waited for its slice."""
    for sent in parent.in_flight:
        if not sent.is_replace:
            return AnswerHere(order_id=parent.order_id, cl_ord_id=sent.cl_ord_id, is_replace=False)
    return otherwise


def _of_group(state: DeskState, order: Order) -> Iterator[FollowUp]:
    """With a fill of one order of a group the others go, or shrink."""
    reason = Reason("group.filled", {"order_id": order.order_id})
    for sibling in siblings(state, order):
        if sibling.status.is_open:
            if sibling.contingency is Contingency.OCO:
                yield EndOrder(order_id=sibling.order_id, reason=reason)
            else:
                yield FitOrder(order_id=sibling.order_id, reason=reason)


def _of_entry(state: DeskState, order: Order) -> Iterator[FollowUp]:
    """Exits wait for their entry, and grow with it."""
    for order_id in state.children.get(order.order_id, ()):
        exit_order = state.orders[order_id]
        if exit_order.release is not None and exit_order.status.is_open:
            reason = Reason("entry.filled", {"order_id": order.order_id})
            yield FitOrder(order_id=order_id, reason=reason, grow=True)


def _of_position(state: DeskState, order: Order, reducing: dict[str, None]) -> Iterator[FollowUp]:
    """Reduce-only orders follow the position."""
    position = state.accounts[order.account].qty(order.instrument)
    text = state.instruments[order.instrument].qty_text(position)
    for order_id in reducing:
        if state.orders[order_id].instrument == order.instrument:
            yield FitOrder(order_id=order_id, reason=Reason("reduce.position", {"position": text}))


def _ended(state: DeskState, fact: OrderCanceled | OrderRejected | OrderExpired | OrderNotSent) -> Sequence[FollowUp]:
    order = state.orders[fact.order_id]
    if not (order.group or order.parent_id or order.order_id in state.children):
        return _NOTHING
    words = {"order_id": order.order_id, "status": order.status.value}
    found: list[FollowUp] = []
    if order.contingency is Contingency.OCO and not order.gave_way:
        reason = Reason("group.ended", words)
        found += [EndOrder(order_id=each.order_id, reason=reason) for each in siblings(state, order)]
    for order_id in state.children.get(order.order_id, ()):
        child = state.orders[order_id]
        if order.cum_qty and child.release is not None:
            found.append(FitOrder(order_id=order_id, reason=Reason("entry.ended", words), grow=True))
        else:
            found.append(EndOrder(order_id=order_id, reason=Reason("entry.ended", words)))
    if is_slice(order):
        end = EndOrder(order_id=order.parent_id, reason=fact.reason or Reason("group.ended", words))
        found.append(_after_slice(state.orders[order.parent_id], end))
    return found


def _confirmed(state: DeskState, fact: OrderAccepted | OrderReplaced) -> Sequence[FollowUp]:
    """What had to wait for the venue's word is looked at again."""
    order = state.orders[fact.order_id]
    if order.is_sliced:
        return (DealSlice(order_id=order.order_id),)
    if not (order.group or order.release or order.reduce_only) or not order.status.is_open:
        return _NOTHING
    # Its entry may have gone on filling while the venue was silent.
    return (FitOrder(order_id=order.order_id, reason=Reason("fit.late"), grow=order.release is not None),)


def _triggered(state: DeskState, fact: OrderTriggered) -> Sequence[FollowUp]:
    order = state.orders[fact.order_id]
    return (DealSlice(order_id=order.order_id),) if order.is_sliced else _NOTHING


def _cancel_requested(state: DeskState, fact: CancelRequested) -> Sequence[FollowUp]:
    order = state.orders[fact.order_id]
    if not order.is_local:
        return _NOTHING
    slices = [each for each in state.children.get(order.order_id, ()) if is_slice(state.orders[each])]
    working = [each for each in slices if state.orders[each].status.is_open]
    if working:
        reason = fact.reason or Reason("end.asked")
        return [EndOrder(order_id=each, reason=reason) for each in working]
    return (AnswerHere(order_id=order.order_id, cl_ord_id=fact.cl_ord_id, is_replace=False, reason=fact.reason),)


def _cancel_rejected(state: DeskState, fact: CancelRejected) -> Sequence[FollowUp]:
    """A slice that could not be cancelled goes on working, and so does the whole that waited for it."""
    order = state.orders[fact.order_id]
    if fact.is_replace or not is_slice(order):
        return _NOTHING
    parent = state.orders[order.parent_id]
    return [
        AnswerHere(
            order_id=parent.order_id, cl_ord_id=sent.cl_ord_id, is_replace=False, is_refused=True, reason=fact.reason
        )
        for sent in parent.in_flight
        if not sent.is_replace
    ]


def _replace_requested(state: DeskState, fact: ReplaceRequested) -> Sequence[FollowUp]:
    if not state.orders[fact.order_id].is_local:
        return _NOTHING
    return (
        AnswerHere(
            order_id=fact.order_id,
            cl_ord_id=fact.cl_ord_id,
            is_replace=True,
            qty=fact.qty,
            price=fact.price,
            trigger_price=fact.trigger_price,
            reason=fact.reason,
        ),
    )


_FOLLOWED: dict[type, Callable[[DeskState, Any], Sequence[FollowUp]]] = {
    OrderFilled: _filled,
    FillBusted: _filled,
    OrderAccepted: _confirmed,
    OrderReplaced: _confirmed,
    OrderTriggered: _triggered,
    OrderCanceled: _ended,
    OrderRejected: _ended,
    OrderExpired: _ended,
    OrderNotSent: _ended,
    CancelRequested: _cancel_requested,
    CancelRejected: _cancel_rejected,
    ReplaceRequested: _replace_requested,
}
