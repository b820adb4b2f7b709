"""One order: identities, quantities, and a working status that moves by a table.

Quantities and status are separate: a fill is booked in any status, and a
cancelled order may still be filled by a report that was on its way. Words are
FIX 4.4's; the table follows its Appendix D.
"""

from __future__ import annotations

from decimal import Decimal

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
    Term,
    TimeInForce,
    TriggerBy,
)
from termdesk.core.model.trigger import Trail

TIME_OVER = "end.expired"
"""Reason code of an order that ends because its time is over."""
GIVES_WAY = frozenset({"group.filled", "group.ended"})
"""Reason codes of an order that ends because another one of its group was filled or ended."""


class Word(Term):
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
    UNKNOWN = "unknown"
    BUSTED = "busted"
    RELEASED = "released"
    TRIGGERED = "triggered"


class InFlight(msgspec.Struct, gc=False):
    """A cancel or replace that the venue has not answered."""

    cl_ord_id: str
    is_replace: bool
    sent_ns: int = 0
    is_unknown: bool = False
    """Nobody knows whether it got there."""
    qty: int = 0
    price: int | None = None
    """Terms that a replace asks for."""
    trigger_price: int | None = None
    by_desk: bool = False
    """The desk asked by itself, because another order or the position changed."""


class Order(msgspec.Struct, kw_only=True, gc=False):
    """An order for life. Owned by the desk state; changed by facts only.

    ``leaves_qty`` is what is not filled, also of an ended order;
    ``overfill_qty`` is what the venue filled beyond ``qty``.
    """

    order_id: str
    cl_ord_ids: list[str]
    """One per submit, cancel and amend; the newest last."""
    venue_cl_ord_id: str
    client_prefix: str = ""
    """Stands before every client id of the order at its venue."""
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
    expires_here: bool = False
    """The venue does not end it at ``expire_ns``, so the engine does."""
    expire_asked: bool = False
    """The engine asked the venue to take it off because its time was over."""
    gave_way: bool = False
    """The desk asked for its end because of another order of its group."""
    qty: int
    target_qty: int = 0
    """What its owner asked for; other orders and the position may have taken some of it off ``qty``."""
    cum_qty: int = 0
    leaves_qty: int
    overfill_qty: int = 0
    weighted: Decimal = Decimal(0)
    """Sum of execution price times scaled quantity."""
    status: OrdStatus = OrdStatus.PENDING_NEW
    acknowledged: bool = False
    unknown: bool = False
    """Nobody knows whether it got there; ends with the first word of the venue."""
    presumed: bool = False
    """It ended without the venue's word; a later word of the venue counts more."""
    inferred_qty: int = 0
    """Booked from totals, and not yet told by reports of its own."""
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
    def now_type(self) -> OrdType:
        """What it is now: after its trigger, the market or limit order that it was to become."""
        return self.ord_type.triggered if self.triggered else self.ord_type

    @property
    def is_watching(self) -> bool:
        """Whether it waits for its trigger, at the venue or in the engine."""
        return self.ord_type.has_trigger and not self.triggered

    @property
    def is_local(self) -> bool:
        """Whether no venue has heard of it: the engine holds it, or watches for its trigger."""
        return self.status is OrdStatus.HELD or (self.emulated and (self.is_watching or self.display_qty is not None))

    @property
    def is_sliced(self) -> bool:
        """Whether the engine sends it in slices now, each of which the venue knows as an order."""
        return (
            self.emulated
            and self.display_qty is not None
            and not self.is_watching
            and self.status is not OrdStatus.HELD
        )

    @property
    def is_leaving(self) -> bool:
        """Whether its cancel is on the way."""
        return any(not sent.is_replace for sent in self.in_flight)

    @property
    def asked(self) -> tuple[int, int | None, int | None]:
        """Quantity, price and trigger as they will be once the venue has taken what is on the way."""
        for sent in reversed(self.in_flight):
            if sent.is_replace:
                return sent.qty, sent.price, sent.trigger_price
        return self.qty, self.price, self.trigger_price

    @property
    def can_rest(self) -> bool:
        """Whether what does not trade at once stays at the venue or in the engine."""
        return self.is_watching or (self.now_type is not OrdType.MARKET and not self.time_in_force.is_at_once)

    @property
    def is_resting(self) -> bool:
        """Whether it may stand at its limit in its venue's book; what the engine watches for or keeps does not."""
        if self.price is None or not self.status.is_open or self.time_in_force.is_at_once:
            return False
        return not (self.is_watching or self.is_local or self.ord_type.triggered is OrdType.MARKET)

    @property
    def deadline_ns(self) -> int | None:
        """When the engine has to end it; None where the venue does, or nobody."""
        if self.expire_ns is None or self.expire_asked or not self.status.is_open:
            return None
        return self.expire_ns if self.expires_here or self.is_local else None

    @property
    def in_doubt(self) -> bool:
        """Whether it is open and nobody knows what became of it, or of a cancel or replace."""
        return self.status.is_open and (
            (self.unknown and not self.acknowledged) or any(sent.is_unknown for sent in self.in_flight)
        )

    @property
    def is_presumed_over(self) -> bool:
        """Whether it ended without the venue's word and something of it could still work."""
        return self.presumed and not self.status.is_open and self.leaves_qty > 0

    def takes(self, word: Word) -> bool:
        """Whether a word of the venue means anything to the order as it stands."""
        return word in _TRANSITIONS.get(self.status, {}) or (self.is_presumed_over and word in _AFTER_ALL)

    def standing(self) -> OrdStatus:
        """Working status that follows from what is acknowledged and what is in flight."""
        if self.in_flight:
            return OrdStatus.PENDING_CANCEL if self.is_leaving else OrdStatus.PENDING_REPLACE
        if self.acknowledged:
            return OrdStatus.NEW
        return OrdStatus.UNKNOWN if self.unknown else OrdStatus.PENDING_NEW

    def move(self, word: Word) -> None:
        """Take the next status from the table; a word that does not fit the status changes nothing."""
        row = _TRANSITIONS.get(self.status, {})
        if word not in row and self.is_presumed_over:
            row = _AFTER_ALL
        if word in row:
            self.status = row[word] or self.standing()

    def fill(self, qty: int, price: Decimal) -> None:
        """Add an execution; beyond ``qty`` it is kept as overfill and leaves stay 0."""
        self.cum_qty += qty
        self.weighted += price * qty
        self._count_leaves()

    def bust(self, qty: int, price: Decimal) -> None:
        """Take an execution back; an order that was filled by it has ended, unless the venue says otherwise."""
        self.fill(-qty, price)
        if self.leaves_qty and self.status is OrdStatus.FILLED:
            self.presumed = True
            self.move(Word.BUSTED)

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
    Word.TRIGGERED: _STANDING,
}

_AFTER_ALL: dict[Word, OrdStatus | None] = {
    word: _ENDS[word] for word in (Word.NEW, Word.REPLACED, Word.CANCELED, Word.REJECTED, Word.EXPIRED)
}
"""What the venue may still say of an order that was taken for ended."""

_TRANSITIONS: dict[OrdStatus, dict[Word, OrdStatus | None]] = {
    OrdStatus.HELD: {
        Word.RELEASED: OrdStatus.PENDING_NEW,
        Word.CANCELED: OrdStatus.CANCELED,
        Word.REJECTED: OrdStatus.REJECTED,
        Word.EXPIRED: OrdStatus.EXPIRED,
    },
    OrdStatus.PENDING_NEW: {**_ENDS, Word.NOT_SENT: OrdStatus.NOT_SENT, Word.UNKNOWN: OrdStatus.UNKNOWN},
    OrdStatus.NEW: {**_ENDS, Word.PENDING_REPLACE: OrdStatus.PENDING_REPLACE},
    OrdStatus.PENDING_REPLACE: _ENDS,
    OrdStatus.PENDING_CANCEL: {**_ENDS, Word.NOT_SENT: OrdStatus.NOT_SENT},
    OrdStatus.UNKNOWN: {**_ENDS, Word.NOT_SENT: OrdStatus.NOT_SENT},
    OrdStatus.FILLED: {Word.REPLACED: _STANDING, Word.BUSTED: OrdStatus.CANCELED},
}
