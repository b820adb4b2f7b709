"""Feeds: found by name, run under supervision. A feed that dies is a lost link, and is started again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from importlib.metadata import entry_points
from typing import Any

from termdesk.adapters.contract import LiveFeed
from termdesk.core.model.errors import AdapterError
from termdesk.core.model.event import FeedLink, MarketEvent
from termdesk.core.model.terms import Link
from termdesk.engine.clock import SystemClock
from termdesk.engine.meter import Measured, Meter

_LOG = logging.getLogger("termdesk.engine")

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0


def load_adapter(group: str, name: str) -> Any:  # noqa: ANN401  # each group has its own protocol
    """Load the adapter of an entry point; nothing else of the group is imported.

    Args:
        group: ``termdesk.feeds`` or ``termdesk.brokers``.
        name: As the configuration names it.

    Raises:
        AdapterError: None is installed under this name; the text lists those that are.
    """
    found = entry_points(group=group)
    for entry in found:
        if entry.name == name:
            distribution = f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else "unknown"
            _LOG.info("%s %s from %s (%s)", group, name, entry.value, distribution)
            return entry.load()
    raise AdapterError(f"no {group} named {name!r} is installed; there are {', '.join(sorted(found.names))}")


class Supervised:
    """Runs a live feed and hands its batches on; starts it anew when it dies.

    Args:
        make: Opens the feed.
        put: Takes what it says.
        room: Waits until more may be said.
    """

    def __init__(
        self,
        make: Callable[[], LiveFeed],
        put: Callable[[str, Sequence[MarketEvent]], None],
        room: Callable[[], Awaitable[None]],
        clock: SystemClock,
        meter: Meter,
    ) -> None:
        self._make = make
        self._put = put
        self._room = room
        self._clock = clock
        self._meter = meter

    async def run(self, feed: LiveFeed) -> None:
        """Run until cancelled, beginning with a feed that is open already."""
        wait_s = FIRST_WAIT_S
        while True:
            began = self._clock.ticks_ns()
            reason = await self._stream(feed)
            if self._clock.ticks_ns() - began > LONGEST_WAIT_S * 1e9:
                wait_s = FIRST_WAIT_S
            detail = f"{reason}; starting again in {wait_s:g} s"
            _LOG.error("feed %s: %s", feed.name, detail)
            self._put(feed.name, [FeedLink(feed.name, self._clock.wall_ns(), Link.DOWN, detail)])
            await asyncio.sleep(wait_s)
            wait_s = min(LONGEST_WAIT_S, wait_s * 2)
            try:
                feed = self._make()
            except AdapterError as error:
                _LOG.error("feed %s: %s", feed.name, error)

    async def _stream(self, feed: LiveFeed) -> str:
        """Hand on batches until the feed ends; gives why it did."""
        stream = feed.stream()
        try:
            while True:
                batch = await Measured(stream.__anext__(), self._meter, "feeds", self._clock)
                self._put(feed.name, batch)
                await self._room()
        except StopAsyncIteration:
            return "the feed ended"
        except Exception as error:  # noqa: BLE001  # whatever kills an adapter is a lost link, not the engine's end
            _LOG.exception("feed %s died", feed.name)
            return f"{type(error).__name__}: {error}"[:200]
