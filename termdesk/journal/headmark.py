"""A mark beside the database: how far the journal was known to be durable.

A truncated or missing write-ahead log looks to SQLite like a shorter but sound
database. The mark tells the difference: it is written after each commit and
before anyone is told, so a journal that ends before its mark has lost facts
that were acknowledged.

The mark is not synced. After a power cut it may be old or blank, never ahead
of the journal, and an old or blank mark accuses nobody.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_WIDTH = 20 + 1 + 64 + 1 + 8


class HeadMark:
    """The open mark of one journal."""

    def __init__(self, file: Path) -> None:
        self._handle: int | None = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def write(self, seq: int, digest: bytes) -> None:
        """Say that fact ``seq`` with chain hash ``digest`` is durable."""
        if self._handle is not None:
            os.pwrite(self._handle, _line(seq, digest), 0)

    def close(self) -> None:
        """Close the file. Closing twice is fine."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def read_mark(file: Path) -> tuple[int, bytes] | None:
    """Give the marked fact and its chain hash; None where there is no mark or it is blank or torn."""
    try:
        line = file.read_bytes()[:_WIDTH]
    except FileNotFoundError:
        return None
    try:
        seq, digest = int(line[:20]), bytes.fromhex(line[21:85].decode("ascii"))
    except ValueError:
        return None
    return (seq, digest) if line == _line(seq, digest) else None


def _line(seq: int, digest: bytes) -> bytes:
    body = f"{seq:020d} {digest.hex()}"
    return f"{body} {hashlib.sha256(body.encode()).hexdigest()[:8]}".encode()
