"""Orders in the venue's store, and what the venue says of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from termdesk.adapters.brokers.simvenue import messages as m
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain
from termdesk.core.model.terms import OrdStatus


class VenueOrder(msgspec.Struct):
    """One order in the venue's store."""

    key: str
    """Unlike any other for ever, also where the venue's ids are used again."""
    venue_id: str
    new: m.New
    instrument: Instrument
    qty: int
    price: int | None
    cum_qty: int = 0
    weighted: Decimal = Decimal(0)
    status: OrdStatus = OrdStatus.PENDING_NEW
    fills: list[m.FillInfo] = []


def info_of(order: VenueOrder) -> m.OrderInfo:
    """An order as it stands."""
    x = order.instrument
    return m.OrderInfo(
        account=order.new.account,
        symbol=x.id,
        venue_id=order.venue_id,
        client_id=order.new.client_id,
        side=order.new.side,
        ord_type=order.new.ord_type,
        time_in_force=order.new.time_in_force,
        qty=x.qty_text(order.qty),
        price=None if order.price is None else x.price_text(order.price),
        cum_qty=x.qty_text(order.cum_qty),
        average=plain(order.weighted / order.cum_qty) if order.cum_qty else None,
        status=order.status.value,
    )


def execution_of(order: VenueOrder, exec_id: str, kind: str, at_ns: int, **more: Any) -> m.Execution:  # noqa: ANN401
    """What happened to an order, with its terms and quantities as they are now."""
    x = order.instrument
    return m.Execution(
        **{
            "exec_id": exec_id,
            "kind": kind,
            "account": order.new.account,
            "symbol": x.id,
            "venue_id": order.venue_id,
            "client_id": order.new.client_id,
            "side": order.new.side,
            "ord_type": order.new.ord_type,
            "time_in_force": order.new.time_in_force,
            "qty": x.qty_text(order.qty),
            "price": None if order.price is None else x.price_text(order.price),
            "cum_qty": x.qty_text(order.cum_qty),
            "at_ns": at_ns,
            **more,
        }
    )


def refusal_of(told: m.New, exec_id: str, at_ns: int, text: str) -> m.Execution:
    """The venue takes an order not."""
    return m.Execution(
        exec_id=exec_id,
        kind="rejected",
        account=told.account,
        symbol=told.symbol,
        venue_id="",
        client_id=told.client_id,
        side=told.side,
        ord_type=told.ord_type,
        time_in_force=told.time_in_force,
        qty=told.qty,
        price=told.price,
        cum_qty="0",
        at_ns=at_ns,
        text=text,
    )
