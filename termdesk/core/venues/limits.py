"""Daily price limits.

Rounded half up to the tick, reckoned in decimals (SSE trading rules 3.3.17;
SZSE likewise): with binary floats or banker's rounding one row in a hundred is
off by a tick. Does not know halts on days without limits, nor the issue price
of a new listing.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import msgspec

from termdesk.core.model.instrument import Instrument, Standing
from termdesk.core.model.money import EXACT
from termdesk.core.model.number import Price
from termdesk.core.venues.boards import book_and_board
from termdesk.core.venues.days import listing_age
from termdesk.core.venues.rows import Certainty, LimitBase, LimitCase, LimitRow
from termdesk.core.venues.rulebook import RuleBook, in_force
from termdesk.core.venues.ticks import tick_rule


class PriceLimits(msgspec.Struct, frozen=True):
    """Lowest and highest price that the venue takes, both None on a day without limits."""

    low: Price | None
    high: Price | None
    certainty: Certainty
    source: str


def price_limits(instrument: Instrument, day: str, prev_close: Price, prev_settlement: Price = 0) -> PriceLimits | None:
    """Give the limits of one day.

    Args:
        instrument: Its ``first_day`` tells new listings, its ``standings`` tell
            risk warnings, delisting periods and funds with a wide band. Where
            they are silent, there is an answer only if every case gives the same.
        day: ISO date of the venue.
        prev_close: The venue's previous close, adjusted for rights.
        prev_settlement: The previous settlement price, for futures; 0 where it is not known.

    Returns:
        None where the limits are not known, and before the listing.
    """
    placed = book_and_board(instrument, day)
    if placed is None or max(prev_close, prev_settlement) <= 0 or day < instrument.first_day:
        return None
    book, board = placed
    row = _only(_candidates(book, board, instrument, day))
    if row is None:
        return None
    if row.unlimited:
        return PriceLimits(None, None, row.certainty, row.source)
    step = tick_rule(instrument, day)
    if row.up is None or row.down is None or step is None:
        return None
    if row.base is LimitBase.PREV_SETTLEMENT:
        return _from_settlement(row, row.up, row.down, prev_settlement, step.tick)
    if row.base is not LimitBase.PREV_CLOSE or prev_close <= 0:
        return None
    high = _rounded(prev_close, 1 + row.up, step.tick)
    low = _rounded(prev_close, 1 - row.down, step.tick)
    if min(high - prev_close, prev_close - low) < step.tick:
        if step.limit_is_a_tick_away is None:
            return None
        least = step.tick if step.limit_is_a_tick_away else 0
        high, low = max(high, prev_close + least), min(low, prev_close - least)
    return PriceLimits(max(low, 0), high, row.certainty, row.source)


def _candidates(book: RuleBook, board: str, instrument: Instrument, day: str) -> list[LimitRow]:
    """Rows that may apply, up to the first that surely does."""
    standing = instrument.standing(day)
    found: list[LimitRow] = []
    for case in LimitCase:
        rows = [row for row in book.limits if row.case is case]
        since = instrument.first_day if case is LimitCase.LISTING and instrument.first_day else day
        row = in_force(rows, board, since)
        if row is None:
            continue
        applies = _applies(book, row, instrument, day, standing)
        if applies is not False:
            found.append(row)
        if applies:
            return found
    return []


def _applies(book: RuleBook, row: LimitRow, instrument: Instrument, day: str, standing: Standing | None) -> bool | None:
    """Whether the row's case is the security's; None where that is not known."""
    if row.case is LimitCase.ORDINARY:
        return True
    if row.case is LimitCase.LISTING:
        return _within(row, listing_age(book, instrument.first_day, day))
    if standing is None:
        return None
    if row.case is LimitCase.DELISTING:
        return bool(standing.delisting_since) and _within(row, listing_age(book, standing.delisting_since, day))
    return standing.risk_warning if row.case is LimitCase.RISK_WARNING else standing.wide_band


def _within(row: LimitRow, age: int | None) -> bool | None:
    return None if age is None or row.days is None else age <= row.days


def _only(rows: list[LimitRow]) -> LimitRow | None:
    """The last of the rows if all say the same."""
    bands = {(row.base, row.unlimited, row.up, row.down) for row in rows}
    return rows[-1] if len(bands) == 1 else None


def _from_settlement(row: LimitRow, up: Decimal, down: Decimal, settlement: Price, tick: Price) -> PriceLimits | None:
    """How futures round a limit is not known, so that there is an answer only where none needs rounding."""
    edges = [EXACT.multiply(Decimal(settlement), factor) for factor in (1 - down, 1 + up)]
    if settlement <= 0 or any(edge % tick for edge in edges):
        return None
    return PriceLimits(int(edges[0]), int(edges[1]), row.certainty, row.source)


def _rounded(price: Price, factor: Decimal, tick: Price) -> Price:
    exact = EXACT.divide(EXACT.multiply(Decimal(price), factor), Decimal(tick))
    return int(exact.to_integral_value(ROUND_HALF_UP)) * tick
