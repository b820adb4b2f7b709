"""The demo as a live feed: lets the market advance with the system clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence

from termdesk.adapters.contract import FeedCapabilities
from termdesk.adapters.feeds.demo.market import HEARTBEAT_NS, NAME, DemoMarket
from termdesk.adapters.feeds.demo.spec import DemoSpec, specs
from termdesk.core.model.errors import AdapterError
from termdesk.core.model.event import MarketEvent
from termdesk.core.model.number import Ns

_PACE_S = 0.0225
"""Wall time between two batches."""
_LONGEST_STEP_NS = 3_000_000_000
"""A longer gap means that the machine slept: the market then stood still too."""


class DemoFeed:
    """A live feed of generated prices.

    Args:
        chosen: What it quotes.
        seed: Seed of all chance.
        resume: Last trades from before a restart.
        clock: System time in ns; the events are stamped with it.
    """

    name = NAME
    capabilities = FeedCapabilities(depth_levels=0, trades=True, heartbeat_ns=HEARTBEAT_NS, generated=True, delay_ns=0)

    def __init__(
        self, chosen: Sequence[DemoSpec], *, seed: int, resume: Sequence[MarketEvent], clock: Callable[[], Ns]
    ) -> None:
        self._chosen = chosen
        self._seed = seed
        self._resume = tuple(resume)
        self._clock = clock

    async def stream(self) -> AsyncIterator[Sequence[MarketEvent]]:
        """Give the opening, then what happened since the batch before, about 44 times a second."""
        now_ns = self._clock()
        market = DemoMarket(self._chosen, seed=self._seed, start_ns=now_ns, resume=self._resume)
        yield market.opening()
        while True:
            await asyncio.sleep(_PACE_S)
            then_ns, now_ns = now_ns, max(now_ns, self._clock())
            if now_ns - then_ns > _LONGEST_STEP_NS:
                market.skip(now_ns - then_ns)
            events = market.advance(now_ns)
            if events:
                yield events


class DemoFeedFactory:
    """Entry point ``demo`` of ``termdesk.feeds``."""

    name = NAME

    def open(self, symbols: Sequence[str], *, seed: int, resume: Sequence[MarketEvent]) -> DemoFeed:
        """Make a demo feed for these ids or bare codes; empty: all eight.

        Raises:
            AdapterError: A symbol is none of the demo's; the text lists them.
        """
        chosen = [_spec(symbol) for symbol in symbols] or specs()
        # A live source stamps what it says with the time of the system.
        return DemoFeed(tuple(dict.fromkeys(chosen)), seed=seed, resume=resume, clock=time.time_ns)  # noqa: TID251


def _spec(symbol: str) -> DemoSpec:
    for spec in specs():
        if symbol.upper() in (spec.id, spec.id.rpartition(".")[0]):
            return spec
    known = ", ".join(spec.id for spec in specs())
    raise AdapterError(f"the demo has no {symbol!r}; it has {known}")
