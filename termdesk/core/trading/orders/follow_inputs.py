"""What the desk asks of itself: because of an order's fact, a price that was reached, or a time that has come."""

from __future__ import annotations

import msgspec

from termdesk.core.model.number import Price, Qty
from termdesk.core.model.reason import Reason


class FitOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Bring an order's quantity in line with its group, its entry and the position."""

    order_id: str
    reason: Reason
    grow: bool = False
    """Its entry was filled: it may be let go, or grow."""


class EndOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Take an order off, because another one ended or was filled."""

    order_id: str
    reason: Reason


class AnswerHere(msgspec.Struct, frozen=True, kw_only=True):
    """Answer a cancel or an amend in place of a venue, which has never heard of the order."""

    order_id: str
    cl_ord_id: str
    is_replace: bool
    qty: Qty = 0
    price: Price | None = None
    trigger_price: Price | None = None
    is_refused: bool = False
    """A cancel that a slice at the venue did not follow; the order goes on as before."""
    reason: Reason | None = None


class DealSlice(msgspec.Struct, frozen=True, kw_only=True):
    """Send the next slice of an order that shows only a part of itself."""

    order_id: str


class TriggerMet(msgspec.Struct, frozen=True, kw_only=True):
    """The price that an order waits for in the engine was reached."""

    order_id: str
    trigger_price: Price
    """Where the trigger stood."""
    limit: Price | None = None
    """Limit of a trailing stop-limit."""


class DeadlineMet(msgspec.Struct, frozen=True, kw_only=True):
    """The time of an order that the venue does not end is over."""

    order_id: str


class DayOver(msgspec.Struct, frozen=True, kw_only=True):
    """A venue's trading day is over by its calendar."""

    venue: str
    day: str
    forgotten: tuple[str, ...] = ()
    """Brokers that began anew and know of no order: what was over for theirs is recorded here."""
    missed: bool = False
    """The engine was off when it ended."""


FollowUp = FitOrder | EndOrder | AnswerHere | DealSlice | TriggerMet | DeadlineMet | DayOver
