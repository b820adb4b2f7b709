"""The journal on a real disk: what was appended is there again, whoever asks."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from termdesk.core.model.command import CancelOrder, SubmitOrder
from termdesk.core.model.errors import JournalError
from termdesk.core.model.facts import Recorded
from termdesk.core.model.terms import Mode, OrdType, Side
from termdesk.journal import Batch, Checkpoint, DeskInput, Journal, MemoryJournal, SqliteJournal, open_journal

Records = Callable[[int, int], list[Recorded]]
BUY = SubmitOrder(
    command_id="c1", account="cash", instrument="X.DEMO", side=Side.BUY, ord_type=OrdType.LIMIT, qty=5, price=7
)
INPUTS = [
    DeskInput(at_ns=5, seq_before=1, actor="anna", command=BUY),
    DeskInput(at_ns=6, seq_before=2, actor="ben", command=CancelOrder(command_id="c2", order_id="o1")),
]


@pytest.fixture(params=["sqlite", "memory"])
def either(request: pytest.FixtureRequest, folder: Path) -> Iterator[Journal]:
    opened: Journal = MemoryJournal()
    if request.param == "sqlite":
        opened = open_journal(folder, desk="demo", mode=Mode.DEMO)
    yield opened
    opened.close()


def stored(folder: Path) -> list[tuple[int, bytes, bytes]]:
    db = sqlite3.connect(folder / "journal.sqlite")
    rows = db.execute("SELECT * FROM fact ORDER BY seq").fetchall()
    db.close()
    return rows


def test_an_empty_journal_has_nothing(either: Journal) -> None:
    assert (either.head, either.opened, either.read(0, 9), either.inputs(0, 9)) == (0, None, [], [])
    assert either.checkpoint("queue") is None


def test_facts_are_read_after_a_cursor_in_pages(either: Journal, records: Records) -> None:
    either.append(Batch(records(1, 3)))
    either.append(Batch(records(4, 5)))
    assert either.head == 5
    assert either.read(0, 99) == records(1, 5)
    assert either.read(2, 2) == records(3, 4)
    assert either.read(5, 9) == []


def test_the_first_fact_tells_the_desk(either: Journal, records: Records) -> None:
    either.append(Batch(records(1, 2)))
    assert either.opened == records(1, 1)[0].fact


def test_inputs_come_back_with_their_actor_in_order_of_arrival(either: Journal, records: Records) -> None:
    either.append(Batch(records(1, 1), INPUTS[:1]))
    either.append(Batch((), INPUTS[1:]))
    assert either.inputs(0, 9) == INPUTS
    assert either.inputs(1, 9) == INPUTS[1:]


def test_the_newest_checkpoint_of_a_name_counts(either: Journal) -> None:
    either.append(Batch(checkpoints=[Checkpoint(name="queue", at_ns=1, body=b"a")]))
    either.append(Batch(checkpoints=[Checkpoint(name=n, at_ns=2, body=n.encode()) for n in ("queue", "bars")]))
    assert (either.checkpoint("queue"), either.checkpoint("bars")) == (b"queue", b"bars")


@pytest.mark.parametrize(("first", "came"), [(1, 1), (4, 4)])
def test_a_hole_or_a_repetition_is_refused_and_nothing_kept(
    either: Journal, records: Records, first: int, came: int
) -> None:
    either.append(Batch(records(1, 2)))
    with pytest.raises(JournalError, match=f"expected fact 3, was given {came}"):
        either.append(Batch(records(first, first + 1), INPUTS))
    assert (either.head, either.inputs(0, 9)) == (2, [])
    either.append(Batch(records(3, 3)))


def test_everything_is_there_after_a_restart(journal: SqliteJournal, folder: Path, records: Records) -> None:
    journal.append(Batch(records(1, 3), INPUTS, [Checkpoint(name="queue", at_ns=1, body=b"a")]))
    journal.close()
    again = open_journal(folder, desk="demo", mode=Mode.DEMO)
    assert (again.head, again.opened) == (3, records(1, 1)[0].fact)
    assert (again.read(0, 9), again.inputs(0, 9), again.checkpoint("queue")) == (records(1, 3), INPUTS, b"a")
    again.append(Batch(records(4, 4), INPUTS))
    assert len(again.inputs(0, 9)) == 4
    again.close()


def test_each_hash_chains_the_stored_bytes_to_the_hash_before(closed: Path) -> None:
    previous = bytes(32)
    for _, body, digest in stored(closed):
        previous = hashlib.sha256(previous + body).digest()
        assert digest == previous


@settings(max_examples=25)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=6))
def test_what_is_stored_does_not_depend_on_the_batches(sizes: list[int]) -> None:
    from journal_records import make_records

    with tempfile.TemporaryDirectory() as name:
        folders, total = (Path(name, "one"), Path(name, "many")), sum(sizes)
        for folder, parts in zip(folders, ([total], sizes), strict=True):
            journal = open_journal(folder, desk="demo", mode=Mode.DEMO)
            for size in parts:
                journal.append(Batch(make_records(journal.head + 1, journal.head + size)))
            journal.close()
        assert stored(folders[0]) == stored(folders[1])


def test_a_reader_beside_a_running_engine_keeps_to_what_it_verified(
    journal: SqliteJournal, folder: Path, records: Records
) -> None:
    journal.append(Batch(records(1, 2)))
    reader = open_journal(folder, desk="demo", mode=None, read_only=True)
    journal.append(Batch(records(3, 4)))
    assert (reader.head, reader.read(0, 9)) == (2, records(1, 2))
    with pytest.raises(JournalError, match="opened for reading only"):
        reader.append(Batch(records(5, 5)))
    reader.close()


def test_a_closed_journal_says_so(closed: Path, journal: SqliteJournal) -> None:
    journal.close()
    with pytest.raises(JournalError, match=r"journal\.sqlite: it is closed"):
        journal.read(0, 1)
    with pytest.raises(JournalError, match="it is closed"):
        journal.append(Batch())


def test_every_commit_is_synced(journal: SqliteJournal) -> None:
    assert journal._writer is not None
    assert journal._writer.execute("PRAGMA synchronous").fetchone() == (2,)
    assert journal._writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
