"""Bars by the venue's trade time, labelled with their start, the last one growing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from termdesk.core.model.bar import Bar
from termdesk.core.model.instrument import Instrument

MINUTE_NS = 60_000_000_000
KEPT = 1_500
"""Closed bars kept, about 0.5 kB each; a little more than a day of minutes."""


class BarSeries:
    """Bars of one interval: closed ones and the one that still grows.

    An interval without trades has no bar. A trade of an interval already
    closed corrects that bar where it is still held, and is left out of the
    bars where it is not.

    Attributes:
        interval_ns: Length of a bar.
        closed: Closed bars, oldest first, at most ``KEPT``.
        closed_count: Closed bars ever made or seeded.
        revision: Grows when closed bars changed; whoever follows them starts anew.
        start_ns: Start of the growing bar, 0 before the first trade.
    """

    __slots__ = (
        "_buy_volume",
        "_close",
        "_end_ns",
        "_high",
        "_low",
        "_open",
        "_trades",
        "_turnover",
        "_unit",
        "_volume",
        "closed",
        "closed_count",
        "interval_ns",
        "revision",
        "start_ns",
    )

    def __init__(self, instrument: Instrument, interval_ns: int = MINUTE_NS) -> None:
        self.interval_ns = interval_ns
        self.closed: deque[Bar] = deque(maxlen=KEPT)
        self.closed_count = 0
        self.revision = 0
        self.start_ns = 0
        self._end_ns = 0
        self._unit = instrument.multiplier.scaleb(-(instrument.price_decimals + instrument.qty_decimals))
        self._open = self._high = self._low = self._close = 0
        self._volume = self._buy_volume = self._turnover = self._trades = 0

    def add(self, venue_ns: int, price: int, qty: int, *, bought: bool) -> None:
        """Take one trade; ``bought`` says that the aggressor bought."""
        if venue_ns >= self._end_ns:
            self._begin(venue_ns, price)
        elif venue_ns < self.start_ns:
            self._correct(venue_ns, price, qty, bought=bought)
            return
        if price > self._high:
            self._high = price
        elif price < self._low:
            self._low = price
        self._close = price
        self._volume += qty
        self._turnover += price * qty
        self._trades += 1
        if bought:
            self._buy_volume += qty

    def close(self, bar: Bar) -> None:
        """Put a whole bar behind the closed ones; a source that tells bars tells no trades."""
        self.closed.append(bar)
        self.closed_count += 1
        self.start_ns = self._end_ns = bar.start_ns + self.interval_ns

    def seed(self, bars: Iterable[Bar]) -> None:
        """Put closed bars before what is held; bars that overlap with held ones are left out."""
        first = self.closed[0].start_ns if self.closed else self.start_ns
        older = [bar for bar in bars if not first or bar.start_ns < first]
        held = list(self.closed)
        self.closed.clear()
        self.closed.extend(older)
        self.closed.extend(held)
        self.closed_count += len(older)
        self.revision += 1
        if not self.start_ns and older:
            self._end_ns = self.start_ns = older[-1].start_ns + self.interval_ns

    @property
    def forming(self) -> Bar | None:
        """The bar that still grows, None before the first trade."""
        if not self._trades:
            return None
        return Bar(
            self.start_ns,
            self._open,
            self._high,
            self._low,
            self._close,
            self._volume,
            self._money(self._turnover),
            self._trades,
            self._buy_volume,
        )

    @property
    def last_close(self) -> int | None:
        """Price of the newest trade in the growing bar, None before it."""
        return self._close if self._trades else None

    def since(self, start_ns: int) -> tuple[Bar, ...]:
        """Bars whose start is ``start_ns`` or later, oldest first, the growing one last."""
        found: list[Bar] = []
        if start_ns < self.start_ns:
            for bar in reversed(self.closed):
                if bar.start_ns < start_ns:
                    break
                found.append(bar)
            found.reverse()
        forming = self.forming
        if forming is not None and forming.start_ns >= start_ns:
            found.append(forming)
        return tuple(found)

    def _begin(self, venue_ns: int, price: int) -> None:
        forming = self.forming
        if forming is not None:
            self.closed.append(forming)
            self.closed_count += 1
        self.start_ns = venue_ns - venue_ns % self.interval_ns
        self._end_ns = self.start_ns + self.interval_ns
        self._open = self._high = self._low = price
        self._volume = self._buy_volume = self._turnover = self._trades = 0

    def _correct(self, venue_ns: int, price: int, qty: int, *, bought: bool) -> None:
        for index in range(len(self.closed) - 1, -1, -1):
            bar = self.closed[index]
            if bar.start_ns <= venue_ns:
                if venue_ns < bar.start_ns + self.interval_ns:
                    self.closed[index] = self._joined(bar, price, qty, bought=bought)
                    self.revision += 1
                return

    def _joined(self, bar: Bar, price: int, qty: int, *, bought: bool) -> Bar:
        return msgspec.structs.replace(
            bar,
            high=max(bar.high, price),
            low=min(bar.low, price),
            close=price,
            volume=bar.volume + qty,
            turnover=bar.turnover + self._money(price * qty),
            trades=bar.trades + 1,
            buy_volume=bar.buy_volume + (qty if bought else 0),
        )

    def _money(self, scaled: int) -> Decimal:
        return scaled * self._unit
