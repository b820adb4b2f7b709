"""A feed that makes load: many instruments, a steady rate, cheap to generate.

For benchmarks. The books are small, walk in a circle and never cross; prices
mean nothing. Settings are given in the place of symbols, ``key=value`` parted
by commas: ``n=200,rate=20000`` is 200 instruments ``L000.LOAD`` … with 20,000
updates a second in all, which is also the default. ``delay=900`` makes the
feed declare that it speaks 900 seconds late; its stamps are of now all the same.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from random import Random

import msgspec

from termdesk.adapters.contract import FeedCapabilities
from termdesk.core.model.errors import AdapterError
from termdesk.core.model.event import (
    BestQuote,
    BookDelta,
    BookSnapshot,
    DayReference,
    FeedHeard,
    FeedLink,
    InstrumentDefined,
    InstrumentEvent,
    Level,
    MarketEvent,
    PhaseChanged,
    Trade,
)
from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.core.model.number import Ns
from termdesk.core.model.terms import Link, Phase, Side

NAME = "load"
_PACE_S = 0.01
_HEARTBEAT_NS = 1_000_000_000
_LEVELS = 10
_CLIMB = 16
"""Ticks that the circle rises before it falls again."""
_FAMILIES = 8
"""Instruments share this many circles, each around a price of its own."""
_DRAWS = 8191
_LATEST_S = 1
"""What is due longer than this is left out."""


class LoadSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much load."""

    n: int = 200
    rate: int = 20_000
    """Updates a second, all instruments together."""
    delay: int = 0
    """Seconds that the feed declares to be late."""


class _Step(msgspec.Struct, frozen=True):
    """One update: changed levels of a delta, the touch of a quote, or price and size of a trade on one side."""

    kind: str
    bids: tuple[Level, ...] = ()
    asks: tuple[Level, ...] = ()


class _Circle:
    """A book that walks up and down again, as steps that can be repeated for ever.

    Args:
        low: Best bid where it begins; the best ask is one tick above.
    """

    def __init__(self, low: int) -> None:
        self.low = low
        self._low = low
        self._books = [
            {low - k: self._size(k) for k in range(_LEVELS)},
            {low + 1 + k: self._size(k) for k in range(_LEVELS)},
        ]
        self.steps: list[_Step] = []
        # Sizes repeat from the second round on.
        for _ in range(2):
            self.snapshot = tuple(tuple(sorted(book.items(), reverse=book is self._books[0])) for book in self._books)
            self.steps.clear()
            for turn in range(2 * _CLIMB):
                self._turn(1 if turn < _CLIMB else -1)

    def _turn(self, by: int) -> None:
        self._low += by
        bid, ask = self._low, self._low + 1
        bids = {bid: 3, bid - _LEVELS: 0} if by > 0 else {ask: 0, ask - _LEVELS: 5}
        asks = {bid: 0, bid + _LEVELS: 4} if by > 0 else {ask: 2, ask + _LEVELS: 0}
        self._change(bids, asks)
        self.steps.append(_Step("quote", ((bid, self._books[0][bid]),), ((ask, self._books[1][ask]),)))
        self.steps.append(_Step("trade", asks=((ask, 100),)))
        self._change({}, {ask: 1})
        self.steps.append(_Step("trade", bids=((bid, 100),)))
        self._change({bid: 6}, {})
        for depth in range(3):
            self._change({bid - depth: depth + 2}, {ask + depth + 1: depth + 4})

    def _change(self, bids: dict[int, int], asks: dict[int, int]) -> None:
        sides = []
        for book, changed in zip(self._books, (bids, asks), strict=True):
            levels = tuple((price, self._size(index) if index else 0) for price, index in changed.items())
            book.update(levels)
            for price, qty in levels:
                if not qty:
                    del book[price]
            sides.append(levels)
        self.steps.append(_Step("delta", *sides))

    @staticmethod
    def _size(index: int) -> int:
        return 100 * (1 + index * 7 % 23)


class _Source:
    """One instrument going round its circle."""

    def __init__(self, name: str, circle: _Circle) -> None:
        self.name = name
        self._circle = circle
        self._at = 0
        self._seq = 0
        self._trade_id = 0

    def opening(self, now_ns: Ns) -> list[InstrumentEvent]:
        bids, asks = self._circle.snapshot
        return [
            PhaseChanged(self.name, now_ns, now_ns, Phase.CONTINUOUS),
            DayReference(self.name, now_ns, now_ns, self._circle.low),
            BookSnapshot(self.name, now_ns, now_ns, 0, bids, asks),
        ]

    def step(self, now_ns: Ns) -> InstrumentEvent:
        step = self._circle.steps[self._at]
        self._at = (self._at + 1) % len(self._circle.steps)
        if step.kind == "delta":
            self._seq += 1
            return BookDelta(self.name, now_ns, now_ns, self._seq, self._seq, -1, step.bids, step.asks)
        if step.kind == "quote":
            return BestQuote(self.name, now_ns, now_ns, self._seq, *step.bids[0], *step.asks[0])
        self._trade_id += 1
        aggressor = Side.SELL if step.bids else Side.BUY
        return Trade(self.name, now_ns, now_ns, self._trade_id, *(step.bids or step.asks)[0], aggressor)


class LoadMarket:
    """Every update due up to a time that is handed in. Pure; the same arguments give the same events.

    Args:
        settings: How much.
        seed: Decides the order in which instruments speak.
        start_ns: When it begins.
    """

    def __init__(self, settings: LoadSettings, *, seed: int, start_ns: Ns) -> None:
        circles = [_Circle(1000 * (family + 1)) for family in range(_FAMILIES)]
        names = [f"L{index:03d}.LOAD" for index in range(settings.n)]
        self._sources = [_Source(name, circles[index % _FAMILIES]) for index, name in enumerate(names)]
        rng = Random(seed)
        self._order = [self._sources[int(rng.random() * settings.n)] for _ in range(_DRAWS)]
        self._rate = settings.rate
        self._start_ns = start_ns
        self._made = 0
        self._beat_ns = start_ns + _HEARTBEAT_NS

    def opening(self) -> list[MarketEvent]:
        """The link, the instruments and their books."""
        now_ns = self._start_ns
        events: list[MarketEvent] = [FeedLink(NAME, now_ns, Link.UP, "generated load")]
        for source in self._sources:
            events.append(InstrumentDefined(now_ns, _instrument(source.name)))
            events += source.opening(now_ns)
        return events

    def advance(self, to_ns: Ns) -> list[MarketEvent]:
        """What is due since the last call, at most of the last second, all stamped ``to_ns``."""
        due = (to_ns - self._start_ns) * self._rate // 1_000_000_000
        order = self._order
        first = max(self._made, due - self._rate * _LATEST_S)
        events: list[MarketEvent] = [order[index % _DRAWS].step(to_ns) for index in range(first, due)]
        self._made = max(due, self._made)
        if to_ns >= self._beat_ns:
            events.append(FeedHeard(NAME, to_ns))
            self._beat_ns = to_ns + _HEARTBEAT_NS
        return events


class LoadFeed:
    """A live feed that only makes load."""

    name = NAME

    def __init__(self, settings: LoadSettings, *, seed: int, clock: Callable[[], Ns]) -> None:
        self.settings = settings
        self.capabilities = FeedCapabilities(
            depth_levels=0,
            trades=True,
            heartbeat_ns=_HEARTBEAT_NS,
            generated=True,
            delay_ns=settings.delay * 1_000_000_000,
        )
        self._seed = seed
        self._clock = clock

    async def stream(self) -> AsyncIterator[Sequence[MarketEvent]]:
        """Give the opening, then a hundred batches a second; a late batch makes up for the last second."""
        now_ns = self._clock()
        market = LoadMarket(self.settings, seed=self._seed, start_ns=now_ns)
        yield market.opening()
        while True:
            await asyncio.sleep(_PACE_S)
            now_ns = max(now_ns, self._clock())
            if events := market.advance(now_ns):
                yield events


class LoadFeedFactory:
    """Entry point ``load`` of ``termdesk.feeds``."""

    name = NAME

    def open(self, symbols: Sequence[str], *, seed: int, resume: Sequence[MarketEvent]) -> LoadFeed:
        """Make a load feed; ``symbols`` are settings such as ``n=200``, ``resume`` is not used.

        Raises:
            AdapterError: A setting is unknown or no whole number in its range.
        """
        del resume
        # A live source stamps what it says with the time of the system.
        return LoadFeed(_settings(symbols), seed=seed, clock=time.time_ns)  # noqa: TID251


def _settings(symbols: Sequence[str]) -> LoadSettings:
    pairs = [pair.strip() for symbol in symbols for pair in symbol.split(",") if pair.strip()]
    given = {key.strip(): value.strip() for key, _, value in (pair.partition("=") for pair in pairs)}
    try:
        settings = msgspec.convert(given, LoadSettings, strict=False)
    except msgspec.ValidationError as wrong:
        expected = "n=INSTRUMENTS, rate=UPDATES_A_SECOND and delay=SECONDS"
        raise AdapterError(f"load settings are {expected}, got {pairs}: {wrong}") from None
    if min(settings.n, settings.rate) < 1 or settings.delay < 0:
        got = f"n={settings.n}, rate={settings.rate} and delay={settings.delay}"
        raise AdapterError(f"load settings n and rate must be above 0 and delay not below, got {got}")
    return settings


def _instrument(name: str) -> Instrument:
    rule = TradingRule(first_day="", tick=1, lot=100, min_qty=100)
    return Instrument(
        id=name,
        name=name.partition(".")[0],
        currency="CNY",
        price_decimals=2,
        qty_decimals=0,
        source=NAME,
        rules=(rule,),
        detail=Share(),
    )


FEED = LoadFeedFactory()
