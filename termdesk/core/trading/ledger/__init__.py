"""Money and holdings: double-entry postings with a typed cause, positions at average cost and by FIFO lots.

The only place where balances change. Every booking is called by ``evolve`` with the record that caused it.
"""

from termdesk.core.trading.ledger.account import Account, InterestTerms
from termdesk.core.trading.ledger.booking import (
    book_bust,
    book_exchange,
    book_fill,
    book_mark,
    book_money,
    book_scale,
    book_units,
    end_day,
    move_of,
)
from termdesk.core.trading.ledger.position import Due, Lot, Move, Position, PositionKey

__all__ = [
    "Account",
    "Due",
    "InterestTerms",
    "Lot",
    "Move",
    "Position",
    "PositionKey",
    "book_bust",
    "book_exchange",
    "book_fill",
    "book_mark",
    "book_money",
    "book_scale",
    "book_units",
    "end_day",
    "move_of",
]
