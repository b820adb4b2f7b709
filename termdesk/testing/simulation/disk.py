"""What keeps the facts in a simulation: a log of bytes that can be cut off at any moment.

A commit is one entry: its length, the hash of what came before, its body. An
entry that a crash cut short is put aside at the next start, as a journal
does; nobody had been told that it was durable. Its space can end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from termdesk.core.model.errors import JournalDamaged, JournalError
from termdesk.core.model.facts import Recorded
from termdesk.journal import Batch, Checkpoint, DeskInput, MemoryJournal
from termdesk.journal.chain import GENESIS, chain
from termdesk.journal.codec import decode_record, encode
from termdesk.journal.port import joined
from termdesk.journal.writer import OnDurable

_HEADER = 4 + 32


class Disk(MemoryJournal):
    """Bytes that outlive a crash; what they say is read like any journal in memory.

    Attributes:
        space: How many more bytes it takes.
        torn: How many cut entries were put aside.
    """

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[bytes] = []
        self._hash = GENESIS
        self._intents: set[str] = set()
        self.space = 1 << 62
        self.torn = 0

    def append(self, batch: Batch, cut: float | None = None) -> None:
        """Make a batch durable; ``cut`` leaves only that share of its bytes, as a crash in the middle would.

        Raises:
            JournalError: There is no space; nothing of the batch was kept.
        """
        body = msgspec.msgpack.encode([[encode(record) for record in batch.records], list(batch.inputs)])
        digest = chain(self._hash, body)
        entry = len(body).to_bytes(4, "big") + digest + body
        if len(entry) > self.space:
            raise JournalError("no space left on the simulated disk")
        self.space -= len(entry)
        if cut is not None:
            self._entries.append(entry[: int(cut * len(entry))])
            return
        super().append(batch)
        self._entries.append(entry)
        self._hash = digest
        self._know(batch.records)

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
            stored = msgspec.msgpack.decode(body)[0]
            records = [decode_record(seq, one) for seq, one in enumerate(stored, len(self._records) + 1)]
            self._records.extend(records)
            self._know(records)
            whole.append(entry)
        self._entries = whole

    def _know(self, records: Sequence[Recorded]) -> None:
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
        everything = joined([batch for batch, _ in self.waiting])
        called = next((call for _, call in reversed(self.waiting) if call is not None), None)
        self.waiting.clear()
        try:
            self._disk.append(everything, cut)
        except JournalError as error:
            self._refused = error
            self._on_failed(error)
            return None
        return called

    def close(self) -> None:
        """Do nothing: the world commits."""
