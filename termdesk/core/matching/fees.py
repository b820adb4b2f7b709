"""What an order was charged so far: every fee is reckoned and rounded on its fills together, not on each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from termdesk.core.matching.restored import ChargedFill
from termdesk.core.model.execution import FeeItem
from termdesk.core.model.fee import FeeTerm
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.money import round_money
from termdesk.core.model.terms import Liquidity, Side
from termdesk.core.venues.schedule import FeeSchedule

FeesOf = Callable[[Instrument], FeeSchedule]
"""Gives the fees in force for an instrument on its trading day; cached, because every fill asks."""

_ZERO = Decimal(0)


class FeeTally:
    """Fees of one order by kind, before rounding and as charged. Mutable; owned by its order."""

    __slots__ = ("_charged", "_due")

    def __init__(self) -> None:
        self._due: dict[str, Decimal] = {}
        self._charged: dict[str, Decimal] = {}

    def charge(
        self, fees: FeeSchedule, instrument: Instrument, side: Side, liquidity: Liquidity, price: Decimal, qty: int
    ) -> tuple[FeeItem, ...]:
        """Charge a fill: what all fills together cost less what was charged before."""
        amount = abs(instrument.cash(price, qty, ""))
        units = instrument.qty_decimal(qty)
        maker = liquidity is Liquidity.MAKER
        items = []
        for term in fees.terms(side):
            due = self._due.get(term.kind, _ZERO) + term.due(amount, units, maker=maker)
            self._due[term.kind] = due
            more = round_money(term.bounded(due), fees.currency) - self._charged.get(term.kind, _ZERO)
            if more:
                self._count(term.kind, more)
                items.append(FeeItem(term.kind, fees.currency, more))
        return tuple(items)

    def recall(self, terms: tuple[FeeTerm, ...], fills: Iterable[ChargedFill]) -> None:
        """Take fills from before a restart as they were charged then.

        What rounding left over is reckoned again where ``terms`` lead to what
        was charged; else what was charged stands for what was due.
        """
        before = tuple(fills)
        for fill in before:
            for item in fill.fees:
                self._count(item.kind, item.amount)
        for term in terms:
            due = sum((term.due(f.amount, f.units, maker=f.liquidity is Liquidity.MAKER) for f in before), _ZERO)
            self._due[term.kind] = due
        for kind, charged in self._charged.items():
            asset = next(item.asset for fill in before for item in fill.fees if item.kind == kind)
            if not any(
                term.kind == kind and round_money(term.bounded(self._due[kind]), asset) == charged for term in terms
            ):
                self._due[kind] = charged

    def _count(self, kind: str, amount: Decimal) -> None:
        self._charged[kind] = self._charged.get(kind, _ZERO) + amount
