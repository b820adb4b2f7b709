"""Going on after damage: the damaged file is put aside whole, the facts before the damage are kept.

Done only when a person asks for it. What was decided after the last sound
fact is forgotten by the desk, though brokers may know of it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from termdesk.config.paths import JOURNAL_FILE, LOCK_FILE
from termdesk.core.model.errors import JournalDamaged, JournalError
from termdesk.journal.chain import Base, Head
from termdesk.journal.connection import connect, connect_reader, sync_folder
from termdesk.journal.headmark import HeadMark, read_mark
from termdesk.journal.lock import DeskLock
from termdesk.journal.schema import REMOVED, create_tables
from termdesk.journal.sealed import check_chain, sealed_files
from termdesk.journal.sqlite import MARK_FILE, SqliteJournal
from termdesk.journal.verifying import StoredFact, stored_base, stored_facts, walk


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """What was put aside and what was kept."""

    place: Path
    """Folder with the damaged files, as they were."""
    damage: str
    kept: int
    """Newest fact that is sound; the desk goes on after it."""
    acknowledged: int
    """Newest fact that is known to have been acknowledged; ``kept`` where that is not known."""


def quarantine(folder: Path, desk: str, now_ns: int) -> Quarantined:
    """Put a damaged journal aside and keep the facts before the damage.

    Args:
        folder: The desk's folder.
        desk: Its name.
        now_ns: System clock; names the folder of what is put aside.

    Raises:
        JournalBusy: An engine holds the desk.
        JournalError: Nothing is damaged; or what is damaged is a sealed file, which only a sound copy mends.
    """
    file = folder / JOURNAL_FILE
    if not file.exists():
        raise JournalError(f"desk {desk} has no journal in {folder}")
    lock = DeskLock(folder / LOCK_FILE, desk)
    try:
        damage = _damage(folder)
        base = _base(folder)
        mark = read_mark(folder / MARK_FILE)
        part = file.with_suffix(".part")
        kept = _salvage(file, part, base)
        place = _put_aside(folder, now_ns)
        for name in (f"{JOURNAL_FILE}-wal", f"{JOURNAL_FILE}-shm"):
            (folder / name).unlink(missing_ok=True)
        part.replace(file)
        sync_folder(folder)
        _mark(folder, kept)
    except OSError as e:
        raise JournalError(f"the journal of desk {desk} can't be put aside: {e}; nothing was removed") from e
    finally:
        lock.release()
    acknowledged = max(kept.seq, mark[0] if mark is not None else 0)
    return Quarantined(place=place, damage=damage, kept=kept.seq, acknowledged=acknowledged)


def _damage(folder: Path) -> str:
    try:
        SqliteJournal(folder, None).close()
    except JournalDamaged as e:
        return str(e).split(". The desk does not start")[0]
    raise JournalError(f"journal {folder / JOURNAL_FILE} is sound; nothing was put aside")


def _base(folder: Path) -> Base:
    """Give what the file goes on from; sealed files must be sound, whatever the file itself is."""
    sealed = sealed_files(folder)
    try:
        db = connect_reader(folder / JOURNAL_FILE)
        try:
            base = stored_base(db)
            removed = dict(db.execute("SELECT key, value FROM meta").fetchall()).get(REMOVED, 0)
            check_chain(sealed, base, int(removed))
            return base
        finally:
            db.close()
    except (sqlite3.DatabaseError, UnicodeDecodeError, TypeError):
        if sealed:
            raise JournalError(
                f"{folder / JOURNAL_FILE} can't be read at all and there are sealed months before it; "
                "put back a sound copy of the folder"
            ) from None
        return Base()


def _salvage(file: Path, part: Path, base: Base) -> Head:
    """Copy the sound beginning of a journal into a new file."""
    part.unlink(missing_ok=True)
    target = connect(part, "mode=rwc")
    try:
        target.execute("PRAGMA synchronous=FULL")
        create_tables(target)
        target.execute("BEGIN")
        row = (base.head.seq, base.head.hash, base.inputs, base.opened)
        target.execute("UPDATE base SET seq = ?, hash = ?, inputs = ?, opened = ?", row)
        sound = list(_sound(file, base))
        target.executemany("INSERT INTO fact VALUES (?, ?, ?)", sound)
        kept = Head(sound[-1][0], sound[-1][2]) if sound else base.head
        _rescue(file, target, "SELECT * FROM month WHERE seq < ?", "INSERT INTO month VALUES (?, ?, ?)", kept.seq)
        asked = "SELECT * FROM input WHERE seq_before < ?"
        _rescue(file, target, asked, "INSERT INTO input VALUES (?, ?, ?, ?)", kept.seq)
        _rescue(file, target, "SELECT * FROM meta", "INSERT INTO meta VALUES (?, ?)")
        target.execute("COMMIT")
    finally:
        target.close()
    return kept


def _sound(file: Path, base: Base) -> Iterator[StoredFact]:
    """Give stored facts up to the first one that is damaged."""
    head = base
    try:
        db = connect_reader(file)
        try:
            for fact in stored_facts(db):
                found = walk([fact], head, known={}, decoded_after=0).head
                head = Base(found)
                yield fact
        finally:
            db.close()
    except (JournalError, sqlite3.DatabaseError, UnicodeDecodeError):
        return


def _rescue(file: Path, target: sqlite3.Connection, read: str, write: str, *values: object) -> None:
    """Copy what can be read of a table that the facts do not need."""
    try:
        db = connect_reader(file)
        try:
            target.executemany(write, db.execute(read, values).fetchall())
        finally:
            db.close()
    except (JournalError, sqlite3.Error, UnicodeDecodeError):
        return


def _put_aside(folder: Path, now_ns: int) -> Path:
    stamp = datetime.fromtimestamp(now_ns // 10**9, UTC).strftime("%Y%m%d-%H%M%S")
    place = folder / f"quarantine-{stamp}"
    place.mkdir(mode=0o700)
    for file in folder.glob("journal.*"):
        if file.suffix != ".part":
            copy = place / shutil.copy2(file, place)
            with copy.open("rb") as handle:
                os.fsync(handle.fileno())
    sync_folder(place)
    sync_folder(folder)
    return place


def _mark(folder: Path, kept: Head) -> None:
    mark = HeadMark(folder / MARK_FILE)
    mark.write(kept.seq, kept.hash)
    mark.close()
