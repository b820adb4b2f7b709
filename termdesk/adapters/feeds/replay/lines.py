"""Lines of a plain or gzip file, in batches, as far as the file is whole."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from termdesk.core.model.errors import AdapterError

GZIP_MAGIC = b"\x1f\x8b"
LONGEST_LINE = 8 << 20
"""Bytes; a longer line is given cut to this length."""
_CHUNK = 1 << 16
_UNPACKED = 1 << 20
_GZIP_BITS = 31


class DamagedFile(AdapterError):
    """A file ends or breaks off inside; what came before it was given."""


class Readable(Protocol):
    """A binary file."""

    def read(self, size: int, /) -> bytes:
        """Read up to ``size`` bytes, none at the end."""
        ...


def file_lines(path: Path) -> Iterator[list[bytes]]:
    """Give a file's lines without their line ends, in batches of some hundred.

    Raises:
        DamagedFile: After the last whole line of a file that ends inside its
            compressed data or whose compressed data is broken.
    """
    with path.open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
        file.seek(0)
        yield from lines(_unpacked(file) if packed else _chunks(file))


def lines(chunks: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Cut chunks of bytes into batches of lines; holds one chunk and one line at most.

    Raises:
        DamagedFile: As the chunks do; the line that broke off is left out.
    """
    rest = b""
    for chunk in chunks:
        batch = (rest + chunk).split(b"\n")
        rest = batch.pop()
        if len(rest) > 2 * LONGEST_LINE:
            rest = rest[:LONGEST_LINE]
        if batch:
            yield batch
    if rest:
        yield [rest]


def member_chunks(file: Readable) -> Iterator[bytes]:
    """Give a zip member's bytes.

    Raises:
        DamagedFile: The member is broken inside.
    """
    try:
        yield from _chunks(file)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DamagedFile(f"expected whole compressed data, came {error}") from None


def _chunks(file: Readable) -> Iterator[bytes]:
    while chunk := file.read(_UNPACKED):
        yield chunk


def _unpacked(file: Readable) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP_BITS)
    packed = file.read(_CHUNK)
    try:
        while packed:
            if unpacker.eof:
                unpacker = zlib.decompressobj(_GZIP_BITS)
            if chunk := unpacker.decompress(packed, _UNPACKED):
                yield chunk
            packed = unpacker.unused_data.lstrip(b"\0") if unpacker.eof else unpacker.unconsumed_tail
            packed = packed or file.read(_CHUNK)
    except zlib.error as error:
        raise DamagedFile(f"expected whole gzip data, came {error}") from None
    if not unpacker.eof:
        raise DamagedFile("expected the end of the gzip data, came the end of the file")
