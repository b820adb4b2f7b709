"""The journal in SQLite: WAL, ``synchronous=FULL``, facts chained by hash.

Appending goes through one connection (the writer's thread), reading through
another, so a reader never waits for a disk that syncs.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from termdesk.config.paths import JOURNAL_FILE
from termdesk.core.model.errors import JournalDamaged, JournalError
from termdesk.core.model.facts import DeskOpened, Recorded
from termdesk.journal.codec import GENESIS, chain, decode_input, decode_record, encode
from termdesk.journal.headmark import HeadMark, read_mark
from termdesk.journal.lock import DeskLock
from termdesk.journal.port import Batch, DeskInput, check_follows
from termdesk.journal.schema import check_versions, create_tables, is_blank

MARK_FILE = "journal.head"
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_ADVICE = (
    "The desk does not start and nothing was changed. Keep a copy of the folder; then put back a sound copy of it, "
    "or go on with a new desk (--desk NAME)"
)
_StoredFact = tuple[int, bytes, bytes]


class SqliteJournal:
    """``Journal`` in a desk's folder. Verifies the whole chain when opened.

    ``open_journal`` is the way to get one: it takes the lock and checks which
    desk it is. A journal that failed to write once stays closed for writing:
    after a failed sync nobody knows what the disk holds.

    Args:
        folder: The desk's folder; must exist.
        lock: Held by the caller and released by ``close``; None opens for reading only.

    Raises:
        JournalError: The file can't be opened, or a newer termdesk wrote it.
        JournalDamaged: The stored chain does not verify.
    """

    def __init__(self, folder: Path, lock: DeskLock | None) -> None:
        self.file = folder / JOURNAL_FILE
        self.opened: DeskOpened | None = None
        self._lock = lock
        self._mark: HeadMark | None = None
        self._reading = threading.Lock()
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._head = 0
        self._hash = GENESIS
        try:
            with self._naming("opened"):
                self._open(folder)
        except BaseException:
            self.close()
            raise

    @property
    def head(self) -> int:
        """Sequence number of the newest durable fact."""
        return self._head

    def read(self, after: int, limit: int) -> list[Recorded]:
        """Give at most ``limit`` durable facts above ``after``."""
        with self._naming("read"):
            rows = self._rows("SELECT seq, bytes FROM fact WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
            return [decode_record(seq, stored) for seq, stored in rows]

    def inputs(self, after: int, limit: int) -> list[DeskInput]:
        """Give at most ``limit`` durable inputs, leaving out the first ``after``."""
        with self._naming("read"):
            rows = self._rows("SELECT n, bytes FROM input WHERE n > ? ORDER BY n LIMIT ?", after, limit)
            return [decode_input(n, stored) for n, stored in rows]

    def checkpoint(self, name: str) -> bytes | None:
        """Give the newest durable checkpoint of this name."""
        with self._naming("read"):
            rows = self._rows("SELECT 0, bytes FROM checkpoint WHERE name = ?", name)
            return rows[0][1] if rows else None

    def append(self, batch: Batch) -> None:
        """Commit a batch in one synced transaction, then move the mark."""
        with self._naming("written"):
            if self._writer is None:
                raise JournalError("it is closed or was opened for reading only")
            check_follows(self._head, batch.records)
            facts = self._chained(batch)
            try:
                _commit(self._writer, facts, batch)
                if facts and self._mark is not None:
                    self._mark.write(facts[-1][0], facts[-1][2])
            except (sqlite3.Error, OSError):
                self._writer.close()
                self._writer = None
                raise
            if facts:
                self._head, _, self._hash = facts[-1]
                first = batch.records[0].fact
                if self.opened is None and isinstance(first, DeskOpened):
                    self.opened = first

    def close(self) -> None:
        """Give back files and lock. Closing twice is fine."""
        for part in (self._reader, self._writer, self._mark):
            if part is not None:
                part.close()
        self._reader = self._writer = self._mark = None
        if self._lock is not None:
            self._lock.release()

    def _open(self, folder: Path) -> None:
        mark = read_mark(folder / MARK_FILE)
        if self._lock is not None and (not self.file.exists() or self.file.stat().st_size == 0):
            if mark is not None:
                raise JournalDamaged(f"fact 1 is missing: facts up to {mark[0]} were acknowledged, the file is empty")
            _create(self.file)
        # Verified before anything may write: the last writer to close would fold a damaged log into the database.
        self._reader = _connect_reader(self.file)
        check_versions(self._reader)
        self._verify(self._reader, mark)
        if self._lock is not None:
            self._writer = _connect_writer(self.file)
            self._mark = HeadMark(folder / MARK_FILE)
            self._mark.write(self._head, self._hash)

    def _verify(self, db: sqlite3.Connection, mark: tuple[int, bytes] | None) -> None:
        """Walk all stored facts: numbers without holes, hashes that chain, kinds that are known, none lost."""
        for seq, stored, digest in db.execute("SELECT seq, bytes, hash FROM fact ORDER BY seq"):
            if seq != self._head + 1:
                raise JournalDamaged(f"fact {self._head + 1} is missing")
            if not isinstance(stored, bytes):
                raise JournalDamaged(f"fact {seq} is no bytes but {type(stored).__name__}")
            self._hash = chain(self._hash, stored)
            if self._hash != digest:
                raise JournalDamaged(f"fact {seq} does not verify: its bytes and its stored hash disagree")
            if mark is not None and mark[0] == seq and mark[1] != digest:
                raise JournalDamaged(f"fact {seq} is not the fact {seq} that was acknowledged")
            record = decode_record(seq, stored)
            if seq == 1:
                if not isinstance(record.fact, DeskOpened):
                    raise JournalDamaged("fact 1 does not open the desk")
                self.opened = record.fact
            self._head = seq
        if mark is not None and mark[0] > self._head:
            raise JournalDamaged(
                f"fact {self._head + 1} is missing: facts up to {mark[0]} were acknowledged; "
                f"the log beside the file ({self.file.name}-wal) is short or gone"
            )

    def _chained(self, batch: Batch) -> list[_StoredFact]:
        digest, facts = self._hash, []
        for record in batch.records:
            stored = encode(record)
            digest = chain(digest, stored)
            facts.append((record.seq, stored, digest))
        return facts

    def _rows(self, sql: str, *values: object) -> list[tuple[int, bytes]]:
        with self._reading:
            if self._reader is None:
                raise JournalError("it is closed")
            return self._reader.execute(sql, values).fetchall()

    @contextmanager
    def _naming(self, done: str) -> Iterator[None]:
        """Turn what goes wrong into an error that names the file and what to do."""
        try:
            yield
        except JournalDamaged as e:
            raise JournalDamaged(f"journal {self.file}: {e}. {_ADVICE}") from e
        except JournalError as e:
            raise JournalError(f"journal {self.file}: {e}") from e
        except (sqlite3.Error, UnicodeDecodeError) as e:
            # UnicodeDecodeError: SQLite quotes the damaged schema in its message.
            if isinstance(e, UnicodeDecodeError) or getattr(e, "sqlite_errorcode", 0) & 0xFF in _DAMAGE:
                text = f"journal {self.file}: fact {self._head + 1} can't be read: {e}. {_ADVICE}"
                raise JournalDamaged(text) from e
            text = f"journal {self.file} can't be {done}: {e}; check its disk and its permissions"
            raise JournalError(text) from e
        except OSError as e:
            text = f"journal {self.file} can't be {done}: {e.strerror or e}; check its disk and its permissions"
            raise JournalError(text) from e


def _connect(file: Path, query: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.as_uri()}?{query}", uri=True, isolation_level=None, check_same_thread=False)


def _connect_writer(file: Path) -> sqlite3.Connection:
    db = _connect(file, "mode=rwc")
    if db.execute("PRAGMA journal_mode=WAL").fetchone() != ("wal",):
        db.close()
        raise JournalError("its file system has no shared memory, which a write-ahead log needs")
    db.execute("PRAGMA synchronous=FULL")
    return db


def _connect_reader(file: Path) -> sqlite3.Connection:
    """Connect for reading; a folder that can't be written is read as it lies if no log waits beside the file."""
    if not file.exists():
        raise JournalError("there is none yet")
    db = _connect(file, "mode=ro")
    try:
        is_blank(db)
    except sqlite3.OperationalError:
        db.close()
        log = file.with_name(f"{file.name}-wal")
        if os.access(file.parent, os.W_OK) or (log.exists() and log.stat().st_size):
            raise
        db = _connect(file, "immutable=1")
    return db


def _create(file: Path) -> None:
    db = _connect_writer(file)
    create_tables(db)
    db.close()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _commit(db: sqlite3.Connection, facts: list[_StoredFact], batch: Batch) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        db.executemany("INSERT INTO fact VALUES (?, ?, ?)", facts)
        db.executemany(
            "INSERT INTO input (at_ns, seq_before, bytes) VALUES (?, ?, ?)",
            [(asked.at_ns, asked.seq_before, encode(asked)) for asked in batch.inputs],
        )
        db.executemany(
            "INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)",
            [(checkpoint.name, checkpoint.at_ns, checkpoint.body) for checkpoint in batch.checkpoints],
        )
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
