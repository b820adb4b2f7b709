"""When a trade is settled: days on which bought units may be sold and received money may leave.

Counts trading days of the venue. Where its calendar does not say, the next
calendar date stands for the next trading day: it is never later than the real
one, and on a date without a session nothing trades. China: what is bought is
sold from the next trading day on (T+1 boards), money received buys at once
and leaves the next trading day, also for T+0 bonds.
"""

from __future__ import annotations

from functools import lru_cache

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.posting import Settles
from termdesk.core.venues.days import day_number, iso_day, next_trading_day
from termdesk.core.venues.dealing import settle_days, settlement
from termdesk.core.venues.rulebook import rule_books

_MONEY_DAYS = 1
"""Where a venue has settlement rules and does not say."""


def settles(instrument: Instrument, day: str) -> Settles | None:
    """Say when a trade of an ISO day is settled; None where it is at once."""
    known = settlement(instrument, day)
    units = instrument.settlement_days if known is None else known
    return _settles(instrument.segment, units, settle_days(instrument, day), day)


def following_day(segment: str, day: str, days: int = 1) -> str:
    """The ``days``-th trading day after an ISO day."""
    book = rule_books().get(segment)
    number = day_number(day)
    for _ in range(days):
        known = next_trading_day(book, number + 1) if book is not None else None
        number = number + 1 if known is None else known
    return iso_day(number)


@lru_cache(maxsize=1024)
def _settles(segment: str, units: int, known: int | None, day: str) -> Settles | None:
    book = rule_books().get(segment)
    days = _MONEY_DAYS if known is None and book is not None and book.settlements else known or 0
    money = max(units, days)
    if not money:
        return None
    sell_day, money_day = following_day(segment, day, units), following_day(segment, day, money)
    return Settles(sell_day if known is None else money_day, sell_day, money_day)
