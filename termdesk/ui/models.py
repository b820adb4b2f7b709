"""From the store to what the surfaces show. Pure: one function per pane."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Link, Mode
from termdesk.ui.delay import delay_words
from termdesk.ui.lines.chart import ChartModel
from termdesk.ui.lines.statusline import Other, StatusModel
from termdesk.ui.lines.tape import TapeModel
from termdesk.ui.locale import Catalogue
from termdesk.ui.store import EngineLink, Store

BOOK_DEPTH = 100
STUDY = "macd"


class Looking(msgspec.Struct, frozen=True):
    """Who looks at the store: when, at what, in which words."""

    clock_ns: int
    stale_ns: int
    """Silence of a source that makes its prices stale."""
    instrument: str
    account: str
    catalogue: Catalogue


def chart_model(store: Store, looking: Looking, instrument: Instrument) -> ChartModel:
    """Give the chart of the chosen instrument."""
    study = store.studies.get(f"{instrument.id}/{STUDY}")
    quote = store.quotes.get(instrument.id)
    return ChartModel(
        instrument=instrument,
        bars=list(store.bars.get(instrument.id, {}).values()),
        macd={start: point.values for start, point in study.points.items()} if study else {},
        warming=study.warming if study else 0,
        warm_bars=study.warm_bars if study else 0,
        last=quote.last if quote else 0,
        title=f"{instrument.code} 1m",
        is_stale=store.is_stale(instrument.id, looking.clock_ns, looking.stale_ns),
    )


def tape_model(store: Store, looking: Looking, instrument: Instrument) -> TapeModel:
    """Give time and sales of the chosen instrument."""
    tape = store.tapes.get(instrument.id)
    stale = store.is_stale(instrument.id, looking.clock_ns, looking.stale_ns)
    trades, total = (tape.trades, tape.total) if tape else ((), 0)
    return TapeModel(instrument, trades, total, stale, store.quotes.get(instrument.id), store.books.get(instrument.id))


def depth_topics(instrument: str, levels: int) -> tuple[str, ...]:
    """Name what a depth box needs; the book is as deep as the ladder's, since both read the same."""
    return (f"quote/{instrument}", f"book/{instrument}?depth={BOOK_DEPTH}") if levels else ()


_LINKS = {
    EngineLink.STARTING: Link.CONNECTING,
    EngineLink.CONNECTING: Link.CONNECTING,
    EngineLink.UP: Link.UP,
    EngineLink.LOST: Link.DOWN,
    EngineLink.FAILED: Link.ENDED,
}


def status_model(
    store: Store,
    looking: Looking,
    expected: Mode,
    is_armed: bool = False,
    notice: str = "",
    others: tuple[Other, ...] = (),
) -> StatusModel:
    """Give the status line; until the desk said what it is, it is what this screen was asked to open."""
    health, feed = store.health, store.feed_of(looking.instrument)
    engine = _LINKS[store.link]
    return StatusModel(
        mode=store.mode or expected,
        is_armed=is_armed,
        replay=health.replay if health else None,
        desk_ns=store.desk_ns(looking.clock_ns) if store.mode is Mode.REPLAY else 0,
        engine=engine,
        silent_ns=store.silent_ns(looking.clock_ns),
        halted=health.halted if health else "",
        stops=health.stops if health else (),
        account=looking.account,
        feed=feed.feed if feed and engine is Link.UP else "",
        feed_link=feed.link if feed else Link.CONNECTING,
        feed_age_ns=store.feed_age_ns(feed, looking.clock_ns) if feed else None,
        is_feed_stale=engine is Link.UP
        and feed is not None
        and store.is_stale(looking.instrument, looking.clock_ns, looking.stale_ns),
        delay=delay_words(feed, looking.catalogue),
        pnl=_pnl(store, looking.account),
        notice=notice,
        others=others,
    )


def _pnl(store: Store, account: str) -> tuple[tuple[str, Decimal | None], ...] | None:
    """Realised and unrealised less fees, per currency that ever moved; unknown where a mark is missing."""
    body = store.accounts.get(account)
    if body is None:
        return None
    return tuple(
        (line.currency, None if line.unrealised is None else line.realised + line.unrealised - line.fees)
        for line in body.cash
        if line.realised or line.unrealised or line.fees or line.unrealised is None
    )
