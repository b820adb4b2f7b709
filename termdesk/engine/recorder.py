"""Keeps the market data of instruments that the desk has a stake in, so that fills can be explained and compared later.

An instrument is kept from its first own order or armed condition on, beginning
with its market as it was then. A file holds one instrument of one day and one
run of the engine: frames of four bytes of length and a msgpack event. Files
are only appended to, by a thread of their own a few times a second; what a
crash cuts off at the end of one is left out when it is read.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, unquote

import msgspec

from termdesk.core.market.introduction import introduction
from termdesk.core.market.market import Market
from termdesk.core.model.event import FeedLink, MarketEvent
from termdesk.core.model.facts import ConditionArmed, OrderSubmitted, Recorded
from termdesk.core.trading.state import DeskState

_LOG = logging.getLogger("termdesk.recorder")

FOLDER = "market"
PERIOD_S = 0.2
_SUFFIX = ".rec"
_LENGTH = 4
_DAY_NS = 86_400_000_000_000


class Recorder:
    """Takes events in the engine's loop, which never waits for it.

    Attributes:
        kept: Instruments whose data is recorded.
        failed: Why recording ended; empty while it goes on.
    """

    def __init__(self, folder: Path, market: Market, days: int) -> None:
        """Begin; keeps nothing yet.

        Args:
            folder: The desk's.
            market: What sources say; read when an instrument is taken up.
            days: How long files are kept; 0 records nothing.
        """
        self.kept: dict[str, str] = {}
        self.failed = ""
        self._folder = folder / FOLDER
        self._market = market
        self._days = days
        self._waiting: deque[tuple[str, int, MarketEvent]] = deque()
        self._files: dict[str, tuple[int, BinaryIO]] = {}
        self._since: dict[tuple[str, int], int] = {}
        self._day = -1
        self._encoder = msgspec.msgpack.Encoder()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        if days:
            self._thread.start()

    def resume(self, state: DeskState, now_ns: int) -> None:
        """Go on with every instrument that has an order or an armed condition."""
        for order in state.orders.values():
            self.keep(order.instrument, now_ns)
        for condition in state.conditions.values():
            self.keep(condition.predicate.instrument, now_ns)

    def follow(self, records: Iterable[Recorded], now_ns: int) -> None:
        """Take up instruments of new orders and conditions."""
        for record in records:
            fact = record.fact
            if isinstance(fact, OrderSubmitted):
                self.keep(fact.instrument, now_ns)
            elif isinstance(fact, ConditionArmed):
                self.keep(fact.predicate.instrument, now_ns)

    def keep(self, instrument: str, now_ns: int) -> None:
        """Record an instrument from here on, beginning with its market as it is."""
        if not self._days or self.failed or instrument in self.kept:
            return
        self._since.setdefault((instrument, now_ns // _DAY_NS), now_ns)
        state = self._market.states.get(instrument)
        self.kept[instrument] = state.feed if state is not None else ""
        if state is not None:
            self._waiting.extend((instrument, now_ns, event) for event in introduction(state, now_ns))

    def take(self, instrument: str, event: MarketEvent, now_ns: int) -> None:
        """Record an event of an instrument that is kept."""
        self._waiting.append((instrument, now_ns, event))

    def take_link(self, event: FeedLink, now_ns: int) -> None:
        """Record that a source's link changed, with every instrument that it quotes."""
        for instrument in self.kept:
            state = self._market.states.get(instrument)
            if state is not None and state.feed == event.feed:
                self._waiting.append((instrument, now_ns, event))

    def covers(self, instrument: str, at_ns: int) -> bool:
        """Whether market data of an instrument is kept from a moment on: that day's began at or before it."""
        return self._since.get((instrument, at_ns // _DAY_NS), at_ns + 1) <= at_ns

    def close(self) -> None:
        """Write what is left."""
        if self._thread.is_alive():
            self._stop.set()
            self._thread.join()

    def _run(self) -> None:
        try:
            self._index()
            while not self._stop.wait(PERIOD_S):
                self._write()
            self._write()
        except OSError as error:
            self.failed = error.strerror or str(error)
            _LOG.error("market data is recorded no more: %s", self.failed)
            self.kept = {}
            self._waiting.clear()
        finally:
            self._close_files()

    def _index(self) -> None:
        """Look what is there from before."""
        decoder = msgspec.msgpack.Decoder(MarketEvent)
        for file in sorted(self._folder.glob(f"*/*{_SUFFIX}")):
            first = next(_events_of(file, decoder), None)
            if first is not None:
                key = unquote(file.name.rsplit(".", 2)[0]), first.recv_ns // _DAY_NS
                self._since[key] = min(self._since.get(key, first.recv_ns), first.recv_ns)

    def _write(self) -> None:
        waiting, touched = self._waiting, set()
        while waiting:
            instrument, at_ns, event = waiting.popleft()
            frame = self._encoder.encode(event)
            self._file(instrument, at_ns).write(len(frame).to_bytes(_LENGTH, "little") + frame)
            touched.add(instrument)
        for instrument in touched:
            self._files[instrument][1].flush()

    def _file(self, instrument: str, at_ns: int) -> BinaryIO:
        """The file of an instrument and day; a new day begins new files and lets old ones go."""
        day = at_ns // _DAY_NS
        if day != self._day:
            self._day = day
            self._forget(day)
        known = self._files.get(instrument)
        if known is not None and known[0] == day:
            return known[1]
        if known is not None:
            known[1].close()
        folder = self._folder / _day_name(day)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = sum(1 for _ in folder.glob(f"{quote(instrument, safe='')}.*{_SUFFIX}"))
        self._since.setdefault((instrument, day), at_ns)
        file = (folder / f"{quote(instrument, safe='')}.{number:04}{_SUFFIX}").open("xb")
        self._files[instrument] = (day, file)
        return file

    def _forget(self, day: int) -> None:
        first = _day_name(day - self._days + 1)
        if self._folder.is_dir():
            for folder in self._folder.iterdir():
                if folder.is_dir() and folder.name < first:
                    shutil.rmtree(folder)

    def _close_files(self) -> None:
        for _, file in self._files.values():
            file.close()
        self._files.clear()


def recorded_instruments(folder: Path) -> list[str]:
    """Instruments of which a desk's folder has market data."""
    names = {file.name.rsplit(".", 2)[0] for file in (folder / FOLDER).glob(f"*/*{_SUFFIX}")}
    return sorted(map(unquote, names))


def recorded_events(folder: Path, instrument: str) -> Iterator[MarketEvent]:
    """Everything recorded of an instrument, oldest first; what a crash cut off is left out."""
    decoder = msgspec.msgpack.Decoder(MarketEvent)
    for file in _files_of(folder, instrument):
        yield from _events_of(file, decoder)


def _files_of(folder: Path, instrument: str) -> list[Path]:
    return sorted((folder / FOLDER).glob(f"*/{quote(instrument, safe='')}.*{_SUFFIX}"))


def _events_of(file: Path, decoder: msgspec.msgpack.Decoder[MarketEvent]) -> Iterator[MarketEvent]:
    with file.open("rb") as source:
        while True:
            head = source.read(_LENGTH)
            frame = source.read(int.from_bytes(head, "little")) if len(head) == _LENGTH else b""
            if len(head) < _LENGTH or len(frame) < int.from_bytes(head, "little"):
                return
            yield decoder.decode(frame)


def _day_name(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()
