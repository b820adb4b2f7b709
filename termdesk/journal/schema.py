"""Tables of a journal's file, and their version.

A file holds the facts after its ``base``, chained from the hash in it. The
file that is written to is based on 0 until facts were moved into a sealed file
of the same tables; ``opened`` then keeps the desk's first fact at hand.

``month`` says where each trading month begins: facts after ``seq``, chained
from ``hash``, up to the next row's. A fact of an earlier month that comes late
stays behind those it came after. Rows stay when their facts are gone: they are
the heads of the sealed files that retention removed.
"""

from __future__ import annotations

import sqlite3

from termdesk.core.model.errors import JournalDamaged, JournalError

APPLICATION_ID = 0x7464736B
"""``tdsk``; tells a journal from any other SQLite file."""
SCHEMA_VERSION = 2
"""Of the tables below; kept in ``user_version``. Version 1 had neither ``base`` nor ``month``."""
REMOVED = "removed"
"""Key in ``meta``: newest fact that retention may have removed."""

_TABLES_1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE fact (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE input (n INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, seq_before INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE checkpoint (name TEXT PRIMARY KEY, at_ns INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
"""
_TABLES_2 = """
CREATE TABLE base (seq INTEGER NOT NULL, hash BLOB NOT NULL, inputs INTEGER NOT NULL, opened BLOB);
CREATE TABLE month (name TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO base VALUES (0, zeroblob(32), 0, NULL);
"""


def create_tables(db: sqlite3.Connection) -> None:
    """Lay out an empty journal, all or nothing."""
    script = f"BEGIN IMMEDIATE;{_TABLES_1}{_TABLES_2}PRAGMA application_id={APPLICATION_ID};"
    db.executescript(f"{script}PRAGMA user_version={SCHEMA_VERSION};COMMIT;")


def raise_version(db: sqlite3.Connection) -> None:
    """Give a journal of an earlier version the tables that it lacks, all or nothing."""
    if stored_version(db) < SCHEMA_VERSION:
        db.executescript(f"BEGIN IMMEDIATE;{_TABLES_2}PRAGMA user_version={SCHEMA_VERSION};COMMIT;")


def stored_version(db: sqlite3.Connection) -> int:
    """Give the version of a file's tables."""
    (schema,) = db.execute("PRAGMA user_version").fetchone()
    return int(schema)


def is_blank(db: sqlite3.Connection) -> bool:
    """Whether the file holds nothing yet."""
    return not db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()


def check_version(db: sqlite3.Connection) -> None:
    """Hold that this version can read the file.

    Raises:
        JournalError: It is no journal, or a newer termdesk made it.
        JournalDamaged: Its version makes no sense.
    """
    (application,) = db.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise JournalError("the file is no journal of termdesk")
    schema = stored_version(db)
    if schema < 1:
        raise JournalDamaged(f"fact 1 can't be read: schema version {schema} is none that ever was")
    if schema > SCHEMA_VERSION:
        raise JournalError(
            f"it has schema version {schema}, this termdesk knows up to {SCHEMA_VERSION}; "
            "start the desk with the newer termdesk that wrote it"
        )
