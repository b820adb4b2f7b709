"""Where a trailing trigger stands behind a followed price, in exact integers.

The distance is a price, a count of ticks, or a share of the followed price
itself. The trigger is rounded to the tick away from the market: a sale's
down, a buy's up, so that rounding never fires it earlier.
"""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.model.terms import Side, TrailUnit
from termdesk.core.model.trigger import Trail

_SHARES = {TrailUnit.BPS: 10_000, TrailUnit.PERCENT: 100}


class Distance:
    """A trail's distance on one instrument."""

    __slots__ = ("_fixed", "_parts", "_share", "_sign", "_step", "_tick")

    def __init__(self, trail: Trail, side: Side, tick: int, price_decimals: int, scale: int = 1) -> None:
        """Prepare the arithmetic.

        Args:
            trail: Unit and value.
            side: Of the order; a buy's trigger is above the market.
            tick: Step of the trigger.
            price_decimals: Of the instrument.
            scale: How many units of the followed number one price unit is (2 for a sum of bid and ask).
        """
        over, under = trail.value.as_integer_ratio()
        per_one = _SHARES.get(trail.unit)
        fixed = share = 0
        if per_one is not None:
            share, under = over, under * per_one
        else:
            fixed = over * (tick if trail.unit is TrailUnit.TICKS else int(Decimal(1).scaleb(price_decimals)))
        self._sign = side.sign
        self._tick = tick
        self._parts = under
        self._share = share
        self._fixed = fixed * scale
        self._step = under * tick * scale

    def trigger(self, followed: int) -> int:
        """The trigger for a followed price, on the tick."""
        sign = self._sign
        exact = followed * (self._parts + sign * self._share) + sign * self._fixed
        # Rounds away from the market: up for a buy, down for a sale.
        return -(-sign * exact // self._step) * self._tick if sign > 0 else exact // self._step * self._tick
