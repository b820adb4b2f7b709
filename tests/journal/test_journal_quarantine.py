"""Damage is put aside whole, by a person's word; the facts before it go on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from termdesk.core.model.errors import JournalBusy, JournalDamaged, JournalError
from termdesk.core.model.facts import Recorded
from termdesk.core.model.terms import Mode
from termdesk.journal import Batch, SqliteJournal, open_journal
from termdesk.journal.quarantine import quarantine

Records = Callable[[int, int], list[Recorded]]
NOW = 1_795_341_600 * 10**9


def hurt(folder: Path, sql: str = "UPDATE fact SET bytes = zeroblob(30) WHERE seq = 4") -> None:
    db = sqlite3.connect(folder / "journal.sqlite")
    db.execute(sql)
    db.commit()
    db.close()


def demo(folder: Path) -> SqliteJournal:
    return open_journal(folder, desk="demo", mode=Mode.DEMO)


def test_a_damaged_tail_is_put_aside_and_the_sound_facts_go_on(closed: Path, records: Records) -> None:
    hurt(closed)
    damaged = (closed / "journal.sqlite").read_bytes()
    with pytest.raises(JournalDamaged, match="termdesk journal quarantine --desk demo"):
        demo(closed)
    done = quarantine(closed, "demo", NOW)
    assert (done.kept, done.acknowledged) == (3, 5)
    assert "fact 4 does not verify" in done.damage
    assert done.place == closed / "quarantine-20261122-100000"
    assert (done.place / "journal.sqlite").read_bytes() == damaged
    assert (done.place / "journal.head").exists()
    journal = demo(closed)
    assert journal.read(0, 9) == records(1, 3)
    journal.append(Batch(records(4, 6)))
    journal.close()
    journal = demo(closed)
    assert journal.read(0, 9) == records(1, 6)
    journal.close()


def test_a_cut_log_is_put_aside_too(killed: Path, records: Records) -> None:
    log = killed / "journal.sqlite-wal"
    log.write_bytes(log.read_bytes()[:-100])
    done = quarantine(killed, "demo", NOW)
    assert (done.kept, done.acknowledged) == (3, 5)
    assert (done.place / log.name).exists()
    journal = demo(killed)
    assert journal.read(0, 9) == records(1, 3)
    journal.close()


def test_a_file_that_is_no_database_leaves_an_empty_journal(closed: Path) -> None:
    (closed / "journal.sqlite").write_bytes(b"hello" * 1000)
    done = quarantine(closed, "demo", NOW)
    assert (done.kept, done.acknowledged) == (0, 5)
    journal = demo(closed)
    assert journal.head == 0
    journal.close()


def test_a_sound_journal_is_left_alone(closed: Path) -> None:
    before = {file.name: file.read_bytes() for file in closed.iterdir()}
    with pytest.raises(JournalError, match="is sound; nothing was put aside"):
        quarantine(closed, "demo", NOW)
    assert {name: (closed / name).read_bytes() for name in before} == before


def test_a_desk_that_an_engine_holds_is_left_alone(journal: SqliteJournal, folder: Path) -> None:
    with pytest.raises(JournalBusy, match="desk demo is held"):
        quarantine(folder, "demo", NOW)


def test_a_newer_fact_is_no_damage_to_put_aside(closed: Path) -> None:
    hurt(closed, "PRAGMA user_version=9")
    with pytest.raises(JournalError, match="schema version 9"):
        quarantine(closed, "demo", NOW)
