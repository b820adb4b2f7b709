"""The journal in SQLite: WAL, ``synchronous=FULL``, facts chained by hash, over a chain of files.

Appending goes through one connection (the writer's thread), reading through
another, so a reader never waits for a disk that syncs.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from termdesk.config.paths import JOURNAL_FILE
from termdesk.core.model.errors import JournalDamaged, JournalError
from termdesk.core.model.facts import DayClosed, DeskOpened, Recorded
from termdesk.journal.chain import Base, Head, Month, chain
from termdesk.journal.codec import FactUnknown, decode_input, decode_record, encode, without_collection
from termdesk.journal.connection import connect_reader, connect_writer, create
from termdesk.journal.headmark import HeadMark, read_mark
from termdesk.journal.lock import DeskLock
from termdesk.journal.port import Batch, DeskInput, check_follows
from termdesk.journal.schema import REMOVED, check_version, raise_version
from termdesk.journal.sealed import SealedFile, check_chain, hash_in, sealed_files
from termdesk.journal.snapshot import Snapshot, snapshots, usable
from termdesk.journal.verifying import StoredFact, stored_base, stored_facts, stored_months, walk

MARK_FILE = "journal.head"
TRIMMED_AT_ONCE = 400
"""Facts taken out of the file that is written to in one commit."""
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_ADVICE = (
    "The desk does not start and nothing was changed. Put back a sound copy of its folder, or move what is damaged "
    "aside and go on with the facts before it: termdesk journal quarantine --desk {desk}"
)
_Row = tuple[int, bytes]


class SqliteJournal:
    """``Journal`` in a desk's folder. Verifies the file that it writes to when opened.

    ``open_journal`` is the way to get one: it takes the lock and checks which
    desk it is. A journal that failed to write once stays closed for writing:
    after a failed sync nobody knows what the disk holds.

    Attributes:
        file: The file that is written to.
        opened: The desk's first fact.
        sealed: Files of closed months, in order.
        removed: Newest fact that retention removed; 0 when all are there.
        days_closed: How many trading days were closed since it was opened.

    Args:
        folder: The desk's folder; must exist.
        lock: Held by the caller and released by ``close``; None opens for reading only.
        whole: Decode every fact, whatever snapshots say.

    Raises:
        JournalError: The file can't be opened, or a newer termdesk wrote it.
        JournalDamaged: The stored chain does not verify.
    """

    def __init__(self, folder: Path, lock: DeskLock | None, *, whole: bool = False) -> None:
        self.file = folder / JOURNAL_FILE
        self.opened: DeskOpened | None = None
        self.sealed: list[SealedFile] = []
        self.removed = 0
        self.days_closed = 0
        self._lock = lock
        self._mark: HeadMark | None = None
        self._reading = threading.Lock()
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._base = Base()
        self._head = Head()
        self._months: list[Month] = []
        self._inputs = 0
        self._fresh: list[Recorded] = []
        """What opening decoded, for the replay that follows; let go by the first append."""
        self._found: Snapshot | None = None
        """Likewise the snapshot that it read."""
        try:
            with self._naming("opened"):
                self._open(folder, whole=whole)
        except BaseException:
            self.close()
            raise

    @property
    def head(self) -> int:
        """Sequence number of the newest durable fact."""
        return self._head.seq

    @property
    def chain_head(self) -> Head:
        """The newest durable fact with the hash of the chain up to it."""
        return self._head

    @property
    def base(self) -> Base:
        """What lies before the first fact of the file that is written to."""
        return self._base

    @property
    def months(self) -> tuple[Month, ...]:
        """Every trading month that the desk knew, also those whose facts are gone."""
        return tuple(self._months)

    def read(self, after: int, limit: int) -> list[Recorded]:
        """Give at most ``limit`` durable facts above ``after``."""
        if after >= self._head.seq:
            return []
        if self._fresh and self._fresh[0].seq <= after + 1:
            begin = after + 1 - self._fresh[0].seq
            return self._fresh[begin : begin + limit]
        with self._naming("read"):
            sql = "SELECT seq, bytes FROM fact WHERE seq > ? ORDER BY seq LIMIT ?"
            rows = self._chained_rows(sql, SealedFile.facts, after, min(limit, self._head.seq - after))
            return [decode_record(seq, stored) for seq, stored in rows]

    def inputs(self, after: int, limit: int) -> list[DeskInput]:
        """Give at most ``limit`` durable inputs, leaving out the first ``after``."""
        with self._naming("read"):
            sql = "SELECT n, bytes FROM input WHERE n > ? ORDER BY n LIMIT ?"
            rows = self._chained_rows(sql, SealedFile.inputs, after, limit)
            return [decode_input(n, stored) for n, stored in rows]

    def checkpoint(self, name: str) -> bytes | None:
        """Give the newest durable checkpoint of this name."""
        with self._naming("read"):
            rows = self._rows("SELECT 0, bytes FROM checkpoint WHERE name = ?", name)
            return rows[0][1] if rows else None

    def snapshot(self) -> Snapshot | None:
        """Give the newest usable snapshot."""
        if self._found is not None:
            return self._found
        with self._naming("read"):
            return usable(snapshots(self.file.parent), self._hash_of, removed=self.removed)

    def append(self, batch: Batch) -> None:
        """Commit a batch in one synced transaction, then move the mark."""
        with self._naming("written"):
            if self._writer is None:
                raise JournalError("it is closed or was opened for reading only")
            check_follows(self._head.seq, batch.records)
            self._fresh, self._found = [], None
            facts, months = self._chained(batch)
            try:
                _commit(self._writer, facts, months, self._inputs, batch)
                if facts and self._mark is not None:
                    self._mark.write(facts[-1][0], facts[-1][2])
            except (sqlite3.Error, OSError):
                self._writer.close()
                self._writer = None
                raise
            self._inputs += len(batch.inputs)
            if facts:
                self._head = Head(facts[-1][0], facts[-1][2])
                self._months += months
                self.days_closed += sum(type(record.fact) is DayClosed for record in batch.records)
                first = batch.records[0].fact
                if self.opened is None and isinstance(first, DeskOpened):
                    self.opened = first

    def tidy(self, before: str) -> bool:
        """Do a little of the housekeeping that ``seal`` and retention leave: take out what is sealed, then remove."""
        more = self.trim()
        if not more:
            self.remove(before)
        return more

    def trim(self) -> bool:
        """Take facts that a sealed file holds out of the file that is written to.

        Returns:
            Whether more are left to take out; a call takes few, so that an append hardly waits.
        """
        with self._naming("written"):
            if self._writer is None:
                return False
            self.sealed = sealed_files(self.file.parent)
            last = max((each.head.seq for each in self.sealed), default=0)
            seq = min(self._base.head.seq + TRIMMED_AT_ONCE, last)
            digest = hash_in(self.sealed, seq)
            if seq <= self._base.head.seq or digest is None:
                return False
            self._base = _trim(self._writer, self._base, Head(seq, digest))
            return seq < last

    def remove(self, before: str) -> list[Path]:
        """Remove sealed files of months before ``before`` (``YYYY-MM``), oldest first; their heads stay.

        Keeps what no snapshot covers: a start must not need what is gone.
        """
        gone: list[Path] = []
        if not self.sealed or self.sealed[0].month >= before:
            return gone
        snapshot = self.snapshot()
        covered = snapshot.seq if snapshot is not None else 0
        with self._naming("written"):
            for each in self.sealed:
                if each.month >= before or each.head.seq > min(covered, self._base.head.seq) or self._writer is None:
                    break
                self._writer.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (REMOVED, each.head.seq))
                self.removed = each.head.seq
                each.file.unlink()
                gone.append(each.file)
            self.sealed = self.sealed[len(gone) :]
        return gone

    def close(self) -> None:
        """Give back files and lock. Closing twice is fine."""
        for part in (self._reader, self._writer, self._mark):
            if part is not None:
                part.close()
        self._reader = self._writer = self._mark = None
        if self._lock is not None:
            self._lock.release()

    def _open(self, folder: Path, *, whole: bool) -> None:
        mark = read_mark(folder / MARK_FILE)
        if self._lock is not None and (not self.file.exists() or self.file.stat().st_size == 0):
            if mark is not None:
                raise JournalDamaged(f"fact 1 is missing: facts up to {mark[0]} were acknowledged, the file is empty")
            if any((folder / "sealed").glob("*.sqlite")):
                raise JournalDamaged("it is missing or empty, and there are sealed files of earlier months")
            create(self.file)
        # Verified before anything may write: the last writer to close would fold a damaged log into the database.
        self._reader = connect_reader(self.file)
        check_version(self._reader)
        self._verify(folder, self._reader, mark, whole=whole)
        if self._lock is not None:
            self._writer = connect_writer(self.file)
            raise_version(self._writer)
            _sign(self._writer, self._months)
            self._mark = HeadMark(folder / MARK_FILE)
            self._mark.write(self._head.seq, self._head.hash)

    def _verify(self, folder: Path, db: sqlite3.Connection, mark: tuple[int, bytes] | None, *, whole: bool) -> None:
        db.execute("BEGIN")
        meta = dict(db.execute("SELECT key, value FROM meta").fetchall())
        self._base, self._months = stored_base(db), stored_months(db)
        self.sealed, self.removed = sealed_files(folder), int(meta.get(REMOVED, 0))
        check_chain(self.sealed, self._base, self.removed)
        (self._inputs,) = db.execute("SELECT coalesce(max(n), ?) FROM input", (self._base.inputs,)).fetchone()
        snapshot = self._found = usable(snapshots(folder), self._hash_of, removed=self.removed)
        decoded = 0 if whole or snapshot is None else snapshot.seq
        try:
            with without_collection():
                found = walk(stored_facts(db), self._base, known=dict([mark] if mark else []), decoded_after=decoded)
        except FactUnknown as e:
            raise JournalError(f"{e}; {_needed(meta)}") from e
        db.execute("COMMIT")
        self._head = found.head
        self._fresh = found.records[1:] if decoded and found.opened is not None else found.records
        self._months = self._months or found.months
        self.opened = found.opened
        if self.opened is None and self._base.opened is not None:
            first = decode_record(1, self._base.opened).fact
            self.opened = first if isinstance(first, DeskOpened) else None
        if mark is not None and mark[0] > self._head.seq:
            raise JournalDamaged(
                f"fact {self._head.seq + 1} is missing: facts up to {mark[0]} were acknowledged; "
                f"the log beside the file ({self.file.name}-wal) is short or gone"
            )

    def _hash_of(self, seq: int) -> bytes | None:
        rows = self._rows("SELECT seq, hash FROM fact WHERE seq = ?", seq)
        return rows[0][1] if rows else hash_in(self.sealed, seq)

    def _chained(self, batch: Batch) -> tuple[list[StoredFact], list[Month]]:
        digest, facts, months = self._head.hash, [], []
        month = self._months[-1].name if self._months else ""
        for record in batch.records:
            if record.trading_day[:7] > month:
                month = record.trading_day[:7]
                months.append(Month(month, Head(record.seq - 1, digest)))
            stored = encode(record)
            digest = chain(digest, stored)
            facts.append((record.seq, stored, digest))
        return facts, months

    def _chained_rows(
        self, sql: str, of_sealed: Callable[[SealedFile, int, int], list[_Row]], after: int, limit: int
    ) -> list[_Row]:
        """Give rows out of the file that is written to, or from the sealed file that holds the next one on."""
        rows = self._rows(sql, after, limit)
        if not self.sealed or (rows and rows[0][0] == after + 1):
            return rows
        found: list[_Row] = []
        for sealed in self.sealed:
            if len(found) < limit:
                found += of_sealed(sealed, after, limit - len(found))
                after = found[-1][0] if found else after
        return found + self._rows(sql, after, limit - len(found)) if len(found) < limit else found

    def _rows(self, sql: str, *values: object) -> list[_Row]:
        with self._reading:
            if self._reader is None:
                raise JournalError("it is closed")
            return self._reader.execute(sql, values).fetchall()

    @property
    def _advice(self) -> str:
        return _ADVICE.format(desk=self.file.parent.name)

    @contextmanager
    def _naming(self, done: str) -> Iterator[None]:
        """Turn what goes wrong into an error that names the file and what to do."""
        try:
            yield
        except JournalDamaged as e:
            raise JournalDamaged(f"journal {self.file}: {e}. {self._advice}") from e
        except JournalError as e:
            raise JournalError(f"journal {self.file}: {e}") from e
        except (sqlite3.Error, UnicodeDecodeError) as e:
            # UnicodeDecodeError: SQLite quotes the damaged schema in its message.
            if isinstance(e, UnicodeDecodeError) or getattr(e, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
                text = f"journal {self.file}: fact {self._head.seq + 1} can't be read: {e}. {self._advice}"
                raise JournalDamaged(text) from e
            text = f"journal {self.file} can't be {done}: {e}; check its disk and its permissions"
            raise JournalError(text) from e
        except OSError as e:
            text = f"journal {self.file} can't be {done}: {e.strerror or e}; check its disk and its permissions"
            raise JournalError(text) from e


def _needed(meta: dict[str, object]) -> str:
    """Name the version that is needed to go on: the one that wrote last."""
    writer = meta.get("written_by")
    return f"{writer or 'a newer termdesk'} wrote it: start the desk with that version or a later one"


def _sign(db: sqlite3.Connection, months: list[Month]) -> None:
    """Say which version writes from here on; a file of the first version hears where its months begin."""
    rows = [(month.name, month.after.seq, month.after.hash) for month in months]
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT OR IGNORE INTO month VALUES (?, ?, ?)", rows)
    db.execute("INSERT OR REPLACE INTO meta VALUES ('written_by', ?)", (f"termdesk {version('termdesk')}",))
    db.execute("COMMIT")


def _commit(db: sqlite3.Connection, facts: list[StoredFact], months: list[Month], inputs: int, batch: Batch) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        db.executemany("INSERT INTO fact VALUES (?, ?, ?)", facts)
        if months:
            rows = [(month.name, month.after.seq, month.after.hash) for month in months]
            db.executemany("INSERT INTO month VALUES (?, ?, ?)", rows)
        if batch.inputs:
            db.executemany(
                "INSERT INTO input VALUES (?, ?, ?, ?)",
                [(n, asked.at_ns, asked.seq_before, encode(asked)) for n, asked in enumerate(batch.inputs, inputs + 1)],
            )
        if batch.checkpoints:
            db.executemany(
                "INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)",
                [(checkpoint.name, checkpoint.at_ns, checkpoint.body) for checkpoint in batch.checkpoints],
            )
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def _trim(db: sqlite3.Connection, base: Base, head: Head) -> Base:
    """Move the base of the file up to a fact that is sealed."""
    db.execute("BEGIN IMMEDIATE")
    try:
        asked = "FROM input WHERE seq_before < ?"
        (inputs,) = db.execute(f"SELECT coalesce(max(n), ?) {asked}", (base.inputs, head.seq)).fetchone()
        first = db.execute("SELECT bytes FROM fact WHERE seq = 1").fetchone()
        moved = Base(head, inputs, first[0] if first is not None else base.opened)
        db.execute(
            "UPDATE base SET seq = ?, hash = ?, inputs = ?, opened = ?", (head.seq, head.hash, inputs, moved.opened)
        )
        db.execute("DELETE FROM fact WHERE seq <= ?", (head.seq,))
        db.execute(f"DELETE {asked}", (head.seq,))
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    return moved
