"""Messages between the desk and a broker, in FIX 4.4's words.

All of it is plain data, so a broker can run in the engine or in a process of
its own. A report's identity is its ``exec_id``, never its content.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.number import Ns, Price, Qty
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Liquidity, OrdType, Side, TimeInForce, TriggerBy
from termdesk.core.model.trigger import Trail


class NewOrderSingle(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="new_order_single"):
    """Place an order at the venue."""

    cl_ord_id: str
    venue_cl_ord_id: str
    order_id: str
    account: str
    instrument: str
    side: Side
    ord_type: OrdType
    qty: Qty
    price: Price | None
    time_in_force: TimeInForce
    post_only: bool = False
    """The venue refuses it where it would take (FIX 18=6)."""
    trigger_price: Price | None = None
    trigger_by: TriggerBy = TriggerBy.LAST
    trail: Trail | None = None
    display_qty: Qty | None = None
    expire_ns: Ns | None = None
    released: bool = False
    """It waited for the fill of another order, so its terms are older than that fill."""
    group: str = ""
    """Orders of the account that the desk links with it. A venue that does not know links leaves it out."""


class OrderCancelRequest(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_cancel_request"):
    """Take an order off the venue."""

    cl_ord_id: str
    order_id: str
    account: str
    instrument: str
    venue_order_id: str
    venue_cl_ord_id: str = ""
    """Client id that the venue holds for the order."""
    venue_request_id: str = ""
    """Client id of this request at the venue; its answers name it."""


class OrderCancelReplaceRequest(
    msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_cancel_replace_request"
):
    """Give an order a new price or total quantity."""

    cl_ord_id: str
    order_id: str
    account: str
    instrument: str
    venue_order_id: str
    qty: Qty
    price: Price | None
    trigger_price: Price | None = None
    venue_cl_ord_id: str = ""
    """Client id that the venue holds for the order."""
    venue_request_id: str = ""
    """Client id of this request at the venue; its answers name it."""


BrokerRequest = NewOrderSingle | OrderCancelRequest | OrderCancelReplaceRequest


class FeeItem(msgspec.Struct, frozen=True, gc=False):
    """One fee of a fill, positive when paid."""

    kind: str
    asset: str
    amount: Decimal


class ExecutionReport(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="execution_report"):
    """The venue's word on an order (FIX 35=8).

    ``order_id`` is empty where a broker knows the venue's ids only: the order
    is then found by ``cl_ord_id``, the client id that the venue holds, and
    failing that by ``venue_order_id``. ``exec_id`` is unique for ever within
    an account; where a venue begins anew each day its broker puts the day in.
    ``side``, ``ord_type`` and ``time_in_force`` matter for orders that are
    not known here, ``cum_qty`` where the venue tells it.

    ``last_qty``, ``last_price``, ``liquidity`` and ``fees`` belong to a TRADE;
    ``qty``, ``price`` and ``trigger_price`` are the order's terms after NEW,
    REPLACED and TRIGGERED. The price of an execution is the venue's exact
    Decimal. BUSTED and CORRECTED name the execution that they take back in
    ``exec_ref_id``; a correction gives the right quantity and price.
    """

    exec_id: str
    exec_type: ExecType
    order_id: str
    cl_ord_id: str
    venue_order_id: str
    account: str
    instrument: str
    at_ns: Ns
    qty: Qty = 0
    price: Price | None = None
    last_qty: Qty = 0
    last_price: Decimal = Decimal(0)
    liquidity: Liquidity | None = None
    fees: tuple[FeeItem, ...] = ()
    reason: Reason | None = None
    trigger_price: Price | None = None
    exec_ref_id: str = ""
    side: Side | None = None
    ord_type: OrdType = OrdType.LIMIT
    time_in_force: TimeInForce = TimeInForce.GTC
    cum_qty: Qty | None = None


class OrderCancelReject(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_cancel_reject"):
    """The venue refused a cancel or a replace (FIX 35=9); the order is as it was."""

    exec_id: str
    order_id: str
    cl_ord_id: str
    account: str
    instrument: str
    at_ns: Ns
    is_replace: bool
    reason: Reason


BrokerReport = ExecutionReport | OrderCancelReject
