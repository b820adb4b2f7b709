"""Facts about orders and fills. Each carries every number that came from a rule, a configuration or the market."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.execution import FeeItem
from termdesk.core.model.fee import FeeTerm
from termdesk.core.model.number import Ns, Price, Qty
from termdesk.core.model.posting import Settles
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.model.terms import (
    Contingency,
    Liquidity,
    OrdType,
    PositionEffect,
    ReleaseMode,
    Side,
    TimeInForce,
    TriggerBy,
)
from termdesk.core.model.trigger import Trail


class OrderSubmitted(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_submitted.1"):
    """An order passed the risk gate; the broker hears of it once this is durable."""

    command_id: str
    order_id: str
    cl_ord_id: str
    venue_cl_ord_id: str
    account: str
    instrument: str
    instrument_version: int
    side: Side
    ord_type: OrdType
    qty: Qty
    price: Price | None
    time_in_force: TimeInForce
    position_effect: PositionEffect
    origin: str
    note: str = ""
    tags: tuple[str, ...] = ()
    post_only: bool = False
    reduce_only: bool = False
    reason: Reason | None = None
    """Why the quantity is not the one asked for."""
    trigger_price: Price | None = None
    trigger_by: TriggerBy = TriggerBy.LAST
    trail: Trail | None = None
    display_qty: Qty | None = None
    expire_ns: Ns | None = None
    contingency: Contingency | None = None
    group: str = ""
    parent_id: str = ""
    """The entry that it waits for, or the order that it is a slice of."""
    release: ReleaseMode | None = None
    """Set for an order that is held until its parent fills."""
    emulated: bool = False
    """The venue can't do it; the engine watches for the trigger or deals out the slices."""
    expires_here: bool = False
    """The venue does not end it at ``expire_ns``, so the engine does."""
    reserve_asset: str
    """The currency of a buy (or of a short sale), the instrument id of a sale out of a holding."""
    reserve: Decimal
    """Amount of ``reserve_asset`` held back until the order ends, fee included."""
    fee_rate: Decimal
    """Share of its money that all fees together take."""
    seen: MarketSeen
    fee_terms: tuple[FeeTerm, ...] = ()
    """Every fee in force when it was sent; empty in facts from before they were kept apart."""


class OrderNotSent(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_not_sent.1"):
    """The intent provably never reached the broker."""

    order_id: str
    reason: Reason


class OrderAccepted(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_accepted.1"):
    """The venue has the order."""

    order_id: str
    cl_ord_id: str
    exec_id: str
    venue_order_id: str
    reason: Reason | None = None
    """For a simulated venue: where it stands in the queue."""
    price: Price | None = None
    """Limit that the venue gave an order that was sent without one: market-to-limit, price protection."""


class OrderRejected(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_rejected.1"):
    """The venue refused the order."""

    order_id: str
    exec_id: str
    reason: Reason
    presumed: bool = False
    """Not said by the venue, but proven by what it does not know; a later word of the venue counts more."""


class OrderReleased(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_released.1"):
    """A held order is let go for ``qty`` of it; the broker hears of it once this is durable."""

    order_id: str
    qty: Qty
    reserve: Decimal
    seen: MarketSeen


class OrderTriggered(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_triggered.1"):
    """The trigger was reached; from here on the order is the limit or market order that it was to become."""

    order_id: str
    exec_id: str
    trigger_price: Price
    """Where the trigger stood."""
    price: Price | None
    """Limit from here on; None for a market order."""
    reserve: Decimal
    seen: MarketSeen
    reason: Reason | None = None


class OrderFilled(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_filled.1"):
    """An execution was booked. Money and price are the venue's exact decimals."""

    order_id: str
    exec_id: str
    account: str
    instrument: str
    side: Side
    qty: Qty
    price: Decimal
    amount: Decimal
    """Money that changed hands, unsigned, in the instrument's currency, without fees."""
    fees: tuple[FeeItem, ...]
    liquidity: Liquidity | None
    reason: Reason | None
    seen: MarketSeen
    reserve: Decimal = Decimal(0)
    """What the order still holds back after this fill."""
    inferred: bool = False
    """Booked from the venue's totals or a person's word; the venue's own report of it books nothing more."""
    settles: Settles | None = None
    """When units and money are settled; None is at once."""
    executed_ns: Ns = 0
    """When the venue executed it, by the venue's word; the record says when the desk heard of it."""


class CancelRequested(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="cancel_requested.1"):
    """A cancel is on its way once this is durable."""

    command_id: str
    order_id: str
    cl_ord_id: str
    reason: Reason | None = None
    """Why the desk asks for it by itself."""


class OrderCanceled(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_canceled.1"):
    """The venue took the order off."""

    order_id: str
    exec_id: str
    reason: Reason | None = None
    presumed: bool = False
    """The venue does not know the order any more; a later word of the venue counts more."""


class ReplaceRequested(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="replace_requested.1"):
    """A replace is on its way once this is durable; ``reserve`` is what the order holds back meanwhile."""

    command_id: str
    order_id: str
    cl_ord_id: str
    qty: Qty
    price: Price | None
    reserve: Decimal
    seen: MarketSeen
    reason: Reason | None = None
    """Why the desk asks for it by itself."""
    trigger_price: Price | None = None


class OrderReplaced(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_replaced.1"):
    """The venue changed the order's terms."""

    order_id: str
    cl_ord_id: str
    exec_id: str
    qty: Qty
    price: Price | None
    reserve: Decimal
    reason: Reason | None = None
    trigger_price: Price | None = None


class CancelRejected(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="cancel_rejected.1"):
    """The venue refused a cancel or replace; the order goes on as before."""

    order_id: str
    cl_ord_id: str
    exec_id: str
    is_replace: bool
    reserve: Decimal
    """What the order holds back from here on."""
    reason: Reason


class OrderExpired(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_expired.1"):
    """The order's time was over."""

    order_id: str
    exec_id: str
    reason: Reason | None = None
