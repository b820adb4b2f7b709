"""How the engine is: links, shares of a core, loop lag, attached screens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from termdesk.core.market.market import Market
from termdesk.core.model.limits import TradingStop
from termdesk.core.model.terms import Mode
from termdesk.core.wire.topics import FeedHealth, HealthBody, ReplayHealth, ScreenLine
from termdesk.engine.clock import SystemClock
from termdesk.engine.meter import Meter

_PERIOD_S = 0.5
_PROBE_S = 0.05


class Health:
    """Keeps the measured part; the rest is read when asked."""

    def __init__(
        self,
        desk: str,
        mode: Mode,
        market: Market,
        clock: SystemClock,
        meter: Meter,
        stale_after_ns: Callable[[str], int],
    ) -> None:
        self._desk = desk
        self._mode = mode
        self._market = market
        self._clock = clock
        self._meter = meter
        self._stale_after_ns = stale_after_ns
        self._shares: dict[str, float] = {}
        self._lag_ms = 0.0

    async def run(self) -> None:
        """Measure shares and the worst lag of the loop twice a second until cancelled."""
        while True:
            worst_ns = 0
            for _ in range(round(_PERIOD_S / _PROBE_S)):
                began = self._clock.ticks_ns()
                await asyncio.sleep(_PROBE_S)
                worst_ns = max(worst_ns, self._clock.ticks_ns() - began - int(_PROBE_S * 1e9))
            self._lag_ms = round(worst_ns / 1e6, 2)
            self._shares = self._meter.shares()

    def body(
        self,
        *,
        desk_ns: int,
        replay: ReplayHealth | None,
        halted: str,
        durable_seq: int,
        stops: tuple[TradingStop, ...],
        damaged: str,
        screens: Callable[[], tuple[ScreenLine, ...]],
    ) -> HealthBody:
        """Put the picture together."""
        return HealthBody(
            self._mode,
            self._desk,
            desk_ns,
            self._clock.wall_ns(),
            tuple(
                FeedHealth(
                    feed.name,
                    feed.link,
                    feed.detail,
                    feed.heard_ns,
                    feed.events,
                    feed.skipped,
                    feed.gaps,
                    self._stale_after_ns(feed.name),
                    feed.delay_ns,
                )
                for feed in self._market.feeds.values()
            ),
            screens(),
            replay,
            halted,
            durable_seq,
            self._shares,
            self._lag_ms,
            stops,
            damaged,
        )
