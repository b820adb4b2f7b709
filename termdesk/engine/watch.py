"""Watch state: last trades and bars, saved beside the facts so that a restart goes on where it was."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import msgspec

from termdesk.core.market.bars import MINUTE_NS
from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState
from termdesk.core.matching.watch import TriggerMark
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import BarHistory, DayReference, InstrumentDefined, MarketEvent, Trade
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Price
from termdesk.journal import Checkpoint, Journal

PERIOD_S = 0.25
BARS_SAVED = 600
BARS_A_TIME = 16
"""Instruments whose closed bars go into one checkpoint; the others follow with the next ones."""
_LAST = "watch"
_TRIGGERS = "triggers"


class InstrumentWatch(msgspec.Struct, frozen=True, array_like=True):
    """What moves between two bars of one instrument."""

    instrument: Instrument
    feed: str
    recv_ns: int
    prev_close: Price
    last: Trade | None
    forming: Bar | None
    day: Bar | None = None
    """What was traded since the day began."""
    mean_volume: int = 0


_WATCHES = msgspec.msgpack.Decoder(tuple[InstrumentWatch, ...])
_MARKS = msgspec.msgpack.Decoder(tuple[TriggerMark, ...])
_BARS = msgspec.msgpack.Decoder(tuple[Bar, ...])
_ENCODER = msgspec.msgpack.Encoder()


class Watch:
    """What of the market's state has not been saved yet."""

    def __init__(self, market: Market, marks: Callable[[], tuple[TriggerMark, ...]] = tuple) -> None:
        """Look at a market, and at where triggers stand that follow it."""
        self._market = market
        self._marks_now = marks
        self._marks: tuple[TriggerMark, ...] = ()
        self._trades = -1
        self._closed: dict[str, tuple[int, int]] = {}

    def collect(self, at_ns: int, *, everything: bool = False) -> list[Checkpoint]:
        """Give the checkpoints that are due; none while nothing traded.

        Args:
            at_ns: Desk time.
            everything: Leave no bars for the next time: there is none.
        """
        states = self._market.states
        checkpoints = self._bars(at_ns, len(states) if everything else BARS_A_TIME)
        marks = self._marks_now()
        if marks != self._marks:
            self._marks = marks
            checkpoints.append(Checkpoint(name=_TRIGGERS, at_ns=at_ns, body=_ENCODER.encode(marks)))
        trades = sum(state.trades for state in states.values()) + len(states)
        if trades != self._trades:
            self._trades = trades
            body = _ENCODER.encode(tuple(_watched(state) for state in states.values()))
            checkpoints.append(Checkpoint(name=_LAST, at_ns=at_ns, body=body))
        return checkpoints

    def _bars(self, at_ns: int, most: int) -> list[Checkpoint]:
        found: list[Checkpoint] = []
        for name, state in self._market.states.items():
            bars = state.bars
            mark = (bars.closed_count, bars.revision)
            if bars.closed and self._closed.get(name) != mark:
                self._closed[name] = mark
                closed = tuple(islice(bars.closed, max(0, len(bars.closed) - BARS_SAVED), None))
                found.append(Checkpoint(name=f"bars/{name}", at_ns=at_ns, body=_ENCODER.encode(closed)))
                if len(found) == most:
                    break
        return found


def known(market: Market) -> list[MarketEvent]:
    """Give the last trades and closes of this moment, for a feed that is started anew."""
    found: list[MarketEvent] = []
    for state in market.states.values():
        watched = _watched(state)
        if watched.prev_close:
            at = (state.venue_ns, state.recv_ns)
            mean = watched.mean_volume
            found.append(DayReference(state.instrument.id, *at, watched.prev_close, mean_volume=mean))
        if watched.last is not None:
            found.append(watched.last)
    return found


def marks(journal: Journal) -> tuple[TriggerMark, ...]:
    """Give where trailing triggers stood when they were saved last, at most ``PERIOD_S`` ago."""
    body = journal.checkpoint(_TRIGGERS)
    return () if body is None else _MARKS.decode(body)


def restored(journal: Journal) -> list[tuple[str, MarketEvent]]:
    """Give what the journal saved as events with the feed that they came from, instruments first.

    Bars come as history, also the one that was still growing; last trades
    are for the feed that goes on from them, not for the market state.
    """
    body = journal.checkpoint(_LAST)
    if body is None:
        return []
    events: list[tuple[str, MarketEvent]] = []
    for watch in _WATCHES.decode(body):
        name, at_ns = watch.instrument.id, watch.recv_ns
        saved = journal.checkpoint(f"bars/{name}")
        bars = _BARS.decode(saved) if saved is not None else ()
        if watch.forming is not None and (not bars or bars[-1].start_ns < watch.forming.start_ns):
            bars = (*bars, watch.forming)
        events.append((watch.feed, InstrumentDefined(at_ns, watch.instrument)))
        events.append((watch.feed, BarHistory(name, at_ns, at_ns, MINUTE_NS, bars)))
        if watch.prev_close or watch.day:
            told = DayReference(name, at_ns, at_ns, watch.prev_close, watch.day, watch.mean_volume)
            events.append((watch.feed, told))
        if watch.last is not None:
            events.append((watch.feed, watch.last))
    return events


def _watched(state: InstrumentState) -> InstrumentWatch:
    last = None
    if state.tape.trades:
        newest = state.tape.trades[-1]
        last = Trade(
            newest.instrument,
            newest.venue_ns,
            newest.recv_ns,
            newest.trade_id,
            newest.price,
            newest.qty,
            newest.aggressor,
        )
    forming, day = state.bars.forming, state.day
    told = (state.feed, state.recv_ns, state.prev_close)
    return InstrumentWatch(state.instrument, *told, last, forming, day, state.mean_volume)
