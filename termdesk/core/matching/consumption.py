"""What own orders took from displayed levels, remembered until a level's displayed size changes.

A recorded or live book does not know of simulated orders, so without this the
same displayed size could be taken twice.
"""

from __future__ import annotations

from collections.abc import Iterable

from termdesk.core.market.book import Book
from termdesk.core.model.event import Level
from termdesk.core.model.terms import Side


class Consumption:
    """Taken quantity by side and price of one instrument."""

    def __init__(self) -> None:
        self.bids: dict[int, tuple[int, int]] = {}
        self.asks: dict[int, tuple[int, int]] = {}
        """By price: displayed size when it was taken from, and what was taken since that size stands."""
        self._taken = {Side.BUY: self.bids, Side.SELL: self.asks}

    def __bool__(self) -> bool:
        return bool(self.bids) or bool(self.asks)

    def taken(self, side: Side, price: int) -> int:
        """What was taken from the level since its size last changed."""
        return self._taken[side].get(price, (0, 0))[1]

    def take(self, book: Book, side: Side, price: int, qty: int) -> None:
        """Remember a take from the level of ``side`` at ``price``."""
        self._taken[side][price] = (book.size(side, price), self.taken(side, price) + qty)

    def available(self, book: Book, side: Side, price: int) -> int:
        """Displayed size less what was taken."""
        return max(0, book.size(side, price) - self.taken(side, price))

    def refresh(self, book: Book, side: Side, changed: Iterable[Level]) -> None:
        """Forget what was taken from changed levels whose size is another now."""
        taken = self._taken[side]
        if not taken:
            return
        for price, _ in changed:
            noted = taken.get(price)
            if noted is not None and book.size(side, price) != noted[0]:
                del taken[price]

    def refresh_all(self, book: Book) -> None:
        """The same for every level, after an event that does not say what it changed."""
        for side, taken in self._taken.items():
            for price in [price for price, noted in taken.items() if book.size(side, price) != noted[0]]:
                del taken[price]


class Forgetful(Consumption):
    """Remembers nothing: every match sees the full displayed size."""

    def take(self, book: Book, side: Side, price: int, qty: int) -> None:
        """Do nothing."""
