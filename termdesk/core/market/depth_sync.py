"""Depth updates and snapshots into one gapless book.

Rules of Binance's "How to manage a local order book correctly" (spot and
USD-M, as recorded 2024-08-08): updates are buffered until a snapshot with
sequence L is known. Spot: drop ``last_seq <= L``, the first kept update spans
L+1, each next begins at the last end + 1. USD-M, told by ``prev_seq``: drop
``last_seq < L``, the first kept spans L, each next names the last end as its
``prev_seq``. After a gap the book is not valid until the next snapshot.
"""

from __future__ import annotations

from collections import deque

from termdesk.core.market.book import Book
from termdesk.core.model.event import BookDelta, BookSnapshot

BUFFERED = 10_000
"""Updates kept while waiting for a snapshot; older ones are let go."""


class DepthSync:
    """Decides which updates reach the book.

    Attributes:
        valid: Whether the book is the venue's as of ``seq``.
        seq: Last sequence number in the book, -1 before the first snapshot.
        applied: Updates that reached the book.
        dropped: Updates older than the snapshot.
        gaps: Holes found in the sequence.
        waiting: Updates buffered until a snapshot, oldest first.
        missing: Expected and received sequence of the last gap.
    """

    __slots__ = ("_book", "_first", "applied", "dropped", "gaps", "missing", "seq", "valid", "waiting")

    def __init__(self, book: Book) -> None:
        self._book = book
        self.waiting: deque[BookDelta] = deque(maxlen=BUFFERED)
        self._first = True
        self.valid = False
        self.seq = -1
        self.applied = 0
        self.dropped = 0
        self.gaps = 0
        self.missing = (0, 0)

    def snapshot(self, event: BookSnapshot) -> None:
        """Replace the book, then apply what was buffered."""
        self._book.replace(event.bids, event.asks)
        self.seq = event.seq
        self.valid = True
        self._first = True
        waiting = tuple(self.waiting)
        self.waiting.clear()
        for delta in waiting:
            self.delta(delta)

    def delta(self, event: BookDelta) -> bool:
        """Apply, buffer or drop one update; True when the book changed."""
        if not self.valid:
            self.waiting.append(event)
            return False
        if self._first:
            return self._begin(event)
        if event.prev_seq == self.seq if event.prev_seq >= 0 else event.first_seq == self.seq + 1:
            self._book.apply(event.bids, event.asks)
            self.seq = event.last_seq
            self.applied += 1
            return True
        return self._gap(event)

    def reset(self) -> None:
        """Forget the sequence (the link was lost); the book waits for a snapshot."""
        self.valid = False
        self.seq = -1
        self.waiting.clear()

    def _begin(self, event: BookDelta) -> bool:
        least = self.seq if event.prev_seq >= 0 else self.seq + 1
        if event.last_seq < least:
            self.dropped += 1
            return False
        if event.first_seq > least:
            return self._gap(event)
        self._book.apply(event.bids, event.asks)
        self.seq = event.last_seq
        self._first = False
        self.applied += 1
        return True

    def _gap(self, event: BookDelta) -> bool:
        self.missing = (self.seq + 1, event.first_seq)
        self.gaps += 1
        self.valid = False
        self.waiting.append(event)
        return False
