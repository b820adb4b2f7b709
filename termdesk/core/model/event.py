"""Market events: what a feed says, immutable once made.

``venue_ns`` is the venue's stamp, ``recv_ns`` the stamp at which it reached
us (or, in a recording whose receive stamps break the venue's sequence, the
venue's). Prices and quantities are scaled ints of the instrument. Events
carry only numbers and sanitised text.
"""

from __future__ import annotations

import msgspec

from termdesk.core.model.bar import Bar
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Ns, Price, Qty
from termdesk.core.model.terms import Link, Phase, Side

Level = tuple[Price, Qty]


class BookSnapshot(msgspec.Struct, frozen=True, gc=False, tag="book_snapshot"):
    """The whole known book; replaces what was there. Levels best first."""

    instrument: str
    venue_ns: Ns
    recv_ns: Ns
    seq: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class BookDelta(msgspec.Struct, frozen=True, gc=False, tag="book_delta"):
    """Absolute sizes of changed levels; 0 removes. ``first_seq..last_seq`` is what it covers.

    ``prev_seq`` is the last sequence of the event before it where the venue
    says so (USD-M ``pu``), else -1.
    """

    instrument: str
    venue_ns: Ns
    recv_ns: Ns
    first_seq: int
    last_seq: int
    prev_seq: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class BestQuote(msgspec.Struct, frozen=True, gc=False, tag="best_quote"):
    """Best bid and ask, told apart from the depth. A side without orders has price and size 0."""

    instrument: str
    venue_ns: Ns
    recv_ns: Ns
    seq: int
    bid: Price
    bid_qty: Qty
    ask: Price
    ask_qty: Qty


class Trade(msgspec.Struct, frozen=True, gc=False, tag="trade"):
    """A public trade. Does not change the displayed book by itself."""

    instrument: str
    venue_ns: Ns
    recv_ns: Ns
    trade_id: int
    price: Price
    qty: Qty
    aggressor: Side | None
    """None where the venue does not say, and in call auctions."""


class OrderAdded(msgspec.Struct, frozen=True, gc=False, tag="order_added"):
    """Someone's order entered the book (order-by-order feeds)."""

    instrument: str
    venue_ns: Ns
    recv_ns: Ns
    seq: int
    order_no: int
    side: Side
    price: Price
    qty: Qty


class OrderRemoved(msgspec.Struct, frozen=True, gc=False, tag="order_removed"):
    """Someone's order left the book, or ``qty`` of it."""

    instrument: str
    venue_ns: Ns
    recv_ns: Ns
    seq: int
    order_no: int
    side: Side
    qty: Qty


class OrderMatched(msgspec.Struct, frozen=True, gc=False, tag="order_matched"):
    """A trade of an order-by-order feed: reduces the passive order, both in an auction."""

    instrument: str
    venue_ns: Ns
    recv_ns: Ns
    seq: int
    trade_id: int
    price: Price
    qty: Qty
    aggressor: Side | None
    buy_order_no: int
    sell_order_no: int


class PhaseChanged(msgspec.Struct, frozen=True, gc=False, tag="phase_changed"):
    """The venue says that the instrument entered a phase."""

    instrument: str
    venue_ns: Ns
    recv_ns: Ns
    phase: Phase


class DayReference(msgspec.Struct, frozen=True, gc=False, tag="day_reference"):
    """Numbers of the day that a venue publishes beside its trades. 0 where unknown.

    ``day`` is what was traded since the day began, as one bar; one without
    trades begins a day, None leaves what is known.
    """

    instrument: str
    venue_ns: Ns
    recv_ns: Ns
    prev_close: Price
    day: Bar | None = None
    mean_volume: Qty = 0
    """Mean volume of the five trading days before, from a source that tells the day's own volume as a whole too."""


class BarHistory(msgspec.Struct, frozen=True, tag="bar_history"):
    """Closed bars from before the feed began, oldest first; live bars go on after the last."""

    instrument: str
    venue_ns: Ns
    recv_ns: Ns
    interval_ns: int
    bars: tuple[Bar, ...]


class BarClosed(msgspec.Struct, frozen=True, gc=False, tag="bar_closed"):
    """A bar that closed at ``venue_ns``: for sources that tell no quotes and no single trades.

    It says nothing of the order in which its prices came. ``bar.start_ns`` is
    0 where the source does not say when it began.
    """

    instrument: str
    venue_ns: Ns
    recv_ns: Ns
    bar: Bar


class InstrumentDefined(msgspec.Struct, frozen=True, tag="instrument_defined"):
    """A feed introduces an instrument, or a new version of one, before its first event."""

    recv_ns: Ns
    instrument: Instrument


class FeedLink(msgspec.Struct, frozen=True, tag="feed_link"):
    """The connection to a source changed state."""

    feed: str
    recv_ns: Ns
    link: Link
    detail: str = ""


class FeedHeard(msgspec.Struct, frozen=True, gc=False, tag="feed_heard"):
    """The source spoke without news (heartbeat): its link is alive."""

    feed: str
    recv_ns: Ns


class InputSkipped(msgspec.Struct, frozen=True, tag="input_skipped"):
    """A broken message was counted and left out."""

    feed: str
    recv_ns: Ns
    source: str
    """File or endpoint."""
    line: int
    """Line number from 1, or 0 where there are no lines."""
    reason: str
    """What was expected and what came, sanitised, at most 200 characters."""


InstrumentEvent = (
    BookSnapshot
    | BookDelta
    | BestQuote
    | Trade
    | OrderAdded
    | OrderRemoved
    | OrderMatched
    | PhaseChanged
    | DayReference
    | BarHistory
    | BarClosed
)
MarketEvent = InstrumentEvent | InstrumentDefined | FeedLink | FeedHeard | InputSkipped
