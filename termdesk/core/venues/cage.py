"""The price cage: how far a limit order may lie beyond the market in continuous trading.

It does not bind in auctions and at fixed prices, nor funds, bonds and B
shares. The daily limit bounds the price besides.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.money import EXACT
from termdesk.core.model.number import Price
from termdesk.core.model.terms import Side
from termdesk.core.venues.boards import book_and_board
from termdesk.core.venues.rows import Certainty
from termdesk.core.venues.rulebook import in_force
from termdesk.core.venues.ticks import tick_rule


class PriceCage(msgspec.Struct, frozen=True):
    """The worst price that the venue surely takes: highest for a buy, lowest for a sale."""

    price: Price
    certainty: Certainty
    source: str


def price_cage(
    instrument: Instrument, day: str, side: Side, *, bid: Price, ask: Price, last: Price, prev_close: Price
) -> PriceCage | None:
    """Give the cage of one side.

    A bound between two ticks is drawn to the inside: sources differ about
    its rounding, and the inner price is legal by every reading.

    Args:
        instrument: A share.
        day: ISO date of the venue.
        side: Of the order.
        bid: Best bid, 0 where there is none; so are the other prices.
        ask: Best ask.
        last: Last price of the day.
        prev_close: Previous close.

    Returns:
        None where no cage is known or no price to reckon from.
    """
    placed = book_and_board(instrument, day)
    row = in_force(placed[0].cages, placed[1], day) if placed is not None else None
    step = tick_rule(instrument, day)
    order = (ask, bid, last, prev_close) if side is Side.BUY else (bid, ask, last, prev_close)
    base = next((price for price in order if price > 0), 0)
    if row is None or step is None or base == 0:
        return None
    exact = EXACT.divide(EXACT.multiply(Decimal(base), 1 + side.sign * row.share), Decimal(step.tick))
    inner = int(exact.to_integral_value(ROUND_FLOOR if side is Side.BUY else ROUND_CEILING)) * step.tick
    apart = base + side.sign * row.ticks * step.tick
    bound = max(inner, apart) if side is Side.BUY else min(inner, apart)
    return PriceCage(bound, row.certainty, row.source)
