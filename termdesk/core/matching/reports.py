"""The simulated venue's words. Execution ids follow from order ids and quantities, so a re-run gives the same."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.matching.resting import RestingOrder
from termdesk.core.model.execution import (
    BrokerRequest,
    ExecutionReport,
    FeeItem,
    NewOrderSingle,
    OrderCancelReject,
    OrderCancelReplaceRequest,
)
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.money import round_money
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Liquidity
from termdesk.core.venues.fees import FeeRate


def venue_order_id(order_id: str) -> str:
    """The simulated venue's own id for an order."""
    return f"S-{order_id}"


def word(
    order: RestingOrder, exec_type: ExecType, cl_ord_id: str, at_ns: int, reason: Reason | None
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
        price=new.price if new.price is None else order.limit,
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
    rate: FeeRate,
    qty: int,
    price: int,
    liquidity: Liquidity,
    reason: Reason,
    at_ns: int,
) -> ExecutionReport:
    """Fill an order and say so. The fee is rounded half up on the order's fills so far, not on each."""
    order.cum_qty += qty
    new = order.new
    executed = instrument.price_decimal(price)
    share = rate.maker if liquidity is Liquidity.MAKER else rate.taker
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
        fees=_fees(order, instrument.currency, abs(instrument.cash(executed, qty, "")) * share),
        reason=reason,
    )


def _fees(order: RestingOrder, currency: str, due: Decimal) -> tuple[FeeItem, ...]:
    order.fee_due += due
    total = round_money(order.fee_due, currency)
    charged = total - order.fee_charged
    order.fee_charged = total
    return (FeeItem("commission", currency, charged),) if charged else ()
