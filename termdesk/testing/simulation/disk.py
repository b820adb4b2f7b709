"""What keeps the facts in a simulation: a log of bytes that can be cut off at any moment.

A commit is one entry: its length, the hash of what came before, its body. An
entry that a crash cut short is put aside at the next start, as a journal
does; nobody had been told that it was durable. Its space can end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from termdesk.core.model.errors import JournalDamaged, JournalError
from termdesk.core.model.facts import DeskOpened, Recorded
from termdesk.journal import Batch, Checkpoint, DeskInput
from termdesk.journal.chain import GENESIS, chain
from termdesk.journal.codec import decode_record, encode
from termdesk.journal.port import check_follows

OnDurable = Callable[[int], None]

_HEADER = 4 + 32


class Disk:
    """Bytes that outlive a crash.

    Attributes:
        space: How many more bytes it takes.
        torn: How many cut entries were put aside.
    """

    def __init__(self) -> None:
        self._entries: list[bytes] = []
        self._hash = GENESIS
        self._records: list[Recorded] = []
        self._inputs: list[DeskInput] = []
        self._checkpoints: dict[str, bytes] = {}
        self._intents: set[str] = set()
        self.space = 1 << 62
        self.torn = 0

    @property
    def head(self) -> int:
        """Newest durable fact."""
        return len(self._records)

    @property
    def opened(self) -> DeskOpened | None:
        """The first fact, if it is there."""
        fact = self._records[0].fact if self._records else None
        return fact if isinstance(fact, DeskOpened) else None

    def read(self, after: int, limit: int) -> list[Recorded]:
        """Give durable facts above ``after``."""
        return self._records[after : after + limit]

    def inputs(self, after: int, limit: int) -> list[DeskInput]:
        """Give durable inputs, leaving out the first ``after``."""
        return self._inputs[after : after + limit]

    def checkpoint(self, name: str) -> bytes | None:
        """Give the newest checkpoint of this name."""
        return self._checkpoints.get(name)

    def append(self, batch: Batch, cut: float | None = None) -> None:
        """Make a batch durable; ``cut`` leaves only that share of its bytes, as a crash in the middle would.

        Raises:
            JournalError: There is no space; nothing of the batch was kept.
        """
        check_follows(self.head, batch.records)
        body = msgspec.msgpack.encode([[encode(record) for record in batch.records], list(batch.inputs)])
        digest = chain(self._hash, body)
        entry = len(body).to_bytes(4, "big") + digest + body
        if len(entry) > self.space:
            raise JournalError("no space left on the simulated disk")
        self.space -= len(entry)
        if cut is not None:
            self._entries.append(entry[: int(cut * len(entry))])
            return
        self._entries.append(entry)
        self._hash = digest
        self._keep(batch.records)
        self._inputs.extend(batch.inputs)
        self._checkpoints.update((one.name, one.body) for one in batch.checkpoints)

    def holds(self, cl_ord_id: str) -> bool:
        """Whether a durable fact is about this request."""
        return cl_ord_id in self._intents

    def reopen(self) -> None:
        """Read everything anew from the bytes, as a start after a crash does.

        Raises:
            JournalDamaged: An entry that is whole does not fit the chain.
        """
        whole: list[bytes] = []
        self._hash, self._records, self._intents = GENESIS, [], set()
        for at, entry in enumerate(self._entries):
            body = entry[_HEADER:]
            if len(entry) < _HEADER or len(body) != int.from_bytes(entry[:4], "big"):
                if at != len(self._entries) - 1:
                    raise JournalDamaged(f"entry {at + 1} is cut short and not the last")
                self.torn += 1
                break
            self._hash = chain(self._hash, body)
            if self._hash != entry[4:_HEADER]:
                raise JournalDamaged(f"entry {at + 1} does not fit the chain")
            first = len(self._records) + 1
            self._keep([decode_record(first + at, stored) for at, stored in enumerate(msgspec.msgpack.decode(body)[0])])
            whole.append(entry)
        self._entries = whole

    def snapshot(self) -> None:
        """There is none: every start replays all facts."""

    def tidy(self, before: str) -> bool:
        """Do nothing: nothing is kept for years."""
        del before
        return False

    def close(self) -> None:
        """Do nothing."""

    def _keep(self, records: Sequence[Recorded]) -> None:
        self._records.extend(records)
        self._intents.update(getattr(record.fact, "cl_ord_id", "") for record in records)


class SlowWriter:
    """``Writer`` whose commits happen when the world says so.

    Attributes:
        waiting: What was handed over and is not durable.
    """

    def __init__(self, disk: Disk, on_failed: Callable[[JournalError], None]) -> None:
        self._disk = disk
        self._on_failed = on_failed
        self._refused: JournalError | None = None
        self.waiting: list[tuple[Batch, OnDurable | None]] = []

    def submit(
        self,
        records: Sequence[Recorded],
        inputs: Sequence[DeskInput] = (),
        checkpoints: Sequence[Checkpoint] = (),
        on_durable: OnDurable | None = None,
    ) -> None:
        """Hand over a batch."""
        if self._refused is not None:
            raise JournalError(f"nothing more is written: {self._refused}")
        self.waiting.append((Batch(records, inputs, checkpoints), on_durable))

    def commit(self, cut: float | None = None) -> OnDurable | None:
        """Write all that waits as one entry; gives what has to be called, at a time of the world's choosing."""
        batches = [batch for batch, _ in self.waiting]
        called = next((call for _, call in reversed(self.waiting) if call is not None), None)
        self.waiting.clear()
        joined = Batch(
            [record for batch in batches for record in batch.records],
            [asked for batch in batches for asked in batch.inputs],
            [one for batch in batches for one in batch.checkpoints],
        )
        try:
            self._disk.append(joined, cut)
        except JournalError as error:
            self._refused = error
            self._on_failed(error)
            return None
        return called

    def close(self) -> None:
        """Do nothing: the world commits."""
