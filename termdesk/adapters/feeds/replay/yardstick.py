"""Comparisons of the rebuilt book with what the exchange itself published."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from termdesk.adapters.feeds.sse_l2.decode import LEVELS, ExchangeSnapshot
from termdesk.core.market.book import Book
from termdesk.core.market.depth_sync import DepthSync
from termdesk.core.market.state import InstrumentState
from termdesk.core.model.event import BestQuote, BookDelta, BookSnapshot, Level
from termdesk.core.model.terms import Side

TOLERANCE_NS = 6_000_000_000
"""A snapshot's whole-second stamp may lie this far from the moment it shows."""

_TRADE_STATUS = "TRADE"
_QUOTES = 100_000

Top = tuple[int, int, int, int]
"""Best bid, its size, best ask, its size."""


class BestQuoteYardstick:
    """After depth update ``u``, the newest best quote whose ``u`` is not beyond it must be the top of the book.

    Best quotes may reach the recorder after the update that covers them, so an
    update is compared when the next one comes; the last one is not.
    """

    __slots__ = ("_newest", "_quotes", "_waiting", "compared", "equal")

    def __init__(self) -> None:
        self._quotes: deque[BestQuote] = deque(maxlen=_QUOTES)
        self._newest: BestQuote | None = None
        self._waiting: tuple[int, Top] | None = None
        self.compared = 0
        self.equal = 0

    def told(self, quote: BestQuote) -> None:
        """Take the exchange's best quote."""
        self._quotes.append(quote)

    def synced(self, snapshot: BookSnapshot, buffered: Iterable[BookDelta]) -> None:
        """Take a snapshot with the updates that wait for it, one by one."""
        book = Book()
        depth = DepthSync(book)
        depth.snapshot(snapshot)
        for delta in buffered:
            if depth.delta(delta):
                self.moved(depth.seq, book.top())

    def moved(self, seq: int, top: Top) -> None:
        """Take the top of the book after an applied depth update; compares the update before it."""
        if self._waiting is not None:
            self._compare(*self._waiting)
        self._waiting = (seq, top)

    def _compare(self, seq: int, top: Top) -> None:
        quotes = self._quotes
        while quotes and quotes[0].seq <= seq:
            self._newest = quotes.popleft()
        newest = self._newest
        if newest is not None:
            self.compared += 1
            self.equal += (newest.bid, newest.bid_qty, newest.ask, newest.ask_qty) == top


class SnapshotYardstick:
    """Each exchange snapshot of status TRADE must be a state that the book passes through.

    Equal are ten levels a side and the cumulative volume, within
    ``TOLERANCE_NS`` of the snapshot's stamp on either side.
    """

    __slots__ = ("_open", "_passed", "compared", "equal")

    def __init__(self) -> None:
        self._passed: deque[tuple[int, int, tuple[Level, ...], tuple[Level, ...]]] = deque()
        self._open: list[ExchangeSnapshot] = []
        self.compared = 0
        self.equal = 0

    def told(self, snapshot: ExchangeSnapshot) -> None:
        """Take a snapshot; look for it among the states just passed, else wait for it."""
        if snapshot.status != _TRADE_STATUS:
            return
        self.compared += 1
        self._forget(snapshot.at_ns)
        wanted = (snapshot.volume, snapshot.bids, snapshot.asks)
        if any(state[1:] == wanted for state in reversed(self._passed)):
            self.equal += 1
        else:
            self._open.append(snapshot)

    def moved(self, state: InstrumentState) -> None:
        """Take the state of the book after an event."""
        bids = state.book.levels(Side.BUY, LEVELS)
        asks = state.book.levels(Side.SELL, LEVELS)
        self._passed.append((state.recv_ns, state.volume, bids, asks))
        if self._open:
            self._forget(state.recv_ns)
            self._settle((state.volume, bids, asks))

    def _settle(self, passed: tuple[int, tuple[Level, ...], tuple[Level, ...]]) -> None:
        left = [each for each in self._open if (each.volume, each.bids, each.asks) != passed]
        self.equal += len(self._open) - len(left)
        self._open = left

    def _forget(self, now_ns: int) -> None:
        """Let go of what is too old; the state that still holds when it becomes too old stays."""
        passed, before = self._passed, now_ns - TOLERANCE_NS
        while len(passed) > 1 and passed[1][0] < before:
            passed.popleft()
        self._open = [each for each in self._open if each.at_ns >= before]
