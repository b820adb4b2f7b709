"""Decisions about a broker's reports: the venue's word becomes facts; a report seen before becomes nothing."""

from __future__ import annotations

from collections.abc import Callable

from termdesk.core.model.execution import BrokerReport, ExecutionReport, OrderCancelReject
from termdesk.core.model.facts import (
    CancelRejected,
    Fact,
    OrderAccepted,
    OrderCanceled,
    OrderExpired,
    OrderRejected,
    OrderReplaced,
    OrderTriggered,
)
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Severity
from termdesk.core.model.venue import VenueOrder
from termdesk.core.trading.control.alerts import alert
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.orders.order import TIME_OVER, Order, Word
from termdesk.core.trading.proposals import reserve_for
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.executions import busted, corrected, trade
from termdesk.core.trading.venue.external import adopt
from termdesk.core.trading.venue.finding import order_of, own_id
from termdesk.core.trading.view import View, market_seen

_UNSAID = Reason("venue.refused")

_ADOPTING = frozenset({ExecType.NEW, ExecType.TRADE})
"""What the venue says of an order of someone else's from which it can be taken over."""

_WORDS = {kind: Word[kind.name] for kind in ExecType if kind.name in Word.__members__}

_EXECUTIONS: dict[ExecType, Callable[[DeskState, View, Order, ExecutionReport], Decision]] = {
    ExecType.TRADE: trade,
    ExecType.BUSTED: busted,
    ExecType.CORRECTED: corrected,
}


def execution_report(state: DeskState, view: View, report: ExecutionReport) -> Decision:
    """Take the venue's word on an order, ours or not."""
    order = state.orders.get(report.order_id) or _find(state, report)
    if order is None:
        return _of_another(state, view, report)
    if report.exec_id in order.exec_ids:
        return Decision()
    kind = report.exec_type
    decide = _EXECUTIONS.get(kind)
    if decide is not None:
        return decide(state, view, order, report)
    if _is_stale(order, report):
        return Decision()
    revived = () if order.status.is_open else _revived(state, order, report)
    return Decision(facts=(_FACTS[kind](state, view, order, report), *revived))


def cancel_reject(state: DeskState, view: View, report: OrderCancelReject) -> Decision:
    """Take the venue's refusal of a cancel or replace; the order goes on as before."""
    order = state.orders.get(report.order_id) or _find(state, report)
    if order is None:
        return _unknown(report)
    if report.exec_id in order.exec_ids:
        return Decision()
    reserve = order.reserve
    if report.is_replace:
        reserve = reserve_for(state, view, order, order.qty, order.price)
    fact = CancelRejected(
        order_id=order.order_id,
        cl_ord_id=own_id(state, report.cl_ord_id),
        exec_id=report.exec_id,
        is_replace=report.is_replace,
        reserve=reserve,
        reason=report.reason,
    )
    return Decision(facts=(fact,))


def _find(state: DeskState, report: BrokerReport) -> Order | None:
    if report.order_id or report.account not in state.accounts:
        return None
    venue_order_id = getattr(report, "venue_order_id", "")
    return order_of(state, report.account, cl_ord_id=report.cl_ord_id, venue_order_id=venue_order_id)


def _is_stale(order: Order, report: ExecutionReport) -> bool:
    """Whether a word comes too late to mean anything: an ended order has ended, an acknowledged one is known."""
    if report.exec_type is ExecType.NEW and order.acknowledged and order.status.is_open:
        return order.venue_order_id == report.venue_order_id
    return not order.takes(_WORDS[report.exec_type])


def _revived(state: DeskState, order: Order, report: ExecutionReport) -> tuple[Fact, ...]:
    """The venue speaks of an order that was taken for ended without its word."""
    reason = Reason("recon.revived", {"order_id": order.order_id, "status": order.status.value})
    return alert(state, report.exec_id, Severity.CRITICAL, reason, order)


def _of_another(state: DeskState, view: View, report: ExecutionReport) -> Decision:
    """An order that was not placed here: taken over with its first word that matters."""
    if report.account not in state.accounts or report.exec_type not in _ADOPTING or report.order_id:
        return _unknown(report)
    found = VenueOrder(
        account=report.account,
        instrument=report.instrument,
        venue_order_id=report.venue_order_id,
        venue_cl_ord_id=report.cl_ord_id,
        side=report.side,
        ord_type=report.ord_type,
        time_in_force=report.time_in_force,
        qty=report.qty or report.last_qty,
        price=report.price,
    )
    return adopt(state, view, found, *((report,) if report.exec_type is ExecType.TRADE else ()))


def _unknown(report: BrokerReport) -> Decision:
    named = report.order_id or report.cl_ord_id
    return Decision(ignored=Reason("command.order_unknown", {"order_id": named}))


def _accepted(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Fact:
    del view
    return OrderAccepted(
        order_id=order.order_id,
        cl_ord_id=own_id(state, report.cl_ord_id),
        exec_id=report.exec_id,
        venue_order_id=report.venue_order_id,
        reason=report.reason,
        price=report.price if order.price is None else None,
    )


def _replaced(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Fact:
    return OrderReplaced(
        order_id=order.order_id,
        cl_ord_id=own_id(state, report.cl_ord_id),
        exec_id=report.exec_id,
        qty=report.qty,
        price=report.price,
        reserve=reserve_for(state, view, order, report.qty, report.price),
        reason=report.reason,
        trigger_price=_asked_trigger(order, own_id(state, report.cl_ord_id), report.trigger_price),
    )


def _asked_trigger(order: Order, cl_ord_id: str, told: int | None) -> int | None:
    """The trigger that a replace asked for, where the venue does not repeat it."""
    if told is not None:
        return told
    return next((sent.trigger_price for sent in order.in_flight if sent.cl_ord_id == cl_ord_id), None)


def _rejected(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Fact:
    del state, view
    return OrderRejected(order_id=order.order_id, exec_id=report.exec_id, reason=report.reason or _UNSAID)


def _canceled(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Fact:
    del state, view
    if order.expire_asked:
        return OrderExpired(order_id=order.order_id, exec_id=report.exec_id, reason=Reason(TIME_OVER))
    return OrderCanceled(order_id=order.order_id, exec_id=report.exec_id, reason=report.reason)


def _triggered(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Fact:
    del state
    at = order.trigger_price if report.trigger_price is None else report.trigger_price
    return OrderTriggered(
        order_id=order.order_id,
        exec_id=report.exec_id,
        trigger_price=at or 0,
        price=order.price if report.price is None else report.price,
        reserve=order.reserve,
        seen=market_seen(view, order.instrument),
        reason=report.reason,
    )


def _expired(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Fact:
    del state, view
    return OrderExpired(order_id=order.order_id, exec_id=report.exec_id, reason=report.reason)


_FACTS: dict[ExecType, Callable[[DeskState, View, Order, ExecutionReport], Fact]] = {
    ExecType.NEW: _accepted,
    ExecType.REPLACED: _replaced,
    ExecType.REJECTED: _rejected,
    ExecType.CANCELED: _canceled,
    ExecType.EXPIRED: _expired,
    ExecType.TRIGGERED: _triggered,
}
