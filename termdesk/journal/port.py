"""The journal as the engine sees it, whatever keeps it: SQLite or memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from termdesk.core.model.command import DeskCommand
from termdesk.core.model.errors import JournalError
from termdesk.core.model.facts import DeskOpened, Recorded
from termdesk.core.model.number import Ns
from termdesk.journal.snapshot import Snapshot


class DeskInput(msgspec.Struct, frozen=True, kw_only=True):
    """A command as it reached the desk: enough to ask the same again at the same desk time."""

    at_ns: Ns
    """Desk time of its arrival."""
    seq_before: int
    """Newest fact when it was decided."""
    actor: str
    command: DeskCommand


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A named piece of watch state; the newest of a name replaces the one before."""

    name: str
    at_ns: Ns
    """Desk time."""
    body: bytes


class Batch(msgspec.Struct, frozen=True, gc=False):
    """What becomes durable together or not at all."""

    records: Sequence[Recorded] = ()
    inputs: Sequence[DeskInput] = ()
    checkpoints: Sequence[Checkpoint] = ()


def joined(batches: Sequence[Batch]) -> Batch:
    """Make one batch of several, in their order."""
    if len(batches) == 1:
        return batches[0]
    return Batch(
        [record for batch in batches for record in batch.records],
        [asked for batch in batches for asked in batch.inputs],
        [checkpoint for batch in batches for checkpoint in batch.checkpoints],
    )


class Journal(Protocol):
    """Facts in order, the commands that led to them, and checkpoints."""

    @property
    def head(self) -> int:
        """Sequence number of the newest durable fact; 0 when there is none."""
        ...

    @property
    def opened(self) -> DeskOpened | None:
        """The first fact; None while the journal is empty."""
        ...

    def read(self, after: int, limit: int) -> list[Recorded]:
        """Give at most ``limit`` durable facts with a sequence number above ``after``, in order."""
        ...

    def inputs(self, after: int, limit: int) -> list[DeskInput]:
        """Give at most ``limit`` durable inputs, leaving out the first ``after``, in order of arrival."""
        ...

    def checkpoint(self, name: str) -> bytes | None:
        """Give the newest durable checkpoint of this name."""
        ...

    def snapshot(self) -> Snapshot | None:
        """Give the newest usable snapshot of the desk's state; None where a start replays all facts."""
        ...

    def append(self, batch: Batch) -> None:
        """Make a batch durable before returning. Only the writer calls this.

        Raises:
            JournalError: Nothing of the batch was kept; or the first record does not follow ``head``.
        """
        ...

    def tidy(self, before: str) -> bool:
        """Do a little housekeeping. Only the writer calls this.

        Args:
            before: What is older than this month (``YYYY-MM``) may be removed where a snapshot stands for it.

        Returns:
            Whether more is left to do; a call takes about as long as an append.

        Raises:
            JournalError: The disk refuses; nothing was lost.
        """
        ...

    def close(self) -> None:
        """Give back files and lock. Closing twice is fine."""
        ...


class Writer(Protocol):
    """Makes batches durable and says when."""

    def submit(
        self,
        records: Sequence[Recorded],
        inputs: Sequence[DeskInput] = (),
        checkpoints: Sequence[Checkpoint] = (),
        on_durable: Callable[[int], None] | None = None,
    ) -> None:
        """Hand over a batch; ``on_durable`` is called with ``head`` once all of it is durable.

        Submissions become durable in order. Where several become durable at
        once, equal callbacks are called once, with the newest ``head``.

        Raises:
            JournalError: The writer failed earlier or was closed; nothing was taken.
        """
        ...

    def close(self) -> None:
        """Wait until all that was taken is durable or refused. Does not close the journal."""
        ...


def check_follows(head: int, records: Sequence[Recorded]) -> None:
    """Hold that records go on right after ``head`` without holes.

    Raises:
        JournalError: They do not; names the expected number and the one that came.
    """
    for record in records:
        head += 1
        if record.seq != head:
            raise JournalError(f"facts must follow each other: expected fact {head}, was given {record.seq}")
