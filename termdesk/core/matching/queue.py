"""Queue policy ``trade_only``: how much public quantity stands before an own order.

At acceptance an order stands behind the displayed size of its level (less
what own orders took there); only trades that hit its side, or that name no
aggressor, bring it forward; what a trade leaves over fills it. Changes of the
displayed size alone do nothing, but when the level disappears nothing stands
before it. A level outside the visible part of the book is not known to be
empty: the estimate is kept, and on return capped by the displayed size; an
order placed there gets its estimate when the level is first seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from termdesk.core.market.book import Book
from termdesk.core.matching.consumption import Consumption
from termdesk.core.matching.resting import RestingOrder, RestingSide
from termdesk.core.model.price import better
from termdesk.core.model.terms import Side


class Share(NamedTuple):
    """What a print did for one order. ``traded`` is what of the print was left when it reached the order."""

    order: RestingOrder
    ahead: int
    traded: int
    filled: int
    through: bool


def share_print(side: RestingSide, price: int, qty: int) -> Iterator[Share]:
    """Let a print at ``price`` reach own orders in price-time order; they share it.

    A print strictly beyond a limit proves that the limit was reached: nothing
    stands before the order any more, and it gets of the print what is left.
    """
    left = qty
    for order in side.reached(price):
        ahead, leaves, through = order.ahead, order.leaves, order.limit != price
        if not order.arrived or (ahead is None and not through):
            continue
        before = 0 if through or ahead is None else ahead
        filled = min(max(0, left - before), leaves)
        order.ahead = max(0, before - left)
        if filled:
            yield Share(order, before, left, filled, through)
            left -= filled


class View:
    """How far one side of a book can be seen.

    ``WHOLE`` where every level is told (order-by-order books, explicit
    removals); ``DEPTH`` where levels beyond the worst displayed one are
    unknown; ``BEST`` is ``DEPTH`` without looking for the worst level.
    """

    WHOLE, DEPTH, BEST = range(3)


def covers(book: Book, side: Side, price: int, view: int) -> bool:
    """Whether a level at ``price`` would be displayed if there were one."""
    best = book.best(side)
    if view == View.WHOLE or best is None or not better(side, best[0], price):
        return True
    if view == View.BEST:
        return False
    worst = min(book.bids) if side is Side.BUY else max(book.asks)
    return not better(side, worst, price)


def place(order: RestingOrder, book: Book, consumption: Consumption, view: int) -> None:
    """Put an order at the back of its level, as far as the level can be seen."""
    side, price = order.new.side, order.limit
    order.hidden = False
    if book.size(side, price):
        order.ahead = consumption.available(book, side, price)
    else:
        order.ahead = 0 if covers(book, side, price, view) else None


def look(side: RestingSide, prices: Iterable[int], book: Book, view: int, *, returned: bool) -> None:
    """See what became of own levels after the book moved.

    Args:
        side: Own orders.
        prices: Which of their prices may have moved.
        book: The book after the event.
        view: How far the book can be seen, a value of ``View``.
        returned: The book could not be seen before this event.
    """
    for price in prices:
        orders = side.at(price)
        if not orders:
            continue
        size = book.size(side.side, price)
        gone = size == 0 and covers(book, side.side, price, view)
        for order in orders:
            if order.ahead is None:
                continue
            if gone:
                order.ahead = 0
            elif size == 0:
                order.hidden = True
            elif order.hidden or returned:
                order.ahead = min(order.ahead, size)
                order.hidden = False
