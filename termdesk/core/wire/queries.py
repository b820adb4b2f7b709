"""Queries and their results: asked once, answered in pages, cancellable, lowest priority."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.command import AmendOrder, SubmitOrder
from termdesk.core.model.condition import Action, Predicate
from termdesk.core.model.execution import FeeItem
from termdesk.core.model.facts import OrderFilled
from termdesk.core.model.facts.day import StatedPosition
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.limits import ScopedLimits, TradingStop
from termdesk.core.model.number import Ns, Price, Qty
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.model.terms import Contingency, OrdStatus, OrdType, ReleaseMode, Side, TimeInForce, TriggerBy
from termdesk.core.model.trigger import Trail
from termdesk.core.wire.attention import AlertLine, BrokerLine
from termdesk.core.wire.notes import NotesQuery, NotesResult
from termdesk.core.wire.topics import AccountBody, BookBody, HealthBody, QuoteBody


class InstrumentsQuery(msgspec.Struct, frozen=True, tag="instruments"):
    """All known instruments, or those named."""

    ids: tuple[str, ...] = ()


class OrdersQuery(msgspec.Struct, frozen=True, tag="orders"):
    """Orders, newest last."""

    account: str = ""
    working_only: bool = False
    archived: bool = False
    """Those that ended on closed trading days too."""


class FillsQuery(msgspec.Struct, frozen=True, tag="fills"):
    """Fills, newest last."""

    account: str = ""
    order_id: str = ""


class AccountsQuery(msgspec.Struct, frozen=True, tag="accounts"):
    """Cash and positions, of one account or all."""

    account: str = ""


class ConditionsQuery(msgspec.Struct, frozen=True, tag="conditions"):
    """Conditions that are armed now, in the order of arming."""


class BookQuery(msgspec.Struct, frozen=True, tag="book"):
    """The best levels of one book now."""

    instrument: str
    depth: int = 10


class QuoteQuery(msgspec.Struct, frozen=True, tag="quote"):
    """The quote line of one instrument now."""

    instrument: str


class WhyQuery(msgspec.Struct, frozen=True, tag="why"):
    """What happened to an order and what it waits for."""

    order_id: str


class PreviewQuery(msgspec.Struct, frozen=True, tag="preview"):
    """What a new order would cost and do, and whether the risk gate would let it through."""

    order: SubmitOrder


class PreviewAmendQuery(msgspec.Struct, frozen=True, tag="preview_amend"):
    """What a working order would cost and do with other terms, and whether the risk gate would let it through."""

    amend: AmendOrder


class DaysQuery(msgspec.Struct, frozen=True, tag="days"):
    """The open trading day of every venue."""


class StatementQuery(msgspec.Struct, frozen=True, tag="statement"):
    """What moved on a trading day and what was held at its end; its fills are asked for with ``FillsQuery``."""

    day: str
    """ISO date."""
    account: str = ""


class StatusQuery(msgspec.Struct, frozen=True, tag="status"):
    """How the engine is."""


class LimitsQuery(msgspec.Struct, frozen=True, tag="limits"):
    """Limits in force, what is stopped, and what surveillance noticed."""


Query = (
    InstrumentsQuery
    | OrdersQuery
    | FillsQuery
    | AccountsQuery
    | ConditionsQuery
    | BookQuery
    | QuoteQuery
    | WhyQuery
    | PreviewQuery
    | PreviewAmendQuery
    | StatusQuery
    | DaysQuery
    | StatementQuery
    | LimitsQuery
    | NotesQuery
)


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One order as it stands."""

    order_id: str
    account: str
    instrument: str
    version: int
    side: Side
    ord_type: OrdType
    qty: Qty
    price: Price | None
    time_in_force: TimeInForce
    status: OrdStatus
    cum_qty: Qty
    leaves_qty: Qty
    average: Decimal
    """Average price of its fills; 0 where nothing is filled."""
    submitted_ns: Ns
    updated_ns: Ns
    origin: str
    note: str = ""
    post_only: bool = False
    reduce_only: bool = False
    reason: Reason | None = None
    """Why it ended or was refused."""
    trigger_price: Price | None = None
    """As it was last told; ``why`` tells where a trailing one stands now."""
    trigger_by: TriggerBy = TriggerBy.LAST
    trail: Trail | None = None
    triggered: bool = False
    display_qty: Qty | None = None
    expire_ns: Ns | None = None
    contingency: Contingency | None = None
    group: str = ""
    parent_id: str = ""
    release: ReleaseMode | None = None
    emulated: bool = False
    """The engine watches its trigger or deals out its slices in the venue's place."""
    expires_here: bool = False
    """The engine ends it when its time is over."""


class InstrumentsResult(msgspec.Struct, frozen=True, tag="instruments"):
    """Answer to ``InstrumentsQuery``."""

    instruments: tuple[Instrument, ...]


class OrdersResult(msgspec.Struct, frozen=True, tag="orders"):
    """Answer to ``OrdersQuery``; true as of ``cursor``, from which the log goes on."""

    orders: tuple[OrderLine, ...]
    cursor: int


class FillLine(msgspec.Struct, frozen=True):
    """One fill with its place and time."""

    seq: int
    at_ns: Ns
    trading_day: str
    fill: OrderFilled


class FillsResult(msgspec.Struct, frozen=True, tag="fills"):
    """Answer to ``FillsQuery``; true as of ``cursor``."""

    fills: tuple[FillLine, ...]
    cursor: int


class AccountsResult(msgspec.Struct, frozen=True, tag="accounts"):
    """Answer to ``AccountsQuery``."""

    accounts: tuple[AccountBody, ...]
    cursor: int


class ConditionLine(msgspec.Struct, frozen=True):
    """One armed condition."""

    condition_id: str
    instrument: str
    version: int
    predicate: Predicate
    action: Action
    armed_ns: Ns
    origin: str


class ConditionsResult(msgspec.Struct, frozen=True, tag="conditions"):
    """Answer to ``ConditionsQuery``; true as of ``cursor``."""

    conditions: tuple[ConditionLine, ...]
    cursor: int


class BookResult(msgspec.Struct, frozen=True, tag="book"):
    """Answer to ``BookQuery``."""

    book: BookBody


class QuoteResult(msgspec.Struct, frozen=True, tag="quote"):
    """Answer to ``QuoteQuery``."""

    quote: QuoteBody
    desk_ns: Ns
    delay_ns: int | None = None
    """How much later than at the venue its source speaks by design; 0 is real time, null is not told."""


class WhyStep(msgspec.Struct, frozen=True):
    """One thing that happened to an order."""

    seq: int
    at_ns: Ns
    what: str
    """Tag of the fact without its version, such as ``order_filled``."""
    reason: Reason | None
    qty: Qty = 0
    price: Decimal | None = None
    seen: MarketSeen | None = None


class WhyResult(msgspec.Struct, frozen=True, tag="why"):
    """Answer to ``WhyQuery``: the steps so far and, while it works, what it waits for."""

    order: OrderLine
    steps: tuple[WhyStep, ...]
    waits: Reason | None
    recorded: bool = False
    """Whether the market data since the order came is kept."""


class PreviewResult(msgspec.Struct, frozen=True, tag="preview"):
    """Answer to ``PreviewQuery`` and ``PreviewAmendQuery``; of an amend, what is left of the order counts."""

    refusal: Reason | None
    reserve_asset: str
    reserve: Decimal
    fee: Decimal
    """Estimate."""
    fee_asset: str
    position_after: Qty
    available: Decimal | None
    """Of the reserve asset, before the order."""
    instrument: str
    """The order's instrument, which gives ``position_after`` its scale."""
    fees: tuple[FeeItem, ...] = ()
    """Estimate by item; ``fee`` is their sum."""
    fees_unknown: tuple[str, ...] = ()
    """Fees that are due besides, in amounts that are not known."""
    refusals: tuple[Reason, ...] = ()
    """Everything that the gate has against it; ``refusal`` is the first."""
    warnings: tuple[Reason, ...] = ()
    """What stands in no way of it and should be known."""
    fidelity: str = ""
    """Profile of the account's simulated exchange; empty is the default."""


class DayLine(msgspec.Struct, frozen=True):
    """The trading day of a venue that is not closed."""

    venue: str
    """Segment; empty for the desk's own calendar."""
    day: str
    ends_ns: Ns
    closed_day: str
    """The day before; empty where none was closed here."""
    closed_ns: Ns
    missed: bool
    """That one ended while the engine was off."""


class DaysResult(msgspec.Struct, frozen=True, tag="days"):
    """Answer to ``DaysQuery``."""

    days: tuple[DayLine, ...]
    desk_ns: Ns


class CashMove(msgspec.Struct, frozen=True):
    """What moved for one reason."""

    what: str
    """Cause of the posting, with its item: ``fill``, ``fee commission``, ``transfer``…"""
    amount: Decimal


class CashStatement(msgspec.Struct, frozen=True):
    """Cash of one currency over a day."""

    asset: str
    opening: Decimal
    moves: tuple[CashMove, ...]
    closing: Decimal


class AccountStatement(msgspec.Struct, frozen=True):
    """One account over a day."""

    account: str
    kind: str
    cash: tuple[CashStatement, ...]
    fees: tuple[FeeItem, ...]
    positions: tuple[StatedPosition, ...]


class StatementResult(msgspec.Struct, frozen=True, tag="statement"):
    """Answer to ``StatementQuery``; true as of ``cursor``."""

    day: str
    accounts: tuple[AccountStatement, ...]
    still_open: tuple[str, ...]
    """Venues whose day is not closed; their positions are valued now."""
    cursor: int


class StatusResult(msgspec.Struct, frozen=True, tag="status"):
    """Answer to ``StatusQuery``."""

    health: HealthBody
    pid: int
    engine_version: str
    started_ns: Ns
    working_orders: int
    accounts: tuple[str, ...]
    instruments: int
    brokers: tuple[BrokerLine, ...] = ()
    alerts: tuple[AlertLine, ...] = ()
    """The newest, oldest first."""


class Notice(msgspec.Struct, frozen=True):
    """Something that surveillance noticed of an account, on the trading day of it."""

    account: str
    instrument: str
    trading_day: str
    reason: Reason


class LimitsResult(msgspec.Struct, frozen=True, tag="limits"):
    """Answer to ``LimitsQuery``."""

    limits: tuple[ScopedLimits, ...]
    stops: tuple[TradingStop, ...]
    notices: tuple[Notice, ...] = ()
    """The newest of each kind, by account and segment."""


Result = (
    InstrumentsResult
    | OrdersResult
    | FillsResult
    | AccountsResult
    | ConditionsResult
    | BookResult
    | QuoteResult
    | WhyResult
    | PreviewResult
    | StatusResult
    | DaysResult
    | StatementResult
    | LimitsResult
    | NotesResult
)
