"""How fees are reckoned, and what was charged is in ``execution.FeeItem``."""

from __future__ import annotations

from decimal import Decimal

import msgspec

_ZERO = Decimal(0)


class FeeTerm(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One fee of an order, reckoned on all its fills together.

    ``rate`` is a share of the money that changes hands, ``per_unit`` money for
    one unit or contract; both are added. The sum is at least ``minimum`` once
    anything is filled and at most ``maximum``. An order that rests pays
    ``maker_rate`` where it is given; a rate below 0 is a rebate.
    """

    kind: str
    rate: Decimal
    minimum: Decimal = _ZERO
    per_unit: Decimal = _ZERO
    maker_rate: Decimal | None = None
    maximum: Decimal | None = None

    def due(self, amount: Decimal, units: Decimal, *, maker: bool = False) -> Decimal:
        """What a fill adds, before bounds and rounding. ``amount`` is unsigned."""
        rate = self.maker_rate if maker and self.maker_rate is not None else self.rate
        return amount * rate + units * self.per_unit if self.per_unit else amount * rate

    def bounded(self, due: Decimal) -> Decimal:
        """The sum of an order's fills within the bounds."""
        if due < self.minimum and self.minimum:
            return self.minimum
        return due if self.maximum is None or due <= self.maximum else self.maximum
