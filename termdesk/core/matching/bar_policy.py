"""What is taken for granted when orders meet bars: a bar does not tell in which order its prices came."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

import msgspec

from termdesk.core.model.bar import Bar

BarPath = Literal["ohlc", "olhc", "adaptive", "pessimistic"]
Points = tuple[int, int, int, int]
"""Prices of a bar in the order in which it is taken to have gone through them."""


class BarPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rules of matching on bars. The defaults are those of the profile ``queue``."""

    path: BarPath = "adaptive"
    """Open, then the extreme nearer to it (the low at equal distance), the other one, close; or a fixed order.

    ``pessimistic`` goes first to the extreme that is worse for the account's
    position, and an exit released within a bar takes no profit in it.
    """
    limit: Literal["touch", "through"] = "through"
    """Whether a limit is filled where the bar reached it, or only where it went beyond."""
    stop_fill: Literal["trigger_or_open"] = "trigger_or_open"
    """A stop is filled at its trigger, or at the open where the bar opened beyond it."""
    touch_fill: Literal["trigger"] = "trigger"
    """An if-touched order is filled at its trigger, never better."""
    stop_limit: Literal["close_then_limit", "backtrader"] = "close_then_limit"
    """On the bar of its trigger a stop-limit is filled only where the close is inside its limit; or as backtrader."""
    trail: Literal["from_extreme", "from_close"] = "from_extreme"
    """What a trailing trigger follows, after the bar was held against where it stood before."""
    trail_fill: Literal["trigger_or_open", "worse_of_stop_and_close"] = "trigger_or_open"
    """At what a trailing stop is filled."""
    volume: Literal["unlimited", "split_four", "participation"] = "participation"
    """How much own orders get of a bar: anything, a quarter at each of its prices, or a share."""
    participation_pct: Decimal = Decimal(100)
    """Share of a bar's volume, in percent."""
    market: Literal["next_open"] = "next_open"
    """Market orders are filled at the open of the next bar."""
    slippage_pct: Decimal = Decimal(0)
    """Against the order, in percent, where it takes what comes: stops, and market orders at opens if so chosen."""
    slippage_cap: Literal["bar_extreme"] = "bar_extreme"
    """Slippage ends at the bar's high or low."""
    slippage_on_open: bool = False
    """Whether what is filled at an open slips too."""

    def points(self, bar: Bar, position: int) -> Points:
        """The way through a bar for an account that is long (above 0), short or flat."""
        if self._high_first(bar, position):
            return bar.open, bar.high, bar.low, bar.close
        return bar.open, bar.low, bar.high, bar.close

    def _high_first(self, bar: Bar, position: int) -> bool:
        if self.path == "pessimistic" and position:
            return position < 0
        if self.path == "ohlc":
            return True
        return self.path != "olhc" and bar.high - bar.open < bar.open - bar.low

    def rooms(self, volume: int, lot: int) -> list[int] | None:
        """What own orders may get at each of the four points; None is anything.

        With a share of the volume all of it is on one pile, the first.
        """
        if self.volume == "unlimited":
            return None
        if self.volume == "participation":
            return [int(volume * self.participation_pct / 100) // lot * lot]
        quarter = max(lot, volume // 4 // lot * lot)
        return [quarter, quarter, quarter, max(lot, volume - 3 * quarter)]

    def slipped(self, price: int, sign: int, bar: Bar, tick: int, worst: int | None) -> int:
        """A price moved against an order by the slippage, on the tick, not beyond the bar or ``worst``."""
        if not self.slippage_pct:
            return price
        ticks = price * (1 + sign * self.slippage_pct / 100) / tick
        moved = int(ticks.to_integral_value(ROUND_CEILING if sign > 0 else ROUND_FLOOR)) * tick
        if sign > 0:
            ends = bar.high if worst is None else min(bar.high, worst)
            return max(price, min(moved, ends))
        ends = bar.low if worst is None else max(bar.low, worst)
        return min(price, max(moved, ends))
