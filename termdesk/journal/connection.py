"""Connections to a journal's files: one that writes and syncs, any number that only read."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from termdesk.core.model.errors import JournalError
from termdesk.journal.schema import create_tables, is_blank


def connect(file: Path, query: str) -> sqlite3.Connection:
    """Connect with the parameters of an SQLite address."""
    return sqlite3.connect(f"{file.as_uri()}?{query}", uri=True, isolation_level=None, check_same_thread=False)


def connect_writer(file: Path) -> sqlite3.Connection:
    """Connect for writing: a write-ahead log, synced at every commit.

    Raises:
        JournalError: The file system can't hold a write-ahead log.
    """
    db = connect(file, "mode=rwc")
    if db.execute("PRAGMA journal_mode=WAL").fetchone() != ("wal",):
        db.close()
        raise JournalError("its file system has no shared memory, which a write-ahead log needs")
    db.execute("PRAGMA synchronous=FULL")
    return db


def connect_reader(file: Path) -> sqlite3.Connection:
    """Connect for reading; a folder that can't be written is read as it lies if no log waits beside the file.

    Raises:
        JournalError: There is no file.
    """
    if not file.exists():
        raise JournalError("there is none yet")
    db = connect(file, "mode=ro")
    try:
        is_blank(db)
    except sqlite3.OperationalError:
        db.close()
        log = file.with_name(f"{file.name}-wal")
        if os.access(file.parent, os.W_OK) or (log.exists() and log.stat().st_size):
            raise
        db = connect(file, "immutable=1")
    return db


def create(file: Path) -> None:
    """Make an empty journal that survives a power cut."""
    db = connect_writer(file)
    create_tables(db)
    db.close()
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make names that were given or taken in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
