"""A Shanghai Level-2 day in a zip, played by the venue's own sequence at venue time.

Receive stamps of these archives break the venue's sequence, so orders and
trades come in the order of ``BizIndex``; a snapshot comes after everything
stamped up to its whole second. Snapshots never touch the book: they tell
phase and yesterday's close, and are the yardstick of the rebuilt book.
"""

from __future__ import annotations

import datetime as dt
import heapq
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from termdesk.adapters.contract import FeedCapabilities
from termdesk.adapters.feeds.broken import BrokenMessage, clean
from termdesk.adapters.feeds.replay.lines import DamagedFile, lines, member_chunks
from termdesk.adapters.feeds.replay.source import NAME, Item
from termdesk.adapters.feeds.sse_l2.decode import (
    ORDER_COLUMNS,
    SNAPSHOT_COLUMNS,
    TRADE_COLUMNS,
    ExchangeSnapshot,
    ShanghaiDecoder,
    Table,
)
from termdesk.adapters.feeds.sse_l2.phases import BOUNDARIES, phase_at
from termdesk.core.model.errors import AdapterError
from termdesk.core.model.event import (
    DayReference,
    FeedHeard,
    InputSkipped,
    InstrumentDefined,
    OrderAdded,
    OrderMatched,
    OrderRemoved,
    PhaseChanged,
)
from termdesk.core.model.terms import Phase

Exchange = OrderAdded | OrderRemoved | OrderMatched
Row = TypeVar("Row", Exchange, ExchangeSnapshot)


def day_of(names: Sequence[str]) -> dt.date | None:
    """Day of an archive by the folder of its ``entrust.csv``, None where it is no Shanghai day."""
    for name in names:
        folder, _, file = name.rpartition("/")
        digits = folder.rpartition("/")[2]
        if file == "entrust.csv" and len(digits) == 8 and digits.isascii() and digits.isdigit():
            try:
                return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
            except ValueError:
                return None
    return None


class ShanghaiSource:
    """One archive of one day. Rows are read side by side, none is kept.

    Raises:
        AdapterError: The archive is incomplete or no Shanghai day.
    """

    capabilities = FeedCapabilities(
        depth_levels=0, trades=True, order_by_order=True, heartbeat_ns=60_000_000_000, delay_ns=0
    )

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, OSError) as error:
            raise AdapterError(f"{path.name}: expected a whole zip archive, came {error}") from None
        day = day_of(names)
        if day is None:
            raise AdapterError(f"{path.name}: expected a folder YYYYMMDD with entrust.csv and trade.csv")
        self._decoder = ShanghaiDecoder(day)
        self._members = {name.rpartition("/")[2]: name for name in names}
        self.lines = 0
        self.first_ns = self._first()
        self._at_ns = self.first_ns
        self._phases: dict[str, Phase] = {}
        self._status: dict[str, str] = {}
        self._boundary = bisect_right(BOUNDARIES, self.first_ns - self._decoder.midnight_ns)

    def items(self) -> Iterator[Item]:
        """Give instruments before their first event, then all of the day; broken rows as ``InputSkipped``."""
        decoder = self._decoder
        with zipfile.ZipFile(self._path) as archive:
            orders = self._keyed(self._rows(archive, "entrust.csv", ORDER_COLUMNS, decoder.order))
            trades = self._keyed(self._rows(archive, "trade.csv", TRADE_COLUMNS, decoder.trade))
            snapshots = self._rows(archive, "snapshot.csv", SNAPSHOT_COLUMNS, decoder.snapshot)
            snapshot = next(snapshots, None)
            for _, event in heapq.merge(orders, trades, key=_sequence):
                while snapshot is not None and _at(snapshot) < _at(event):
                    yield from self._told(snapshot)
                    snapshot = next(snapshots, None)
                yield from self._happened(event)
            while snapshot is not None:
                yield from self._told(snapshot)
                snapshot = next(snapshots, None)

    def _first(self) -> int:
        """First stamp of the day; reads the first row of each file."""
        with zipfile.ZipFile(self._path) as archive:
            decoder = self._decoder
            firsts = [
                next((_at(row) for row in rows if not isinstance(row, InputSkipped)), None)
                for rows in (
                    self._rows(archive, "entrust.csv", ORDER_COLUMNS, decoder.order),
                    self._rows(archive, "trade.csv", TRADE_COLUMNS, decoder.trade),
                    self._rows(archive, "snapshot.csv", SNAPSHOT_COLUMNS, decoder.snapshot),
                )
            ]
        self.lines = 0
        return min((first for first in firsts if first is not None), default=decoder.midnight_ns)

    def _rows(
        self,
        archive: zipfile.ZipFile,
        member: str,
        columns: Sequence[str],
        decode: Callable[[Sequence[bytes]], Row],
    ) -> Iterator[Row | InputSkipped]:
        """Decode one member row by row; a missing member has no rows."""
        name = self._members.get(member)
        if name is None:
            return
        source = clean(f"{self._path.name}:{name}")
        number = 0
        table: Table | None = None
        try:
            with archive.open(name) as file:
                for batch in lines(member_chunks(file)):
                    for line in batch:
                        number += 1
                        try:
                            if table is None:
                                table = Table(line, columns)
                                continue
                            self.lines += 1
                            yield decode(table.cells(line))
                        except BrokenMessage as broken:
                            yield InputSkipped(NAME, 0, source, number, broken.reason)
                            if table is None:
                                return
        except (DamagedFile, zipfile.BadZipFile, RuntimeError) as damage:
            self.lines += 1
            yield InputSkipped(NAME, 0, source, number + 1, clean(str(damage), 190))

    def _keyed(self, rows: Iterator[Exchange | InputSkipped]) -> Iterator[tuple[int, Exchange | InputSkipped]]:
        """Put the venue's sequence before each row; a broken row keeps its place after the one before it."""
        seq = -1
        for row in rows:
            if not isinstance(row, InputSkipped):
                seq = row.seq
            yield seq, row

    def _happened(self, event: Exchange | InputSkipped) -> Iterator[Item]:
        if isinstance(event, InputSkipped):
            yield self._skipped(event)
            return
        yield from self._reach(event.instrument, event.recv_ns)
        yield event

    def _told(self, snapshot: ExchangeSnapshot | InputSkipped) -> Iterator[Item]:
        if isinstance(snapshot, InputSkipped):
            yield self._skipped(snapshot)
            return
        name, at_ns = snapshot.instrument, snapshot.at_ns
        first = name not in self._phases
        if first:
            self._status[name] = snapshot.status
        yield from self._reach(name, at_ns)
        if first:
            yield DayReference(name, at_ns, at_ns, snapshot.prev_close)
        self._status[name] = snapshot.status
        yield from self._phase(name, at_ns)
        yield FeedHeard(NAME, at_ns)
        yield snapshot

    def _reach(self, name: str, at_ns: int) -> Iterator[Item]:
        """Move the day on to a time: introduce the instrument, begin the sessions that began meanwhile."""
        decoder = self._decoder
        self._at_ns = max(self._at_ns, at_ns)
        while self._boundary < len(BOUNDARIES) and decoder.midnight_ns + BOUNDARIES[self._boundary] <= at_ns:
            began_ns = decoder.midnight_ns + BOUNDARIES[self._boundary]
            self._boundary += 1
            for known in tuple(self._phases):
                yield from self._phase(known, began_ns)
        if name not in self._phases:
            yield InstrumentDefined(at_ns, decoder.instrument(name))
            yield from self._phase(name, at_ns)

    def _phase(self, name: str, at_ns: int) -> Iterator[Item]:
        phase = phase_at(self._status.get(name, ""), at_ns - self._decoder.midnight_ns)
        if phase is not self._phases.get(name):
            self._phases[name] = phase
            yield PhaseChanged(name, at_ns, at_ns, phase)

    def _skipped(self, event: InputSkipped) -> InputSkipped:
        return InputSkipped(event.feed, self._at_ns, event.source, event.line, event.reason)


def _sequence(keyed: tuple[int, Exchange | InputSkipped]) -> int:
    return keyed[0]


def _at(row: Exchange | ExchangeSnapshot | InputSkipped) -> int:
    return row.at_ns if isinstance(row, ExchangeSnapshot) else row.recv_ns
