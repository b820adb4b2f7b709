"""Queue models: how much public quantity stands before an own order.

At acceptance an order stands behind the displayed size of its level (less
what own orders took there); trades that hit its side, or that name no
aggressor, bring it forward; what a trade leaves over fills it. What a change
of the displayed size means is where the models differ; in each of them
nothing stands before an order whose level disappears. A level outside the
visible part of the book is not known to be empty: the estimate is kept, and
on return capped by the displayed size; an order placed there gets its
estimate when the level is first seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from termdesk.core.market.book import Book
from termdesk.core.matching.consumption import Consumption
from termdesk.core.matching.fidelity import Fidelity, Queue
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


def share_print(
    side: RestingSide,
    book: Book,
    price: int,
    qty: int,
    waits: Callable[[RestingOrder], bool],
    *,
    through_fills_all: bool,
) -> Iterator[Share]:
    """Let a print at ``price`` reach own orders in price-time order; they share it.

    A print strictly beyond a limit proves that the limit was reached: nothing
    stands before the order any more, and it gets of the print what is left,
    or everything. An iceberg gets what it shows, then stands behind what is
    displayed with its next part. An order that ``waits`` comes forward and
    gets nothing.
    """
    left = qty
    for order in side.reached(price):
        ahead, through = order.ahead, order.limit != price
        if not order.arrived or (ahead is None and not through):
            continue
        if through:
            order.ahead = 0
            filled = order.leaves if through_fills_all else min(left, order.leaves)
            if filled and not waits(order):
                yield Share(order, 0, left, filled, through=True)
                left = max(0, left - filled)
            continue
        order.traded += qty
        while True:
            before = order.ahead or 0
            filled = min(max(0, left - before), order.shown or order.leaves)
            order.ahead = max(0, before - left)
            if not filled or waits(order):
                break
            yield Share(order, before, left, filled, through=False)
            left -= filled
            if order.new.display_qty is None or not order.leaves:
                break
            order.shown -= filled
            if order.shown:
                break
            order.show()
            order.ahead = book.size(side.side, price)
            side.send_back(order)


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


Change = Callable[[RestingOrder, int], None]
"""What an order learns from the displayed size of its level."""


def change_of(fidelity: Fidelity) -> Change | None:
    """How the policy's model takes a change of the displayed size; None where it says nothing."""
    if fidelity.queue is Queue.RISK_AVERSE:
        return _cap
    if fidelity.queue is Queue.PROB_POWER:
        n = fidelity.queue_n
        return lambda order, size: _guess(order, size, n)
    return None


def place(order: RestingOrder, book: Book, consumption: Consumption, view: int) -> None:
    """Put an order at the back of its level, as far as the level can be seen."""
    side, price = order.new.side, order.limit
    order.hidden = False
    order.level_size, order.traded = book.size(side, price), 0
    if order.level_size:
        order.ahead = consumption.available(book, side, price)
    else:
        order.ahead = 0 if covers(book, side, price, view) else None


def look(side: RestingSide, price: int, book: Book, view: int, change: Change | None, *, returned: bool) -> bool:
    """See what became of an own level after the book moved.

    Args:
        side: Own orders.
        price: One of their prices that may have moved.
        book: The book after the event.
        view: How far the book can be seen, a value of ``View``.
        change: The model's rule for a changed size.
        returned: The book could not be seen before this event.

    Returns:
        Whether the level is out of sight now.
    """
    orders = side.at(price)
    if not orders:
        return False
    size = book.size(side.side, price)
    gone = size == 0 and covers(book, side.side, price, view)
    for order in orders:
        if order.ahead is None:
            continue
        if gone:
            order.ahead = order.level_size = order.traded = 0
        elif size == 0:
            order.hidden = True
        elif order.hidden or returned:
            order.ahead = min(order.ahead, size)
            order.hidden = False
            order.level_size, order.traded = size, 0
        elif change is not None:
            change(order, size)
    return size == 0 and not gone


def _cap(order: RestingOrder, size: int) -> None:
    order.ahead = min(order.ahead or 0, size)


def _guess(order: RestingOrder, size: int, n: Decimal) -> None:
    """Hftbacktest's ProbQueueModel with f(x) = x^n; what was traded is not counted a second time."""
    ahead, left = order.ahead or 0, order.level_size - size - order.traded
    behind = max(0, order.level_size - ahead)
    order.level_size, order.traded = size, 0
    if left > 0 and ahead > 0:
        over, under = _chance_behind(ahead, behind, n)
        # a - (1-p)c + min(b - pc, 0), over the common denominator; rounded half up once.
        exact = ahead * under - (under - over) * left + min(behind * under - over * left, 0)
        ahead = max(0, (2 * exact + under) // (2 * under))
    order.ahead = min(ahead, size)


def _chance_behind(ahead: int, behind: int, n: Decimal) -> tuple[int, int]:
    """b^n / (a^n + b^n) as a fraction."""
    if n == n.to_integral_value() and n >= 0:
        power = int(n)
        over = behind**power
        return over, over + ahead**power
    if not behind:
        return 0, 1
    over, under = (1 / (1 + (Decimal(ahead) / behind) ** n)).as_integer_ratio()
    return over, under
