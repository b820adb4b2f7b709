"""A journal over many months: sealed files, the chain over them, and what retention leaves."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from journal_records import make_record
from msgspec.structs import replace

from termdesk.core.model.command import CancelAll
from termdesk.core.model.errors import JournalDamaged, JournalError
from termdesk.core.model.facts import Recorded
from termdesk.core.model.terms import Mode
from termdesk.journal import (
    Batch,
    DeskInput,
    SqliteJournal,
    open_journal,
    replayed,
    seal,
    taken_snapshot,
    write_snapshot,
)

A_MONTH = 450
"""Facts a month: more than are taken out at once."""
MONTHS = ("2026-08", "2026-09", "2026-10", "2026-11")


def month_of(seq: int) -> str:
    return MONTHS[(seq - 1) // A_MONTH]


def dated(first: int, last: int) -> list[Recorded]:
    return [replace(make_record(seq), trading_day=f"{month_of(seq)}-15") for seq in range(first, last + 1)]


def asked(seq_before: int) -> DeskInput:
    return DeskInput(
        at_ns=seq_before, seq_before=seq_before, actor="me", command=CancelAll(command_id=f"c{seq_before}")
    )


def demo(folder: Path, *, read_only: bool = False) -> SqliteJournal:
    return open_journal(folder, desk="demo", mode=Mode.DEMO, read_only=read_only)


def keep_snapshot(folder: Path) -> None:
    journal = demo(folder, read_only=True)
    state, at_ns = replayed(journal)
    write_snapshot(folder, taken_snapshot(state, at_ns, journal.chain_head))
    journal.close()


def trim(journal: SqliteJournal) -> int:
    calls = 1
    while journal.trim():
        calls += 1
    return calls


@pytest.fixture
def four(journal: SqliteJournal) -> SqliteJournal:
    """Facts of four months, an input before every hundredth."""
    last = A_MONTH * len(MONTHS)
    for first in range(1, last + 1, 100):
        end = min(first + 99, last)
        journal.append(Batch(dated(first, end), [asked(first - 1)]))
    return journal


def test_closed_months_are_sealed_and_the_current_one_stays_open(four: SqliteJournal, folder: Path) -> None:
    made = seal(folder)
    assert [each.month for each in made] == list(MONTHS[:3])
    assert [(each.base.head.seq, each.head.seq) for each in made] == [(0, 450), (450, 900), (900, 1350)]
    assert [each.base.head for each in made[1:]] == [each.head for each in made[:-1]], "each begins with a head hash"
    assert all(each.file.stat().st_mode & 0o777 == 0o400 for each in made)
    assert seal(folder) == [], "sealing again seals nothing"


def test_reading_is_the_same_before_while_and_after_facts_move_into_sealed_files(
    four: SqliteJournal, folder: Path
) -> None:
    facts, inputs = four.read(0, 10_000), four.inputs(0, 10_000)
    seal(folder)
    while more := four.trim():
        assert four.read(0, 10_000) == facts
        assert four.inputs(0, 10_000) == inputs
    assert not more
    assert four.base.head.seq == 1350
    assert four.read(0, 10_000) == facts
    assert four.inputs(0, 10_000) == inputs
    assert four.read(440, 20) == facts[440:460], "a page over the seam"
    assert [each.seq_before for each in four.inputs(3, 2)] == [300, 400]
    four.append(Batch(dated(1801, 1800), [asked(1800)]))
    assert [each.seq_before for each in four.inputs(17, 5)] == [1700, 1800]


@pytest.mark.parametrize("read_only", [False, True])
def test_a_trimmed_journal_opens_and_replays_the_same(four: SqliteJournal, folder: Path, read_only: bool) -> None:
    facts = four.read(0, 10_000)
    before = replayed(four)[0].snapshot()
    seal(folder)
    assert trim(four) >= 3
    four.close()
    journal = demo(folder, read_only=read_only)
    assert (journal.head, journal.opened) == (1800, facts[0].fact)
    assert journal.read(0, 10_000) == facts
    assert replayed(journal)[0].snapshot() == before
    journal.close()


def test_a_kill_at_any_step_of_sealing_loses_nothing(four: SqliteJournal, folder: Path, tmp_path: Path) -> None:
    facts = four.read(0, 10_000)

    def copy_is_whole(name: str) -> None:
        copy = Path(shutil.copytree(folder, tmp_path / name / "demo"))
        journal = demo(copy)
        assert journal.read(0, 10_000) == facts
        seal(copy)
        trim(journal)
        assert journal.read(0, 10_000) == facts
        journal.close()

    copy_is_whole("before")
    made = seal(folder)
    made[-1].file.rename(made[-1].file.with_suffix(".part"))
    copy_is_whole("with a part")
    seal(folder)
    copy_is_whole("sealed")
    step = 0
    while four.trim():
        step += 1
        copy_is_whole(f"trimmed {step}")


def test_a_late_fact_of_a_closed_month_stays_in_its_place(journal: SqliteJournal, folder: Path) -> None:
    late = [replace(make_record(3), trading_day="2026-08-31"), replace(make_record(4), trading_day="")]
    facts = [
        replace(make_record(1), trading_day="2026-08-31"),
        replace(make_record(2), trading_day="2026-09-01"),
        *late,
        replace(make_record(5), trading_day="2026-10-01"),
    ]
    journal.append(Batch(facts))
    assert [(month.name, month.after.seq) for month in journal.months] == [
        ("2026-08", 0),
        ("2026-09", 1),
        ("2026-10", 4),
    ]
    seal(folder)
    trim(journal)
    assert journal.read(0, 9) == facts


def hurt(file: Path, sql: str) -> None:
    file.chmod(0o600)
    db = sqlite3.connect(file)
    db.execute(sql)
    db.commit()
    db.close()


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("UPDATE fact SET bytes = zeroblob(9) WHERE seq = 500", "2026-09.sqlite: fact 500 does not verify"),
        ("DELETE FROM fact WHERE seq = 500", "2026-09.sqlite: fact 500 is missing"),
    ],
)
def test_damage_in_a_sealed_file_is_found_and_named(four: SqliteJournal, folder: Path, sql: str, error: str) -> None:
    made = seal(folder)
    made[0].verify()
    hurt(made[1].file, sql)
    with pytest.raises(JournalDamaged, match=error):
        made[1].verify()


def test_a_month_that_does_not_verify_is_not_sealed(four: SqliteJournal, folder: Path) -> None:
    four.close()
    hurt(folder / "journal.sqlite", "UPDATE fact SET bytes = zeroblob(9) WHERE seq = 10")
    with pytest.raises(JournalDamaged, match="fact 10 does not verify"):
        seal(folder)
    assert not list(folder.glob("sealed/*.sqlite"))


@pytest.mark.parametrize("month", [0, 1, 2])
def test_a_sealed_file_that_is_gone_stops_the_start_and_is_named(four: SqliteJournal, folder: Path, month: int) -> None:
    made = seal(folder)
    trim(four)
    four.close()
    made[month].file.unlink()
    with pytest.raises(JournalDamaged, match=f"fact {month * A_MONTH + 1} is missing: the sealed file"):
        demo(folder)


def test_a_lost_file_of_the_current_month_is_not_begun_anew(four: SqliteJournal, folder: Path) -> None:
    seal(folder)
    trim(four)
    four.close()
    for file in folder.glob("journal.*"):
        file.unlink()
    with pytest.raises(JournalDamaged, match="there are sealed files"):
        demo(folder)


# retention


def test_retention_removes_whole_months_that_a_snapshot_covers_and_leaves_their_heads(
    four: SqliteJournal, folder: Path
) -> None:
    facts, state = four.read(0, 10_000), replayed(four)[0].snapshot()
    made = seal(folder)
    trim(four)
    four.close()
    keep_snapshot(folder)
    journal = demo(folder)
    assert [file.name for file in journal.remove("2026-10")] == ["2026-08.sqlite", "2026-09.sqlite"]
    assert journal.removed == 900
    journal.close()
    journal = demo(folder)
    assert (journal.removed, journal.opened) == (900, facts[0].fact)
    assert journal.read(0, 10_000) == facts[900:]
    assert [month.after for month in journal.months][1:3] == [made[0].head, made[1].head]
    assert replayed(journal)[0].snapshot() == state
    journal.append(Batch(dated(1801, 1800)))
    journal.close()


def test_a_month_that_no_snapshot_covers_stays(four: SqliteJournal, folder: Path) -> None:
    seal(folder)
    trim(four)
    four.close()
    journal = demo(folder)
    assert journal.remove("2099-01") == []
    journal.close()


def test_removed_facts_without_a_snapshot_stop_the_start_with_the_version_needed(
    four: SqliteJournal, folder: Path
) -> None:
    seal(folder)
    trim(four)
    four.close()
    keep_snapshot(folder)
    journal = demo(folder)
    journal.remove("2026-10")
    journal.close()
    shutil.rmtree(folder / "snapshots")
    with pytest.raises(JournalError, match="facts up to 900 were removed after their retention, and no snapshot"):
        demo(folder)


def test_a_snapshot_of_another_form_still_stands_for_removed_facts(
    four: SqliteJournal, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(folder)
    trim(four)
    state = replayed(four)[0].snapshot()
    four.close()
    keep_snapshot(folder)
    journal = demo(folder)
    journal.remove("2026-10")
    journal.close()
    monkeypatch.setattr("termdesk.journal.snapshot.state_form", lambda: "a later form")
    journal = demo(folder)
    assert replayed(journal)[0].snapshot() == state
    journal.close()


def test_an_unremoved_file_of_a_kill_between_word_and_deed_does_no_harm(four: SqliteJournal, folder: Path) -> None:
    seal(folder)
    trim(four)
    four.close()
    keep_snapshot(folder)
    kept = (folder / "sealed/2026-08.sqlite").read_bytes()
    journal = demo(folder)
    journal.remove("2026-09")
    journal.close()
    (folder / "sealed/2026-08.sqlite").write_bytes(kept)
    journal = demo(folder)
    assert [file.name for file in journal.remove("2026-09")] == ["2026-08.sqlite"]
    journal.close()


def test_a_sealed_file_is_never_written_by_reading_it(four: SqliteJournal, folder: Path) -> None:
    made = seal(folder)
    before = [each.file.stat().st_mtime_ns for each in made]
    trim(four)
    four.read(0, 10_000)
    for each in made:
        each.verify()
    assert [each.file.stat().st_mtime_ns for each in made] == before
    assert sorted(file.name for file in (folder / "sealed").iterdir()) == [each.file.name for each in made]
