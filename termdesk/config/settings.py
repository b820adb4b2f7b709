"""The configuration as typed structs: one per section of the TOML file.

The docstring below a field is its comment in ``config.example.toml`` and its
description in the schema. Reading files is ``config/load.py``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from termdesk.config.names import NAME_RULE
from termdesk.core.model.limits import ScopedLimits, TradingLimits
from termdesk.core.model.number import check_amount
from termdesk.core.model.terms import AccountKind, Contingency, ReleaseMode

if TYPE_CHECKING:
    from termdesk.core.venues.charges import Commission

Currency = Annotated[str, msgspec.Meta(pattern="^[A-Z][A-Z0-9]{1,9}$", description="a currency code such as CNY")]
"""Currency code: ``CNY``, ``USDT``."""
AccountName = Annotated[str, msgspec.Meta(pattern="^[a-z0-9_-]{1,32}$", description=f"a name of {NAME_RULE}")]
"""Follows ``names.NAME_RULE``."""
DeskName = Annotated[str, msgspec.Meta(pattern="^[a-z0-9_-]{0,32}$", description=f"a name of {NAME_RULE}")]
"""Follows ``names.NAME_RULE``, or is empty."""
SegmentName = Annotated[str, msgspec.Meta(pattern="^[A-Z][A-Z0-9_]{1,31}$", description="a venue such as SSE")]
"""Segment of an instrument id: what stands behind its last dot."""
Millis = Annotated[int, msgspec.Meta(ge=1)]
Years = Annotated[int, msgspec.Meta(ge=0, le=100)]
Frames = Annotated[int, msgspec.Meta(ge=1, le=120)]
LineBytes = Annotated[int, msgspec.Meta(ge=2_000)]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the configuration."""


class DeskSettings(Section, frozen=True, kw_only=True):
    """The desk: one engine, one journal. Read when its journal is made; an existing desk keeps what it began with."""

    name: DeskName = ""
    """Name of the desk: a-z, 0-9, _ and -, at most 32. Empty: the name of the mode (demo, paper)."""
    base_currency: Currency = "CNY"
    """Currency in which the desk is kept. Money of other currencies is shown beside it, never converted."""
    seed: int = 1
    """Seed of whatever is generated; the same seed gives the same demo prices."""


class AccountSettings(Section, frozen=True, kw_only=True):
    """One paper account."""

    kind: AccountKind = AccountKind.CASH
    """cash sells only what it holds; margin may go short."""
    fidelity: Literal["touch", "risk_averse", "queue", "queue_latency", "pessimistic"] = "queue"
    """How fills are simulated: touch flatters most, then risk_averse, queue, queue_latency,
    pessimistic."""
    deposits: dict[Currency, Decimal] = {}
    """Opening balance per currency."""
    broker: str = "paper"
    """Where its orders go: paper (the simulated exchange in the engine), or an installed broker."""

    def __post_init__(self) -> None:
        for currency, amount in self.deposits.items():
            check_amount(f"a deposit of {currency}", amount)


class FeedSettings(Section, frozen=True, kw_only=True):
    """Where quotes come from."""

    name: str = "demo"
    """Name of an installed feed. demo generates prices and opens a demo desk; any other feed opens a paper desk."""
    symbols: tuple[str, ...] = ()
    """Instruments to follow, such as "BTCUSDT.BINANCE" or "BTCUSDT". Empty: all that the feed has."""


class RecorderSettings(Section, frozen=True, kw_only=True):
    """The recorder of market data, so that fills can still be explained and compared after a restart."""

    days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 30
    """Days for which market data of instruments with own orders or armed conditions is kept; 0 records nothing."""


class EngineSettings(Section, frozen=True, kw_only=True):
    """The engine process."""

    idle: Literal["stop", "stay"] = "stop"
    """What an engine started by a screen does when the last screen has gone and no order works: stop or stay."""
    reconcile_s: Annotated[int, msgspec.Meta(ge=0)] = 300
    """Seconds after which a broker outside the engine is asked for all orders, executions and positions again, while
    its link is up; 0 asks only when the link comes up."""


class JournalSettings(Section, frozen=True, kw_only=True):
    """How long facts are kept."""

    retention_years: Years = 5
    """Sealed months older than this are removed once a snapshot stands for them. Years; 0 keeps all."""


class CeilingSettings(Section, frozen=True, kw_only=True):
    """Most messages of one account in one segment."""

    max_messages: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    """Most orders, amends and cancels within the window, a tenth of them kept for cancels. 0 is no limit."""
    message_window_ms: Millis = 1000
    """The window in milliseconds."""
    max_messages_day: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Most of them on a trading day; one for every working order is kept for its cancel. 0 is no limit."""

    def limits(self) -> TradingLimits:
        """As limits of a segment."""
        return TradingLimits(
            max_messages=self.max_messages,
            message_window_ms=self.message_window_ms,
            max_messages_day=self.max_messages_day,
        )


def _ceilings() -> dict[str, CeilingSettings]:
    return {name: CeilingSettings(max_messages=300, max_messages_day=20_000) for name in ("SSE", "SZSE", "BSE")}


class LimitSettings(Section, frozen=True, kw_only=True):
    """Limits of the risk gate."""

    stale_link_ms: Millis = 3000
    """A source that was silent this long beyond its own heartbeat blocks orders that increase risk. Milliseconds."""
    orders: TradingLimits = TradingLimits()
    """First limits of every account of a new desk, each account by itself; 0 is no limit. A running desk changes them
    by command: termdesk limits max_qty=500."""
    segments: dict[SegmentName, CeilingSettings] = msgspec.field(default_factory=_ceilings)
    """First ceilings by segment. Those of mainland exchanges are where their rules for program trading begin to ask
    for more: 300 messages a second or 20,000 a day of one account."""

    def first(self) -> tuple[ScopedLimits, ...]:
        """Limits that a new desk opens with."""
        scoped = [ScopedLimits(limits=self.orders)] if self.orders != TradingLimits() else []
        scoped += [ScopedLimits(instrument=name, limits=each.limits()) for name, each in self.segments.items()]
        return tuple(scoped)


class CommissionSettings(Section, frozen=True, kw_only=True):
    """What paper accounts pay per order at one venue, besides stamp duty and the like that its rule book adds."""

    rate: Decimal = Decimal(0)
    """Share of the money that changes hands: 0.00025 is 0.025 %."""
    maker_rate: Decimal | None = None
    """Rate of orders that rest, where it differs."""
    per_unit: Decimal = Decimal(0)
    """Money for one unit or contract."""
    minimum: Decimal = Decimal(0)
    """Least for one order, in the instrument's currency."""
    all_in: bool = True
    """true covers the exchange's and the regulator's fees; false adds them."""

    def __post_init__(self) -> None:
        for name in ("rate", "per_unit", "minimum"):
            if not (value := getattr(self, name)).is_finite() or value < 0:
                raise ValueError(f"{name} must be 0 or more, was {value}")

    def commission(self) -> Commission:
        """As the rule books know it."""
        from termdesk.core.venues.charges import Commission  # a screen reads settings and needs no rule book

        return Commission(
            rate=self.rate,
            maker_rate=self.maker_rate,
            per_unit=self.per_unit,
            minimum=self.minimum,
            all_in=self.all_in,
        )


class ScreenSettings(Section, frozen=True, kw_only=True):
    """How the screen looks and behaves."""

    language: Literal["auto", "en", "zh"] = "auto"
    """Language of the screen: en, zh, or auto (from the terminal's locale)."""
    theme: str = "auto"
    """dark, light, contrast, dusk, fjord, paper, ansi (the terminal's own 16 colours), or the path of a theme file,
    which may be edited while the screen runs. auto is dark, and ansi in a terminal of 16 colours. With NO_COLOR set it
    is always ansi, without its colours."""
    up_down: Literal["auto", "red-up", "green-up", "blue-up"] = "auto"
    """Colours of rising and falling prices; auto is red-up in Chinese and green-up otherwise."""
    glyphs: Literal["auto", "unicode", "ascii"] = "auto"
    """ascii draws all but words with plain characters: for terminals without the others, or in which some of them
    take two cells. auto is unicode, and ascii on a bare console or where the locale is not UTF-8."""
    fps: Frames = 30
    """Most frames a second in which market data is painted, 1 to 120. Keys never wait for them."""
    profile: Literal["auto", "full", "low"] = "auto"
    """low spares the line: market data keeps to bytes_s, the most urgent pane first, and the status line says when
    fewer frames are drawn. Keys, orders and messages never wait. auto is low in a session over SSH (mosh included)."""
    bytes_s: LineBytes = 32_000
    """Bytes a second to the terminal in the profile low, at least 2000; a quarter of them may be saved up."""
    mouse: bool = True
    """Whether the mouse moves the focus and the cursor."""


Confirm = Literal["ask", "never"]


class ConfirmSettings(Section, frozen=True, kw_only=True):
    """Which keys ask before they act: ask or never. Cancels that a person names one by one never ask."""

    limit: Confirm = "never"
    """Enter on a staged limit or stop order. The staged order is on the screen already, with its preview."""
    market: Confirm = "never"
    """Enter on a staged market order."""
    amend: Confirm = "never"
    """Enter on staged changes of working orders."""
    ticket: Confirm = "never"
    """Sending from the order form."""
    line: Confirm = "never"
    """Enter on an order in the command line."""
    cancel_side: Confirm = "never"
    """Cancelling all buys, or all sells, of the instrument."""
    cancel_all: Confirm = "ask"
    """Cancelling all orders of the account in the instrument."""
    cancel_everything: Confirm = "ask"
    """Cancelling every order of every account."""
    half: Confirm = "ask"
    """Closing half of the position at the market."""
    flatten: Confirm = "ask"
    """Cancelling the instrument's orders and closing its position at the market."""
    reverse: Confirm = "ask"
    """Turning the position round at the market."""
    break_even: Confirm = "never"
    """Moving stops to the average entry."""
    kill: Confirm = "ask"
    """Halting the desk and cancelling every order."""
    panic: Confirm = "ask"
    """Halting the desk, cancelling every order and closing every position."""


class BracketSettings(Section, frozen=True, kw_only=True):
    """Exits that a staged order brings along, in ticks from its price. 0 leaves one out."""

    stop_ticks: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Distance of the protective stop."""
    target_ticks: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Distance of the profit target."""
    release: ReleaseMode = ReleaseMode.PARTIAL
    """Whether the exits work with every partial fill of the entry, or once it is filled in full."""
    contingency: Contingency = Contingency.OUO
    """Whether a fill of one exit takes as much off the other (ouo), or cancels it (oco)."""


Digit = Annotated[str, msgspec.Meta(pattern="^[1-9]$", description="a digit from 1 to 9")]


def _brackets() -> dict[str, BracketSettings]:
    return {
        "1": BracketSettings(stop_ticks=20, target_ticks=40),
        "2": BracketSettings(stop_ticks=50, target_ticks=100),
        "3": BracketSettings(stop_ticks=20),
    }


class OrderSettings(Section, frozen=True, kw_only=True):
    """Orders by keyboard. Read by each screen when it starts."""

    armed_at_start: bool = False
    """Whether a new screen may send orders that add risk at once. A disarmed one still cancels and reduces."""
    idle_disarm_s: Annotated[int, msgspec.Meta(ge=0)] = 600
    """Seconds without a key after which the screen disarms itself; 0 never does."""
    paste_gap_ms: Annotated[int, msgspec.Meta(ge=0, le=200)] = 12
    """Keys that come closer together are taken for pasted text, and none of them sends an order. Milliseconds."""
    repeat_gap_ms: Annotated[int, msgspec.Meta(ge=0, le=2000)] = 700
    """A key that comes again within this time, or is a held one going on, sends no second order. Milliseconds."""
    digits: Literal["units", "lots"] = "units"
    """What a typed quantity counts: units, or the smallest step of the instrument."""
    after_send: Literal["keep", "reset"] = "keep"
    """Whether the next order begins with the last quantity, or with the smallest."""
    presets: tuple[Decimal, ...] = tuple(map(Decimal, (1, 2, 3, 5, 10, 20, 30, 50, 100)))
    """Quantities on the digits 1 to 9, as multiples of the smallest order of the instrument."""
    instrument_presets: dict[str, tuple[Decimal, ...]] = {}
    """The same in units for single instruments, such as { "600519.SSE" = [100, 200, 500] }."""
    confirm: ConfirmSettings = ConfirmSettings()
    """Which keys ask before they act: ask or never. Cancels that a person names one by one never ask."""
    brackets: dict[Digit, BracketSettings] = msgspec.field(default_factory=_brackets)
    """Bracket templates by digit. Naming any replaces those below."""

    def __post_init__(self) -> None:
        for amount in sum(self.instrument_presets.values(), self.presets):
            check_amount("a preset", amount)


LadderColumn = Literal["buys", "bid", "price", "last", "ask", "sells", "volume", "traded", "flow", "pnl", "note"]
"""Columns of a ladder, in the order that they have by default."""


class LadderSettings(Section, frozen=True, kw_only=True):
    """Ladders. What is chosen here is where each one begins; keys change it."""

    count: Annotated[int, msgspec.Meta(ge=1, le=4)] = 1
    """Ladders side by side at the start, 1 to 4."""
    mode: Literal["static", "edge", "centred", "hold"] = "edge"
    """When a ladder recentres by itself: static (a best price has left the screen), edge (one is near the edge, after a
    warning), centred (always), hold (never)."""
    edge_rows: Annotated[int, msgspec.Meta(ge=0, le=20)] = 1
    """Rows at each end that are near the edge."""
    warn_ms: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 700
    """How long a ladder warns before it recentres near the edge. Milliseconds, 0 for no warning."""
    guard_ms: Annotated[int, msgspec.Meta(ge=0, le=60_000)] = 2000
    """How long a ladder holds still after the cursor moved. Milliseconds; under a staged order it never moves."""
    recentre_on: Literal["mid", "last"] = "mid"
    """Where a recentred ladder has its middle: mid (between the best prices) or last (the last price)."""
    exit_in: Literal["money", "ticks"] = "money"
    """Whether the column pnl counts money or ticks of one unit, both before fees."""
    compressed: bool = False
    """Whether ladders have rows only where something is to be seen."""
    columns: tuple[LadderColumn, ...] = (
        "buys",
        "bid",
        "price",
        "last",
        "ask",
        "sells",
        "volume",
        "traded",
        "flow",
        "pnl",
        "note",
    )
    """Columns from left to right. Where room is short note goes first, then pnl, flow, traded, volume, last."""
    traded_s: Annotated[int, msgspec.Meta(ge=1, le=3600)] = 60
    """Seconds for which a trade counts in the column traded."""
    flow_s: Annotated[int, msgspec.Meta(ge=1, le=3600)] = 10
    """Seconds for which added and pulled orders count in the column flow."""


class SoundSettings(Section, frozen=True, kw_only=True):
    """Events that ring the terminal's bell."""

    mute: bool = False
    """Begin without any sound; a key turns it on and off."""
    fill: bool = True
    """An order was filled in full."""
    partial: bool = False
    """An order was filled in part."""
    reject: bool = True
    """An order, an amend or a cancel was refused by the venue."""
    trigger: bool = True
    """A stop or an armed condition was triggered."""
    alert: bool = True
    """The engine raised an alert, or the outcome of an order is unknown."""
    feed_lost: bool = True
    """Prices of the chosen instrument went stale."""


class KeySettings(Section, frozen=True, kw_only=True):
    """Keys of the screen."""

    preset: str = "default"
    """default, vim, cn, or the path of a file with a [keys] table like the one below."""
    overrides: dict[str, str] = {}
    """Own keys by action: "order.cancel_all" = "ctrl+x". The key sheet (?) lists actions and keys."""


def _paper_account(kind: AccountKind) -> AccountSettings:
    return AccountSettings(kind=kind, deposits={"CNY": Decimal(1_000_000), "USDT": Decimal(100_000)})


def _paper_accounts() -> dict[str, AccountSettings]:
    return {"cash": _paper_account(AccountKind.CASH), "margin": _paper_account(AccountKind.MARGIN)}


class Settings(Section, frozen=True, kw_only=True):
    """The whole configuration."""

    desk: DeskSettings = DeskSettings()
    """The desk. An existing desk keeps what it began with."""
    accounts: dict[AccountName, AccountSettings] = msgspec.field(default_factory=_paper_accounts)
    """Paper accounts, opened when the desk is made. Naming any account replaces the two below."""
    feed: FeedSettings = FeedSettings()
    """Where quotes come from."""
    brokers: dict[str, dict[str, Any]] = {}
    """What brokers need, a table each: [brokers.simvenue]. Only those that an account names are loaded."""
    recorder: RecorderSettings = RecorderSettings()
    """The recorder of market data."""
    engine: EngineSettings = EngineSettings()
    """The engine process."""
    journal: JournalSettings = JournalSettings()
    """How long facts are kept."""
    limits: LimitSettings = LimitSettings()
    """Limits of the risk gate."""
    fees: dict[SegmentName, CommissionSettings] = {}
    """Commission by venue, such as { SSE = { rate = 0.0001, minimum = 0 } }. Else its rule book's (docs/venues.md)."""
    screen: ScreenSettings = ScreenSettings()
    """How the screen looks and behaves."""
    orders: OrderSettings = OrderSettings()
    """Orders by keyboard. Read by each screen when it starts."""
    ladder: LadderSettings = LadderSettings()
    """Ladders."""
    sounds: SoundSettings = SoundSettings()
    """Events that ring the terminal's bell."""
    keys: KeySettings = KeySettings()
    """Keys of the screen."""
