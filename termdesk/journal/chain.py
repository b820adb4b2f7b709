"""The chain of hashes over stored facts, and the places on it."""

from __future__ import annotations

import hashlib

import msgspec

GENESIS = bytes(32)
"""What the hash of the first fact is chained to."""


def chain(previous: bytes, stored: bytes) -> bytes:
    """Give the hash of a stored fact: SHA-256 of the hash before it and its bytes."""
    return hashlib.sha256(previous + stored).digest()


class Head(msgspec.Struct, frozen=True):
    """A fact and the hash of the chain up to it."""

    seq: int = 0
    hash: bytes = GENESIS


class Month(msgspec.Struct, frozen=True):
    """Where a trading month begins: behind ``after``."""

    name: str
    """``YYYY-MM``."""
    after: Head


class Base(msgspec.Struct, frozen=True):
    """What lies before the first fact of a file."""

    head: Head = Head()
    inputs: int = 0
    """How many recorded inputs lie before the first of this file."""
    opened: bytes | None = None
    """The desk's first fact as stored; None where this file holds it."""
