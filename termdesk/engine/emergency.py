"""The emergency file: what brokers said while the journal could not be written.

Its space is reserved at start, so that a full disk does not lose it. At the
next start its reports are decided like any others, then it is emptied.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import msgspec

from termdesk.core.model.execution import BrokerReport

_LOG = logging.getLogger("termdesk.engine")

RESERVED = 65_536
FILE = "emergency.jsonl"
_ENCODER = msgspec.json.Encoder()


class EmergencyFile:
    """Broker reports as JSON lines, padded with zero bytes up to ``RESERVED``.

    Attributes:
        left: Reports of the run before, in order.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._end = 0
        self.left = self._read()

    def reserve(self) -> None:
        """Empty the file and reserve its space: what it held is decided and durable."""
        self._path.write_bytes(bytes(RESERVED))
        self._end = 0

    def note(self, report: BrokerReport) -> None:
        """Write one report down; where even that fails it stays in memory and on the screen, and is logged."""
        line = _ENCODER.encode(report) + b"\n"
        try:
            with self._path.open("r+b") as file:
                file.seek(self._end)
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            _LOG.critical("the emergency file can't be written: %s; report %s", error, line.decode())
            return
        self._end += len(line)

    def _read(self) -> list[BrokerReport]:
        if not self._path.exists():
            return []
        lines = self._path.read_bytes().rstrip(b"\0").splitlines()
        reports = []
        for line in lines:
            try:
                reports.append(msgspec.json.decode(line, type=BrokerReport))
            except msgspec.DecodeError as error:
                _LOG.error("a line of %s can't be read: %s", self._path, error)
        return reports
