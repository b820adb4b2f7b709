"""Rows of a rule book: one dated, sourced statement each, as the data files spell them.

A row holds from its ``first_day`` (ISO date of the venue, ``""`` is always)
until the next row of the same table and boards. A field that is left out
where it could be given says that the fact is not known.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

import msgspec

from termdesk.core.model.terms import Phase, Side


class Certainty(Enum):
    """How well a row is founded."""

    VERIFIED = "verified"
    """Checked against an official text or real data."""
    SOURCED = "sourced"
    """Read in a named place that is not the venue's own."""
    UNCONFIRMED = "unconfirmed"
    """Commonly said, confirmed nowhere."""
    INVENTED = "invented"
    """A rule of a generated market."""


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every row says about itself."""

    first_day: str
    boards: tuple[str, ...] = ()
    """Boards it holds for; empty for all boards without a row of their own."""
    certainty: Certainty
    source: str


class BoardRow(Row, frozen=True, kw_only=True):
    """Codes with one of these beginnings are on this board; the longest beginning counts."""

    board: str
    kind: str
    """Kind of instrument that is listed there; another kind under such a code is not known."""
    prefixes: tuple[str, ...]


class PhaseRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From ``start`` (``HH:MM`` of the venue's clock) the venue is in ``phase``."""

    start: str
    phase: Phase


class SessionRow(Row, frozen=True, kw_only=True):
    """The timetable of a trading day; the first phase starts at 00:00. No phases: not known."""

    phases: tuple[PhaseRow, ...] = ()
    night: tuple[PhaseRow, ...] = ()
    """The evening before the trading day; hours from 24 on lie after midnight. It ends with ``closed``."""
    early: tuple[PhaseRow, ...] = ()
    """The timetable of a day that closes early."""


class ExtendedRow(Row, frozen=True, kw_only=True):
    """Trading before the opening and after the close, ``HH:MM``; not simulated."""

    early_start: str
    late_end: str


class AfterHoursRow(Row, frozen=True, kw_only=True):
    """Trading at the closing price after the close; ``HH:MM``, the end excluded."""

    start: str
    end: str
    accepts: tuple[tuple[str, str], ...] = ()
    """When orders for it may be handed in."""
    max_qty: int | None = None
    """Largest order, units."""


class AuctionTie(Enum):
    """How a call auction chooses between prices of equal volume."""

    MIDDLE = "middle"
    """Order prices with the least unfilled quantity, then their middle."""
    NEAREST = "nearest"
    """Ticks with the least surplus, then the one nearest to the previous close, at the close to the last price."""


class AuctionRow(Row, frozen=True, kw_only=True):
    """How call auctions find their price."""

    tie: AuctionTie


class TickRow(Row, frozen=True, kw_only=True):
    """Price step, and whether a daily limit lies at least one of them from the previous close.

    Without a tick it is not known.
    """

    tick: Decimal | None = None
    below: Decimal | None = None
    """Prices under this one step by ``tick_below``."""
    tick_below: Decimal | None = None
    limit_is_a_tick_away: bool | None = None


class LotRow(Row, frozen=True, kw_only=True):
    """Quantities in units (shares, fund units, bonds of 100 face, contracts)."""

    min_qty: int
    step: int
    max_limit: int | None = None
    max_market: int | None = None


class LimitCase(Enum):
    """What makes a day's limit another one; the first that applies counts."""

    LISTING = "listing"
    """The first ``days`` trading days of a listing; the row in force on its first day counts."""
    DELISTING = "delisting"
    """The first ``days`` trading days of a delisting period."""
    WIDE_BAND = "wide_band"
    """A fund that holds only shares with a limit of 20 %."""
    RISK_WARNING = "risk_warning"
    """ST and *ST."""
    ORDINARY = "ordinary"


class LimitBase(Enum):
    """From which price a daily limit is reckoned."""

    PREV_CLOSE = "prev_close"
    """The venue's previous close, adjusted for rights, as feeds deliver it."""
    ISSUE_PRICE = "issue_price"
    PREV_SETTLEMENT = "prev_settlement"


class LimitRow(Row, frozen=True, kw_only=True):
    """A daily limit as shares of its base; neither ``unlimited`` nor ``up`` and ``down``: not known."""

    case: LimitCase = LimitCase.ORDINARY
    days: int | None = None
    base: LimitBase = LimitBase.PREV_CLOSE
    unlimited: bool = False
    up: Decimal | None = None
    down: Decimal | None = None


class CageRow(Row, frozen=True, kw_only=True):
    """How far a limit order may lie beyond its base in continuous trading; the wider of both counts."""

    share: Decimal
    ticks: int


class OrderTypesRow(Row, frozen=True, kw_only=True):
    """Order types that the venue itself takes."""

    types: tuple[str, ...]


class CommissionRow(Row, frozen=True, kw_only=True):
    """What an account is assumed to pay per order, by kind of instrument or for all kinds without a row (``""``).

    Without a rate it is not known.
    """

    kind: str = ""
    rate: Decimal | None = None
    """Share of the money that changes hands."""
    maker_rate: Decimal | None = None
    """For orders that rest, where it differs."""
    per_unit: Decimal = Decimal(0)
    """Money for one unit or contract."""
    minimum: Decimal = Decimal(0)
    all_in: bool = True
    """It covers exchange and regulatory fees."""


class ChargeRow(Row, frozen=True, kw_only=True):
    """One fee that is charged by itself; without a rate it exists and its rate is not known."""

    item: str
    sides: tuple[Side, ...] = (Side.BUY, Side.SELL)
    rate: Decimal | None = None
    """Share of the money that changes hands."""
    per_unit: Decimal = Decimal(0)
    """Money for one unit or contract."""
    maximum: Decimal | None = None
    """Most for one order."""
    in_commission: bool = False
    """An all-in commission covers it."""


class SettlementRow(Row, frozen=True, kw_only=True):
    """Trading days until a bought unit may be sold; left out where it differs by instrument."""

    invests_in: str = ""
    """Funds of this kind (``Fund.invests_in``); other rows hold for them only where they have none."""
    sell_after_days: int | None = None
    settle_after_days: int | None = None
    """Trading days until units and money have changed hands; left out where it is not known."""


class ContractRow(Row, frozen=True, kw_only=True):
    """What one future is worth per point, and the least margin that its contract names."""

    multiplier: Decimal
    minimum_margin: Decimal | None = None
    """Share of the contract's value; what the exchange asks for at the moment may be more."""


class FinancingRow(Row, frozen=True, kw_only=True):
    """Buying on credit. What is left out is not known or the broker's choice."""

    initial_margin: Decimal | None = None
    """Own money per borrowed money for a purchase."""
    close_out: Decimal | None = None
    """Assets over debts below which the broker closes positions."""
    interest: Decimal | None = None
    """Yearly, on what is borrowed."""
    idle_interest: Decimal | None = None
    """Yearly, on cash that lies idle."""
    day_count: int | None = None
    """Days of a year by which interest is reckoned."""
