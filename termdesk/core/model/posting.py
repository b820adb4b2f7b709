"""Why money or units move, and between which places: the words of the ledger.

Holdings change only by a posting with one of these causes. The table says
which places a cause moves an asset between.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

import msgspec


class Cause(Enum):
    """Why an asset moved."""

    FILL = "fill"
    FEE = "fee"
    BUST = "bust"
    """A fill that never happened, and its fees."""
    CORRECTION = "correction"
    """A fill that was another one: the old one goes back, the right one is booked."""
    TRANSFER = "transfer"
    """Deposit and withdrawal, of money or units."""
    ALLOCATION = "allocation"
    """Units handed to another account at their average price."""
    MARK = "mark"
    """Profit and loss of a day's settlement price, paid in cash."""
    CORPORATE_ACTION = "corporate_action"
    """Split, bonus shares, cash dividend and the tax on it."""
    COUPON = "coupon"
    INTEREST = "interest"
    """On idle cash."""
    FINANCING = "financing"
    """For borrowed money or shares."""
    FUNDING = "funding"
    """Between the two sides of a perpetual."""
    EXPIRY = "expiry"
    """Expiry or exercise."""
    OPENING = "opening"
    """What was there before the desk kept books."""

    # Members are one object each, and every booking looks its cause up.
    __hash__ = object.__hash__


class Place(Enum):
    """Where an asset is, from the account's view."""

    CASH = "cash"
    HOLDING = "holding"
    MARKET = "market"
    FEES = "fees"
    OUTSIDE = "outside"
    OTHER_ACCOUNT = "other_account"
    CLEARING = "clearing"
    ISSUER = "issuer"
    BROKER = "broker"
    BEFORE = "before"

    # Likewise.
    __hash__ = object.__hash__


PLACES: dict[Cause, tuple[Place, ...]] = {
    Cause.FILL: (Place.MARKET,),
    Cause.FEE: (Place.FEES,),
    Cause.BUST: (Place.MARKET, Place.FEES),
    Cause.CORRECTION: (Place.MARKET, Place.FEES),
    Cause.TRANSFER: (Place.OUTSIDE,),
    Cause.ALLOCATION: (Place.OTHER_ACCOUNT,),
    Cause.MARK: (Place.CLEARING,),
    Cause.CORPORATE_ACTION: (Place.ISSUER,),
    Cause.COUPON: (Place.ISSUER,),
    Cause.INTEREST: (Place.BROKER,),
    Cause.FINANCING: (Place.BROKER,),
    Cause.FUNDING: (Place.MARKET,),
    Cause.EXPIRY: (Place.CLEARING,),
    Cause.OPENING: (Place.BEFORE,),
}
"""Where an asset comes from, or goes to, by cause. The other end is the account's cash, or its holding for units."""


class Posting(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One movement: ``amount`` of an asset goes from ``source`` to ``target``; below zero it comes back."""

    seq: int
    """Record that caused it."""
    day: str
    """Trading day of that record."""
    cause: Cause
    source: Place
    target: Place
    asset: str
    amount: Decimal
    item: str = ""
    """Kind of fee, dividend or tax, or the instrument that an income belongs to."""

    @property
    def label(self) -> str:
        """What it is summed up under: the cause, with its item."""
        return f"{self.cause.value} {self.item}" if self.item else self.cause.value


class Settles(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """When what a trade moved is settled, as ISO days of the instrument's venue."""

    settle_day: str
    """First day on which the units are settled."""
    sell_day: str
    """First day on which bought units may be sold."""
    money_day: str
    """First day on which money received may be withdrawn; it buys at once."""
