"""The simulated venue's words. Execution ids follow from order ids and quantities, so a re-run gives the same."""

from __future__ import annotations

from termdesk.core.matching.resting import RestingOrder
from termdesk.core.model.execution import (
    BrokerRequest,
    ExecutionReport,
    NewOrderSingle,
    OrderCancelReject,
    OrderCancelReplaceRequest,
)
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Liquidity
from termdesk.core.venues.schedule import FeeSchedule


def venue_order_id(order_id: str) -> str:
    """The simulated venue's own id for an order."""
    return f"S-{order_id}"


def word(
    order: RestingOrder,
    exec_type: ExecType,
    cl_ord_id: str,
    at_ns: int,
    reason: Reason | None,
    trigger_price: int | None = None,
) -> ExecutionReport:
    """A report that fills nothing; carries the terms in force."""
    new = order.new
    return ExecutionReport(
        exec_id=f"{cl_ord_id}-{exec_type.value}",
        exec_type=exec_type,
        order_id=new.order_id,
        cl_ord_id=cl_ord_id,
        venue_order_id=venue_order_id(new.order_id),
        account=new.account,
        instrument=new.instrument,
        at_ns=at_ns,
        qty=order.qty,
        price=None if order.is_market or not order.limit else order.limit,
        trigger_price=trigger_price,
        reason=reason,
    )


def rejected(new: NewOrderSingle, at_ns: int, reason: Reason) -> ExecutionReport:
    """A new order that the venue does not take."""
    return ExecutionReport(
        exec_id=f"{new.cl_ord_id}-rejected",
        exec_type=ExecType.REJECTED,
        order_id=new.order_id,
        cl_ord_id=new.cl_ord_id,
        venue_order_id="",
        account=new.account,
        instrument=new.instrument,
        at_ns=at_ns,
        reason=reason,
    )


def not_found(request: BrokerRequest, at_ns: int) -> OrderCancelReject:
    """A cancel or replace for an order that is not there (any more)."""
    reason = Reason("venue.order_unknown", {"venue_order_id": venue_order_id(request.order_id)})
    return refused(request, at_ns, reason)


def refused(request: BrokerRequest, at_ns: int, reason: Reason) -> OrderCancelReject:
    """A cancel or replace that the venue does not carry out."""
    return OrderCancelReject(
        exec_id=f"{request.cl_ord_id}-refused",
        order_id=request.order_id,
        cl_ord_id=request.cl_ord_id,
        account=request.account,
        instrument=request.instrument,
        at_ns=at_ns,
        is_replace=isinstance(request, OrderCancelReplaceRequest),
        reason=reason,
    )


def fill(
    order: RestingOrder,
    instrument: Instrument,
    fees: FeeSchedule,
    qty: int,
    price: int,
    liquidity: Liquidity,
    reason: Reason,
    at_ns: int,
) -> ExecutionReport:
    """Fill an order and say so."""
    order.cum_qty += qty
    new = order.new
    executed = instrument.price_decimal(price)
    return ExecutionReport(
        exec_id=f"{new.order_id}-fill-{order.cum_qty}",
        exec_type=ExecType.TRADE,
        order_id=new.order_id,
        cl_ord_id=new.cl_ord_id,
        venue_order_id=venue_order_id(new.order_id),
        account=new.account,
        instrument=new.instrument,
        at_ns=at_ns,
        last_qty=qty,
        last_price=executed,
        liquidity=liquidity,
        fees=order.fees.charge(fees, instrument, new.side, liquidity, executed, qty),
        reason=reason,
    )
