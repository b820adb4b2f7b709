"""A recording played at full speed without a screen, told as one object of numbers."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from termdesk.adapters.feeds.replay.recording import ReplayFactory, ReplayRecording
from termdesk.adapters.feeds.replay.source import NAME
from termdesk.adapters.feeds.replay.yardstick import BestQuoteYardstick, SnapshotYardstick
from termdesk.adapters.feeds.sse_l2.decode import ExchangeSnapshot
from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState, StudyFactory, Touched
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import (
    BestQuote,
    BookDelta,
    BookSnapshot,
    DayReference,
    InputSkipped,
    InstrumentDefined,
    InstrumentEvent,
    OrderAdded,
    OrderMatched,
    OrderRemoved,
    PhaseChanged,
)
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain
from termdesk.core.model.terms import Side
from termdesk.core.studies.macd import MacdStudy

NAMED = 5
"""Skipped lines named in a summary; all are counted."""

_BY_ORDER = frozenset({OrderAdded, OrderRemoved, OrderMatched})
_NO_LINE = frozenset({PhaseChanged, DayReference, InstrumentDefined})

UNSET = msgspec.UNSET
Unset = msgspec.UnsetType


class SkippedLine(msgspec.Struct, frozen=True):
    """A broken line that was left out."""

    source: str
    line: int
    reason: str


class BarLine(msgspec.Struct, frozen=True):
    """A 1 m bar, numbers as decimal text; ``time`` is its start in UTC."""

    time: str
    open: str
    high: str
    low: str
    close: str
    volume: str
    turnover: str
    trades: int
    buy_volume: str


class ReplaySummary(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a replay came to. Prices and volumes are decimal text; what does not apply is left out.

    With several instruments the counts of each are in ``instruments``, where
    ``lines`` are the messages that named it.
    """

    instrument: str | Unset = UNSET
    instruments: tuple[ReplaySummary, ...] | Unset = UNSET
    lines: int
    depth_applied: int | Unset = UNSET
    depth_dropped: int | Unset = UNSET
    gaps: int | Unset = UNSET
    trades: int | Unset = UNSET
    trade_volume: str | Unset = UNSET
    book_tickers: int | Unset = UNSET
    first_ns: int | Unset = UNSET
    last_ns: int | Unset = UNSET
    n_bids: int | Unset = UNSET
    n_asks: int | Unset = UNSET
    best_bid: str | Unset = UNSET
    best_ask: str | Unset = UNSET
    book_sha256: str | Unset = UNSET
    bbo_compared: int | Unset = UNSET
    bbo_equal: int | Unset = UNSET
    snapshots: int | Unset = UNSET
    snapshots_equal: int | Unset = UNSET
    seconds: float | Unset = UNSET
    messages_per_s: int | Unset = UNSET
    skipped: int | Unset = UNSET
    skipped_lines: tuple[SkippedLine, ...] | Unset = UNSET
    bars: tuple[BarLine, ...] | Unset = UNSET


class _Tally:
    """What is counted of one instrument beside its market state."""

    __slots__ = ("by_order", "exchange", "first_ns", "last_ns", "lines", "quotes", "state", "tickers")

    def __init__(self, state: InstrumentState) -> None:
        self.state = state
        self.by_order = False
        self.lines = 0
        self.tickers = 0
        self.first_ns = 0
        self.last_ns = 0
        self.quotes = BestQuoteYardstick()
        self.exchange = SnapshotYardstick()

    def told(self, snapshot: ExchangeSnapshot) -> None:
        self.by_order = True
        self._line(snapshot.at_ns)
        self.exchange.told(snapshot)

    def synced(self, snapshot: BookSnapshot) -> None:
        """Take a snapshot before the market state does."""
        self.quotes.synced(snapshot, self.state.depth.waiting)

    def took(self, event: InstrumentEvent, touched: int) -> None:
        kind = type(event)
        if kind in _NO_LINE:
            return
        self._line(event.recv_ns)
        if kind is BestQuote:
            self.tickers += 1
            self.quotes.told(event)  # type: ignore[arg-type]
        elif kind is BookDelta:
            if touched & Touched.BOOK and self.state.book_valid:
                self.quotes.moved(self.state.book_seq, self.state.book.top())
        elif kind in _BY_ORDER:
            self.by_order = True
            self.exchange.moved(self.state)

    def _line(self, at_ns: int) -> None:
        self.lines += 1
        self.last_ns = at_ns
        if not self.first_ns:
            self.first_ns = at_ns


class _Run:
    """One replay through market state, with its counts."""

    def __init__(self, recording: ReplayRecording, study: StudyFactory) -> None:
        self._recording = recording
        self._market = Market(study)
        self.tallies: dict[str, _Tally] = {}
        self.skipped: list[SkippedLine] = []
        self.skips = 0

    def play(self) -> None:
        """Take everything that the recording gives."""
        apply = self._market.apply
        tallies = self.tallies
        for item in self._recording.items():
            if isinstance(item, ExchangeSnapshot):
                tallies[item.instrument].told(item)
                continue
            if isinstance(item, BookSnapshot) and item.instrument in tallies:
                tallies[item.instrument].synced(item)
            state, touched = apply(item, NAME)
            if state is not None:
                tally = tallies.get(state.instrument.id)
                if tally is None:
                    tally = tallies[state.instrument.id] = _Tally(state)
                tally.took(item, touched)  # type: ignore[arg-type]
            elif type(item) is InputSkipped:
                self._skip(item)

    def _skip(self, event: InputSkipped) -> None:
        self.skips += 1
        if len(self.skipped) < NAMED:
            self.skipped.append(SkippedLine(event.source, event.line, event.reason))


def summarise(paths: Sequence[Path], *, bars: bool = False, study: StudyFactory = MacdStudy) -> ReplaySummary:
    """Play files to their end through the same market state that the engine keeps.

    Args:
        paths: Files of one recording, in any order.
        bars: Whether to tell the 1 m bars too.
        study: Study that follows the bars, as in the engine.

    Raises:
        AdapterError: A file is missing or of no known format.
    """
    recording = ReplayFactory().open_recording(paths)
    run = _Run(recording, study)
    began = time.perf_counter()
    run.play()
    seconds = time.perf_counter() - began
    parts = tuple([_part(tally, bars=bars) for tally in run.tallies.values()])
    whole = {
        "lines": recording.lines,
        "first_ns": recording.first_ns,
        "last_ns": recording.last_ns,
        "seconds": round(seconds, 6),
        "messages_per_s": round(recording.lines / seconds),
        "skipped": run.skips,
        "skipped_lines": tuple(run.skipped) or UNSET,
    }
    if len(parts) == 1:
        return msgspec.structs.replace(parts[0], **whole)
    return ReplaySummary(instruments=parts, **whole)  # type: ignore[arg-type]


def _part(tally: _Tally, *, bars: bool) -> ReplaySummary:
    state = tally.state
    instrument, book, depth = state.instrument, state.book, state.depth
    bid, _, ask, _ = book.top()
    by_order = tally.by_order
    by_depth = not by_order
    return ReplaySummary(
        instrument=instrument.id,
        lines=tally.lines,
        depth_applied=depth.applied if by_depth else UNSET,
        depth_dropped=depth.dropped if by_depth else UNSET,
        gaps=depth.gaps if by_depth else UNSET,
        trades=state.trades,
        trade_volume=instrument.qty_text(state.volume),
        book_tickers=tally.tickers if by_depth else UNSET,
        first_ns=tally.first_ns,
        last_ns=tally.last_ns,
        n_bids=book.count(Side.BUY),
        n_asks=book.count(Side.SELL),
        best_bid=instrument.price_text(bid) if bid else UNSET,
        best_ask=instrument.price_text(ask) if ask else UNSET,
        book_sha256=book_sha256(state),
        bbo_compared=tally.quotes.compared if by_depth else UNSET,
        bbo_equal=tally.quotes.equal if by_depth else UNSET,
        snapshots=tally.exchange.compared if by_order else UNSET,
        snapshots_equal=tally.exchange.equal if by_order else UNSET,
        bars=tuple([_bar_line(bar, instrument) for bar in state.bars.since(0)]) if bars else UNSET,
    )


def book_sha256(state: InstrumentState) -> str:
    """Hash a book: lines ``b|a price qty``, best first, bids before asks, no trailing zeros, joined by newlines."""
    instrument, book = state.instrument, state.book
    rows = [
        f"{mark} {plain(instrument.price_decimal(price))} {plain(instrument.qty_decimal(qty))}"
        for mark, side in (("b", Side.BUY), ("a", Side.SELL))
        for price, qty in book.levels(side, book.count(side))
    ]
    return hashlib.sha256("\n".join(rows).encode("ascii")).hexdigest()


def _bar_line(bar: Bar, instrument: Instrument) -> BarLine:
    start = dt.datetime.fromtimestamp(bar.start_ns // 1_000_000_000, dt.UTC)
    return BarLine(
        start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        instrument.price_text(bar.open),
        instrument.price_text(bar.high),
        instrument.price_text(bar.low),
        instrument.price_text(bar.close),
        instrument.qty_text(bar.volume),
        plain(bar.turnover),
        bar.trades,
        instrument.qty_text(bar.buy_volume),
    )
