"""One instrument of the demo: its crowd in time, told as market events."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from random import Random

import msgspec

from termdesk.adapters.feeds.demo.flow import Arrivals, FairValue
from termdesk.adapters.feeds.demo.history import MINUTE_NS, minute_bars, whole
from termdesk.adapters.feeds.demo.spec import DemoSpec
from termdesk.adapters.feeds.demo.trader import Crowd, Turn
from termdesk.core import venues
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import (
    BarHistory,
    BookDelta,
    BookSnapshot,
    DayReference,
    InstrumentEvent,
    Level,
    PhaseChanged,
    Trade,
)
from termdesk.core.model.number import Ns, Price
from termdesk.core.model.terms import Phase, Side

_TRADED_SHARE = 0.10
"""Share of the turns that trade, for the volume of the invented past."""
_MINUTES_A_DAY = 1440
"""The demo's venue never closes."""


class Known(msgspec.Struct, frozen=True):
    """What is left of an instrument from before a restart."""

    last: Trade
    reference: DayReference | None = None


class DemoSource:
    """Generates the events of one instrument, one turn at a time.

    Args:
        spec: The instrument and its character.
        seed: Same seed, same start, same events.
        start_ns: When it begins.
        known: Where prices go on from; without it they begin near the spec's.
    """

    def __init__(self, spec: DemoSpec, *, seed: int, start_ns: Ns, known: Known | None) -> None:
        self.instrument = spec.instrument()
        self._spec, self._seed = spec, seed
        self._rng = Random(f"{seed}:{spec.id}:{start_ns}")
        self._known = known
        self._tick, self._lot = self.instrument.rules[0].tick, self.instrument.rules[0].lot
        flow = spec.flow
        self._minute_volume = flow.rate * 60 * _TRADED_SHARE * flow.size * self._lot
        self._seq = 0
        self._trade_id = known.last.trade_id if known else 0
        day = venues.phase(spec.id, start_ns)
        assert day is not None, f"no timetable for {spec.id}"
        self._day, self._day_end_ns = day.day, day.until_ns
        self._previous = self._prev_close(seed)
        first = known.last.price if known else round(self._previous * (1 + 0.004 * self._rng.gauss(0.0, 1.0)))
        self._last = max(1, first // self._tick)
        home = self.instrument.price(spec.price) / self._tick
        self._fair = FairValue(self._rng, home, self._last, spec.flow.volatility)
        self._crowd = Crowd(self._rng, spec.flow, self._last)
        self._arrivals = Arrivals(self._rng, spec.flow.rate)
        self._at_ns = start_ns
        self._opening = True
        self.next_ns = start_ns + 1 + int(200_000_000 * self._rng.random())
        """When the next turn happens."""

    def opening(self, at_ns: Ns) -> list[InstrumentEvent]:
        """What stands before the first turn: phase, yesterday's close, the invented past, the book.

        The past is not invented again where prices go on from before a restart.
        """
        name, known = self.instrument.id, self._known
        history = self._history(at_ns) if known is None else None
        is_new_day = known is not None and not self._is_today(known.last.venue_ns)
        day = self._today(history.bars, at_ns) if history else None
        events: list[InstrumentEvent] = [
            PhaseChanged(name, at_ns, at_ns, Phase.CONTINUOUS),
            self._reference(at_ns, self._previous, whole(()) if is_new_day else day),
        ]
        if history:
            events.append(history)
        bids, asks = self._crowd.bids.levels(), self._crowd.asks.levels()
        events.append(BookSnapshot(name, at_ns, at_ns, self._seq, self._scaled(bids), self._scaled(asks)))
        return events

    def step(self) -> list[InstrumentEvent]:
        """Take the turn that is due at ``next_ns``."""
        at_ns = self.next_ns
        fair = self._fair.advance((at_ns - self._at_ns) / 1e9)
        turn = self._crowd.turn(fair, take=self._opening)
        self._opening = False
        self._at_ns = at_ns
        self.next_ns = at_ns + 1 + int(self._arrivals.next_gap(turn.excitement) * 1e9)
        events = self._new_day(at_ns) if at_ns >= self._day_end_ns else []
        events += self._trades(turn, at_ns)
        if turn.changed is not None:
            events.append(self._delta(*turn.changed, at_ns))
        return events

    def skip(self, gap_ns: int) -> None:
        """Let time pass in which nothing happened."""
        self._at_ns += gap_ns
        self.next_ns += gap_ns

    def _prev_close(self, seed: int) -> Price:
        """Yesterday's close: what is known of it, else invented for the day, so that a restart finds it again."""
        known = self._known
        if known is not None:
            if known.reference is not None and self._is_today(known.reference.venue_ns):
                return known.reference.prev_close
            if not self._is_today(known.last.venue_ns):
                return known.last.price
        luck = Random(f"{seed}:{self._spec.id}:{self._day}").gauss(0.0, 1.0)
        home = self.instrument.price(self._spec.price)
        return max(1, round(home * (1 + 0.01 * luck) / self._tick)) * self._tick

    def _is_today(self, at_ns: Ns) -> bool:
        return venues.trading_day(self._spec.id, at_ns) == self._day

    def _new_day(self, at_ns: Ns) -> list[InstrumentEvent]:
        day = venues.phase(self._spec.id, at_ns)
        assert day is not None, f"no timetable for {self._spec.id}"
        self._day, self._day_end_ns = day.day, day.until_ns
        return [self._reference(at_ns, self._last * self._tick, whole(()))]

    def _reference(self, at_ns: Ns, prev_close: Price, day: Bar | None) -> DayReference:
        """Tell the day's numbers; the mean of the days before is invented for the day, so that a restart keeps it."""
        luck = Random(f"{self._seed}:{self._spec.id}:{self._day}:volume").gauss(0.0, 1.0)
        lots = round(self._minute_volume * _MINUTES_A_DAY * exp(0.25 * luck) / self._lot)
        return DayReference(self._spec.id, at_ns, at_ns, prev_close, day, lots * self._lot)

    def _today(self, bars: Sequence[Bar], at_ns: Ns) -> Bar:
        """Put the day's bars together, before them what it traded while none was invented."""
        known = [bar for bar in bars if self._is_today(bar.start_ns)]
        missing = _MINUTES_A_DAY + (at_ns - self._day_end_ns) // MINUTE_NS - len(known)
        if missing <= 0 or len(known) < len(bars):
            return whole(known)
        first, lots = known[0], round(self._minute_volume * missing / self._lot)
        turnover = self.instrument.cash(self.instrument.price_decimal(first.open), lots * self._lot, "")
        early = Bar(first.start_ns - missing * MINUTE_NS, *(first.open,) * 4, lots * self._lot, turnover, lots, 0)
        return whole([early, *known])

    def _trades(self, turn: Turn, at_ns: Ns) -> list[InstrumentEvent]:
        trades: list[InstrumentEvent] = []
        for price, size in turn.fills:
            self._trade_id += 1
            self._last = price
            scaled = price * self._tick, size * self._lot
            trades.append(Trade(self._spec.id, at_ns, at_ns, self._trade_id, *scaled, turn.aggressor))
        return trades

    def _delta(self, side: Side, prices: tuple[int, ...], at_ns: Ns) -> BookDelta:
        half = self._crowd.bids if side is Side.BUY else self._crowd.asks
        levels = self._scaled([(price, half.total(price)) for price in prices])
        self._seq += 1
        bids, asks = (levels, ()) if side is Side.BUY else ((), levels)
        return BookDelta(self._spec.id, at_ns, at_ns, self._seq, self._seq, -1, bids, asks)

    def _scaled(self, levels: list[tuple[int, int]]) -> tuple[Level, ...]:
        return tuple((price * self._tick, size * self._lot) for price, size in levels)

    def _history(self, at_ns: Ns) -> BarHistory:
        flow = self._spec.flow
        bars = minute_bars(
            self._rng,
            self.instrument,
            last=self._last * self._tick,
            volatility=flow.volatility,
            volume=self._minute_volume,
            until_ns=at_ns // MINUTE_NS * MINUTE_NS,
        )
        return BarHistory(self._spec.id, at_ns, at_ns, MINUTE_NS, bars)
