"""Market state of one instrument: book, quote, day numbers, bars, tape."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

from termdesk.core.market.bars import MINUTE_NS, BarSeries
from termdesk.core.market.book import Book
from termdesk.core.market.depth_sync import DepthSync
from termdesk.core.market.order_book import OrderBook
from termdesk.core.market.tape import Print, Tape
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import (
    BarClosed,
    BarHistory,
    BestQuote,
    BookDelta,
    BookSnapshot,
    DayReference,
    InstrumentEvent,
    OrderAdded,
    OrderMatched,
    OrderRemoved,
    PhaseChanged,
    Trade,
)
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Phase, Side
from termdesk.core.wire.topics import StudyPoint


class Touched:
    """Bits that say what an event changed; plain ints because they are made per event."""

    BOOK = 1
    QUOTE = 2
    TRADE = 4
    BARS = 8
    PHASE = 16
    GAP = 32
    """The event did not follow the one before it; the book is not valid any more."""


_BUY = Side.BUY
_PAUSES = (Phase.BREAK, Phase.CLOSED)
_QUOTE = Touched.QUOTE
_BOOK_QUOTE = Touched.BOOK | Touched.QUOTE
_TRADED = Touched.QUOTE | Touched.TRADE | Touched.BARS


class BarStudy(Protocol):
    """A study that follows a bar series; ``core/studies`` has them."""

    name: str
    lines: tuple[str, ...]

    @property
    def warm_bars(self) -> int:
        """Bars that the study needs in all."""
        ...

    @property
    def warming(self) -> int:
        """Bars still missing until the values count."""
        ...

    def points(self, since_ns: int) -> tuple[StudyPoint, ...]:
        """Values of the bars from ``since_ns`` on, the growing one last."""
        ...


StudyFactory = Callable[[Instrument, BarSeries], BarStudy]


class InstrumentState:
    """What is known of one instrument now. Prices and sizes are its scaled ints, 0 where unknown.

    ``bid``/``ask`` are the newer of depth and best-quote stream by sequence;
    the book itself only follows the depth. ``recv_ns`` is the last event of
    any kind, ``venue_ns`` the last stamp the venue gave. ``bar`` is the newest
    closed bar of a source that tells bars instead of a book; ``on_bars`` says
    that it is such a source. ``session_close`` is the last price before the
    newest break in the trading.
    """

    __slots__ = (
        "_money_unit",
        "_turnover",
        "aggressor",
        "ask",
        "ask_qty",
        "bar",
        "bars",
        "bid",
        "bid_qty",
        "book",
        "book_seq",
        "book_valid",
        "depth",
        "feed",
        "high",
        "instrument",
        "last",
        "last_qty",
        "low",
        "macd",
        "mean_volume",
        "on_bars",
        "open",
        "orders",
        "phase",
        "prev_close",
        "quote_seq",
        "recv_ns",
        "reference_ns",
        "session_close",
        "tape",
        "trades",
        "venue_ns",
        "volume",
    )

    def __init__(self, instrument: Instrument, feed: str = "", study: StudyFactory | None = None) -> None:
        self.instrument = instrument
        self.feed = feed
        self.book = Book()
        self.depth = DepthSync(self.book)
        self.orders = OrderBook(self.book)
        self.book_valid = False
        self.book_seq = -1
        self.bid = self.bid_qty = self.ask = self.ask_qty = 0
        self.quote_seq = -1
        self.last = self.last_qty = 0
        self.aggressor: Side | None = None
        self.open = self.high = self.low = self.prev_close = self.session_close = 0
        self.reference_ns = self.mean_volume = 0
        self.volume = self.trades = self._turnover = 0
        self._money_unit = instrument.multiplier.scaleb(-(instrument.price_decimals + instrument.qty_decimals))
        self.phase = Phase.UNKNOWN
        self.venue_ns = self.recv_ns = 0
        self.bars = BarSeries(instrument)
        self.bar: BarClosed | None = None
        self.on_bars = False
        self.tape = Tape()
        self.macd: BarStudy | None = study(instrument, self.bars) if study is not None else None

    @property
    def turnover(self) -> Decimal:
        """Money traded since the day or the feed began, in the instrument's currency."""
        return self._turnover * self._money_unit

    @property
    def day(self) -> Bar | None:
        """What was traded since the day or the feed began, as one bar; None before the first trade."""
        if not self.trades:
            return None
        prices = self.open, self.high, self.low, self.last
        return Bar(self.reference_ns, *prices, self.volume, self.turnover, self.trades, 0)

    def apply(self, event: InstrumentEvent) -> int:
        """Take one event of this instrument; gives the bits of ``Touched`` that it changed."""
        self.recv_ns = event.recv_ns
        if event.venue_ns:
            self.venue_ns = event.venue_ns
        return HANDLERS[type(event)](self, event)

    def link_lost(self) -> int:
        """Mark the book as not valid until the next snapshot; sizes and last trade stay readable."""
        self.depth.reset()
        self.book_valid = False
        self.quote_seq = -1
        return Touched.BOOK | Touched.QUOTE

    def _snapshot(self, event: BookSnapshot) -> int:
        gaps = self.depth.gaps
        self.depth.snapshot(event)
        return self._depth_moved() | (Touched.GAP if self.depth.gaps > gaps else 0)

    def _delta(self, event: BookDelta) -> int:
        depth = self.depth
        if depth.delta(event):
            self.book_seq = seq = depth.seq
            if seq >= self.quote_seq:
                self.quote_seq = seq
                self.bid, self.bid_qty, self.ask, self.ask_qty = self.book.top()
                return _BOOK_QUOTE
            return Touched.BOOK
        if self.book_valid and not depth.valid:
            self.book_valid = False
            return Touched.BOOK | Touched.QUOTE | Touched.GAP
        return 0

    def _depth_moved(self) -> int:
        depth = self.depth
        self.book_valid = depth.valid
        self.book_seq = depth.seq
        if depth.seq >= self.quote_seq:
            self.quote_seq = depth.seq
            self.bid, self.bid_qty, self.ask, self.ask_qty = self.book.top()
        return _BOOK_QUOTE

    def _best(self, event: BestQuote) -> int:
        if event.seq < self.quote_seq:
            return 0
        self.quote_seq = event.seq
        self.bid = event.bid
        self.bid_qty = event.bid_qty
        self.ask = event.ask
        self.ask_qty = event.ask_qty
        return _QUOTE

    def _trade(self, event: Print) -> int:
        price = event.price
        qty = event.qty
        if price > self.high:
            self.high = price
        if price < self.low or not self.trades:
            self.low = price
            if not self.trades:
                self.open = self.high = price
        self.last = price
        self.last_qty = qty
        self.aggressor = aggressor = event.aggressor
        self.volume += qty
        self._turnover += price * qty
        self.trades += 1
        self.tape.add(event)
        self.bars.add(event.venue_ns, price, qty, bought=aggressor is _BUY)
        return _TRADED

    def _order_added(self, event: OrderAdded) -> int:
        self.orders.add(event)
        return self._orders_moved(event.seq)

    def _order_removed(self, event: OrderRemoved) -> int:
        self.orders.remove(event)
        return self._orders_moved(event.seq)

    def _order_matched(self, event: OrderMatched) -> int:
        self.orders.match(event)
        return self._orders_moved(event.seq) | self._trade(event)

    def _orders_moved(self, seq: int) -> int:
        self.book_valid = True
        self.book_seq = self.quote_seq = seq
        self.bid, self.bid_qty, self.ask, self.ask_qty = self.book.top()
        return _BOOK_QUOTE

    def _phase(self, event: PhaseChanged) -> int:
        if event.phase in _PAUSES and self.phase is Phase.CONTINUOUS:
            self.session_close = self.last
        self.phase = event.phase
        return Touched.PHASE | Touched.QUOTE

    def _reference(self, event: DayReference) -> int:
        self.prev_close = event.prev_close
        self.mean_volume = event.mean_volume
        self.reference_ns = event.venue_ns or event.recv_ns
        if event.day is not None:
            day = event.day
            if not day.trades:
                self.tape.begin_day()
                self.session_close = 0
            self.open, self.high, self.low = day.open, day.high, day.low
            self.volume, self.trades = day.volume, day.trades
            self._turnover = int(day.turnover / self._money_unit)
        return Touched.QUOTE

    def _bar(self, event: BarClosed) -> int:
        """A bar delivered late, behind a newer one, corrects nothing."""
        newest = self.bar
        if newest is not None and event.venue_ns <= newest.venue_ns:
            return 0
        self.on_bars = True
        self.bar = event
        bar = event.bar
        if not self.trades:
            self.open, self.high, self.low = bar.open, bar.high, bar.low
        elif bar.high > self.high:
            self.high = bar.high
        if bar.low < self.low:
            self.low = bar.low
        self.last = bar.close
        self.volume += bar.volume
        if bar.turnover:
            self._turnover += int(bar.turnover / self._money_unit)
        self.trades += bar.trades or 1
        series = self.bars
        if event.venue_ns - bar.start_ns == series.interval_ns:
            series.close(bar)
        return _TRADED

    def _history(self, event: BarHistory) -> int:
        if event.interval_ns == MINUTE_NS:
            self.bars.seed(event.bars)
            return Touched.BARS
        return 0


Handler = Callable[[InstrumentState, Any], int]

HANDLERS: dict[type, Handler] = {
    BookSnapshot: InstrumentState._snapshot,
    BookDelta: InstrumentState._delta,
    BestQuote: InstrumentState._best,
    Trade: InstrumentState._trade,
    OrderAdded: InstrumentState._order_added,
    OrderRemoved: InstrumentState._order_removed,
    OrderMatched: InstrumentState._order_matched,
    PhaseChanged: InstrumentState._phase,
    DayReference: InstrumentState._reference,
    BarHistory: InstrumentState._history,
    BarClosed: InstrumentState._bar,
}
"""What each event does to a state once its stamps are taken; for ``Market``, which calls it per event."""
