"""How a venue is dealt with: order types it takes, its fixed-price session, when a bought unit may be sold."""

from __future__ import annotations

from termdesk.core.model.instrument import Fund, Instrument
from termdesk.core.venues.boards import book_and_board
from termdesk.core.venues.rows import AfterHoursRow, AuctionTie, ContractRow, ExtendedRow, FinancingRow, SettlementRow
from termdesk.core.venues.rulebook import in_force


def order_types(instrument: Instrument, day: str) -> tuple[str, ...] | None:
    """Give the order types that the venue itself takes; None where they are not known.

    ``limit``, ``best5_cancel`` and ``best5_limit`` (best five levels, rest
    cancelled or left as limit), ``opposite_best``, ``own_best``, ``any_cancel``
    (any depth, rest cancelled), ``fill_or_kill``, ``after_hours``. No Chinese
    exchange has stop orders.
    """
    placed = book_and_board(instrument, day)
    row = in_force(placed[0].order_types, placed[1], day) if placed is not None else None
    return row.types if row is not None else None


def auction_tie(instrument: Instrument, day: str) -> AuctionTie | None:
    """Give how the venue's call auctions choose between prices of equal volume; None where it is not known."""
    placed = book_and_board(instrument, day)
    row = in_force(placed[0].auctions, placed[1], day) if placed is not None else None
    return row.tie if row is not None else None


def after_hours(instrument: Instrument, day: str) -> AfterHoursRow | None:
    """Give the session at the closing price; None where there is none or it is not known."""
    placed = book_and_board(instrument, day)
    return in_force(placed[0].after_hours, placed[1], day) if placed is not None else None


def settlement(instrument: Instrument, day: str) -> int | None:
    """Trading days until a bought unit may be sold: 1 for T+1, 0 for T+0.

    Returns:
        None where it is not known; a fund in China has to say what it invests in.
    """
    row = _settlement(instrument, day)
    return row.sell_after_days if row is not None else None


def settle_days(instrument: Instrument, day: str) -> int | None:
    """Trading days until units and money of a trade have changed hands; None where it is not known."""
    row = _settlement(instrument, day)
    return row.settle_after_days if row is not None else None


def _settlement(instrument: Instrument, day: str) -> SettlementRow | None:
    placed = book_and_board(instrument, day)
    if placed is None:
        return None
    wanted = instrument.detail.invests_in if isinstance(instrument.detail, Fund) else ""
    rows = [row for row in placed[0].settlements if row.invests_in == wanted] if wanted else []
    own = in_force(rows, placed[1], day)
    return own or in_force([row for row in placed[0].settlements if not row.invests_in], placed[1], day)


def contract(instrument: Instrument, day: str) -> ContractRow | None:
    """Give multiplier and least margin of a future; None where they are not known."""
    placed = book_and_board(instrument, day)
    return in_force(placed[0].contracts, placed[1], day) if placed is not None else None


def financing(instrument: Instrument, day: str) -> FinancingRow | None:
    """Give what is known of buying on credit; None where nothing is."""
    placed = book_and_board(instrument, day)
    return in_force(placed[0].financing, placed[1], day) if placed is not None else None


def extended_hours(instrument: Instrument, day: str) -> ExtendedRow | None:
    """Give trading before the opening and after the close, which is not simulated; None where none is known."""
    placed = book_and_board(instrument, day)
    return in_force(placed[0].extended, placed[1], day) if placed is not None else None
