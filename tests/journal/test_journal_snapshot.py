"""A start from a snapshot and the facts after it gives the very bytes of a replay of all facts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from termdesk.core.model.facts import Recorded
from termdesk.core.model.terms import Mode
from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.state import DeskState
from termdesk.journal import Batch, SqliteJournal, open_journal, replayed, taken_snapshot, write_snapshot

SAMPLE = Path(__file__).parent / "samples/336ab26"
DESK = "replay-sample"


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """Folder of a session with orders, fills, cancels, amends and conditions."""
    return Path(shutil.copytree(SAMPLE, tmp_path / DESK))


def opened(folder: Path, *, whole: bool = False) -> SqliteJournal:
    return open_journal(folder, desk=DESK, mode=Mode.REPLAY, whole=whole)


def facts(folder: Path) -> list[Recorded]:
    journal = opened(folder)
    records = journal.read(0, 10_000)
    journal.close()
    return records


def folded(records: list[Recorded], state: DeskState | None = None) -> DeskState:
    state = state or DeskState()
    for record in records:
        evolve(state, record)
    return state


def keep(folder: Path) -> int:
    """Take a snapshot of all there is; gives the fact that it stands at."""
    journal = opened(folder)
    state, at_ns = replayed(journal)
    write_snapshot(folder, taken_snapshot(state, at_ns, journal.chain_head))
    journal.close()
    return state.seq


def test_a_snapshot_at_every_prefix_goes_on_as_the_replay_does(session: Path) -> None:
    records = facts(session)
    whole = folded(records).snapshot()
    decode = msgspec.msgpack.Decoder(DeskState).decode
    for prefix in range(len(records) + 1):
        state = decode(folded(records[:prefix]).snapshot())
        assert state.snapshot() == folded(records[:prefix]).snapshot(), f"there and back at {prefix}"
        assert folded(records[prefix:], state).snapshot() == whole, f"going on from {prefix}"


@pytest.mark.parametrize("prefix", [1, 7, 12, 31, 48, 56])
def test_a_journal_starts_from_its_snapshot_and_the_facts_after_it(session: Path, tmp_path: Path, prefix: int) -> None:
    records = facts(session)
    folder = tmp_path / "again" / DESK
    journal = opened(folder)
    journal.append(Batch(records[:prefix]))
    journal.close()
    assert keep(folder) == prefix
    journal = opened(folder)
    journal.append(Batch(records[prefix:]))
    journal.close()
    journal = opened(folder)
    found = journal.snapshot()
    assert found is not None
    assert found.seq == prefix
    state, at_ns = replayed(journal)
    assert state.snapshot() == folded(records).snapshot()
    assert at_ns == records[-1].at_ns
    assert journal.read(0, 10_000) == records
    assert journal.opened == records[0].fact
    journal.close()


def rewritten(folder: Path, change: Callable[[bytes], bytes]) -> None:
    (file,) = (folder / "snapshots").iterdir()
    file.write_bytes(change(file.read_bytes()))


@pytest.mark.parametrize(
    "change",
    [lambda data: data[:-1], lambda data: b"", lambda data: data[:60] + b"x" + data[61:], lambda data: data + b"x"],
    ids=["short", "empty", "flipped", "long"],
)
def test_a_torn_snapshot_is_passed_over(session: Path, change: Callable[[bytes], bytes]) -> None:
    keep(session)
    rewritten(session, change)
    journal = opened(session)
    assert journal.snapshot() is None
    assert replayed(journal)[0].snapshot() == folded(journal.read(0, 10_000)).snapshot()
    journal.close()


def test_a_snapshot_of_another_form_of_the_state_is_passed_over(session: Path) -> None:
    journal = opened(session)
    state, at_ns = replayed(journal)
    snapshot = taken_snapshot(state, at_ns, journal.chain_head)
    write_snapshot(session, msgspec.structs.replace(snapshot, state_form="1-of-another-build"))
    journal.close()
    journal = opened(session)
    assert journal.snapshot() is None
    assert replayed(journal)[0].snapshot() == state.snapshot()
    journal.close()


def test_a_snapshot_of_another_history_is_passed_over(session: Path) -> None:
    journal = opened(session)
    state, at_ns = replayed(journal)
    snapshot = taken_snapshot(state, at_ns, journal.chain_head)
    journal.close()
    for other in (msgspec.structs.replace(snapshot, hash=bytes(32)), msgspec.structs.replace(snapshot, seq=10_000)):
        write_snapshot(session, other)
        journal = opened(session)
        assert journal.snapshot() is None
        journal.close()


def test_the_snapshot_before_counts_where_the_newest_is_torn(session: Path) -> None:
    first = keep(session)
    journal = opened(session)
    state, at_ns = replayed(journal)
    later = taken_snapshot(state, at_ns, journal.chain_head)
    journal.close()
    newest = write_snapshot(session, msgspec.structs.replace(later, seq=later.seq + 1))
    newest.write_bytes(b"torn")
    journal = opened(session)
    found = journal.snapshot()
    assert found is not None
    assert found.seq == first
    journal.close()


def test_only_the_newest_snapshots_are_kept(session: Path) -> None:
    journal = opened(session)
    state, at_ns = replayed(journal)
    snapshot = taken_snapshot(state, at_ns, journal.chain_head)
    journal.close()
    for seq in (1, 2, 3, 4):
        write_snapshot(session, msgspec.structs.replace(snapshot, seq=seq))
    assert [int(file.stem) for file in sorted((session / "snapshots").iterdir())] == [3, 4]


def test_damage_before_a_snapshot_is_noticed_all_the_same(session: Path) -> None:
    import sqlite3

    from termdesk.core.model.errors import JournalDamaged

    keep(session)
    db = sqlite3.connect(session / "journal.sqlite")
    db.execute("UPDATE fact SET bytes = zeroblob(100) WHERE seq = 9")
    db.commit()
    db.close()
    with pytest.raises(JournalDamaged, match="fact 9 does not verify"):
        opened(session)
