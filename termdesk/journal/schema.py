"""Tables of the journal's database, and its versions."""

from __future__ import annotations

import sqlite3

from termdesk.core.model.errors import JournalDamaged, JournalError

APPLICATION_ID = 0x7464736B
"""``tdsk``; tells a journal from any other SQLite file."""
SCHEMA_VERSION = 1
"""Of the tables below; kept in ``user_version``."""
STATE_VERSION = 1
"""Of what the desk makes of its facts: replay is equal byte for byte within one state version."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE fact (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE input (n INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, seq_before INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE checkpoint (name TEXT PRIMARY KEY, at_ns INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
"""


def create_tables(db: sqlite3.Connection) -> None:
    """Lay out an empty journal, all or nothing."""
    script = f"BEGIN IMMEDIATE;{TABLES}INSERT INTO meta VALUES ('state_version', {STATE_VERSION});"
    db.executescript(f"{script}PRAGMA application_id={APPLICATION_ID};PRAGMA user_version={SCHEMA_VERSION};COMMIT;")


def is_blank(db: sqlite3.Connection) -> bool:
    """Whether the file holds nothing yet."""
    return not db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()


def check_versions(db: sqlite3.Connection) -> None:
    """Hold that this version can read the file.

    Raises:
        JournalError: It is no journal, or a newer termdesk made it.
        JournalDamaged: Its versions make no sense.
    """
    (application,) = db.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise JournalError("the file is no journal of termdesk")
    (schema,) = db.execute("PRAGMA user_version").fetchone()
    state = dict(db.execute("SELECT key, value FROM meta")).get("state_version")
    for name, stored, known in (("schema", schema, SCHEMA_VERSION), ("state", state, STATE_VERSION)):
        if not isinstance(stored, int) or stored < 1:
            raise JournalDamaged(f"fact 1 can't be read: {name} version {stored} is none that ever was")
        if stored > known:
            raise JournalError(
                f"it has {name} version {stored}, this termdesk knows up to {known}; start the desk with a newer one"
            )
