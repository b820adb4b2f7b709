"""What makes a waiting order work: a fixed trigger, or one that trails the market."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.number import Price, plain
from termdesk.core.model.terms import TrailUnit


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
