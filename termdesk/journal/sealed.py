"""Sealed files: the facts of closed trading months, read-only, each chained to the one before.

``sealed/2026-10.sqlite`` has the journal's own tables. It is made beside a
running engine out of what is durable, checked, and only then given its name;
the engine then takes those facts out of the file that it writes to. Between
the two both files hold the same facts, which hurts nobody.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import msgspec

from termdesk.config.paths import JOURNAL_FILE
from termdesk.core.model.errors import JournalDamaged, JournalError
from termdesk.journal.chain import Base, Head, Month
from termdesk.journal.connection import connect, connect_reader, sync_folder
from termdesk.journal.schema import check_version, create_tables
from termdesk.journal.verifying import StoredFact, stored_base, stored_facts, stored_months, walk

SEALED_FOLDER = "sealed"
_NAME = re.compile(r"\d{4}-\d{2}\.sqlite")
_ADVICE = "Put back a sound copy of it"


class SealedFile(msgspec.Struct, frozen=True):
    """One sealed month."""

    file: Path
    month: str
    base: Base
    head: Head

    def facts(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Give at most ``limit`` stored facts above ``after``."""
        sql = "SELECT seq, bytes FROM fact WHERE seq > ? ORDER BY seq LIMIT ?"
        with _reading(self.file) as db:
            return db.execute(sql, (after, limit)).fetchall()

    def inputs(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Give at most ``limit`` stored inputs with a number above ``after``."""
        with _reading(self.file) as db:
            return db.execute("SELECT n, bytes FROM input WHERE n > ? ORDER BY n LIMIT ?", (after, limit)).fetchall()

    def hash_of(self, seq: int) -> bytes | None:
        """Give the hash of one of its facts, or of what it is based on."""
        if seq == self.base.head.seq:
            return self.base.head.hash
        with _reading(self.file) as db:
            row = db.execute("SELECT hash FROM fact WHERE seq = ?", (seq,)).fetchone()
        return row[0] if row is not None else None

    def verify(self) -> None:
        """Walk all its facts.

        Raises:
            JournalDamaged: They do not verify; names the file and the first bad fact.
        """
        with _reading(self.file) as db:
            _check(self.file, self.head, stored_facts(db), self.base)


def sealed_files(folder: Path) -> list[SealedFile]:
    """Give the sealed files of a desk's folder in the order of their facts.

    Raises:
        JournalError: A newer termdesk wrote one.
        JournalDamaged: One can't be read.
    """
    found = []
    for file in sorted(folder.glob(f"{SEALED_FOLDER}/*.sqlite")):
        if not _NAME.fullmatch(file.name):
            continue
        with _reading(file) as db:
            check_version(db)
            base = stored_base(db)
            newest = db.execute("SELECT seq, hash FROM fact ORDER BY seq DESC LIMIT 1").fetchone()
        head = Head(*newest) if newest is not None else base.head
        found.append(SealedFile(file, file.stem, base, head))
    return found


def hash_in(sealed: list[SealedFile], seq: int) -> bytes | None:
    """Give the chain's hash at a fact that a sealed file holds or is based on."""
    for each in reversed(sealed):
        if each.base.head.seq <= seq <= each.head.seq:
            return each.hash_of(seq)
    return None


def check_chain(sealed: list[SealedFile], base: Base, removed: int) -> None:
    """Hold that sealed files reach without a hole from what retention removed to the base of the journal's file.

    Raises:
        JournalDamaged: One is missing, or is of another history; names the first fact that is missing.
    """
    reached = Head(removed, sealed[0].base.head.hash if sealed and removed else Base().head.hash)
    for each in sealed:
        if each.head.seq <= removed:
            reached = each.head
        elif each.base.head != reached:
            raise JournalDamaged(_hole(reached.seq, each.base.head.seq))
        reached = each.head
    if base.head.seq > max(reached.seq, removed):
        raise JournalDamaged(_hole(max(reached.seq, removed), base.head.seq))
    digest = hash_in(sealed, base.head.seq)
    if digest is not None and digest != base.head.hash:
        raise JournalDamaged(f"its facts do not go on from fact {base.head.seq} of the sealed file before it")


def _hole(reached: int, begins: int) -> str:
    return f"fact {reached + 1} is missing: the sealed file with the facts up to {begins} is not there"


def seal(folder: Path) -> list[SealedFile]:
    """Seal every closed month of a desk that is not sealed yet; gives the new files.

    An engine may hold the desk meanwhile: only what is durable is read, and
    nothing of its file is changed.

    Raises:
        JournalError: The disk refuses.
        JournalDamaged: What was read or written does not verify; nothing was sealed.
    """
    with _reading(folder / JOURNAL_FILE) as db:
        months = stored_months(db)
        base = stored_base(db)
    have = {sealed.month for sealed in sealed_files(folder)}
    made = []
    for month, following in pairwise(months):
        if month.name not in have and month.after.seq >= base.head.seq and following.after.seq > month.after.seq:
            made.append(_seal(folder, month, following.after))
    return made


def _seal(folder: Path, month: Month, head: Head) -> SealedFile:
    target = folder / SEALED_FOLDER / f"{month.name}.sqlite"
    part = target.with_suffix(".part")
    target.parent.mkdir(mode=0o700, exist_ok=True)
    part.unlink(missing_ok=True)
    try:
        db = connect(part, "mode=rwc")
        try:
            _copy(db, folder / JOURNAL_FILE, month, head)
            base = stored_base(db)
            _check(part, head, stored_facts(db), base)
        finally:
            db.close()
        part.chmod(0o400)
        part.rename(target)
        sync_folder(target.parent)
    except (sqlite3.Error, OSError) as e:
        raise JournalError(f"month {month.name} can't be sealed into {target}: {e}; check the disk") from e
    return SealedFile(target, month.name, base, head)


def _copy(db: sqlite3.Connection, journal: Path, month: Month, head: Head) -> None:
    """Copy the facts of a month and what was asked during them."""
    db.execute("PRAGMA synchronous=FULL")
    create_tables(db)
    db.execute("ATTACH ? AS journal", (f"{journal.as_uri()}?mode=ro",))
    first, last = month.after.seq, head.seq
    db.execute("BEGIN")
    db.execute("INSERT INTO fact SELECT * FROM journal.fact WHERE seq > ? AND seq <= ?", (first, last))
    asked = "FROM journal.input WHERE seq_before < ?"
    db.execute(f"INSERT INTO input SELECT * {asked} AND seq_before >= ?", (last, first))
    db.execute(
        f"UPDATE base SET seq = ?, hash = ?, inputs = coalesce((SELECT max(n) {asked}),"
        " (SELECT inputs FROM journal.base)),"
        " opened = coalesce((SELECT opened FROM journal.base), (SELECT bytes FROM journal.fact WHERE seq = 1))",
        (first, month.after.hash, first),
    )
    db.execute("COMMIT")
    db.execute("DETACH journal")


def _check(file: Path, head: Head, facts: Iterable[StoredFact], base: Base) -> None:
    try:
        found = walk(facts, base, known={head.seq: head.hash}, decoded_after=head.seq).head
    except JournalDamaged as e:
        raise JournalDamaged(f"sealed file {file}: {e}. {_ADVICE}") from e
    if found != head:
        raise JournalDamaged(f"sealed file {file}: fact {found.seq + 1} is missing. {_ADVICE}")


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        db = connect(file, "immutable=1") if file.parent.name == SEALED_FOLDER else connect_reader(file)
    except sqlite3.Error as e:
        raise JournalError(f"{file} can't be read: {e}") from e
    try:
        yield db
    except (sqlite3.DatabaseError, UnicodeDecodeError) as e:
        raise JournalDamaged(f"sealed file {file} can't be read: {e}. {_ADVICE}") from e
    finally:
        db.close()
