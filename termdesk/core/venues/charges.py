"""Fees by item: the broker's commission and what exchange, depository, regulator and state charge.

Every item is rounded half up to the currency's unit by itself, for one order.
Does not know discounts; whether a broker rounds by fill or by order differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from termdesk.core.model.errors import Refused
from termdesk.core.model.fee import FeeTerm
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Side
from termdesk.core.venues.boards import book_and_board
from termdesk.core.venues.rows import ChargeRow, CommissionRow
from termdesk.core.venues.rulebook import RuleBook, in_force, rule_books
from termdesk.core.venues.schedule import FeeSchedule

COMMISSION = "commission"
CHARGES = "charges"
"""Stands for all charges of a listing whose board has no rows."""


class Commission(msgspec.Struct, frozen=True, kw_only=True):
    """What an account pays its broker (or a crypto venue) for one order."""

    rate: Decimal = Decimal(0)
    """Share of the money that changes hands; at most 0.003 in China (CSRC 2002-21)."""
    maker_rate: Decimal | None = None
    """Where an order that rests pays another one."""
    per_unit: Decimal = Decimal(0)
    """Money for one unit or contract."""
    minimum: Decimal = Decimal(0)
    all_in: bool = True
    """It covers exchange and regulatory fees, as quoted commissions usually do."""


def fee_schedule(instrument: Instrument, day: str, commission: Commission | None = None) -> FeeSchedule:
    """Give every fee of an instrument on an ISO day of the venue.

    Args:
        instrument: What is traded.
        day: ISO date of the venue.
        commission: The account's; None takes the one that the rule book assumes.

    Raises:
        Refused: No rule book covers the segment (``venue.no_rules``).
    """
    book = rule_books().get(instrument.segment)
    if book is None:
        known = ", ".join(sorted(rule_books()))
        raise Refused("venue.no_rules", {"segment": instrument.segment, "known": known})
    placed = book_and_board(instrument, day)
    board = placed[1] if placed is not None else ""
    own = commission or assumed_commission(book, board, instrument.kind, day)
    buy, unknown_buy = _side(book, board, day, Side.BUY, own)
    sell, unknown_sell = _side(book, board, day, Side.SELL, own)
    return FeeSchedule(
        currency=instrument.currency, buy=buy, sell=sell, unknown_buy=unknown_buy, unknown_sell=unknown_sell
    )


def assumed_commission(book: RuleBook, board: str, kind: str, day: str) -> Commission | None:
    """Give the commission that a book assumes of an account; None where it states none."""
    rows = [row for row in book.commissions if row.kind == kind] or [row for row in book.commissions if not row.kind]
    row = in_force(rows, board, day)
    return None if row is None or row.rate is None else _commission(row, row.rate)


def _commission(row: CommissionRow, rate: Decimal) -> Commission:
    return Commission(
        rate=rate, maker_rate=row.maker_rate, per_unit=row.per_unit, minimum=row.minimum, all_in=row.all_in
    )


def _side(
    book: RuleBook, board: str, day: str, side: Side, commission: Commission | None
) -> tuple[tuple[FeeTerm, ...], tuple[str, ...]]:
    """Terms of one side, and what is due in unknown amounts."""
    terms: list[FeeTerm] = []
    unknown: list[str] = []
    if commission is None:
        unknown.append(COMMISSION)
    elif commission.rate or commission.minimum or commission.per_unit or commission.maker_rate:
        terms.append(
            FeeTerm(
                COMMISSION,
                commission.rate,
                minimum=commission.minimum,
                per_unit=commission.per_unit,
                maker_rate=commission.maker_rate,
            )
        )
    charged = [row for row in book.charges if board in row.boards]
    if not charged and book.boards:
        unknown.append(CHARGES)
    for item in dict.fromkeys(row.item for row in charged):
        rows = [row for row in charged if row.item == item]
        if not _is_due(rows, side, commission):
            continue
        row = in_force(rows, board, day)
        if row is None or row.rate is None:
            unknown.append(item)
        elif row.rate or row.per_unit:
            terms.append(FeeTerm(item, row.rate, per_unit=row.per_unit, maximum=row.maximum))
    return tuple(terms), tuple(unknown)


def _is_due(rows: Iterable[ChargeRow], side: Side, commission: Commission | None) -> bool:
    all_in = commission is None or commission.all_in
    return any(side in row.sides and not (row.in_commission and all_in) for row in rows)
