"""What a recording is made of: sources, each a stream of events and of the exchange's own snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from termdesk.adapters.contract import FeedCapabilities
from termdesk.adapters.feeds.sse_l2.decode import ExchangeSnapshot
from termdesk.core.model.event import MarketEvent

NAME = "replay"
"""Name of the feed that every recording speaks as."""

Item = MarketEvent | ExchangeSnapshot


class Source(Protocol):
    """One recorded source, read once from its beginning.

    Attributes:
        lines: Lines or rows read so far, broken ones included.
        first_ns: First stamp it is ordered by.
    """

    capabilities: FeedCapabilities
    lines: int
    first_ns: int

    def items(self) -> Iterator[Item]:
        """Give everything in order of ``recv_ns`` (``at_ns`` of a snapshot)."""
        ...
