"""One account: where its assets are, its positions, and what orders hold back.

A cash account pays and receives the whole amount of a trade. A margin account
settles profit and loss only: its cash moves when a position is closed or
marked, and what its positions cost, long or short, is kept as margin (no
leverage).

Does not know prices, rules or other accounts; never converts currencies.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.facts import Recorded
from termdesk.core.model.money import EXACT
from termdesk.core.model.posting import PLACES, Cause, Place, Posting
from termdesk.core.model.terms import AccountKind
from termdesk.core.trading.ledger.position import ZERO, Position, PositionKey

_plus, _minus = EXACT.add, EXACT.subtract
_SOURCE = {cause: places[0] for cause, places in PLACES.items()}


class InterestTerms(msgspec.Struct, frozen=True, array_like=True):
    """Yearly rates of a currency: on what lies idle, and on what is owed."""

    idle_rate: Decimal
    owed_rate: Decimal
    year_days: int


class MoneyDue(msgspec.Struct, array_like=True):
    """Money received that may be withdrawn from a day on."""

    day: str
    amount: Decimal


class Account(msgspec.Struct, kw_only=True):
    """Owned by the desk state."""

    name: str
    kind: AccountKind
    broker: str
    fidelity: str = ""
    """Profile of the simulated exchange; empty is the default."""
    places: dict[Place, dict[str, Decimal]] = {}
    """By place and asset: a currency, or an instrument id for units. Each asset sums to zero over all places."""
    postings: list[Posting] = []
    """Of days that are not closed."""
    days: dict[str, dict[str, dict[str, Decimal]]] = {}
    """Cash that moved on closed trading days, by day, asset and what for: a cause, or ``fee`` with its kind."""
    interest: dict[str, InterestTerms] = {}
    """By currency; none where idle cash earns and owed cash costs nothing."""
    positions: dict[PositionKey, Position] = {}
    reserved: dict[str, Decimal] = {}
    """By currency, or by instrument id for units of a holding."""
    fees: dict[str, dict[str, Decimal]] = {}
    """By asset and kind of fee."""
    money_due: dict[str, list[MoneyDue]] = {}
    """By currency."""
    working: dict[str, None] = {}
    """Ids of open orders."""

    def cash(self, currency: str) -> Decimal:
        """Balance of a currency, reserves included."""
        return self.places.get(Place.CASH, {}).get(currency, ZERO)

    def currencies(self) -> tuple[str, ...]:
        """Every currency that was ever held, in order of first use."""
        return tuple(self.places.get(Place.CASH, {}))

    def position(self, instrument_id: str) -> Position | None:
        """The net position of the main book, if there ever was one."""
        # A plain tuple is equal to the key and cheaper to make.
        return self.positions.get((instrument_id, "main", "net"))  # type: ignore[call-overload, no-any-return]

    def qty(self, instrument_id: str) -> int:
        """Signed scaled quantity held."""
        found = self.position(instrument_id)
        return found.qty if found is not None else 0

    def margin(self, currency: str) -> Decimal:
        """Money that open positions of a margin account keep."""
        if self.kind is AccountKind.CASH:
            return ZERO
        total = ZERO
        for position in self.positions.values():
            if position.currency == currency:
                total += abs(position.cost)
        return total

    def available(self, currency: str) -> Decimal:
        """Cash that a new order may use."""
        return self.cash(currency) - self.reserved.get(currency, ZERO) - self.margin(currency)

    def settled_cash(self, currency: str, day: str) -> Decimal:
        """Cash that no sale still owes on an ISO day."""
        due = sum((due.amount for due in self.money_due.get(currency, ()) if due.day > day), ZERO)
        return self.cash(currency) - due

    def withdrawable(self, currency: str, day: str) -> Decimal:
        """Cash that may leave the account on an ISO day."""
        return max(ZERO, min(self.available(currency), self.settled_cash(currency, day)))

    def hold(self, asset: str, by: Decimal) -> None:
        """Hold back more (or less) of a currency or of an instrument's units."""
        self.reserved[asset] = self.reserved.get(asset, ZERO) + by

    def receive(self, record: Recorded, cause: Cause, currency: str, amount: Decimal, item: str = "") -> None:
        """Book money into cash, or out of it where the amount is below zero."""
        self._post(Posting(record.seq, record.trading_day, cause, _SOURCE[cause], Place.CASH, currency, amount, item))

    def receive_units(self, record: Recorded, cause: Cause, instrument_id: str, units: Decimal) -> None:
        """Book units into the holding, or out of it where they are below zero."""
        self._post(Posting(record.seq, record.trading_day, cause, _SOURCE[cause], Place.HOLDING, instrument_id, units))

    def pay_fee(self, record: Recorded, cause: Cause, asset: str, amount: Decimal, kind: str) -> None:
        """Book a fee out of cash, or a rebate into it where it is below zero."""
        self._post(Posting(record.seq, record.trading_day, cause, Place.CASH, Place.FEES, asset, amount, kind))
        by_kind = self.fees.get(asset)
        if by_kind is None:
            by_kind = self.fees[asset] = {}
        by_kind[kind] = by_kind.get(kind, ZERO) + amount

    def owe(self, currency: str, day: str, amount: Decimal) -> None:
        """Count received money as settled from ``day`` on."""
        owed = self.money_due.setdefault(currency, [])
        for due in owed:
            if due.day == day:
                due.amount += amount
                return
        owed.append(MoneyDue(day, amount))

    def _post(self, posting: Posting) -> None:
        self.postings.append(posting)
        asset, amount = posting.asset, posting.amount
        source, target = self.places.get(posting.source), self.places.get(posting.target)
        if source is None or target is None or asset not in source or asset not in target:
            for place in (posting.source, posting.target):
                self.places.setdefault(place, {}).setdefault(asset, ZERO)
            source, target = self.places[posting.source], self.places[posting.target]
        source[asset] = _minus(source[asset], amount)
        target[asset] = _plus(target[asset], amount)
