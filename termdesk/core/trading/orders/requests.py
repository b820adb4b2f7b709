"""Requests about orders that are at a broker already, each with the fact that has to be durable first."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.model.execution import NewOrderSingle, OrderCancelReplaceRequest, OrderCancelRequest
from termdesk.core.model.facts import CancelRequested, ReplaceRequested
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.model.terms import TimeInForce
from termdesk.core.trading.orders.order import Order


def cancel_request(
    order: Order, command_id: str, reason: Reason | None = None
) -> tuple[CancelRequested, OrderCancelRequest]:
    """Ask for an order to be taken off; ``reason`` where nobody else asked."""
    cl_ord_id = next_cl_ord_id(order)
    return (
        CancelRequested(command_id=command_id, order_id=order.order_id, cl_ord_id=cl_ord_id, reason=reason),
        OrderCancelRequest(
            cl_ord_id=cl_ord_id,
            order_id=order.order_id,
            account=order.account,
            instrument=order.instrument,
            venue_order_id=order.venue_order_id,
            venue_cl_ord_id=order.venue_cl_ord_id,
            venue_request_id=order.client_prefix + cl_ord_id,
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
    trigger_price: int | None = None,
) -> tuple[ReplaceRequested, OrderCancelReplaceRequest]:
    """Ask for new terms; the order holds back ``reserve`` until the venue answers."""
    cl_ord_id = next_cl_ord_id(order)
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
            trigger_price=trigger_price,
        ),
        OrderCancelReplaceRequest(
            cl_ord_id=cl_ord_id,
            order_id=order.order_id,
            account=order.account,
            instrument=order.instrument,
            venue_order_id=order.venue_order_id,
            venue_cl_ord_id=order.venue_cl_ord_id,
            venue_request_id=order.client_prefix + cl_ord_id,
            qty=qty,
            price=price,
            trigger_price=trigger_price,
        ),
    )


def order_single(order: Order) -> NewOrderSingle:
    """The order as the venue is to know it: without what the engine does in the venue's place."""
    waits = order.is_watching
    time_in_force, expire_ns = order.time_in_force, order.expire_ns
    if order.expires_here:
        time_in_force, expire_ns = TimeInForce.GTC, None
    return NewOrderSingle(
        cl_ord_id=order.cl_ord_ids[0],
        venue_cl_ord_id=order.venue_cl_ord_id,
        order_id=order.order_id,
        account=order.account,
        instrument=order.instrument,
        side=order.side,
        ord_type=order.now_type,
        qty=order.qty,
        price=order.price,
        time_in_force=time_in_force,
        post_only=order.post_only,
        trigger_price=order.trigger_price if waits else None,
        trigger_by=order.trigger_by,
        trail=order.trail if waits else None,
        display_qty=None if order.emulated else order.display_qty,
        expire_ns=expire_ns,
        released=order.release is not None,
        group=order.group,
    )


def next_cl_ord_id(order: Order) -> str:
    """Client id of the next request about an order."""
    return f"{order.order_id}.{len(order.cl_ord_ids) + 1}"
