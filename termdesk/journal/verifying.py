"""Walking stored facts: numbers without holes, hashes that chain, kinds that are known, none lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

import msgspec

from termdesk.core.model.errors import JournalDamaged
from termdesk.core.model.facts import DeskOpened, Recorded
from termdesk.journal.chain import Base, Head, Month, chain
from termdesk.journal.codec import decode_record

StoredFact = tuple[int, bytes, bytes]
"""Number, bytes, hash."""
_FACTS = "SELECT seq, bytes, hash FROM fact ORDER BY seq"


class Walked(msgspec.Struct):
    """What a walk over a file found."""

    head: Head
    months: list[Month]
    """Of the decoded facts, those later than any month before."""
    records: list[Recorded]
    """The facts that were decoded."""
    opened: DeskOpened | None = None


def stored_facts(db: sqlite3.Connection) -> Iterable[StoredFact]:
    """Give all facts of a file in order."""
    return db.execute(_FACTS)


def stored_base(db: sqlite3.Connection) -> Base:
    """Give the base of a file; a file of the first version has none.

    Raises:
        JournalDamaged: Its row is gone.
    """
    try:
        row = db.execute("SELECT seq, hash, inputs, opened FROM base").fetchone()
    except sqlite3.OperationalError:
        return Base()
    if row is None:
        raise JournalDamaged("what the file begins with is missing")
    seq, digest, inputs, opened = row
    if not (isinstance(seq, int) and isinstance(digest, bytes) and isinstance(inputs, int)):
        raise JournalDamaged("what the file begins with is no number of a fact and its hash")
    return Base(Head(seq, digest), inputs, opened)


def stored_months(db: sqlite3.Connection) -> list[Month]:
    """Give the months that a file knows, in order."""
    try:
        rows = db.execute("SELECT name, seq, hash FROM month ORDER BY name").fetchall()
    except sqlite3.OperationalError:
        return []
    return [Month(name, Head(seq, digest)) for name, seq, digest in rows]


def walk(facts: Iterable[StoredFact], base: Base, *, known: Mapping[int, bytes], decoded_after: int) -> Walked:
    """Check every stored fact of a file.

    Args:
        facts: In order.
        base: What they are chained from.
        known: Hashes that certain facts must have, by number.
        decoded_after: Facts up to this one are not decoded: what they came to is known.

    Raises:
        JournalDamaged: They do not verify; names the first bad fact.
        JournalError: A newer termdesk wrote one; names it.
    """
    seq, digest = base.head.seq, base.head.hash
    found = Walked(base.head, [], [])
    month = ""
    for number, stored, stored_hash in facts:
        if number != seq + 1:
            raise JournalDamaged(f"fact {seq + 1} is missing")
        if not isinstance(stored, bytes):
            raise JournalDamaged(f"fact {number} is no bytes but {type(stored).__name__}")
        before, digest = digest, chain(digest, stored)
        if digest != stored_hash:
            raise JournalDamaged(f"fact {number} does not verify: its bytes and its stored hash disagree")
        if number in known and known[number] != digest:
            raise JournalDamaged(f"fact {number} is not the fact {number} that was acknowledged")
        if number > decoded_after or number == 1:
            record = decode_record(number, stored)
            found.records.append(record)
            if number == 1:
                if not isinstance(record.fact, DeskOpened):
                    raise JournalDamaged("fact 1 does not open the desk")
                found.opened = record.fact
            if record.trading_day[:7] > month:
                month = record.trading_day[:7]
                found.months.append(Month(month, Head(seq, before)))
        seq = number
    found.head = Head(seq, digest)
    return found
