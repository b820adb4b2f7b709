"""The log: durable records in order, from any cursor, served from memory near its end and from the journal before."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice

from termdesk.core.model.facts import Recorded
from termdesk.journal import Journal

KEPT = 4_096
PAGE = 100
"""Records in a frame, unless their texts are so long that fewer fit."""


class LogTail:
    """Durable records. Only what the writer reported durable is ever appended.

    Attributes:
        head: Newest durable record.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._records: deque[Recorded] = deque(maxlen=KEPT)
        self.head = journal.head

    def append(self, records: Sequence[Recorded]) -> None:
        """Add records that became durable."""
        if records:
            self._records.extend(records)
            self.head = records[-1].seq

    def page(self, after: int) -> tuple[Recorded, ...]:
        """Give the next durable records after a cursor, at most ``PAGE``."""
        if after >= self.head:
            return ()
        first = self._records[0].seq if self._records else self.head + 1
        if after + 1 >= first:
            return tuple(islice(self._records, after + 1 - first, after + 1 - first + PAGE))
        return tuple(self._journal.read(after, min(PAGE, self.head - after)))
