"""The emergency file: what was asked and what brokers said while the journal could not be written.

Its space is reserved at start, so that a full disk does not lose it. At the
next start its reports are decided like any others, then what was asked is
asked again; when all of that is durable the file is emptied.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import msgspec

from termdesk.core.model.command import DeskCommand
from termdesk.core.model.execution import BrokerReport
from termdesk.core.model.number import Ns

_LOG = logging.getLogger("termdesk.engine")

RESERVED = 65_536
FILE = "emergency.jsonl"


class Asked(msgspec.Struct, frozen=True, kw_only=True, tag="asked.1"):
    """A command that was carried out while trading was halted."""

    at_ns: Ns
    """Desk time."""
    actor: str
    command: DeskCommand


Note = BrokerReport | Asked
_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Note] = msgspec.json.Decoder(Note)


class EmergencyFile:
    """Notes as JSON lines, padded with zero bytes up to ``RESERVED``.

    Attributes:
        left: Reports of the run before, in order.
        asked: Commands of the run before, in order.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._end = 0
        notes = self._read()
        self.left = [note for note in notes if not isinstance(note, Asked)]
        self.asked = [note for note in notes if isinstance(note, Asked)]

    def reserve(self) -> bool:
        """Empty the file and reserve its space: what it held is decided and durable.

        Space that it has is not given back in between. Gives whether the disk
        had room; where it had none the engine goes on, and says so.
        """
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(bytes(max(RESERVED, self._end)))
                file.truncate(RESERVED)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            _LOG.critical("no space is reserved for the emergency file %s: %s", self._path, error)
            return False
        self._end = 0
        return True

    def note(self, note: Note) -> bool:
        """Write one note down behind those of before; gives whether it is on the disk.

        Where even that fails it stays in memory and on the screen, and is logged.
        """
        line = _ENCODER.encode(note) + b"\n"
        try:
            with self._path.open("r+b") as file:
                file.seek(self._end)
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            _LOG.critical("the emergency file can't be written: %s; %s", error, line.decode())
            return False
        self._end += len(line)
        return True

    def _read(self) -> list[Note]:
        try:
            written = self._path.read_bytes().rstrip(b"\0")
        except FileNotFoundError:
            return []
        self._end = len(written)
        notes: list[Note] = []
        for line in written.splitlines():
            try:
                notes.append(_DECODER.decode(line))
            except msgspec.DecodeError as error:
                _LOG.error("a line of %s can't be read: %s", self._path, error)
        return notes
