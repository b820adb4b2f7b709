"""What a ladder counts of one instrument: trades lately, sizes added and pulled, how fresh the last trade is.

Counted on the screen from the book and the tape as they come: a level that
shrank by a trade was traded, not pulled. A trade that comes a frame before or
after its book shows for that frame as added or pulled; the sum is right. Both
windows go by the time of the desk, so that a replay counts at any speed what
it would have counted at its own.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import Protocol

from termdesk.core.model.number import Price, Qty
from termdesk.core.model.terms import Side
from termdesk.core.wire.topics import BookBody, Level, QuoteBody, TapeTrade
from termdesk.ui.lines.ladder_model import LastTrade
from termdesk.ui.lines.ladder_rows import FADE_NS

_LONG_AGO = 10 * FADE_NS


class Trades(Protocol):
    """The newest trades, oldest first; ``total`` counts all that ever came."""

    trades: deque[TapeTrade]
    total: int


class Flow:
    """Running counts of one instrument.

    Args:
        traded_ns: How long a trade counts.
        flow_ns: How long a change of size counts.
        depth: Levels a side that were asked for.

    Attributes:
        traded: Sold and bought by price.
        flow: Added less pulled by price.
    """

    def __init__(self, traded_ns: int, flow_ns: int, depth: int) -> None:
        self.traded: dict[Price, tuple[Qty, Qty]] = {}
        self.flow: dict[Price, Qty] = {}
        self._traded_ns, self._flow_ns, self._depth = traded_ns, flow_ns, depth
        self._trades: deque[tuple[int, Price, Qty, Qty]] = deque()
        self._changes: deque[tuple[int, Price, Qty]] = deque()
        self._book: BookBody | None = None
        self._seen = 0
        self._tape: Trades | None = None
        self._quoted = -1
        self._last: Price = 0
        self._price: Price = 0
        self._at_price: Qty = 0
        self._traded_at = 0
        self._now = self._clock_ns = 0

    def clear(self, above: Price = -(2**63), below: Price = 2**63) -> None:
        """Begin to count anew at prices above the one, and below the other."""
        self.traded = {price: pair for price, pair in self.traded.items() if not above < price < below}
        self.flow = {price: qty for price, qty in self.flow.items() if not above < price < below}
        self._trades = deque(one for one in self._trades if not above < one[1] < below)
        self._changes = deque(one for one in self._changes if not above < one[1] < below)

    def take(
        self, quote: QuoteBody | None, book: BookBody | None, tape: Trades | None, desk_ns: int, clock_ns: int
    ) -> None:
        """Count what came since the last call, and forget what is too long ago.

        Args:
            quote: The quote now, which says that something traded.
            book: The book now.
            tape: The trades, where somebody looks at them; one that begins anew counts nothing twice.
            desk_ns: Time of the desk, by which trades are stamped and everything is forgotten.
            clock_ns: Time of the screen, by which the last trade fades.
        """
        if desk_ns - self._now > self._flow_ns > clock_ns - self._clock_ns:
            self._book = None  # a replay raced; what it passed was not added or pulled now
        self._now, self._clock_ns = desk_ns, clock_ns
        if quote is not None and quote.trades != self._quoted:
            self._traded_at = clock_ns if self._quoted >= 0 else clock_ns - _LONG_AGO
            self._quoted, self._last = quote.trades, quote.last
        fresh = self._take_tape(tape, desk_ns)
        if book is not None and book is not self._book:
            if self._book is not None and self._book.valid and book.valid:
                self._compare(self._book, book, fresh, desk_ns)
            self._book = book
        self._expire(desk_ns)

    def last(self, clock_ns: int) -> LastTrade | None:
        """Give what is known of the last trade, None before the first."""
        if self._quoted < 0:
            return None
        return LastTrade(clock_ns - self._traded_at, self._at_price if self._price == self._last else 0)

    def is_due(self, desk_ns: int, clock_ns: int) -> bool:
        """Whether it looks otherwise although nothing came: the last trade fades, or something is too long ago."""
        if self._quoted > 0 and clock_ns - self._traded_at <= FADE_NS + 100_000_000:
            return True
        trades, changes = self._trades, self._changes
        return bool(
            (trades and trades[0][0] < desk_ns - self._traded_ns)
            or (changes and changes[0][0] < desk_ns - self._flow_ns)
        )

    def _take_tape(self, tape: Trades | None, desk_ns: int) -> dict[Price, Qty]:
        """Count new trades; gives their quantity by price. The first tape tells of the past."""
        fresh: dict[Price, Qty] = {}
        if tape is None or not tape.total:
            return fresh
        is_first = tape is not self._tape
        if is_first:
            self._tape = tape
            self.traded.clear()
            self._trades.clear()
        new = min(len(tape.trades), tape.total if is_first else tape.total - self._seen)
        self._seen = tape.total
        if not new:
            return fresh
        for trade in islice(tape.trades, len(tape.trades) - new, None):
            price, qty = trade.price, trade.qty
            if price != self._price:
                self._price, self._at_price = price, 0
            self._at_price += qty
            if is_first and trade.venue_ns < desk_ns - self._traded_ns:
                continue
            sold, bought = (qty, 0) if trade.aggressor is Side.SELL else (0, qty if trade.aggressor else 0)
            if sold or bought:
                before = self.traded.get(price, (0, 0))
                self.traded[price] = before[0] + sold, before[1] + bought
                self._trades.append((trade.venue_ns, price, sold, bought))
            fresh[price] = fresh.get(price, 0) + qty
        return {} if is_first else fresh

    def _compare(self, old: BookBody, new: BookBody, traded: dict[Price, Qty], desk_ns: int) -> None:
        changes: dict[Price, Qty] = dict(traded)
        self._changed(old.bids, new.bids, changes, is_bid=True)
        self._changed(old.asks, new.asks, changes, is_bid=False)
        for price, qty in changes.items():
            if qty:
                self.flow[price] = self.flow.get(price, 0) + qty
                self._changes.append((desk_ns, price, qty))

    def _changed(
        self, before: tuple[Level, ...], after: tuple[Level, ...], changes: dict[Price, Qty], *, is_bid: bool
    ) -> None:
        """Add what each level gained; levels beyond the last that was sent are unknown, not empty."""
        moved = set(before).symmetric_difference(after)
        if not moved:
            return
        was, now = dict(before), dict(after)
        ends = [side[-1][0] for side in (before, after) if len(side) >= self._depth]
        for price in {price for price, _ in moved}:
            if ends and (price < max(ends) if is_bid else price > min(ends)):
                continue
            changes[price] = changes.get(price, 0) + now.get(price, 0) - was.get(price, 0)

    def _expire(self, desk_ns: int) -> None:
        trades, changes = self._trades, self._changes
        while trades and trades[0][0] < desk_ns - self._traded_ns:
            _, price, sold, bought = trades.popleft()
            left = self.traded[price]
            pair = left[0] - sold, left[1] - bought
            if pair == (0, 0):
                del self.traded[price]
            else:
                self.traded[price] = pair
        while changes and changes[0][0] < desk_ns - self._flow_ns:
            _, price, qty = changes.popleft()
            rest = self.flow.get(price, 0) - qty
            if rest:
                self.flow[price] = rest
            else:
                self.flow.pop(price, None)
