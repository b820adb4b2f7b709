"""MACD(12, 26, 9) in constant time per bar, with a peek for the bar that still grows.

Definition: ``ta`` 0.11 ``trend.MACD`` (pandas ``ewm(span, adjust=False)``),
which is the oracle in the tests. Seed: both averages start at the first close
of the series, the signal at the first MACD value that counts. With the
series' start as seed, ``slow + signal - 1`` bars make all lines count; beyond
some 400 bars more history moves the last value by less than 1e-9 of the
price.
"""

from __future__ import annotations

from collections import deque

from termdesk.core.market.bars import KEPT, BarSeries
from termdesk.core.model.instrument import Instrument
from termdesk.core.wire.topics import StudyPoint

MacdValue = tuple[float | None, float | None, float | None]
"""MACD line, signal and histogram at one bar; None while a line does not count yet."""


class Macd:
    """Streaming MACD over closes. Keeps three averages and a count, no history."""

    __slots__ = (
        "_fast",
        "_fast_weight",
        "_signal",
        "_signal_bars",
        "_signal_weight",
        "_slow",
        "_slow_bars",
        "_slow_weight",
        "count",
    )

    def __init__(self, fast: int = 12, slow: int = 26, signal: int = 9) -> None:
        self._fast_weight = 2 / (fast + 1)
        self._slow_weight = 2 / (slow + 1)
        self._signal_weight = 2 / (signal + 1)
        self._slow_bars = slow
        self._signal_bars = slow + signal - 1
        self._fast = self._slow = self._signal = 0.0
        self.count = 0

    @property
    def warm_bars(self) -> int:
        """Bars until every line counts."""
        return self._signal_bars

    @property
    def warming(self) -> int:
        """Bars still missing until every line counts."""
        return max(0, self._signal_bars - self.count)

    def add(self, close: float) -> MacdValue:
        """Take the close of the next bar."""
        self._fast, self._slow, self._signal = self._step(close)
        self.count += 1
        return self._value(self._fast - self._slow, self._signal, self.count)

    def peek(self, close: float) -> MacdValue:
        """Value if the next bar closed here; changes nothing."""
        fast, slow, signal = self._step(close)
        return self._value(fast - slow, signal, self.count + 1)

    def _step(self, close: float) -> tuple[float, float, float]:
        if not self.count:
            return close, close, 0.0
        fast = self._fast + self._fast_weight * (close - self._fast)
        slow = self._slow + self._slow_weight * (close - self._slow)
        macd = fast - slow
        if self.count < self._slow_bars:
            return fast, slow, macd
        return fast, slow, self._signal + self._signal_weight * (macd - self._signal)

    def _value(self, macd: float, signal: float, count: int) -> MacdValue:
        if count >= self._signal_bars:
            return macd, signal, macd - signal
        return macd if count >= self._slow_bars else None, None, None


class MacdStudy:
    """MACD along a bar series: follows it when read, so that a trade costs it nothing.

    Closed bars are taken once; after a change of the series' ``revision`` it
    starts anew from the bars held.
    """

    name = "macd"
    lines: tuple[str, ...] = ("macd", "signal", "histogram")

    def __init__(self, instrument: Instrument, bars: BarSeries) -> None:
        self._bars = bars
        self._unit = 10.0**instrument.price_decimals
        self._restart()

    @property
    def warm_bars(self) -> int:
        """Bars that the study needs in all."""
        return self._macd.warm_bars

    @property
    def warming(self) -> int:
        """Bars still missing until the values count, the growing bar included."""
        bars = self._bars
        return max(0, self._macd.warm_bars - len(bars.closed) - (bars.last_close is not None))

    def points(self, since_ns: int) -> tuple[StudyPoint, ...]:
        """Values of the bars from ``since_ns`` on, oldest first, the growing one last."""
        self._follow()
        bars = self._bars
        found: list[StudyPoint] = []
        if since_ns < bars.start_ns:
            for point in reversed(self._points):
                if point.start_ns < since_ns:
                    break
                found.append(point)
            found.reverse()
        close = bars.last_close
        if close is not None and bars.start_ns >= since_ns:
            found.append(StudyPoint(bars.start_ns, self._macd.peek(close / self._unit)))
        return tuple(found)

    def _restart(self) -> None:
        self._macd = Macd()
        self._points: deque[StudyPoint] = deque(maxlen=KEPT)
        self._revision = self._bars.revision
        self._taken = self._bars.closed_count - len(self._bars.closed)

    def _follow(self) -> None:
        bars = self._bars
        if bars.revision != self._revision or bars.closed_count - self._taken > len(bars.closed):
            self._restart()
        while self._taken < bars.closed_count:
            bar = bars.closed[self._taken - bars.closed_count]
            self._points.append(StudyPoint(bar.start_ns, self._macd.add(bar.close / self._unit)))
            self._taken += 1
