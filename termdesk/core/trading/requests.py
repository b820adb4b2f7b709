"""Requests about orders that are at a broker already, each with the fact that has to be durable first."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.model.execution import OrderCancelReplaceRequest, OrderCancelRequest
from termdesk.core.model.facts import CancelRequested, ReplaceRequested
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.trading.order import Order


def cancel_request(
    order: Order, command_id: str, reason: Reason | None = None
) -> tuple[CancelRequested, OrderCancelRequest]:
    """Ask for an order to be taken off; ``reason`` where nobody else asked."""
    cl_ord_id = _next_cl_ord_id(order)
    return (
        CancelRequested(command_id=command_id, order_id=order.order_id, cl_ord_id=cl_ord_id, reason=reason),
        OrderCancelRequest(
            cl_ord_id=cl_ord_id,
            order_id=order.order_id,
            account=order.account,
            instrument=order.instrument,
            venue_order_id=order.venue_order_id,
        ),
    )


def replace_request(
    order: Order,
    command_id: str,
    qty: int,
    price: int | None,
    reserve: Decimal,
    seen: MarketSeen,
    reason: Reason | None = None,
) -> tuple[ReplaceRequested, OrderCancelReplaceRequest]:
    """Ask for new terms; the order holds back ``reserve`` until the venue answers."""
    cl_ord_id = _next_cl_ord_id(order)
    return (
        ReplaceRequested(
            command_id=command_id,
            order_id=order.order_id,
            cl_ord_id=cl_ord_id,
            qty=qty,
            price=price,
            reserve=reserve,
            seen=seen,
            reason=reason,
        ),
        OrderCancelReplaceRequest(
            cl_ord_id=cl_ord_id,
            order_id=order.order_id,
            account=order.account,
            instrument=order.instrument,
            venue_order_id=order.venue_order_id,
            qty=qty,
            price=price,
        ),
    )


def _next_cl_ord_id(order: Order) -> str:
    return f"{order.order_id}.{len(order.cl_ord_ids) + 1}"
