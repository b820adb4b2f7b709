"""Topic bodies of an instrument: what the wire carries of its state.

Bodies are built at the client's rate, not per event; the caller keeps what it
has already sent and asks for what came after.
"""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.market.day_limits import day_limits
from termdesk.core.market.state import InstrumentState
from termdesk.core.model.terms import Side
from termdesk.core.venues import dealt
from termdesk.core.wire.topics import (
    BarsBody,
    BookBody,
    QuoteBody,
    StudyBody,
    TapeBody,
    TapeTrade,
    VolumeBody,
    VolumeRow,
)

BEST_LEVELS = 5
"""Levels a side that a quote line sums up."""
_HUNDREDTH = Decimal("0.01")


def quote_body(state: InstrumentState) -> QuoteBody:
    """Build the quote line. Without yesterday's close the first trade seen stands in for it."""
    book, tape = state.book, state.tape
    return QuoteBody(
        state.instrument.id,
        state.instrument.version,
        state.bid,
        state.bid_qty,
        state.ask,
        state.ask_qty,
        state.last,
        state.last_qty,
        state.aggressor,
        state.open,
        state.high,
        state.low,
        state.prev_close or state.open,
        state.volume,
        state.turnover,
        state.trades,
        state.phase,
        state.venue_ns,
        state.recv_ns,
        state.feed,
        state.book_valid,
        *day_limits(state),
        sum([qty for _, qty in book.levels(Side.BUY, BEST_LEVELS)]),
        sum([qty for _, qty in book.levels(Side.SELL, BEST_LEVELS)]),
        tape.bought,
        tape.sold,
        volume_ratio(state),
        state.session_close,
    )


def volume_ratio(state: InstrumentState) -> Decimal | None:
    """Compare the day's volume a minute with that of the five days before, as of the instrument's last news.

    (volume / minutes dealt so far) / (mean daily volume / minutes of a day), to two decimals: 量比 as Chinese vendors
    define it (their terminals' help pages, seen 2026-11). None where mean or timetable is not known, or before dealing.
    """
    if not state.mean_volume:
        return None
    minutes = dealt(state.instrument.id, state.venue_ns or state.recv_ns)
    if minutes is None or not minutes.so_far:
        return None
    share = Decimal(state.volume * minutes.whole) / (state.mean_volume * minutes.so_far)
    return share.quantize(_HUNDREDTH)


def book_body(state: InstrumentState, depth: int) -> BookBody:
    """Build the best ``depth`` levels of each side."""
    book = state.book
    return BookBody(
        state.instrument.id,
        state.instrument.version,
        book.levels(Side.BUY, depth),
        book.levels(Side.SELL, depth),
        state.book_seq,
        state.book_valid,
        state.recv_ns,
    )


def tape_body(state: InstrumentState, since: int, limit: int = 200) -> TapeBody:
    """Build the trades after running number ``since``; the next ``since`` is ``state.tape.count``."""
    trades, dropped = state.tape.since(since, limit)
    lines = tuple([TapeTrade(each.price, each.qty, each.aggressor, each.venue_ns, each.trade_id) for each in trades])
    return TapeBody(state.instrument.id, state.instrument.version, lines, dropped)


def volume_body(state: InstrumentState, since: int | None = None) -> VolumeBody:
    """Build the volume at each price that traded after running number ``since``; None gives all.

    The next ``since`` is ``state.tape.count``; where ``state.tape.day`` changed, ask for all.
    """
    tape = state.tape
    fresh = tape.prices_since(since) if since is not None else None
    bought, sold, neither = (tape.volumes[side] for side in (Side.BUY, Side.SELL, None))
    rows = []
    for price in tape.prices() if fresh is None else fresh:
        taken, given = bought.get(price, 0), sold.get(price, 0)
        rows.append(VolumeRow(price, taken + given + neither.get(price, 0), taken, given))
    instrument = state.instrument
    return VolumeBody(instrument.id, instrument.version, tuple(rows), fresh is None, tape.first_ns)


def bars_body(state: InstrumentState, since_ns: int | None = None) -> BarsBody:
    """Build the bars that start at ``since_ns`` or later; None gives all and says that they replace what is held.

    The next ``since_ns`` is ``state.bars.start_ns``. After a change of
    ``state.bars.revision`` closed bars changed: ask for all.
    """
    bars = state.bars
    return BarsBody(
        state.instrument.id,
        state.instrument.version,
        bars.interval_ns,
        bars.since(since_ns or 0),
        since_ns is None,
    )


def study_body(state: InstrumentState, since_ns: int | None = None) -> StudyBody:
    """Build the study's values along the bars, with the same ``since_ns`` rule as ``bars_body``.

    A market made without studies gives a body without lines or points.
    """
    study = state.macd
    if study is None:
        return StudyBody(state.instrument.id, "", (), (), since_ns is None, 0, 0)
    return StudyBody(
        state.instrument.id,
        study.name,
        study.lines,
        study.points(since_ns or 0),
        since_ns is None,
        study.warming,
        study.warm_bars,
    )
