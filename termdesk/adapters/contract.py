"""What a feed and a broker are to the engine: messages in, messages out, nothing shared.

An adapter is an object behind an entry point (``termdesk.feeds``,
``termdesk.brokers``); ours register the same way as anyone's. All it takes
and gives can be encoded by ``core/wire``, so it can run in the engine or in a
process of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from termdesk.core.model.errors import AdapterError
from termdesk.core.model.event import MarketEvent
from termdesk.core.model.terms import Overfill
from termdesk.core.model.venue import BrokerRules, ToBroker, VenueReport


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
    delay_ns: int | None = None
    """How much later than at the venue everything comes by design: 0 is real time, None is not told and shown so."""


class LiveFeed(Protocol):
    """A source that speaks in its own time."""

    name: str
    capabilities: FeedCapabilities

    def stream(self) -> AsyncIterator[Sequence[MarketEvent]]:
        """Give events in batches until cancelled; reconnects itself and says so with ``FeedLink``.

        The next batch is not asked for while the desk is behind. What comes meanwhile must wait with
        whoever sends it, as in a socket that nobody reads, or be left out; it must not gather here.
        """
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


class NotSent(AdapterError):
    """A request provably never left this machine. Any other failure of a send means: nobody knows."""


class BrokerCapabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a broker can do natively, and what its venue guarantees."""

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
    post_only: bool = True
    overfill: Overfill = Overfill.REFUSE
    """What to do with an execution beyond an order's quantity."""
    absent_after_ns: int | None = None
    """A request that the venue does not know so long after it was sent never gets there; None: nothing proves that."""
    cancel_on_disconnect: bool = False
    """The venue takes working orders off when the connection breaks."""
    history_ns: int = 0
    """How far back a snapshot tells ended orders and executions."""
    answer_within_ns: int = 5_000_000_000
    """A request without an answer for so long has an unknown outcome."""

    def rules(self) -> BrokerRules:
        """What decisions rest on."""
        return BrokerRules(
            overfill=self.overfill,
            absent_after_ns=self.absent_after_ns,
            lookup=self.lookup_by_client_id,
            simulated=self.simulated,
        )


class BrokerSession(Protocol):
    """One connection to a venue, from log-in to its end. Messages only: nothing is shared with the engine."""

    async def send(self, message: ToBroker) -> None:
        """Hand one message over, once. Returns when it is handed over, not when it is answered.

        Raises:
            NotSent: It provably never left.
            Exception: Any other: nobody knows whether it left; the session is over.
        """
        ...

    def reports(self) -> AsyncIterator[Sequence[VenueReport]]:
        """Give what the venue says, in its order; ends or raises when the connection is over.

        What stands in a snapshot is never told again after it as news, and
        what is told after it is newer.
        """
        ...

    async def close(self) -> None:
        """End the connection. Sends no cancels."""
        ...


class Broker(Protocol):
    """A route to a venue, shared by the accounts that are bound to it."""

    name: str
    capabilities: BrokerCapabilities

    async def connect(self) -> BrokerSession:
        """Connect and log in, once; the engine tries again with growing pauses.

        Raises:
            AdapterError: It can't be; the text says what to do.
            OSError: The network says no.
        """
        ...


class BrokerFactory(Protocol):
    """Entry point of group ``termdesk.brokers``.

    One that reaches no real venue is registered under the same name in the
    group ``termdesk.brokers.simulated`` too: a desk that is not live imports
    nothing that is not named there.
    """

    name: str
    capabilities: BrokerCapabilities
    settings: type[msgspec.Struct]
    """Shape of the broker's table in the configuration, ``[brokers.NAME]``."""

    def open(self, settings: Any, accounts: Sequence[str]) -> Broker:  # noqa: ANN401  # of the type above
        """Make a broker for these accounts; connects to nothing.

        Raises:
            AdapterError: The settings can't be used; the text says which.
        """
        ...
