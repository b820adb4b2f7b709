"""Where a staged order stands: at the cursor, or at a price that follows the market. Pure."""

from __future__ import annotations

from enum import Enum

from termdesk.core.model.price import crosses
from termdesk.core.model.terms import OrdType, Side
from termdesk.core.wire.topics import QuoteBody


class Pricing(Enum):
    """What a staged order's price comes from."""

    CURSOR = "cursor"
    """The ladder's cursor; which side of the market it is on decides between limit and stop."""
    FIXED = "fixed"
    """A person moved it away from what it followed."""
    JOIN = "join"
    """The best price of its own side."""
    IMPROVE = "improve"
    """One tick before the best of its own side where the spread leaves room, else the best."""
    MID = "mid"
    """Between the best prices, on the tick towards its own side."""
    TAKE = "take"
    """The best price of the other side: a limit order that trades at once and no further."""
    MARKET = "market"
    """No price."""

    @property
    def follows(self) -> bool:
        """Whether it moves with the market until it is sent."""
        return self in _FOLLOWING


_FOLLOWING = frozenset({Pricing.JOIN, Pricing.IMPROVE, Pricing.MID, Pricing.TAKE})


def best(quote: QuoteBody | None, side: Side) -> int:
    """Give the best price of a side, 0 where there is none or the book has a gap."""
    if quote is None or not quote.book_valid:
        return 0
    return quote.bid if side is Side.BUY else quote.ask


def priced(pricing: Pricing, side: Side, quote: QuoteBody | None, tick: int) -> int | None:
    """Give the price that follows from the quote; None where the quote has none, or the pricing follows nothing."""
    own, other = best(quote, side), best(quote, side.opposite)
    if pricing is Pricing.TAKE:
        return other or None
    if not own or pricing is Pricing.JOIN:
        return own or None
    room = (other - own) * side.sign if other else 0
    if pricing is Pricing.IMPROVE:
        return own + tick * side.sign if room > tick else own
    if pricing is Pricing.MID:
        return own + side.sign * (room // 2 // tick * tick) if room > 0 else own
    return None


def cursor_type(side: Side, price: int, quote: QuoteBody | None, orientation: int = 1) -> OrdType:
    """Give what an order at the cursor is: a limit up to the other side's best price, a stop beyond it."""
    other = best(quote, side.opposite)
    beyond = other and price != other and crosses(side, price, other, orientation)
    return OrdType.STOP if beyond else OrdType.LIMIT


def away_ticks(side: Side, price: int, quote: QuoteBody | None, tick: int) -> int | None:
    """Give the ticks from a price to the other side's best: positive short of it, negative beyond; None unknown."""
    other = best(quote, side.opposite)
    return (other - price) * side.sign // tick if other and tick else None
