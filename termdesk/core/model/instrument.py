"""Instruments: what is listed where, with which numbers.

An id is ``CODE.SEGMENT``, split at the last dot and opaque everywhere else.
It names a listing, never a route to it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

import msgspec

from termdesk.core.model.money import EXACT
from termdesk.core.model.number import Price, Qty, padded, to_decimal, to_scaled, to_text
from termdesk.core.model.terms import PriceType


class Share(msgspec.Struct, frozen=True, tag="share"):
    """A company's share; ``settlement_days`` until a bought share may be sold (T+1 in China)."""

    settlement_days: int = 0
    float_qty: Qty = 0
    """Shares that can be traded, on the instrument's scale; 0 where it is not known."""


class Fund(msgspec.Struct, frozen=True, tag="fund"):
    """An exchange-traded fund; what it invests in decides in China when a bought unit may be sold."""

    settlement_days: int = 0
    invests_in: Literal["", "shares", "bonds", "money", "gold", "commodities", "abroad"] = ""
    """``abroad`` only where what it invests in may be sold on the day it was bought; ``""`` where it is not known."""


class Convertible(msgspec.Struct, frozen=True, tag="convertible"):
    """A convertible bond, quoted per 100 face."""

    underlying: str = ""
    conversion_price: Decimal | None = None


class Spot(msgspec.Struct, frozen=True, tag="spot"):
    """A currency pair: buying it gives ``base`` for the quote currency."""

    base: str


class Perpetual(msgspec.Struct, frozen=True, tag="perpetual"):
    """A linear perpetual future, settled in the quote currency."""

    base: str


class Future(msgspec.Struct, frozen=True, tag="future"):
    """A dated future; the instrument's ``last_day`` is its last trading day."""

    underlying: str = ""


Detail = Share | Fund | Convertible | Spot | Perpetual | Future


class TradingRule(msgspec.Struct, frozen=True):
    """Tick and lot in force from a day on. Scaled ints of the instrument.

    Daily price limits are here only where the source tells them outright; else
    they, and sessions always, belong to ``core/venues``.
    """

    first_day: str
    """ISO date of the venue, inclusive; ``""`` is always."""
    tick: Price
    lot: Qty
    """Quantity step."""
    min_qty: Qty
    max_qty: Qty | None = None
    """Largest limit order; None where it is not known."""
    min_notional: Decimal | None = None
    """Least price times quantity of an order; None where there is none or it is not known."""
    limit_down: Price | None = None
    limit_up: Price | None = None
    """Lowest and highest price that the source tells; None leaves them to the rule book of the venue."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a listing from a day on and no code tells; daily price limits hang on it."""

    first_day: str
    """ISO date of the venue, inclusive; ``""`` is always."""
    risk_warning: bool = False
    """ST or *ST."""
    wide_band: bool = False
    """A fund that holds only shares with a daily limit of 20 %."""
    delisting_since: str = ""
    """First day (ISO) of its delisting period, ``""`` outside of one."""


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """One listing. Storage decimals never change for an id; what does change is a dated row."""

    id: str
    version: int = 1
    name: str
    name_zh: str = ""
    currency: str
    """Currency of price and settlement."""
    price_decimals: int
    qty_decimals: int
    multiplier: Decimal = Decimal(1)
    price_type: PriceType = PriceType.PRICE
    orientation: Literal[1, -1] = 1
    first_day: str = ""
    last_day: str = ""
    source: str = ""
    """Where the record came from."""
    rules: tuple[TradingRule, ...]
    """Ascending by first day, at least one."""
    detail: Detail
    standings: tuple[Standing, ...] = ()
    """Ascending by first day; empty where nothing is known."""

    KINDS: ClassVar[tuple[str, ...]] = ("share", "fund", "convertible", "spot", "perpetual", "future")

    @property
    def code(self) -> str:
        """The part before the last dot."""
        return self.id.rpartition(".")[0]

    @property
    def segment(self) -> str:
        """The part after the last dot."""
        return self.id.rpartition(".")[2]

    @property
    def kind(self) -> str:
        """One of ``KINDS``."""
        return str(self.detail.__struct_config__.tag)

    @property
    def settlement_days(self) -> int:
        """Days until a bought unit may be sold; 0 where the kind has no such rule."""
        detail = self.detail
        return detail.settlement_days if isinstance(detail, Share | Fund) else 0

    def rule(self, day: str) -> TradingRule:
        """Give the row in force on an ISO day; the first row also covers days before it."""
        chosen = self.rules[0]
        for row in self.rules:
            if row.first_day <= day:
                chosen = row
        return chosen

    def standing(self, day: str) -> Standing | None:
        """Give what is known of the listing on an ISO day; None where nothing is."""
        return next((row for row in reversed(self.standings) if row.first_day <= day), None)

    def price(self, text: str | Decimal) -> int:
        """Scale a price; refuses one with too many decimals."""
        return to_scaled(text, self.price_decimals)

    def qty(self, text: str | Decimal) -> int:
        """Scale a quantity; refuses one with too many decimals."""
        return to_scaled(text, self.qty_decimals)

    def price_text(self, price: int) -> str:
        """Write a scaled price with the instrument's decimals."""
        return to_text(price, self.price_decimals)

    def exact_price_text(self, price: Decimal) -> str:
        """Write an exact price, as of an execution, with the instrument's decimals or, where it needs them, more."""
        return padded(price, self.price_decimals)

    def qty_text(self, qty: int) -> str:
        """Write a scaled quantity with the instrument's decimals."""
        return to_text(qty, self.qty_decimals)

    def price_decimal(self, price: int) -> Decimal:
        """Exact decimal of a scaled price."""
        return to_decimal(price, self.price_decimals)

    def qty_decimal(self, qty: int) -> Decimal:
        """Exact decimal of a scaled quantity."""
        return to_decimal(qty, self.qty_decimals)

    def cash(self, price: Decimal, qty: int, settle_day: str) -> Decimal:
        """Money that changes hands for ``qty`` at ``price``, unsigned, in ``currency``.

        The only way from price to money. ``settle_day`` (ISO date) matters for
        kinds with accrued interest; none of today's kinds has it. Fees are apart.
        """
        del settle_day
        return EXACT.multiply(EXACT.multiply(price, self.qty_decimal(qty)), self.multiplier)
