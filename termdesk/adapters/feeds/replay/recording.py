"""Recordings as a feed: which files are what, and their events in one order."""

from __future__ import annotations

import heapq
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from termdesk.adapters.contract import FeedCapabilities
from termdesk.adapters.feeds.broken import clean
from termdesk.adapters.feeds.replay.binance import Beginning, BinanceSource
from termdesk.adapters.feeds.replay.source import NAME, Item, Source
from termdesk.adapters.feeds.replay.sse_l2 import ShanghaiSource
from termdesk.adapters.feeds.sse_l2.decode import ExchangeSnapshot
from termdesk.core.model.errors import AdapterError
from termdesk.core.model.event import FeedLink, MarketEvent
from termdesk.core.model.terms import Link

FORMATS = (
    "Binance combined-stream lines '<receive ns> <json>' (plain or .gz); "
    "Shanghai Level-2 day (.zip with YYYYMMDD/entrust.csv, trade.csv, snapshot.csv)"
)


class ReplayRecording:
    """Recorded sources merged by receive stamp (venue stamp for Level-2).

    Attributes:
        sources: One per venue and set of symbols, or per archive.
        first_ns: First stamp.
        last_ns: Stamp of the newest item given so far; 0 before the first.
    """

    name = NAME

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = tuple(sources)
        self.first_ns = min(source.first_ns for source in sources)
        self.last_ns = 0
        delays = [source.capabilities.delay_ns for source in sources]
        self.capabilities = FeedCapabilities(
            depth_levels=0,
            trades=True,
            order_by_order=any(source.capabilities.order_by_order for source in sources),
            heartbeat_ns=max(source.capabilities.heartbeat_ns for source in sources),
            delay_ns=None if None in delays else max(delay for delay in delays if delay is not None),
        )

    @property
    def lines(self) -> int:
        """Lines or rows read so far, broken ones included."""
        return sum(source.lines for source in self.sources)

    def events(self) -> Iterator[MarketEvent]:
        """Give every event once, ordered by ``recv_ns``; broken lines come as ``InputSkipped``."""
        for item in self.items():
            if not isinstance(item, ExchangeSnapshot):
                yield item

    def items(self) -> Iterator[Item]:
        """Give every event and, at its place, every snapshot of the exchange."""
        yield FeedLink(NAME, self.first_ns, Link.UP)
        if len(self.sources) == 1:
            merged = self.sources[0].items()
        else:
            merged = heapq.merge(*(source.items() for source in self.sources), key=stamp)
        last: Item | None = None
        for last in merged:
            yield last
        self.last_ns = stamp(last) if last is not None else self.first_ns
        yield FeedLink(NAME, self.last_ns, Link.ENDED)


class ReplayFactory:
    """Entry point ``replay``: opens recordings."""

    name = NAME

    def open_recording(self, paths: Sequence[Path]) -> ReplayRecording:
        """Open files as one recording; files of one source are played in the order of their first stamp.

        Raises:
            AdapterError: No file, a missing one, or one of no known format.
        """
        if not paths:
            raise AdapterError(f"expected files to replay, came none; formats: {FORMATS}")
        sources: list[Source] = []
        streams: dict[tuple[str, frozenset[str]], list[tuple[Path, Beginning]]] = {}
        for path in dict.fromkeys(paths):
            if not path.is_file():
                raise AdapterError(f"expected a file to replay, {clean(str(path), 120)} is none")
            if zipfile.is_zipfile(path):
                sources.append(ShanghaiSource(path))
                continue
            beginning = Beginning(path)
            if not beginning.told:
                raise AdapterError(f"{clean(path.name, 120)} is of no known format; formats: {FORMATS}")
            streams.setdefault(beginning.source, []).append((path, beginning))
        sources.extend(BinanceSource(files) for files in streams.values())
        return ReplayRecording(sources)


def stamp(item: Item) -> int:
    """Stamp that the replay is ordered by."""
    return item.at_ns if isinstance(item, ExchangeSnapshot) else item.recv_ns
