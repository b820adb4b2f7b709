"""What a feed and a broker are to the engine: messages in, messages out, nothing shared.

An adapter is an object behind an entry point (``termdesk.feeds``,
``termdesk.brokers``); ours register the same way as anyone's. All it takes
and gives can be encoded by ``core/wire``, so it can run in the engine or in a
process of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from termdesk.core.model.event import MarketEvent
from termdesk.core.model.execution import BrokerReport, BrokerRequest


class FeedCapabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a source can tell."""

    depth_levels: int
    """0 is the whole book."""
    trades: bool
    order_by_order: bool = False
    sequence_numbers: bool = True
    heartbeat_ns: int
    """Longest silence of a healthy source; its link is stale beyond it plus the desk's limit."""
    generated: bool = False
    """Prices are made up, and must be labelled so."""


class LiveFeed(Protocol):
    """A source that speaks in its own time."""

    name: str
    capabilities: FeedCapabilities

    def stream(self) -> AsyncIterator[Sequence[MarketEvent]]:
        """Give events in batches until cancelled; reconnects itself and says so with ``FeedLink``."""
        ...


class LiveFeedFactory(Protocol):
    """Entry point of group ``termdesk.feeds`` for live sources."""

    name: str

    def open(self, symbols: Sequence[str], *, seed: int, resume: Sequence[MarketEvent]) -> LiveFeed:
        """Make a feed for these symbols (empty: all it has).

        Args:
            symbols: Instrument ids or bare codes.
            seed: For sources that generate.
            resume: Last trades known from before a restart, for sources that generate.

        Raises:
            AdapterError: A symbol is not known to the source.
        """
        ...


class Recording(Protocol):
    """A recorded source, in the order in which it is replayed."""

    name: str
    capabilities: FeedCapabilities

    def events(self) -> Iterator[MarketEvent]:
        """Give every event once, ordered by ``recv_ns``; broken lines come as ``InputSkipped``."""
        ...


class RecordingFactory(Protocol):
    """Entry point of group ``termdesk.feeds`` named ``replay``: opens recordings."""

    name: str

    def open_recording(self, paths: Sequence[Path]) -> Recording:
        """Open files as one recording; files of one source are played in the order of their first stamp.

        Raises:
            AdapterError: A file is missing or of no known format; the text lists the formats.
        """
        ...


class BrokerCapabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a broker can do natively."""

    ord_types: tuple[str, ...]
    times_in_force: tuple[str, ...]
    replace: str
    """``in_place`` or ``none``."""
    lookup_by_client_id: bool
    simulated: bool
    """A desk that is not live loads simulated brokers only."""
    trigger_bys: tuple[str, ...] = ()
    """Prices that a native trigger may be compared with."""
    iceberg: bool = False
    """Orders that show only a part of themselves."""


class Broker(Protocol):
    """A route to a venue."""

    name: str
    capabilities: BrokerCapabilities

    async def send(self, request: BrokerRequest) -> None:
        """Hand over one request. Returns when it is handed over, not when it is answered."""
        ...

    def reports(self) -> AsyncIterator[Sequence[BrokerReport]]:
        """Give reports in batches until cancelled."""
        ...
