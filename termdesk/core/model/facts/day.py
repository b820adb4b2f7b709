"""Facts about the end of a venue's trading day, in the order in which a close records them.

Orders that are over (``OrderExpired``), settlement prices, marks
(``PositionMarked``), interest (``CashPosted``), statements, archived orders,
and last ``DayClosed``. What is due by that day counts as settled with it.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.execution import FeeItem
from termdesk.core.model.number import Ns, Qty


class DayOpened(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="day_opened.1"):
    """A venue was used for the first time; its days are closed from here on."""

    venue: str
    """Segment; empty for the desk's own calendar."""
    day: str
    ends_ns: Ns
    """First moment after it."""


class SettlementPriced(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="settlement_priced.1"):
    """The price at which a day's statement values an instrument."""

    instrument: str
    day: str
    price: Decimal
    source: str
    """``last`` or ``mid`` of the day, ``settlement`` where the venue gave one."""
    at_ns: Ns
    """Of the price."""


class StatedPosition(msgspec.Struct, frozen=True, array_like=True):
    """A position in a statement; money in its currency."""

    instrument: str
    qty: Qty
    settled: Qty
    """From the next trading day on."""
    average: Decimal
    mark: Decimal | None
    mark_source: str
    mark_day: str
    """Day of the mark; an older one where the day had none."""
    unrealised: Decimal | None
    realised: Decimal
    fifo_realised: Decimal
    currency: str


class StatedCash(msgspec.Struct, frozen=True, array_like=True):
    """A balance in a statement."""

    asset: str
    balance: Decimal
    withdrawable: Decimal


class StatementMade(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="statement_made.1"):
    """What an account held when a venue's day was closed."""

    account: str
    venue: str
    day: str
    fills: int
    """Of the day at the venue."""
    fees: tuple[FeeItem, ...]
    """Likewise, added up by kind and asset."""
    cash: tuple[StatedCash, ...]
    positions: tuple[StatedPosition, ...]


class OrdersArchived(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="orders_archived.1"):
    """Orders that ended by this day are no longer listed among those of the present."""

    venue: str
    day: str
    order_ids: tuple[str, ...]


class InterestSet(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="interest_set.1"):
    """From here on cash of a currency earns, and costs where it is owed, a yearly rate by calendar day."""

    command_id: str
    account: str
    asset: str
    idle_rate: Decimal
    owed_rate: Decimal
    year_days: int


class DayClosed(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="day_closed.1"):
    """A venue's trading day is closed for ever."""

    venue: str
    day: str
    next_day: str
    next_ends_ns: Ns
    missed: bool = False
    """The engine was off when it ended."""
    command_id: str = ""
    """Of the person who asked for it; empty from the calendar."""
