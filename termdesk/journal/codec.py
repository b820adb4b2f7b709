"""Bytes of facts and inputs.

Bytes are msgpack of the struct with its tags, Decimals as text. They are
written once and never rewritten, so the chain covers what was stored, not
what a later version would write.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from termdesk.core.model.errors import JournalDamaged, JournalError
from termdesk.core.model.facts import Recorded
from termdesk.journal.port import DeskInput


class FactUnknown(JournalError):
    """A stored fact that only a newer version can read."""


encode = msgspec.msgpack.Encoder().encode
_decode_record = msgspec.msgpack.Decoder(Recorded).decode
_decode_input = msgspec.msgpack.Decoder(DeskInput).decode


def decode_record(seq: int, stored: bytes) -> Recorded:
    """Read a stored fact.

    Raises:
        FactUnknown: A newer termdesk wrote it; names its tag.
        JournalDamaged: The bytes are no fact, or the fact of another number.
    """
    try:
        record = _decode_record(stored)
    except msgspec.DecodeError as e:
        raise _unreadable(seq, stored, e) from e
    if record.seq != seq:
        raise JournalDamaged(f"fact {seq} says that it is fact {record.seq}")
    return record


def decode_input(n: int, stored: bytes) -> DeskInput:
    """Read a stored input.

    Raises:
        JournalError: It is no input that this version knows.
    """
    try:
        return _decode_input(stored)
    except msgspec.DecodeError as e:
        raise JournalError(f"input {n} can't be read by this version: {e}") from e


def _unreadable(seq: int, stored: bytes, error: msgspec.DecodeError) -> JournalError:
    """What was hashed and does not decode was written so, by a version with other kinds, fields or values."""
    try:
        tag = msgspec.msgpack.decode(stored)["fact"]["type"]
    except (msgspec.DecodeError, TypeError, KeyError):
        return JournalDamaged(f"fact {seq} is not a fact: {error}")
    if "$.fact.type" in str(error):
        return FactUnknown(f"fact {seq} is of kind {str(tag)!r:.80}, which this version does not know")
    return FactUnknown(f"fact {seq} ({str(tag)!r:.80}) can't be read by this version: {error}")


@contextmanager
def without_collection() -> Iterator[None]:
    """Decode many facts: they make many objects and no cycles, and looking for some takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
