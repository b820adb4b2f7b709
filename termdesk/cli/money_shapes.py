"""What ``--json`` prints about money: accounts, positions, trading days and their statements."""

from __future__ import annotations

from termdesk.cli.shapes import FeeShape, Number, Shape, Stamp
from termdesk.core.model.terms import AccountKind


class PositionShape(Shape, frozen=True, kw_only=True):
    """One position at a named mark. Money is in ``currency``."""

    account: str
    instrument: str
    qty: Number
    """Signed."""
    sellable: Number
    average: Number
    mark: Number | None
    mark_source: str
    """last, mid, settlement, valuation; empty without a mark."""
    mark_ns: Stamp
    unrealised: Number | None
    realised: Number
    fees: Number
    currency: str
    settled: Number
    """Signed; qty counts from the trade on."""
    sell_day: str
    """First trading day on which more may be sold; empty where nothing waits."""
    fifo_realised: Number
    fifo_average: Number


class CashShape(Shape, frozen=True, kw_only=True):
    """Cash of one currency."""

    currency: str
    balance: Number
    reserved: Number
    available: Number
    unrealised: Number | None
    realised: Number
    fees: Number
    withdrawable: Number
    """Free and settled."""


class RateShape(Shape, frozen=True, kw_only=True):
    """A rate that a total was converted at."""

    currency: str
    rate: Number
    source: str
    at_ns: Stamp


class TotalShape(Shape, frozen=True, kw_only=True):
    """What an account is worth in the desk's base currency."""

    currency: str
    value: Number | None
    missing: tuple[str, ...]
    """Instruments without a mark and currencies without a rate; with any the value is not known."""
    rates: tuple[RateShape, ...]


class AccountShape(Shape, frozen=True, kw_only=True):
    """One account."""

    account: str
    kind: AccountKind
    fidelity: str
    """Profile of the simulated exchange; empty is the default, or an account of another broker."""
    cash: tuple[CashShape, ...]
    positions: tuple[PositionShape, ...]
    total: TotalShape | None


class DayShape(Shape, frozen=True, kw_only=True):
    """The trading day of a venue that is not closed."""

    venue: str
    """Segment; empty for the desk's own calendar."""
    day: str
    ends_ns: Stamp
    """First moment after it."""
    is_over: bool
    closed_day: str
    """The day before; empty where none was closed here."""
    closed_ns: Stamp
    missed: bool
    """That one ended while the engine was off."""


class MoveShape(Shape, frozen=True, kw_only=True):
    """What moved for one reason."""

    what: str
    amount: Number


class CashStatementShape(Shape, frozen=True, kw_only=True):
    """Cash of one currency over a day."""

    asset: str
    opening: Number
    moves: tuple[MoveShape, ...]
    closing: Number


class StatedPositionShape(Shape, frozen=True, kw_only=True):
    """A position at the end of a day."""

    instrument: str
    qty: Number
    settled: Number
    """From the next trading day on."""
    average: Number
    mark: Number | None
    mark_source: str
    mark_day: str
    unrealised: Number | None
    realised: Number
    fifo_realised: Number
    currency: str


class StatedFillShape(Shape, frozen=True, kw_only=True):
    """A fill of the day."""

    at_ns: Stamp
    order_id: str
    exec_id: str
    instrument: str
    side: str
    qty: Number
    price: Number
    amount: Number
    fees: tuple[FeeShape, ...]


class AccountStatementShape(Shape, frozen=True, kw_only=True):
    """One account over a day."""

    account: str
    kind: AccountKind
    cash: tuple[CashStatementShape, ...]
    fills: tuple[StatedFillShape, ...]
    fees: tuple[FeeShape, ...]
    positions: tuple[StatedPositionShape, ...]


class StatementShape(Shape, frozen=True, kw_only=True):
    """The statement of a trading day."""

    day: str
    accounts: tuple[AccountStatementShape, ...]
    still_open: tuple[str, ...]
    """Venues whose day is not closed; their positions are valued now."""
