"""Money and holdings of one account: double-entry postings, positions at average cost, what orders hold back.

A cash account pays and receives the whole amount of a trade. A margin account
settles profit and loss only: its cash moves when a position is closed, and
what its positions cost, long or short, is kept as margin (no leverage).

Every change is a posting that takes ``amount`` of an asset from one place and
puts it to another, so each asset sums to zero over all places. Does not know
prices, rules or other accounts; never converts currencies.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import NamedTuple

import msgspec

from termdesk.core.model.execution import FeeItem
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.money import round_money
from termdesk.core.model.terms import AccountKind, Side

_ZERO = Decimal(0)
_COST_UNIT = Decimal("1e-12")
"""Cost taken out by a partial close is kept to this; a full close takes out all there is."""


class Cause(Enum):
    """Why money or units moved."""

    DEPOSIT = "deposit"
    TRADE = "trade"
    FEE = "fee"


class Place(Enum):
    """Where an asset is, from the account's view."""

    CASH = "cash"
    HOLDING = "holding"
    OUTSIDE = "outside"
    MARKET = "market"
    FEES = "fees"


class Posting(msgspec.Struct, frozen=True, array_like=True):
    """One movement. ``amount`` is above zero, or below for a rebate."""

    seq: int
    """Record that caused it."""
    cause: Cause
    source: Place
    target: Place
    asset: str
    amount: Decimal
    item: str = ""
    """Kind of fee."""


class PositionKey(NamedTuple):
    """What tells positions of one account apart."""

    instrument: str
    book: str = "main"
    slot: str = "net"


class Position(msgspec.Struct):
    """Signed quantity with the money paid (positive) or received (negative) for it. Fees are apart."""

    instrument: str
    currency: str
    qty: int = 0
    cost: Decimal = _ZERO
    realised: Decimal = _ZERO
    settled: Decimal = _ZERO
    """What of ``realised`` a margin account has moved into cash, rounded as money."""
    fees: Decimal = _ZERO
    """In ``currency``."""


class Account(msgspec.Struct, kw_only=True):
    """One account; owned by the desk state."""

    name: str
    kind: AccountKind
    broker: str
    places: dict[Place, dict[str, Decimal]] = {}
    postings: list[Posting] = []
    positions: dict[PositionKey, Position] = {}
    reserved: dict[str, Decimal] = {}
    """By currency, or by instrument id for units of a holding."""
    fees: dict[str, dict[str, Decimal]] = {}
    """By asset and kind of fee."""
    working: dict[str, None] = {}
    """Ids of open orders."""

    def cash(self, currency: str) -> Decimal:
        """Balance of a currency, reserves included."""
        return self.places.get(Place.CASH, {}).get(currency, _ZERO)

    def currencies(self) -> tuple[str, ...]:
        """Every currency that was ever held, in order of first use."""
        return tuple(self.places.get(Place.CASH, {}))

    def position(self, instrument_id: str) -> Position | None:
        """The net position of the main book, if there ever was one."""
        return self.positions.get(PositionKey(instrument_id))

    def qty(self, instrument_id: str) -> int:
        """Signed scaled quantity held."""
        found = self.position(instrument_id)
        return found.qty if found is not None else 0

    def margin(self, currency: str) -> Decimal:
        """Money that open positions of a margin account keep."""
        if self.kind is AccountKind.CASH:
            return _ZERO
        return sum((abs(p.cost) for p in self.positions.values() if p.currency == currency), _ZERO)

    def available(self, currency: str) -> Decimal:
        """Cash that a new order may use."""
        return self.cash(currency) - self.reserved.get(currency, _ZERO) - self.margin(currency)

    def hold(self, asset: str, by: Decimal) -> None:
        """Hold back more (or less) of a currency or of an instrument's units."""
        self.reserved[asset] = self.reserved.get(asset, _ZERO) + by

    def post(self, posting: Posting) -> None:
        """Book one movement."""
        self.postings.append(posting)
        for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
            held = self.places.setdefault(place, {})
            held[posting.asset] = held.get(posting.asset, _ZERO) + amount


def book_deposit(account: Account, seq: int, asset: str, amount: Decimal) -> None:
    """Put money from outside into the account."""
    account.post(Posting(seq, Cause.DEPOSIT, Place.OUTSIDE, Place.CASH, asset, amount))


def book_fill(
    account: Account, seq: int, instrument: Instrument, side: Side, qty: int, amount: Decimal, fees: tuple[FeeItem, ...]
) -> None:
    """Move units, settle the money and pay the fees; always possible, whatever the balance."""
    units = (Place.MARKET, Place.HOLDING) if side is Side.BUY else (Place.HOLDING, Place.MARKET)
    account.post(Posting(seq, Cause.TRADE, *units, instrument.id, instrument.qty_decimal(qty)))
    key = PositionKey(instrument.id)
    position = account.positions.get(key)
    if position is None:
        position = account.positions[key] = Position(instrument.id, instrument.currency)
    _move(position, side.sign * qty, amount)
    _SETTLE[account.kind](account, seq, position, -side.sign * amount)
    for fee in fees:
        account.post(Posting(seq, Cause.FEE, Place.CASH, Place.FEES, fee.asset, fee.amount, fee.kind))
        by_kind = account.fees.setdefault(fee.asset, {})
        by_kind[fee.kind] = by_kind.get(fee.kind, _ZERO) + fee.amount
        if fee.asset == position.currency:
            position.fees += fee.amount


def _settle_amount(account: Account, seq: int, position: Position, received: Decimal) -> None:
    _receive(account, seq, position.currency, received)


def _settle_profit(account: Account, seq: int, position: Position, received: Decimal) -> None:
    del received
    due = round_money(position.realised, position.currency) - position.settled
    if due:
        position.settled += due
        _receive(account, seq, position.currency, due)


def _receive(account: Account, seq: int, currency: str, money: Decimal) -> None:
    """Money from the market, or to it where the amount is below zero."""
    places = (Place.MARKET, Place.CASH) if money >= 0 else (Place.CASH, Place.MARKET)
    account.post(Posting(seq, Cause.TRADE, *places, currency, abs(money)))


_SETTLE = {AccountKind.CASH: _settle_amount, AccountKind.MARGIN: _settle_profit}


def _move(position: Position, signed: int, amount: Decimal) -> None:
    """Close against the position first (average cost), open with the rest."""
    closed = min(abs(signed), abs(position.qty)) if signed * position.qty < 0 else 0
    closing = _share(amount, closed, abs(signed))
    released = _share(position.cost, closed, abs(position.qty))
    direction = 1 if signed > 0 else -1
    if closed:
        position.realised += -direction * closing - released
    position.cost += direction * (amount - closing) - released
    position.qty += signed


def _share(total: Decimal, part: int, whole: int) -> Decimal:
    if part == 0:
        return _ZERO
    if part == whole:
        return total
    return (total * part / whole).quantize(_COST_UNIT)
