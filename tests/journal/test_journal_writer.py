"""The writer thread: one transaction for all that waits, in order, and an end that is told once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from termdesk.core.model.errors import JournalError
from termdesk.core.model.facts import Recorded
from termdesk.core.model.terms import Mode
from termdesk.journal import (
    Batch,
    Checkpoint,
    JournalWriter,
    MemoryJournal,
    SqliteJournal,
    SynchronousWriter,
    open_journal,
)

Records = Callable[[int, int], list[Recorded]]
WAIT = 10.0


class HeldJournal(MemoryJournal):
    """A journal whose commits wait to be let through, and may fail."""

    def __init__(self) -> None:
        super().__init__()
        self.began = threading.Semaphore(0)
        self.let = threading.Semaphore(0)
        self.sizes: list[int] = []
        self.error: Exception | None = None

    def append(self, batch: Batch) -> None:
        self.began.release()
        assert self.let.acquire(timeout=WAIT)
        if self.error is not None:
            raise self.error
        self.sizes.append(len(batch.records))
        super().append(batch)


@pytest.fixture
def held() -> HeldJournal:
    return HeldJournal()


def unexpected(error: JournalError) -> None:
    raise AssertionError(error)


def test_what_waits_shares_one_transaction(held: HeldJournal, records: Records) -> None:
    writer = JournalWriter(held, unexpected)
    writer.submit(records(1, 1))
    assert held.began.acquire(timeout=WAIT)
    for seq in range(2, 50):
        writer.submit(records(seq, seq))
    held.let.release(2)
    writer.close()
    assert held.sizes == [1, 48]
    assert held.read(0, 99) == records(1, 49)


def test_a_lone_submission_is_not_kept_waiting_for_company(journal: SqliteJournal, records: Records) -> None:
    writer, durable = JournalWriter(journal, unexpected), queue.SimpleQueue[int]()
    for seq in range(1, 20):
        writer.submit(records(seq, seq), on_durable=durable.put)
        assert durable.get(timeout=WAIT) == seq
    writer.close()


def test_durable_is_said_after_the_commit_and_once_for_equal_callbacks(held: HeldJournal, records: Records) -> None:
    said: list[tuple[str, int]] = []

    class Listener:
        def durable(self, seq: int) -> None:
            assert held.head >= seq
            said.append(("listener", seq))

    listener = Listener()
    writer = JournalWriter(held, unexpected)
    writer.submit(records(1, 1), on_durable=listener.durable)
    assert held.began.acquire(timeout=WAIT)
    assert said == []
    writer.submit(records(2, 3), on_durable=listener.durable)
    writer.submit((), checkpoints=[Checkpoint(name="x", at_ns=0, body=b"")])
    writer.submit(records(4, 4), on_durable=lambda seq: said.append(("other", seq)))
    writer.submit(records(5, 5), on_durable=listener.durable)
    held.let.release(2)
    writer.close()
    assert said == [("listener", 1), ("listener", 5), ("other", 5)]


def test_callbacks_run_in_the_writers_thread(journal: SqliteJournal, records: Records) -> None:
    threads: list[str] = []
    writer = JournalWriter(journal, unexpected)
    writer.submit(records(1, 1), on_durable=lambda _: threads.append(threading.current_thread().name))
    writer.close()
    assert threads == ["journal"]


def test_closing_writes_what_waits_and_refuses_what_comes_later(journal: SqliteJournal, records: Records) -> None:
    writer = JournalWriter(journal, unexpected)
    for seq in range(1, 200):
        writer.submit(records(seq, seq))
    writer.close()
    writer.close()
    assert journal.head == 199
    with pytest.raises(JournalError, match="nothing more is written: the writer was closed"):
        writer.submit(records(200, 200))


def test_a_failure_is_told_once_and_everything_later_is_refused(held: HeldJournal, records: Records) -> None:
    told: list[JournalError] = []
    durable: list[int] = []
    failed = threading.Event()
    held.error = JournalError("disk full")

    def on_failed(error: JournalError) -> None:
        told.append(error)
        failed.set()

    writer = JournalWriter(held, on_failed)
    for seq in range(1, 10):
        writer.submit(records(seq, seq), on_durable=durable.append)
    held.let.release(9)
    assert failed.wait(WAIT)
    with pytest.raises(JournalError, match="nothing more is written: disk full"):
        writer.submit(records(1, 1))
    writer.close()
    assert told == [held.error]
    assert (durable, held.head) == ([], 0)


@pytest.mark.parametrize("where", ["journal", "callback"])
def test_an_error_nobody_thought_of_is_a_failure_too(held: HeldJournal, records: Records, where: str) -> None:
    told: list[JournalError] = []

    def broken(_: int) -> None:
        raise RuntimeError("loop closed")

    if where == "journal":
        held.error = RuntimeError("loop closed")
    held.let.release()
    writer = JournalWriter(held, told.append)
    writer.submit(records(1, 1), on_durable=broken)
    writer.close()
    assert [str(error) for error in told] == ["the journal's writer failed: RuntimeError('loop closed')"]


def test_facts_out_of_order_stop_the_writer(journal: SqliteJournal, records: Records) -> None:
    told: list[JournalError] = []
    writer = JournalWriter(journal, told.append)
    writer.submit(records(2, 2))
    writer.close()
    assert len(told) == 1
    assert "expected fact 1, was given 2" in str(told[0])


def test_without_a_thread_a_submission_is_durable_when_it_returns(folder: Path, records: Records) -> None:
    journal = open_journal(folder, desk="demo", mode=Mode.DEMO)
    said: list[int] = []
    writer = SynchronousWriter(journal)
    writer.submit(records(1, 2), on_durable=said.append)
    writer.submit(records(3, 3))
    writer.close()
    assert (said, journal.head) == ([2], 3)
    journal.close()


def test_housekeeping_runs_between_appends_and_delays_none(journal: SqliteJournal, records: Records) -> None:
    asked: list[str] = []
    left = iter([True, True, False])
    durable = threading.Event()
    tidied = threading.Event()

    def tidy(before: str) -> bool:
        asked.append(before)
        more = next(left)
        if not more:
            tidied.set()
        return more

    journal.tidy = tidy  # type: ignore[method-assign]
    writer = JournalWriter(journal, lambda error: None)
    writer.tidy("2021-11")
    assert tidied.wait(5)
    writer.submit(records(1, 1), on_durable=lambda _: durable.set())
    assert durable.wait(5)
    writer.close()
    assert asked == ["2021-11"] * 3


def test_housekeeping_that_the_disk_refuses_does_not_end_writing(journal: SqliteJournal, records: Records) -> None:
    durable = threading.Event()

    def tidy(before: str) -> bool:
        raise JournalError("no space")

    journal.tidy = tidy  # type: ignore[method-assign]
    writer = JournalWriter(journal, lambda error: None)
    writer.tidy("2021-11")
    writer.submit(records(1, 1), on_durable=lambda _: durable.set())
    assert durable.wait(5)
    writer.close()
