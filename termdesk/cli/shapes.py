"""What ``--json`` prints: one struct per object. Fields are only added.

Numbers are decimal text in the instrument's decimals, times nanoseconds since
1970 UTC in fields that end in ``_ns`` (0 is never), unknown is null.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from termdesk.core.model.limits import TradingState
from termdesk.core.model.terms import (
    Contingency,
    Link,
    Liquidity,
    Mode,
    OrdStatus,
    OrdType,
    Phase,
    ReleaseMode,
    Severity,
    Side,
    TimeInForce,
    TriggerBy,
)

Number = Annotated[str, msgspec.Meta(pattern=r"^-?\d+(\.\d+)?$", description="decimal number")]
Stamp = Annotated[int, msgspec.Meta(description="nanoseconds since 1970 UTC; 0 is never")]


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object of the output."""


class ReasonShape(Shape, frozen=True, kw_only=True):
    """Why: a code with its numbers, and as a sentence in the reader's language."""

    code: str
    params: dict[str, str]
    text: str


class AnswerShape(Shape, frozen=True, kw_only=True):
    """The answer to a command. ``reason`` says why it was refused."""

    command_id: str
    """Giving the same id again (``--command-id``) repeats nothing and gives this answer."""
    accepted: bool
    order_ids: tuple[str, ...]
    """Orders made or touched."""
    condition_ids: tuple[str, ...]
    """Conditions made or touched."""
    reason: ReasonShape | None


class OrderShape(Shape, frozen=True, kw_only=True):
    """One order as it stands."""

    order_id: str
    account: str
    instrument: str
    side: Side
    ord_type: OrdType
    qty: Number
    price: Number | None
    time_in_force: TimeInForce
    status: OrdStatus
    cum_qty: Number
    leaves_qty: Number
    average: Number | None
    """Average price of its fills."""
    submitted_ns: Stamp
    updated_ns: Stamp
    origin: str
    note: str
    post_only: bool
    """It never takes."""
    reduce_only: bool
    """It never opens."""
    reason: ReasonShape | None
    """Why it ended or was refused."""
    trigger_price: Number | None
    """Where it begins to work; a trailing one as it was last told."""
    trigger_by: TriggerBy
    trail: str | None
    """Such as ``5%``, ``25bp``, ``3t`` or a price."""
    activation_price: Number | None
    """Where a trailing one begins to follow; null is at once."""
    limit_offset: Number | None
    """How far behind its trigger the limit of a trailing one stands."""
    triggered: bool
    display_qty: Number | None
    """Iceberg: what is shown at a time."""
    expire_ns: Stamp
    contingency: Contingency | None
    group: str
    """Orders with the same name here depend on each other."""
    parent_id: str
    """The entry that it waits for, or the order that it is a slice of."""
    release: ReleaseMode | None
    emulated: bool
    """The venue can't do it: the engine watches its trigger or deals out its slices."""
    expires_here: bool
    """The venue can't do it: the engine ends it when its time is over."""


class ConditionShape(Shape, frozen=True, kw_only=True):
    """A condition that is armed."""

    condition_id: str
    instrument: str
    predicate: str
    """``last_at_or_above`` or ``last_at_or_below``."""
    price: str
    action: str
    """``notify``."""
    armed_ns: int
    origin: str


class FeeShape(Shape, frozen=True, kw_only=True):
    """One fee, positive when paid."""

    kind: str
    asset: str
    amount: Number


class FillShape(Shape, frozen=True, kw_only=True):
    """One fill."""

    seq: int
    """Place in the journal."""
    at_ns: Stamp
    trading_day: str
    order_id: str
    exec_id: str
    account: str
    instrument: str
    side: Side
    qty: Number
    price: Number
    amount: Number
    """Money that changed hands, without fees."""
    fees: tuple[FeeShape, ...]
    liquidity: Liquidity | None
    reason: ReasonShape | None
    """Why it filled, in numbers."""


class LevelShape(Shape, frozen=True, kw_only=True):
    """One level of a book."""

    price: Number
    qty: Number


class BookShape(Shape, frozen=True, kw_only=True):
    """The best levels of a book, best first."""

    instrument: str
    bids: tuple[LevelShape, ...]
    asks: tuple[LevelShape, ...]
    seq: int
    valid: bool
    """False between a gap and the next snapshot."""
    recv_ns: Stamp


class QuoteShape(Shape, frozen=True, kw_only=True):
    """The quote line of an instrument. Unknown prices are null."""

    instrument: str
    bid: Number | None
    bid_qty: Number
    ask: Number | None
    ask_qty: Number
    last: Number | None
    last_qty: Number
    aggressor: Side | None
    open: Number | None
    high: Number | None
    low: Number | None
    prev_close: Number | None
    volume: Number
    turnover: Number
    trades: int
    phase: Phase
    venue_ns: Stamp
    recv_ns: Stamp
    desk_ns: Stamp
    """The desk's time when it was asked; ages count from it."""
    delay_ns: int | None
    """How much later than at the venue its source speaks by design; 0 is real time, null is not told."""
    feed: str
    book_valid: bool
    volume_ratio: Number | None
    """Volume a minute of the day so far, over that of the five days before; null where that is not known."""


class SeenShape(Shape, frozen=True, kw_only=True):
    """The market that a decision saw. Ages are nanoseconds, -1 where nothing was heard yet."""

    bid: Number | None
    bid_qty: Number
    ask: Number | None
    ask_qty: Number
    last: Number | None
    quote_age_ns: int
    link_age_ns: int
    delay_ns: int
    """How much later than at the venue the source speaks by design, -1 where that is not told."""
    phase: Phase
    feed: str
    at_ns: Stamp


class StepShape(Shape, frozen=True, kw_only=True):
    """One thing that happened to an order."""

    seq: int
    at_ns: Stamp
    what: str
    """Such as ``order_filled``."""
    qty: Number | None
    price: Number | None
    reason: ReasonShape | None
    seen: SeenShape | None


class WhyShape(Shape, frozen=True, kw_only=True):
    """What happened to an order and, while it works, what it waits for."""

    order: OrderShape
    steps: tuple[StepShape, ...]
    waits: ReasonShape | None
    recorded: bool
    """Whether the market data since the order came is kept."""


class FeedShape(Shape, frozen=True, kw_only=True):
    """State of one source."""

    feed: str
    link: Link
    detail: str
    heard_ns: Stamp
    events: int
    skipped: int
    """Broken messages that were left out."""
    gaps: int
    stale_after_ns: int
    """Silence beyond which orders that add risk are refused; 0 where it is not told."""
    delay_ns: int | None
    """How much later than at the venue it speaks by design; 0 is real time, null is not told."""


class ScreenShape(Shape, frozen=True, kw_only=True):
    """One attached client."""

    session: str
    actor: str
    client: str
    screen: str
    armed: bool | None
    """Whether it sends orders that add risk, as it says; null where it did not tell."""
    looks_on: bool | None
    """Whether it sends no command at all, as it says; null where it did not tell."""


class ReplayShape(Shape, frozen=True, kw_only=True):
    """Where a replay is. ``speed`` 0 is as fast as possible."""

    speed: float
    paused: bool
    ended: bool
    first_ns: Stamp
    last_ns: Stamp


class StopShape(Shape, frozen=True, kw_only=True):
    """A scope in which trading is not active. Empty names mean all."""

    account: str
    instrument: str
    """An instrument or a segment."""
    state: TradingState
    note: str
    actor: str
    at_ns: Stamp
    killed: bool


class BrokerShape(Shape, frozen=True, kw_only=True):
    """A broker outside the engine."""

    broker: str
    link: Link
    reconciled: bool
    """New orders may leave."""
    in_doubt: tuple[str, ...]
    """Orders of which nobody knows what became of them; see ``termdesk resolve``."""


class AlertShape(Shape, frozen=True, kw_only=True):
    """Something that a person has to look at."""

    at_ns: Stamp
    severity: Severity
    reason: ReasonShape
    broker: str
    account: str
    instrument: str
    order_id: str


class StatusShape(Shape, frozen=True, kw_only=True):
    """How an engine is."""

    desk: str
    mode: Mode
    socket: str
    """Path of the unix socket; see ``docs/protocol.md``."""
    pid: int
    engine_version: str
    started_ns: Stamp
    desk_ns: Stamp
    wall_ns: Stamp
    feeds: tuple[FeedShape, ...]
    screens: tuple[ScreenShape, ...]
    replay: ReplayShape | None
    halted: str
    """Why trading halted; empty while it runs."""
    durable_seq: int
    """Newest durable record of the journal."""
    working_orders: int
    accounts: tuple[str, ...]
    instruments: int
    """How many are known."""
    shares: dict[str, float]
    """Share of one core by part of the engine."""
    loop_lag_ms: float
    stops: tuple[StopShape, ...] = ()
    """Where trading is halted or only reduces."""
    brokers: tuple[BrokerShape, ...] = ()
    alerts: tuple[AlertShape, ...] = ()
    """The newest, oldest first."""


class KeyShape(Shape, frozen=True, kw_only=True):
    """An action of the screen with its keys."""

    action: str
    keys: list[str]
    where: str
    danger: str
    """none, cancels or trades."""


class StoppedShape(Shape, frozen=True, kw_only=True):
    """An engine has stopped."""

    desk: str
