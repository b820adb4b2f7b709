"""A journal that was hurt is refused by the number of the first bad fact; it is never silently shorter or other."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from termdesk.core.model.errors import JournalDamaged, JournalError
from termdesk.core.model.facts import DeskStopped, Recorded
from termdesk.core.model.terms import Mode
from termdesk.journal import Batch, open_journal

Records = Callable[[int, int], list[Recorded]]
HURT = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def read_all(folder: Path) -> list[Recorded]:
    journal = open_journal(folder, desk="demo", mode=Mode.DEMO)
    try:
        return journal.read(0, 99)
    finally:
        journal.close()


def flipped(data: bytes, position: int, bit: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 1 << bit]) + data[position + 1 :]


def same_or_refused(folder: Path, file: str, data: bytes, expected: list[Recorded]) -> None:
    with tempfile.TemporaryDirectory() as name:
        copy = Path(shutil.copytree(folder, Path(name, "demo")))
        (copy / file).write_bytes(data)
        try:
            found = read_all(copy)
        except JournalError:
            return
        assert found == expected


def used_positions(data: bytes) -> list[int]:
    return [position for position, byte in enumerate(data) if byte]


@HURT
@given(draw=st.data())
def test_one_flipped_bit_of_the_database_changes_no_fact(closed: Path, records: Records, draw: st.DataObject) -> None:
    data = (closed / "journal.sqlite").read_bytes()
    position = draw.draw(st.sampled_from(used_positions(data)))
    same_or_refused(closed, "journal.sqlite", flipped(data, position, draw.draw(st.integers(0, 7))), records(1, 5))


@HURT
@given(draw=st.data())
def test_one_flipped_bit_of_the_log_loses_no_fact(killed: Path, records: Records, draw: st.DataObject) -> None:
    data = (killed / "journal.sqlite-wal").read_bytes()
    position = draw.draw(st.sampled_from(used_positions(data)))
    same_or_refused(killed, "journal.sqlite-wal", flipped(data, position, draw.draw(st.integers(0, 7))), records(1, 5))


@HURT
@given(draw=st.data())
def test_a_log_cut_anywhere_loses_no_fact(killed: Path, records: Records, draw: st.DataObject) -> None:
    data = (killed / "journal.sqlite-wal").read_bytes()
    same_or_refused(killed, "journal.sqlite-wal", data[: draw.draw(st.integers(0, len(data)))], records(1, 5))


@HURT
@given(draw=st.data())
def test_a_database_cut_anywhere_loses_no_fact(closed: Path, records: Records, draw: st.DataObject) -> None:
    data = (closed / "journal.sqlite").read_bytes()
    same_or_refused(closed, "journal.sqlite", data[: draw.draw(st.integers(0, len(data)))], records(1, 5))


@pytest.mark.parametrize("seq", [1, 3, 5])
@pytest.mark.parametrize("column", ["bytes", "hash"])
def test_a_changed_fact_is_named(closed: Path, seq: int, column: str) -> None:
    db = sqlite3.connect(closed / "journal.sqlite")
    (blob,) = db.execute(f"SELECT {column} FROM fact WHERE seq = ?", (seq,)).fetchone()
    db.execute(f"UPDATE fact SET {column} = ? WHERE seq = ?", (flipped(blob, len(blob) // 2, 3), seq))
    db.commit()
    db.close()
    with pytest.raises(JournalDamaged, match=rf"journal\.sqlite: fact {seq} does not verify.*Put back a sound copy"):
        read_all(closed)


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("DELETE FROM fact WHERE seq = 2", "fact 2 is missing"),
        ("DELETE FROM fact WHERE seq = 5", "fact 5 is missing: facts up to 5 were acknowledged"),
        ("UPDATE fact SET seq = 6 WHERE seq = 5", "fact 5 is missing"),
        ("UPDATE fact SET bytes = 7 WHERE seq = 4", "fact 4 is no bytes but int"),
    ],
)
def test_a_missing_fact_is_named(closed: Path, sql: str, error: str) -> None:
    db = sqlite3.connect(closed / "journal.sqlite")
    db.execute(sql)
    db.commit()
    db.close()
    with pytest.raises(JournalDamaged, match=error):
        read_all(closed)


def test_a_lost_log_is_noticed_and_survives_the_refusal_when_it_comes_back(killed: Path, records: Records) -> None:
    log = (killed / "journal.sqlite-wal").read_bytes()
    (killed / "journal.sqlite-wal").unlink()
    with pytest.raises(JournalDamaged, match=r"fact 1 is missing: facts up to 5 were acknowledged; the log beside"):
        read_all(killed)
    (killed / "journal.sqlite-wal").write_bytes(log)
    assert read_all(killed) == records(1, 5)


def test_a_refused_log_is_left_as_it_was(killed: Path) -> None:
    log = killed / "journal.sqlite-wal"
    log.write_bytes(log.read_bytes()[:-100])
    before = log.read_bytes()
    with pytest.raises(JournalDamaged, match=r"fact 4 is missing"):
        read_all(killed)
    assert log.read_bytes() == before


def test_a_lost_database_is_not_begun_anew(closed: Path) -> None:
    (closed / "journal.sqlite").unlink()
    with pytest.raises(JournalDamaged, match="fact 1 is missing: facts up to 5 were acknowledged, the file is empty"):
        read_all(closed)


def test_another_history_of_the_same_length_is_noticed(
    closed: Path, tmp_path: Path, records: Records, record: Callable[..., Recorded]
) -> None:
    other = open_journal(tmp_path / "other", desk="demo", mode=Mode.DEMO)
    other.append(Batch([*records(1, 4), record(5, DeskStopped())]))
    other.close()
    shutil.copy(tmp_path / "other" / "journal.sqlite", closed)
    with pytest.raises(JournalDamaged, match="fact 5 is not the fact 5 that was acknowledged"):
        read_all(closed)


@pytest.mark.parametrize("mark", [b"", bytes(94), b"garbage", "１".encode() * 30])
def test_a_blank_or_torn_mark_accuses_nobody(closed: Path, records: Records, mark: bytes) -> None:
    (closed / "journal.head").write_bytes(mark)
    assert read_all(closed) == records(1, 5)


def test_a_missing_mark_is_made_again(closed: Path, records: Records) -> None:
    mark = (closed / "journal.head").read_bytes()
    (closed / "journal.head").unlink()
    assert read_all(closed) == records(1, 5)
    assert (closed / "journal.head").read_bytes() == mark
