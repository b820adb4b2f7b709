"""Topics: state of which only the latest counts.

A topic is subscribed by name with a rate; a client that can't keep up misses
frames, never the newest state. Names:

====================================  =====================================  ====================
name                                  body                                   sent
====================================  =====================================  ====================
``quote/ID``                          ``QuoteBody``                          when it changed
``book/ID?depth=N``                   ``BookBody`` (N levels a side, 1-100)  when a level changed
``tape/ID``                           ``TapeBody`` (trades since last sent)  when traded
``volume/ID``                         ``VolumeBody`` (volume at price)       when traded
``bars/ID/1m``                        ``BarsBody``                           when traded
``study/ID/1m/macd``                  ``StudyBody``                          when traded
``account/NAME``                      ``AccountBody``                        when money or marks move
``queue/NAME``                        ``QueueBody`` of an account's orders   when an estimate moved
``engine/health``                     ``HealthBody``                         twice a second
``view/links``                        ``LinksBody`` of all link groups       when put
``view/workspaces``                   ``WorkspacesBody`` of all rooms        when put
====================================  =====================================  ====================

The first body after a subscription is complete; ``TapeBody``, ``VolumeBody``,
``BarsBody`` and ``StudyBody`` later carry only what is new or changed.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.bar import Bar
from termdesk.core.model.limits import TradingStop
from termdesk.core.model.number import Ns, Price, Qty
from termdesk.core.model.terms import Link, Mode, Phase, Side
from termdesk.core.wire.shared import LinksBody, WorkspacesBody

Level = tuple[Price, Qty]


class QuoteBody(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="quote"):
    """The quote line of one instrument. Unknown prices and sizes are 0; ages count from the stamps."""

    instrument: str
    version: int
    bid: Price
    bid_qty: Qty
    ask: Price
    ask_qty: Qty
    last: Price
    last_qty: Qty
    aggressor: Side | None
    open: Price
    high: Price
    low: Price
    prev_close: Price
    """Yesterday's close, or the price 24 h / first trade ago where there is no close; 0 is unknown."""
    volume: Qty
    turnover: Decimal
    trades: int
    phase: Phase
    venue_ns: Ns
    recv_ns: Ns
    feed: str
    book_valid: bool
    """False between a gap and the next snapshot: sizes must not be trusted."""
    low_limit: Price = 0
    """Lowest price that the venue takes today; 0 where there is none or it is not known."""
    high_limit: Price = 0
    bids_qty: Qty = 0
    """Size of the five best levels together; 0 without a book."""
    asks_qty: Qty = 0
    bought: Qty = 0
    """What buyers took today, as far as the engine saw it trade."""
    sold: Qty = 0
    volume_ratio: Decimal | None = None
    """Volume a minute of the day so far, over that of the five trading days before, as of ``recv_ns`` (量比).

    None where the source tells no mean of those days, the venue's timetable is not known, or nothing is dealt yet.
    """
    session_close: Price = 0
    """Last price before the newest break in the trading of the day; 0 before the first one."""


class BookBody(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="book"):
    """The best levels of one book, best first. All levels are replaced."""

    instrument: str
    version: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    seq: int
    valid: bool
    recv_ns: Ns


class TapeTrade(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One public trade."""

    price: Price
    qty: Qty
    aggressor: Side | None
    venue_ns: Ns
    trade_id: int


class TapeBody(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="tape"):
    """Trades, oldest first. ``dropped`` counts trades left out because the client's rate was too slow."""

    instrument: str
    version: int
    trades: tuple[TapeTrade, ...]
    dropped: int


class VolumeRow(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What traded at one price. The rest of ``qty``, as of an auction, had no aggressor."""

    price: Price
    qty: Qty
    bought: Qty
    """Taken by buyers."""
    sold: Qty


class VolumeBody(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="volume"):
    """Volume at price since a moment, as the engine saw it trade; no order of rows.

    ``complete`` replaces all rows held so far, else each row replaces the one of its price.
    """

    instrument: str
    version: int
    rows: tuple[VolumeRow, ...]
    complete: bool
    since_ns: Ns
    """First trade that counts: of the venue's day, or since the engine listens; 0 before any."""


class BarsBody(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="bars"):
    """Bars, oldest first; the last one may still be growing. ``complete`` replaces all bars held so far."""

    instrument: str
    version: int
    interval_ns: int
    bars: tuple[Bar, ...]
    complete: bool


class StudyPoint(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Values of a study at one bar, in the order of ``StudyBody.lines``; NaN never travels, None is unknown."""

    start_ns: Ns
    values: tuple[float | None, ...]


class StudyBody(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="study"):
    """A study along the bars of an instrument, in price units as floats."""

    instrument: str
    study: str
    lines: tuple[str, ...]
    points: tuple[StudyPoint, ...]
    complete: bool
    warming: int
    """Bars still missing until the values count; 0 when warm."""
    warm_bars: int
    """Bars that the study needs in all."""


class PositionLine(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One position, marked. Money is in the instrument's currency; None is unknown, never 0."""

    instrument: str
    version: int
    qty: Qty
    """Signed."""
    sellable: Qty
    average: Decimal
    mark: Decimal | None
    mark_source: str
    """``last``, ``mid``, ``settlement``, ``valuation``, or empty where there is no mark."""
    mark_ns: Ns
    unrealised: Decimal | None
    realised: Decimal
    """Since the account opened, at average cost, without fees."""
    fees: Decimal
    currency: str
    settled: Qty = 0
    """Signed; ``qty`` counts from the trade on."""
    sell_day: str = ""
    """First trading day on which more may be sold; empty where nothing waits."""
    fifo_realised: Decimal = Decimal(0)
    """First in, first out."""
    fifo_average: Decimal = Decimal(0)
    realised_today: Decimal = Decimal(0)
    """What of ``realised`` came since the venue's last close of a day."""


class CashLine(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Cash of one currency. Only ``TotalLine`` adds currencies up."""

    currency: str
    balance: Decimal
    reserved: Decimal
    available: Decimal
    unrealised: Decimal | None
    realised: Decimal
    fees: Decimal
    withdrawable: Decimal = Decimal(0)
    """Free and settled."""


class RateLine(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A rate that a total was converted at."""

    currency: str
    rate: Decimal
    source: str
    at_ns: Ns


class TotalLine(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What an account is worth in the desk's base currency."""

    currency: str
    value: Decimal | None
    """None where something has no mark or no rate."""
    missing: tuple[str, ...]
    """Instruments without a mark, currencies without a rate."""
    rates: tuple[RateLine, ...]


class AccountBody(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="account"):
    """Cash and positions of one account."""

    account: str
    kind: str
    cash: tuple[CashLine, ...]
    positions: tuple[PositionLine, ...]
    total: TotalLine | None = None
    fidelity: str = ""
    """Profile of the simulated exchange; empty is the default, or an account of another broker."""


class QueueLine(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Queue estimate of one working order."""

    order_id: str
    ahead: Qty
    level_qty: Qty
    restarted: bool
    """True while the estimate began at the back after an engine restart."""


class QueueBody(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="queue"):
    """Queue estimates of an account's resting orders; orders not listed have none."""

    account: str
    instrument_versions: dict[str, int]
    lines: tuple[QueueLine, ...]


class FeedHealth(msgspec.Struct, frozen=True, array_like=True):
    """State of one source."""

    feed: str
    link: Link
    detail: str
    heard_ns: Ns
    """Last word of the source, 0 if none."""
    events: int
    skipped: int
    gaps: int
    stale_after_ns: int = 0
    """Silence beyond which its prices are stale and orders that add risk are refused; 0 where it is not told."""
    delay_ns: int | None = None
    """How much later than at the venue it speaks by design, as it declares; 0 is real time, null is not told."""


class ScreenLine(msgspec.Struct, frozen=True, array_like=True):
    """One attached client. What it says of itself is to be shown, and never relied on."""

    session: str
    actor: str
    client: str
    screen: str
    """What it calls itself."""
    armed: bool | None = None
    """Whether it sends orders that add risk; null where it did not tell."""
    looks_on: bool | None = None
    """Whether it sends no command at all; null where it did not tell."""


class ReplayHealth(msgspec.Struct, frozen=True, array_like=True):
    """Where a replay is."""

    speed: float
    """Multiple of the recording's pace; 0 is as fast as possible."""
    paused: bool
    ended: bool
    first_ns: Ns
    last_ns: Ns
    """0 while unknown."""


class HealthBody(msgspec.Struct, frozen=True, array_like=True, tag="health"):
    """How the engine is."""

    mode: Mode
    desk: str
    desk_ns: Ns
    wall_ns: Ns
    feeds: tuple[FeedHealth, ...]
    screens: tuple[ScreenLine, ...]
    replay: ReplayHealth | None
    halted: str
    """Why trading halted, empty while it runs."""
    durable_seq: int
    shares: dict[str, float]
    """Share of one core by part: feeds, desk, journal, clients."""
    loop_lag_ms: float
    stops: tuple[TradingStop, ...] = ()
    """Where trading is halted or only reduces, by a person or a limit."""
    damaged: str = ""
    """Where the file of link groups and workspaces is put aside that was damaged when the engine started."""


TopicBody = (
    QuoteBody
    | BookBody
    | TapeBody
    | VolumeBody
    | BarsBody
    | StudyBody
    | AccountBody
    | QueueBody
    | HealthBody
    | LinksBody
    | WorkspacesBody
)
