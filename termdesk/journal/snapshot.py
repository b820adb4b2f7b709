"""Snapshots of the desk's state beside its facts, so that a start replays only what came after.

A snapshot is derived: it says nothing that the facts do not say, counts only
with the facts that it was made from (by their chain hash), and one that is
torn, of another history or of another state version is passed over. It is
never needed while its facts are there; where retention removed them, only
they are what a start begins from.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import msgspec.inspect

from termdesk.core.model.errors import JournalError
from termdesk.core.model.number import Ns
from termdesk.core.trading.state import STATE_VERSION, DeskState
from termdesk.journal.chain import Head
from termdesk.journal.connection import sync_folder

KEPT = 2
_FOLDER = "snapshots"
_MAGIC = b"termdesk snapshot 1\n"


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The desk's state after a fact."""

    state_form: str
    """``state_form()`` of the version that made it."""
    seq: int
    at_ns: Ns
    """Desk time of fact ``seq``."""
    hash: bytes
    """Of the chain up to fact ``seq``."""
    engine_version: str
    body: bytes
    """``DeskState.snapshot()``."""

    @property
    def head(self) -> Head:
        """The fact that it was made after."""
        return Head(self.seq, self.hash)


def _digest(body: bytes) -> bytes:
    """Tell a torn file; BLAKE2 is the fastest that the standard library has."""
    return hashlib.blake2b(body, digest_size=32).digest()


def write_snapshot(folder: Path, snapshot: Snapshot) -> Path:
    """Keep a snapshot in a desk's folder, whole or not at all; the oldest beyond ``KEPT`` go."""
    place = folder / _FOLDER
    place.mkdir(mode=0o700, exist_ok=True)
    target = place / f"{snapshot.seq:020d}.state"
    part = target.with_suffix(".part")
    body = msgspec.msgpack.encode(snapshot)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(_MAGIC + _digest(body) + body)
        file.flush()
        os.fsync(file.fileno())
    part.rename(target)
    sync_folder(place)
    for old in sorted(place.glob("*.state"))[:-KEPT]:
        old.unlink()
    return target


def snapshots(folder: Path) -> Iterator[Snapshot]:
    """Give the snapshots of a desk's folder that are whole, newest first."""
    for file in sorted((folder / _FOLDER).glob("*.state"), reverse=True):
        data = file.read_bytes()
        digest, body = data[len(_MAGIC) : len(_MAGIC) + 32], data[len(_MAGIC) + 32 :]
        if data.startswith(_MAGIC) and _digest(body) == digest:
            yield msgspec.msgpack.decode(body, type=Snapshot)


@functools.cache
def state_form() -> str:
    """Name the form of the desk's state: its version, and a mark of all its fields and theirs.

    A snapshot counts for a start only in the very form in which this version
    would write it; a replay of the facts gives the same, only later.
    """
    fields = repr(msgspec.inspect.type_info(DeskState)).encode()
    return f"{STATE_VERSION}-{hashlib.sha256(fields).hexdigest()[:16]}"


def usable(found: Iterable[Snapshot], hash_of: Callable[[int], bytes | None], *, removed: int) -> Snapshot | None:
    """Choose the snapshot to start from: the newest of this form that the facts bear out.

    Args:
        found: Newest first.
        hash_of: The chain's hash at a fact; None where it is not there.
        removed: Newest fact that retention removed. Above 0 a snapshot of another form counts too, if it can be read.

    Raises:
        JournalError: Facts were removed and no snapshot can be read that stands for them.
    """
    sound = [each for each in found if each.seq >= removed and hash_of(each.seq) == each.hash]
    for each in sound:
        if each.state_form == state_form():
            return each
    if not removed:
        return None
    for each in sound:
        try:
            msgspec.msgpack.decode(each.body, type=DeskState)
        except msgspec.ValidationError:
            continue
        return each
    writer = sound[0].engine_version if sound else "the termdesk that ran last"
    raise JournalError(
        f"facts up to {removed} were removed after their retention, and no snapshot stands for them that this version "
        f"can read; start the desk with {writer}"
    )
