"""A journal that forgets: for simulation and backtests. Durable as soon as appended, gone with the process."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from termdesk.core.model.facts import DeskOpened, Recorded
from termdesk.journal.port import Batch, Checkpoint, DeskInput, Journal, check_follows


class MemoryJournal:
    """``Journal`` in lists. Keeps the records themselves, not their bytes."""

    def __init__(self) -> None:
        self._records: list[Recorded] = []
        self._inputs: list[DeskInput] = []
        self._checkpoints: dict[str, bytes] = {}

    @property
    def head(self) -> int:
        """Sequence number of the newest fact."""
        return len(self._records)

    @property
    def opened(self) -> DeskOpened | None:
        """The first fact, if it is there."""
        fact = self._records[0].fact if self._records else None
        return fact if isinstance(fact, DeskOpened) else None

    def read(self, after: int, limit: int) -> list[Recorded]:
        """Give at most ``limit`` facts above ``after``."""
        return self._records[after : after + limit]

    def inputs(self, after: int, limit: int) -> list[DeskInput]:
        """Give at most ``limit`` inputs, leaving out the first ``after``."""
        return self._inputs[after : after + limit]

    def checkpoint(self, name: str) -> bytes | None:
        """Give the newest checkpoint of this name."""
        return self._checkpoints.get(name)

    def snapshot(self) -> None:
        """There is none: nothing outlives the process."""

    def append(self, batch: Batch) -> None:
        """Keep a batch."""
        check_follows(self.head, batch.records)
        self._records.extend(batch.records)
        self._inputs.extend(batch.inputs)
        for checkpoint in batch.checkpoints:
            self._checkpoints[checkpoint.name] = checkpoint.body

    def tidy(self, before: str) -> bool:
        """Do nothing: nothing is kept for years."""
        del before
        return False

    def close(self) -> None:
        """Do nothing: there is nothing to give back."""


class SynchronousWriter:
    """``Writer`` without a thread: ``submit`` returns when the batch is durable and said so."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def submit(
        self,
        records: Sequence[Recorded],
        inputs: Sequence[DeskInput] = (),
        checkpoints: Sequence[Checkpoint] = (),
        on_durable: Callable[[int], None] | None = None,
    ) -> None:
        """Append at once, then call ``on_durable`` in the caller's thread."""
        self._journal.append(Batch(records, inputs, checkpoints))
        if on_durable is not None:
            on_durable(self._journal.head)

    def close(self) -> None:
        """Do nothing: nothing is waiting."""
