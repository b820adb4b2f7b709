"""A market of chance: books that drift, trade, thin out, cross a gap, lose their link and come back."""

from __future__ import annotations

from random import Random

from termdesk.core.model.event import BookDelta, BookSnapshot, FeedLink, InstrumentDefined, Level, MarketEvent, Trade
from termdesk.core.model.instrument import Instrument, Share, Spot, TradingRule
from termdesk.core.model.terms import Link, Side

FEED = "chance"

_DEPTH = 5


def instruments() -> tuple[Instrument, ...]:
    """What is traded: a share that settles the next day, a pair with small quantities, a share at once."""
    return (
        Instrument(
            id="600000.SSE",
            name="share, T+1",
            currency="CNY",
            price_decimals=2,
            qty_decimals=0,
            rules=(TradingRule("", 1, 100, 100),),
            detail=Share(settlement_days=1),
        ),
        Instrument(
            id="BTCUSDT.BINANCE",
            name="pair",
            currency="USDT",
            price_decimals=2,
            qty_decimals=4,
            rules=(TradingRule("", 1, 1, 10),),
            detail=Spot(base="BTC"),
        ),
        Instrument(
            id="600519.DEMO",
            name="share",
            currency="CNY",
            price_decimals=3,
            qty_decimals=0,
            rules=(TradingRule("", 5, 1, 1),),
            detail=Share(),
        ),
    )


class Tape:
    """Events of one instrument; prices stay within a factor of four around where they began."""

    def __init__(self, instrument: Instrument, rng: Random) -> None:
        self.instrument = instrument
        self._rng = rng
        self._tick = instrument.rules[0].tick
        self._lot = instrument.rules[0].lot * (1 if instrument.rules[0].lot > 1 else 100)
        self._home = self._mid = 1_000 * self._tick
        self._sides: dict[Side, dict[int, int]] = {Side.BUY: {}, Side.SELL: {}}
        self._seq = 0
        self._trades = 0

    def defined(self, now_ns: int) -> MarketEvent:
        """The instrument is introduced."""
        return InstrumentDefined(now_ns, self.instrument)

    def snapshot(self, now_ns: int) -> MarketEvent:
        """The whole book anew."""
        for side, levels in self._sides.items():
            levels.clear()
            for step in range(1, _DEPTH + 1):
                levels[self._mid - side.sign * step * self._tick] = self._size()
        self._seq += 1
        bids = tuple(sorted(self._sides[Side.BUY].items(), reverse=True))
        asks = tuple(sorted(self._sides[Side.SELL].items()))
        return BookSnapshot(self.instrument.id, now_ns, now_ns, self._seq, bids, asks)

    def next(self, now_ns: int) -> MarketEvent:
        """Something happens."""
        chance = self._rng.random()
        if chance < 0.02:
            self._move(self._rng.choice((-30, -8, 8, 30)))
            return self.snapshot(now_ns)
        return self._trade(now_ns) if chance < 0.4 else self._delta(now_ns)

    def _size(self) -> int:
        return self._lot * self._rng.randint(1, 40)

    def _move(self, ticks: int) -> None:
        mid = self._mid + ticks * self._tick
        self._mid = max(self._home // 2, min(mid, self._home * 2)) // self._tick * self._tick

    def _trade(self, now_ns: int) -> MarketEvent:
        aggressor = self._rng.choice((Side.BUY, Side.SELL, Side.BUY, Side.SELL, None))
        side = (aggressor or Side.BUY).opposite
        levels = self._sides[side]
        price = (min if side is Side.SELL else max)(levels) if levels else self._mid
        if self._rng.random() < 0.05:
            price += (aggressor or Side.BUY).sign * self._tick
        self._trades += 1
        qty = self._lot * self._rng.randint(1, 25)
        return Trade(self.instrument.id, now_ns, now_ns, self._trades, price, qty, aggressor)

    def _delta(self, now_ns: int) -> MarketEvent:
        side = self._rng.choice((Side.BUY, Side.SELL))
        if self._rng.random() < 0.15:
            self._move(self._rng.choice((-1, 1)))
        changed = dict(self._uncrossed())
        price = self._mid - side.sign * self._rng.randint(1, _DEPTH) * self._tick
        levels = self._sides[side]
        size = 0 if price in levels and self._rng.random() < 0.3 and len(levels) > 1 else self._size()
        if size:
            levels[price] = size
        else:
            del levels[price]
        ours = {**changed.pop(side, {}), price: size}
        others = changed.pop(side.opposite, {})
        both: dict[Side, tuple[Level, ...]] = {side: tuple(ours.items()), side.opposite: tuple(others.items())}
        self._seq += 1
        return BookDelta(self.instrument.id, now_ns, now_ns, self._seq, self._seq, -1, both[Side.BUY], both[Side.SELL])

    def _uncrossed(self) -> list[tuple[Side, dict[int, int]]]:
        """Take away what stands on the wrong side of the middle after a move."""
        gone = []
        for each, levels in self._sides.items():
            wrong = {price: 0 for price in levels if (price - self._mid) * each.sign >= 0}
            for price in wrong:
                del levels[price]
            gone.append((each, wrong))
        return gone


def link(now_ns: int, *, is_up: bool) -> MarketEvent:
    """The source's link goes or comes back."""
    return FeedLink(FEED, now_ns, Link.UP if is_up else Link.DOWN)
