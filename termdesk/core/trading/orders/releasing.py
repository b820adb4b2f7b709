"""Orders of the engine's own keeping on their way to the venue: exits let go, triggers reached, slices dealt.

Each passes the gate again as it would reach the venue now. What the gate
refuses then ends with the gate's reason, and somebody is told.
"""

from __future__ import annotations

from msgspec.structs import replace

from termdesk.core.model.execution import NewOrderSingle
from termdesk.core.model.facts import (
    Fact,
    OrderAccepted,
    OrderExpired,
    OrderRejected,
    OrderReleased,
    OrderSubmitted,
    OrderTriggered,
)
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdStatus, Severity
from termdesk.core.trading.control.alerts import alert
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.orders.follow_inputs import DeadlineMet, DealSlice, TriggerMet
from termdesk.core.trading.orders.order import TIME_OVER, Order
from termdesk.core.trading.orders.requests import cancel_request, next_cl_ord_id, order_single
from termdesk.core.trading.proposals import release_proposal, terms_of
from termdesk.core.trading.risk.gate import refusal
from termdesk.core.trading.risk.proposal import Proposal
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.finding import client_id
from termdesk.core.trading.view import View

WATCHED = Reason("held.engine")
"""Why the engine accepts an order in the venue's place."""


def release(state: DeskState, view: View, order: Order, qty: int) -> Decision:
    """Let an exit go for ``qty`` of it."""
    proposal = release_proposal(state, view, order, terms_of(order, qty, order.price))
    refused = _refused(state, order, proposal)
    if refused is not None:
        return refused
    let_go = OrderReleased(order_id=order.order_id, qty=qty, reserve=proposal.hold.amount, seen=proposal.seen)
    if order.emulated:
        return Decision(facts=(let_go, accepted_here(order.order_id, order.cl_ord_ids[0])))
    return Decision(facts=(let_go,), effects=(replace(order_single(order), qty=qty),))


def accepted_here(order_id: str, cl_ord_id: str) -> OrderAccepted:
    """The engine has the order in the venue's place."""
    return OrderAccepted(
        order_id=order_id, cl_ord_id=cl_ord_id, exec_id=f"{cl_ord_id}-here", venue_order_id="", reason=WATCHED
    )


def trigger_met(state: DeskState, view: View, given: TriggerMet) -> Decision:
    """Send the order that waited for a price in the engine; one that has ended is left alone."""
    order = state.orders.get(given.order_id)
    if order is None or not order.is_local or not order.is_watching or order.status is not OrdStatus.NEW:
        return Decision()
    price = order.price if given.limit is None else given.limit
    terms = replace(terms_of(order, order.qty, price), ord_type=order.ord_type.triggered, trigger_price=None)
    proposal = release_proposal(state, view, order, terms)
    refused = _refused(state, order, proposal)
    if refused is not None:
        return refused
    fired = OrderTriggered(
        order_id=order.order_id,
        exec_id=f"{order.cl_ord_ids[0]}-trigger",
        trigger_price=given.trigger_price,
        price=price,
        reserve=proposal.hold.amount,
        seen=proposal.seen,
    )
    if order.display_qty is not None:
        return Decision(facts=(fired, accepted_here(order.order_id, f"{order.cl_ord_ids[0]}-slices")))
    single = replace(
        order_single(order), ord_type=order.ord_type.triggered, price=price, trigger_price=None, trail=None
    )
    return Decision(facts=(fired,), effects=(single,))


def deal_slice(state: DeskState, view: View, given: DealSlice) -> Decision:
    """Send the next slice of an order that shows only a part of itself, once none works."""
    order = state.orders[given.order_id]
    if order.status is not OrdStatus.NEW or not order.is_sliced or _has_slice(state, order):
        return Decision()
    qty = min(order.display_qty or order.leaves_qty, order.leaves_qty)
    proposal = release_proposal(state, view, order, terms_of(order, order.qty, order.price))
    refused = _refused(state, order, proposal)
    if refused is not None:
        return refused
    dealt = _slice_of(state, order, qty, proposal)
    return Decision(facts=(dealt,), effects=(_slice_single(order, dealt),))


def _has_slice(state: DeskState, order: Order) -> bool:
    children = (state.orders[order_id] for order_id in state.children.get(order.order_id, ()))
    return any(child.release is None and child.status.is_open for child in children)


def _slice_of(state: DeskState, order: Order, qty: int, proposal: Proposal) -> OrderSubmitted:
    order_id = f"O{len(state.orders) + 1}"
    reserve = (
        order.reserve if qty == order.leaves_qty else (order.reserve * qty / order.leaves_qty).quantize(order.reserve)
    )
    return OrderSubmitted(
        command_id=f"desk:{order_id}",
        order_id=order_id,
        cl_ord_id=f"{order_id}.1",
        venue_cl_ord_id=client_id(state, order.account, f"{order_id}.1"),
        account=order.account,
        instrument=order.instrument,
        instrument_version=order.instrument_version,
        side=order.side,
        ord_type=order.now_type,
        qty=qty,
        price=order.price,
        time_in_force=order_single(order).time_in_force,
        position_effect=order.position_effect,
        origin=f"order:{order.order_id}",
        post_only=order.post_only,
        parent_id=order.order_id,
        expire_ns=order_single(order).expire_ns,
        reserve_asset=order.reserve_asset,
        reserve=reserve,
        fee_rate=sum((term.rate for term in order.fee_terms), start=order.reserve * 0),
        fee_terms=order.fee_terms,
        seen=proposal.seen,
    )


def _slice_single(order: Order, dealt: OrderSubmitted) -> NewOrderSingle:
    return replace(
        order_single(order),
        order_id=dealt.order_id,
        cl_ord_id=dealt.cl_ord_id,
        venue_cl_ord_id=dealt.venue_cl_ord_id,
        qty=dealt.qty,
    )


def deadline_met(state: DeskState, view: View, given: DeadlineMet) -> Decision:
    """End an order whose time is over: at once where no venue has heard of it, else by a cancel."""
    del view
    order = state.orders[given.order_id]
    if order.deadline_ns is None:
        return Decision()
    reason = Reason(TIME_OVER)
    if order.is_local and not order.is_sliced:
        exec_id = f"{order.cl_ord_ids[0]}-expired"
        return Decision(facts=(OrderExpired(order_id=order.order_id, exec_id=exec_id, reason=reason),))
    fact, request = cancel_request(order, f"desk:{next_cl_ord_id(order)}", reason)
    return Decision(facts=(fact,), effects=(request,))


def _refused(state: DeskState, order: Order, proposal: Proposal) -> Decision | None:
    reason = refusal(proposal)
    if reason is None:
        return None
    exec_id = f"{next_cl_ord_id(order)}-refused"
    ended: list[Fact] = [OrderRejected(order_id=order.order_id, exec_id=exec_id, reason=reason)]
    ended += alert(state, f"release:{order.order_id}", Severity.WARNING, reason, order)
    return Decision(facts=tuple(ended))
