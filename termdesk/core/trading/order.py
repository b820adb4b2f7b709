"""One order: identities, quantities, and a working status that moves by a table.

Quantities and status are separate: a fill is booked in any status, and a
cancelled order may still be filled by a report that was on its way. Words are
FIX 4.4's; the table follows its Appendix D.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

import msgspec

from termdesk.core.model.fee import FeeTerm
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import (
    Contingency,
    OrdStatus,
    OrdType,
    PositionEffect,
    ReleaseMode,
    Side,
    TimeInForce,
    TriggerBy,
)
from termdesk.core.model.trigger import Trail


class Word(Enum):
    """What can happen to an order's working status."""

    NEW = "new"
    TRADE = "trade"
    CANCELED = "canceled"
    REPLACED = "replaced"
    REJECTED = "rejected"
    EXPIRED = "expired"
    NOT_SENT = "not_sent"
    PENDING_CANCEL = "pending_cancel"
    PENDING_REPLACE = "pending_replace"
    CANCEL_REJECTED = "cancel_rejected"


class InFlight(msgspec.Struct):
    """A cancel or replace that the venue has not answered."""

    cl_ord_id: str
    is_replace: bool


class Order(msgspec.Struct, kw_only=True):
    """An order for life. Owned by the desk state; changed by facts only.

    ``leaves_qty`` is what is not filled, also of an ended order;
    ``overfill_qty`` is what the venue filled beyond ``qty``.
    """

    order_id: str
    cl_ord_ids: list[str]
    """One per submit, cancel and amend; the newest last."""
    venue_cl_ord_id: str
    venue_order_id: str = ""
    account: str
    instrument: str
    instrument_version: int
    side: Side
    ord_type: OrdType
    price: int | None
    time_in_force: TimeInForce
    position_effect: PositionEffect
    origin: str
    note: str
    tags: tuple[str, ...]
    post_only: bool = False
    reduce_only: bool = False
    trigger_price: int | None = None
    """As it was last told; a trailing trigger has moved on since."""
    trigger_by: TriggerBy = TriggerBy.LAST
    trail: Trail | None = None
    triggered: bool = False
    display_qty: int | None = None
    expire_ns: int | None = None
    contingency: Contingency | None = None
    group: str = ""
    parent_id: str = ""
    release: ReleaseMode | None = None
    emulated: bool = False
    qty: int
    cum_qty: int = 0
    leaves_qty: int
    overfill_qty: int = 0
    weighted: Decimal = Decimal(0)
    """Sum of execution price times scaled quantity."""
    status: OrdStatus = OrdStatus.PENDING_NEW
    acknowledged: bool = False
    in_flight: list[InFlight] = []
    exec_ids: dict[str, None] = {}
    reserve_asset: str
    reserve: Decimal
    """What is held back now."""
    fee_terms: tuple[FeeTerm, ...]
    reason: Reason | None = None
    submitted_ns: int
    updated_ns: int

    @property
    def average(self) -> Decimal:
        """Average price of the fills, 0 without one."""
        return self.weighted / self.cum_qty if self.cum_qty else Decimal(0)

    @property
    def can_rest(self) -> bool:
        """Whether what does not trade at once stays in the book."""
        return self.ord_type is OrdType.LIMIT and not self.time_in_force.is_at_once

    def standing(self) -> OrdStatus:
        """Working status that follows from what is acknowledged and what is in flight."""
        if any(not sent.is_replace for sent in self.in_flight):
            return OrdStatus.PENDING_CANCEL
        if self.in_flight:
            return OrdStatus.PENDING_REPLACE
        return OrdStatus.NEW if self.acknowledged else OrdStatus.PENDING_NEW

    def move(self, word: Word) -> None:
        """Take the next status from the table; a word that does not fit the status changes nothing."""
        row = _TRANSITIONS.get(self.status, {})
        if word in row:
            self.status = row[word] or self.standing()

    def fill(self, qty: int, price: Decimal) -> None:
        """Add an execution; beyond ``qty`` it is kept as overfill and leaves stay 0."""
        self.cum_qty += qty
        self.weighted += price * qty
        self._count_leaves()

    def change_terms(self, qty: int, price: int | None) -> None:
        """Take the terms that the venue confirmed."""
        self.qty = qty
        self.price = price
        self._count_leaves()

    def end_if_filled(self) -> None:
        """An order with nothing left is filled, whatever it was before."""
        if self.leaves_qty == 0:
            self.status = OrdStatus.FILLED

    def _count_leaves(self) -> None:
        self.leaves_qty = max(0, self.qty - self.cum_qty)
        self.overfill_qty = max(0, self.cum_qty - self.qty)


_STANDING = None
"""Read in the table: as acknowledgement and what is in flight say."""

_ENDS: dict[Word, OrdStatus | None] = {
    Word.CANCELED: OrdStatus.CANCELED,
    Word.REJECTED: OrdStatus.REJECTED,
    Word.EXPIRED: OrdStatus.EXPIRED,
    Word.PENDING_CANCEL: OrdStatus.PENDING_CANCEL,
    Word.NEW: _STANDING,
    Word.TRADE: _STANDING,
    Word.REPLACED: _STANDING,
    Word.CANCEL_REJECTED: _STANDING,
}

_TRANSITIONS: dict[OrdStatus, dict[Word, OrdStatus | None]] = {
    OrdStatus.PENDING_NEW: {**_ENDS, Word.NOT_SENT: OrdStatus.NOT_SENT},
    OrdStatus.NEW: {**_ENDS, Word.PENDING_REPLACE: OrdStatus.PENDING_REPLACE},
    OrdStatus.PENDING_REPLACE: _ENDS,
    OrdStatus.PENDING_CANCEL: {**_ENDS, Word.NOT_SENT: OrdStatus.NOT_SENT},
    OrdStatus.UNKNOWN: {**_ENDS, Word.NOT_SENT: OrdStatus.NOT_SENT},
    OrdStatus.FILLED: {Word.REPLACED: _STANDING},
}
