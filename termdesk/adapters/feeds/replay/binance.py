"""Binance combined-stream recordings: lines ``<receive ns> <json>``, played by receive stamp."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated

import msgspec

from termdesk.adapters.contract import FeedCapabilities
from termdesk.adapters.feeds.binance.decode import BinanceDecoder, UnknownSymbol
from termdesk.adapters.feeds.binance.instruments import Evidence
from termdesk.adapters.feeds.broken import BrokenMessage, clean
from termdesk.adapters.feeds.replay.lines import DamagedFile, file_lines
from termdesk.adapters.feeds.replay.source import NAME, Item
from termdesk.core.model.event import InputSkipped, InstrumentDefined, PhaseChanged
from termdesk.core.model.terms import Phase

LINE = "19 digits of nanoseconds, a space and JSON"
LOOKED_AT = 2_000
"""Lines read ahead to learn venue, symbols and decimals."""
read_stamp = msgspec.json.Decoder(Annotated[int, msgspec.Meta(ge=10**18, le=2**63 - 1)]).decode


def stamped(line: bytes) -> tuple[int, bytes]:
    """Cut a line into receive stamp and payload.

    Raises:
        BrokenMessage: It does not begin with 19 digits of nanoseconds and a space.
    """
    stamp, _, payload = line.partition(b" ")
    try:
        return read_stamp(stamp), payload
    except msgspec.DecodeError:
        raise BrokenMessage(LINE, line) from None


class Beginning:
    """What the first lines of a file tell.

    Attributes:
        evidence: Venue, symbols and their decimals.
        first_ns: First stamp.
        told: Lines that were Binance's.
    """

    def __init__(self, path: Path) -> None:
        self.evidence = Evidence()
        self.first_ns = 0
        self.told = 0
        for line in islice(_each_line(path), LOOKED_AT):
            try:
                recv_ns, payload = stamped(line)
            except BrokenMessage:
                continue
            if self.evidence.see(payload):
                self.told += 1
                self.first_ns = self.first_ns or recv_ns

    @property
    def source(self) -> tuple[str, frozenset[str]]:
        """Files with the same venue and symbols are one source."""
        return self.evidence.venue, frozenset(self.evidence.symbols)


class BinanceSource:
    """Files of one venue and the same symbols, one after the other by first stamp.

    A receive stamp that goes back is taken as the one before it: the order of
    the lines is the order in which they came.
    """

    capabilities = FeedCapabilities(depth_levels=0, trades=True, heartbeat_ns=5_000_000_000, delay_ns=0)

    def __init__(self, files: Sequence[tuple[Path, Beginning]]) -> None:
        self._files = sorted(files, key=lambda each: each[1].first_ns)
        self._evidence = self._files[0][1].evidence
        self._decoder = BinanceDecoder()
        self.first_ns = self._files[0][1].first_ns
        self.lines = 0
        self._recv_ns = self.first_ns

    def items(self) -> Iterator[Item]:
        """Give instruments first, then every event; broken lines as ``InputSkipped``."""
        for symbol in self._evidence.symbols:
            yield from self._introduce(symbol)
        for path, _ in self._files:
            yield from self._file(path)

    def _file(self, path: Path) -> Iterator[Item]:
        decode = self._decoder.decode
        number = 0
        last_ns = self._recv_ns
        try:
            for batch in file_lines(path):
                for line in batch:
                    number += 1
                    try:
                        stamp, _, payload = line.partition(b" ")
                        recv_ns = read_stamp(stamp)
                        if recv_ns < last_ns:
                            recv_ns = last_ns
                        event = decode(payload, recv_ns)
                    except UnknownSymbol as unknown:
                        last_ns = self._recv_ns = recv_ns
                        yield from self._late(unknown.symbol, payload, path, number)
                        continue
                    except BrokenMessage as broken:
                        yield InputSkipped(NAME, last_ns, clean(path.name), number, broken.reason)
                        continue
                    except msgspec.DecodeError:
                        reason = BrokenMessage(LINE, line).reason
                        yield InputSkipped(NAME, last_ns, clean(path.name), number, reason)
                        continue
                    last_ns = recv_ns
                    if event is not None:
                        yield event
                self.lines += len(batch)
        except DamagedFile as damage:
            self.lines += 1
            yield InputSkipped(NAME, last_ns, clean(path.name), number + 1, str(damage))
        self._recv_ns = last_ns

    def _late(self, symbol: str, payload: bytes, path: Path, number: int) -> Iterator[Item]:
        """Introduce a symbol that the first lines did not show, and play its line."""
        self._evidence.see(payload)
        try:
            yield from self._introduce(symbol)
            event = self._decoder.decode(payload, self._recv_ns)
        except BrokenMessage as broken:
            yield InputSkipped(NAME, self._recv_ns, clean(path.name), number, broken.reason)
        else:
            if event is not None:
                yield event

    def _introduce(self, symbol: str) -> Iterator[Item]:
        """Say what the symbol is; it trades round the clock."""
        instrument = self._evidence.instrument(symbol)
        self._decoder.introduce(instrument)
        yield InstrumentDefined(self._recv_ns, instrument)
        yield PhaseChanged(instrument.id, 0, self._recv_ns, Phase.CONTINUOUS)


def _each_line(path: Path) -> Iterator[bytes]:
    try:
        for batch in file_lines(path):
            yield from batch
    except DamagedFile:
        return
