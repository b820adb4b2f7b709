"""Decisions about what got lost: an outcome is unknown, asked for, and never guessed or sent again."""

from __future__ import annotations

from termdesk.core.model.facts import BrokerLinkChanged, CancelRejected, Fact, OrderNotSent, OutcomeUnknown
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Link
from termdesk.core.model.venue import (
    BrokerLink,
    OrderStatusReport,
    OrderStatusRequest,
    SnapshotRequest,
    TransportError,
    VenueRequest,
)
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.inputs import OrderAbsent, OrderWord
from termdesk.core.trading.orders.order import InFlight, Order
from termdesk.core.trading.proposals import reserve_for
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.snapshots import trade_of
from termdesk.core.trading.view import View


def broker_link(state: DeskState, view: View, report: BrokerLink) -> Decision:
    """Note the link; when it comes up ask the venue for everything before new orders leave."""
    del view
    known = state.brokers.get(report.broker)
    if known is not None and known.link is report.link is Link.DOWN and known.rules == report.rules:
        return Decision()
    changed = BrokerLinkChanged(broker=report.broker, link=report.link, detail=report.detail, rules=report.rules)
    if report.link is not Link.UP:
        return Decision(facts=(changed,))
    accounts = tuple(name for name, account in state.accounts.items() if account.broker == report.broker)
    return Decision(facts=(changed,), effects=(SnapshotRequest(broker=report.broker, accounts=accounts),))


def transport_error(state: DeskState, view: View, report: TransportError) -> Decision:
    """A request got no answer. What provably never left ends here; anything else is asked for."""
    order = state.orders.get(report.order_id)
    if order is None or not _is_waiting(order, report.cl_ord_id):
        return Decision()
    sent = _in_flight(order, report.cl_ord_id)
    if report.left:
        reason = Reason("broker.no_answer", {"detail": report.detail})
        unknown = OutcomeUnknown(order_id=order.order_id, cl_ord_id=report.cl_ord_id, reason=reason)
        return Decision(facts=(unknown,), effects=questions(state, order))
    reason = Reason("broker.not_sent", {"detail": report.detail})
    if sent is None:
        return Decision(facts=(OrderNotSent(order_id=order.order_id, reason=reason),))
    return Decision(facts=(_never_left(state, view, order, sent, reason),))


def order_status(state: DeskState, view: View, report: OrderStatusReport) -> Decision:
    """Take the venue's answer about one order: its fills first, then the order itself."""
    del view
    order = state.orders.get(report.order_id)
    if order is None:
        return Decision(ignored=Reason("command.order_unknown", {"order_id": report.order_id}))
    fills = tuple(trade_of(fill) for fill in report.fills)
    if report.order is None:
        return Decision(follow_ups=(*fills, OrderAbsent(order_id=order.order_id, at_ns=report.at_ns)))
    broker = state.accounts[order.account].broker
    return Decision(follow_ups=(*fills, OrderWord(broker=broker, order=report.order, at_ns=report.at_ns)))


def questions(state: DeskState, order: Order) -> tuple[VenueRequest, ...]:
    """Ask the venue about an order, where its link is up and it answers such questions."""
    broker = state.brokers.get(state.accounts[order.account].broker)
    if broker is None or broker.link is not Link.UP or not broker.rules.lookup:
        return ()
    return (
        OrderStatusRequest(
            order_id=order.order_id,
            account=order.account,
            instrument=order.instrument,
            venue_cl_ord_id=order.venue_cl_ord_id,
            venue_order_id=order.venue_order_id,
        ),
    )


def doubts(state: DeskState, broker: str) -> tuple[Order, ...]:
    """Open orders of a broker of which nobody knows what became of them, oldest first."""
    orders = map(state.orders.__getitem__, state.working)
    return tuple(order for order in orders if order.in_doubt and state.accounts[order.account].broker == broker)


def unanswered(state: DeskState, broker: str) -> tuple[VenueRequest, ...]:
    """What a broker has to be asked again: everything until it was taken in whole, then each order in doubt."""
    route = state.brokers.get(broker)
    if route is None or route.link is not Link.UP:
        return ()
    if not route.reconciled:
        accounts = tuple(name for name, account in state.accounts.items() if account.broker == broker)
        return (SnapshotRequest(broker=broker, accounts=accounts),)
    return tuple(question for order in doubts(state, broker) for question in questions(state, order))


def _is_waiting(order: Order, cl_ord_id: str) -> bool:
    """Whether a request is still without an answer."""
    if cl_ord_id == order.cl_ord_ids[0]:
        return order.status.is_open and not order.acknowledged and not order.unknown
    sent = _in_flight(order, cl_ord_id)
    return sent is not None and not sent.is_unknown


def _in_flight(order: Order, cl_ord_id: str) -> InFlight | None:
    return next((sent for sent in order.in_flight if sent.cl_ord_id == cl_ord_id), None)


def _never_left(state: DeskState, view: View, order: Order, sent: InFlight, reason: Reason) -> Fact:
    reserve = reserve_for(state, view, order, order.qty, order.price) if sent.is_replace else order.reserve
    return CancelRejected(
        order_id=order.order_id,
        cl_ord_id=sent.cl_ord_id,
        exec_id=f"{sent.cl_ord_id}-not-sent",
        is_replace=sent.is_replace,
        reserve=reserve,
        reason=reason,
    )
