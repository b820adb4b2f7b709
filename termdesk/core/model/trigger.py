"""What makes a waiting order work: a fixed trigger, or one that trails the market."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.number import Price, plain
from termdesk.core.model.terms import OrdType, Side, TrailUnit, TriggerBy


class Trail(msgspec.Struct, frozen=True):
    """How a trigger follows the market. Does not hold the trigger itself, which moves without facts.

    ``value`` is in the instrument's price for ``PRICE``, a count for
    ``TICKS``, and a share of the followed price for ``BPS`` and ``PERCENT``.
    """

    unit: TrailUnit
    value: Decimal
    activation_price: Price | None = None
    """Nothing is followed before the market is at this price or better for the order; None follows at once."""
    limit_offset: Price | None = None
    """Distance of the limit behind the trigger, for a trailing stop-limit."""


SUFFIXES = {"%": TrailUnit.PERCENT, "bp": TrailUnit.BPS, "t": TrailUnit.TICKS}
"""What stands behind the number of a distance; nothing behind one in price."""
_WRITTEN = {unit: suffix for suffix, unit in SUFFIXES.items()}


def distance_text(trail: Trail) -> str:
    """Write a distance as the order language reads it."""
    return plain(trail.value) + _WRITTEN.get(trail.unit, "")


def followed_by(side: Side, trigger_by: TriggerBy, prices: tuple[Price, Price, Price]) -> int:
    """Give what a trigger is compared with, scaled: for ``TriggerBy.MID`` the sum of bid and ask; 0 is none.

    Args:
        side: Of the order.
        trigger_by: What it follows.
        prices: Best bid, best ask and last price; 0 is none.
    """
    bid, ask, last = prices
    if trigger_by is TriggerBy.BID_ASK:
        return ask if side is Side.BUY else bid
    if trigger_by is TriggerBy.MID:
        return bid + ask if bid and ask else 0
    return last


def reached(
    side: Side, ord_type: OrdType, trigger: Price, trigger_by: TriggerBy, prices: tuple[Price, Price, Price]
) -> Decimal | None:
    """Give the scaled price that has reached a fixed trigger already; None where it has not, or none is known.

    Args:
        side: Of the order.
        ord_type: One that waits for a trigger.
        trigger: Where it would wait.
        trigger_by: What it follows.
        prices: Best bid, best ask and last price; 0 is none.
    """
    followed = Decimal(followed_by(side, trigger_by, prices)) / (2 if trigger_by is TriggerBy.MID else 1)
    rises = (side is Side.BUY) is not ord_type.in_favour
    if not followed or (followed < trigger if rises else followed > trigger):
        return None
    return followed
