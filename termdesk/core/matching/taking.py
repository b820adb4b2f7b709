"""Walking displayed levels best first, less what own orders took from them before."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from termdesk.core.market.book import Book
from termdesk.core.matching.consumption import Consumption
from termdesk.core.model.event import Level
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.price import crosses
from termdesk.core.model.terms import Side

_FIRST_LEVELS = 2


class Take(NamedTuple):
    """What one level gave. ``consumed`` is what own orders had taken from it before."""

    price: int
    displayed: int
    consumed: int
    qty: int


def best_first(book: Book, side: Side) -> Iterator[Level]:
    """Levels of a side, best first, without copying a deep book for the first few."""
    done, wanted = 0, _FIRST_LEVELS
    while done < book.count(side):
        yield from book.levels(side, wanted)[done:]
        done, wanted = wanted, wanted * 8


def walk(book: Book, consumption: Consumption, side: Side, qty: int, limit: int | None) -> Iterator[Take]:
    """What an order of ``side`` for ``qty`` would get now; a None limit takes any price. Changes nothing."""
    opposite = side.opposite
    for price, displayed in best_first(book, opposite):
        if qty <= 0 or (limit is not None and not crosses(side, limit, price)):
            return
        consumed = consumption.taken(opposite, price)
        got = min(qty, max(0, displayed - consumed))
        if got:
            qty -= got
            yield Take(price, displayed, consumed, got)


def take(book: Book, consumption: Consumption, side: Side, qty: int, limit: int | None) -> list[Take]:
    """Take it, and remember the levels that gave."""
    opposite = side.opposite
    best = book.best(opposite)
    if best is None or (limit is not None and not crosses(side, limit, best[0])):
        return []
    price, displayed = best
    consumed = consumption.taken(opposite, price)
    if displayed - consumed >= qty > 0:
        # The common case: the best level has it all.
        consumption.take(book, opposite, price, qty)
        return [Take(price, displayed, consumed, qty)]
    takes = list(walk(book, consumption, side, qty, limit))
    for each in takes:
        consumption.take(book, opposite, each.price, each.qty)
    return takes


def cost_to_buy(book: Book, consumption: Consumption, instrument: Instrument, qty: int) -> Decimal | None:
    """Money to buy ``qty`` from the visible asks, without fee; None where nothing can be bought.

    What is not visible counts at the worst visible price.
    """
    takes = list(walk(book, consumption, Side.BUY, qty, None))
    if not takes:
        return None
    missing = qty - sum(each.qty for each in takes)
    parts = [*((each.price, each.qty) for each in takes), (takes[-1].price, missing)]
    return sum((instrument.cash(instrument.price_decimal(price), part, "") for price, part in parts), Decimal(0))
