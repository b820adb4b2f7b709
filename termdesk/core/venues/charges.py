"""Fees by item: the broker's commission and what exchange, depository, regulator and state charge.

Every item is rounded half up to the currency's unit by itself, for one order.
Does not know discounts; whether a broker rounds by fill or by order differs.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.execution import FeeItem
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.money import round_money
from termdesk.core.model.number import Qty
from termdesk.core.model.terms import Side
from termdesk.core.venues.boards import book_and_board
from termdesk.core.venues.rows import ChargeRow
from termdesk.core.venues.rulebook import in_force


class Commission(msgspec.Struct, frozen=True, kw_only=True):
    """What an account pays its broker for one order."""

    rate: Decimal = Decimal("0.00025")
    """Share of the money that changes hands; at most 0.003 in China (CSRC 2002-21)."""
    minimum: Decimal = Decimal(5)
    all_in: bool = True
    """It covers exchange and regulatory fees, as quoted commissions usually do."""


def fees(
    instrument: Instrument, day: str, side: Side, amount: Decimal, qty: Qty, commission: Commission
) -> tuple[FeeItem, ...] | None:
    """Give the fees of one order, commission first; items of zero are left out.

    Args:
        instrument: What is traded.
        day: ISO date of the venue.
        side: Of the order.
        amount: Money that changes hands, unsigned.
        qty: Traded quantity; none of today's charges counts units.
        commission: The account's.

    Returns:
        None where a charge of that day is not known.
    """
    del qty
    placed = book_and_board(instrument, day)
    if placed is None:
        return None
    book, board = placed
    due: list[tuple[str, Decimal]] = [("commission", max(amount * commission.rate, commission.minimum))]
    for item in dict.fromkeys(row.item for row in book.charges if board in row.boards):
        rows = [row for row in book.charges if row.item == item and board in row.boards]
        if not _is_due(rows[-1], side, commission):
            continue
        row = in_force(rows, board, day)
        if row is None or row.rate is None:
            return None
        due.append((item, amount * row.rate))
    currency = instrument.currency
    items = (FeeItem(kind, currency, round_money(money, currency)) for kind, money in due)
    return tuple(item for item in items if item.amount)


def _is_due(row: ChargeRow, side: Side, commission: Commission) -> bool:
    return side in row.sides and not (row.in_commission and commission.all_in)
