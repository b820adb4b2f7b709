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
    OrderFilled,
    OrderRejected,
    OrderReplaced,
)
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.exposure import reserve_after_fill
from termdesk.core.trading.order import Order
from termdesk.core.trading.proposals import reserve_for
from termdesk.core.trading.reducing import follow_position
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View, market_seen

_UNSAID = Reason("venue.refused")


def execution_report(state: DeskState, view: View, report: ExecutionReport) -> Decision:
    """Take the venue's word on an order."""
    order = state.orders.get(report.order_id)
    if order is None:
        return _unknown(report)
    if report.exec_id in order.exec_ids:
        return Decision()
    fact = _FACTS[report.exec_type](state, view, order, report)
    if report.exec_type is not ExecType.TRADE:
        return Decision(facts=(fact,))
    facts, requests = follow_position(state, view, order, report.last_qty, report.exec_id)
    return Decision(facts=(fact, *facts), effects=tuple(requests))


def cancel_reject(state: DeskState, view: View, report: OrderCancelReject) -> Decision:
    """Take the venue's refusal of a cancel or replace; the order goes on as before."""
    order = state.orders.get(report.order_id)
    if order is None:
        return _unknown(report)
    if report.exec_id in order.exec_ids:
        return Decision()
    reserve = order.reserve
    if report.is_replace:
        reserve = reserve_for(state, view, order, order.qty, order.price)
    fact = CancelRejected(
        order_id=order.order_id,
        cl_ord_id=report.cl_ord_id,
        exec_id=report.exec_id,
        is_replace=report.is_replace,
        reserve=reserve,
        reason=report.reason,
    )
    return Decision(facts=(fact,))


def _unknown(report: BrokerReport) -> Decision:
    return Decision(ignored=Reason("command.order_unknown", {"order_id": report.order_id}))


def _accepted(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Fact:
    del state, view
    return OrderAccepted(
        order_id=order.order_id,
        cl_ord_id=report.cl_ord_id,
        exec_id=report.exec_id,
        venue_order_id=report.venue_order_id,
        reason=report.reason,
    )


def _filled(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Fact:
    instrument = state.instruments[order.instrument]
    return OrderFilled(
        order_id=order.order_id,
        exec_id=report.exec_id,
        account=order.account,
        instrument=order.instrument,
        side=order.side,
        qty=report.last_qty,
        price=report.last_price,
        amount=instrument.cash(report.last_price, report.last_qty, view.trading_day(instrument.id)),
        fees=report.fees,
        liquidity=report.liquidity,
        reason=report.reason,
        seen=market_seen(view, order.instrument),
        reserve=reserve_after_fill(order, instrument, report.last_qty, report.last_price),
    )


def _replaced(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Fact:
    return OrderReplaced(
        order_id=order.order_id,
        cl_ord_id=report.cl_ord_id,
        exec_id=report.exec_id,
        qty=report.qty,
        price=report.price,
        reserve=reserve_for(state, view, order, report.qty, report.price),
        reason=report.reason,
    )


def _rejected(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Fact:
    del state, view
    return OrderRejected(order_id=order.order_id, exec_id=report.exec_id, reason=report.reason or _UNSAID)


def _canceled(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Fact:
    del state, view
    return OrderCanceled(order_id=order.order_id, exec_id=report.exec_id, reason=report.reason)


def _expired(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Fact:
    del state, view
    return OrderExpired(order_id=order.order_id, exec_id=report.exec_id, reason=report.reason)


_FACTS: dict[ExecType, Callable[[DeskState, View, Order, ExecutionReport], Fact]] = {
    ExecType.NEW: _accepted,
    ExecType.TRADE: _filled,
    ExecType.REPLACED: _replaced,
    ExecType.REJECTED: _rejected,
    ExecType.CANCELED: _canceled,
    ExecType.EXPIRED: _expired,
}
