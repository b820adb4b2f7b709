"""The thread that makes facts durable: everything that waits goes into one transaction.

It never sleeps to collect a batch. While one commit syncs, the next batch
gathers by itself, so a single order waits for one sync and a burst shares it.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence

import msgspec

from termdesk.core.model.errors import JournalError
from termdesk.core.model.facts import Recorded
from termdesk.journal.port import Batch, Checkpoint, DeskInput, Journal, joined

_LOG = logging.getLogger("termdesk.journal")

OnDurable = Callable[[int], None]


class _Submission(msgspec.Struct, frozen=True):
    batch: Batch
    on_durable: OnDurable | None


class _Tidying(msgspec.Struct, frozen=True):
    before: str
    """Month of ``Journal.tidy``."""


class JournalWriter:
    """``Writer`` with a thread of its own; callbacks run in that thread.

    After the first failure nothing more is written: what waits is dropped,
    ``on_failed`` is called once and every later ``submit`` is refused.

    Args:
        journal: Written by this writer alone while it lives. Not closed by it.
        on_failed: Called once, when a commit or a callback failed.
    """

    def __init__(self, journal: Journal, on_failed: Callable[[JournalError], None]) -> None:
        self._journal = journal
        self._on_failed = on_failed
        self._waiting: queue.SimpleQueue[_Submission | _Tidying | None] = queue.SimpleQueue()
        self._refused: JournalError | None = None
        self._tidying: _Tidying | None = None
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def submit(
        self,
        records: Sequence[Recorded],
        inputs: Sequence[DeskInput] = (),
        checkpoints: Sequence[Checkpoint] = (),
        on_durable: OnDurable | None = None,
    ) -> None:
        """Hand over a batch without waiting."""
        if self._refused is not None:
            raise JournalError(f"nothing more is written: {self._refused}") from self._refused
        self._waiting.put(_Submission(Batch(records, inputs, checkpoints), on_durable))

    def tidy(self, before: str) -> None:
        """Do the journal's housekeeping bit by bit, whenever nothing waits to be written; see ``Journal.tidy``."""
        self._waiting.put(_Tidying(before))

    def close(self) -> None:
        """Write what waits, then end the thread. Closing twice is fine."""
        if self._refused is None:
            self._refused = JournalError("the writer was closed")
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        more = True
        while more:
            submissions, more = self._drain()
            if submissions and not self._write(submissions):
                return
            if more and self._tidying is not None and self._waiting.empty():
                self._tidy(self._tidying)

    def _drain(self) -> tuple[list[_Submission], bool]:
        """Wait for one submission, take all others; the second value is False once the end was asked for."""
        taken = [self._waiting.get()] if self._tidying is None else []
        while True:
            try:
                taken.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        for each in taken:
            if isinstance(each, _Tidying):
                self._tidying = each
        return [each for each in taken if isinstance(each, _Submission)], None not in taken

    def _tidy(self, asked: _Tidying) -> None:
        """A disk that refuses this leaves things as they are; the next append says whether it refuses more."""
        try:
            more = self._journal.tidy(asked.before)
        except JournalError as error:
            _LOG.warning("housekeeping stopped: %s", error)
            more = False
        if not more:
            self._tidying = None

    def _write(self, submissions: list[_Submission]) -> bool:
        try:
            self._journal.append(joined([submission.batch for submission in submissions]))
            head = self._journal.head
            for callback in _distinct(submissions):
                callback(head)
        except Exception as e:  # noqa: BLE001 - whatever it was, the engine must halt trading and hear why
            error = e if isinstance(e, JournalError) else JournalError(f"the journal's writer failed: {e!r}")
            self._refused = error
            self._on_failed(error)
            return False
        return True


def _distinct(submissions: list[_Submission]) -> list[OnDurable]:
    asked = [submission.on_durable for submission in submissions if submission.on_durable is not None]
    return list(dict.fromkeys(asked))
