"""What an order pays: the terms of every fee in force for an instrument on a day."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.execution import FeeItem
from termdesk.core.model.fee import FeeTerm
from termdesk.core.model.money import round_money
from termdesk.core.model.terms import Side


class FeeSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """Fee terms by side, the commission first; made once for an instrument and day."""

    currency: str
    buy: tuple[FeeTerm, ...]
    sell: tuple[FeeTerm, ...]
    unknown_buy: tuple[str, ...] = ()
    """Fees that a buy pays and whose rate is not known; ``charges`` where not even their names are."""
    unknown_sell: tuple[str, ...] = ()

    def terms(self, side: Side) -> tuple[FeeTerm, ...]:
        """Terms of one side."""
        return self.buy if side is Side.BUY else self.sell

    def unknown(self, side: Side) -> tuple[str, ...]:
        """What one side pays besides, in amounts that nobody here knows."""
        return self.unknown_buy if side is Side.BUY else self.unknown_sell

    def items(self, side: Side, amount: Decimal, units: Decimal) -> tuple[FeeItem, ...]:
        """Fees of an order that trades at once and as a whole, each rounded half up; items of zero are left out."""
        charged = (
            FeeItem(term.kind, self.currency, round_money(term.bounded(term.due(amount, units)), self.currency))
            for term in self.terms(side)
        )
        return tuple(item for item in charged if item.amount)


def flat(currency: str, maker: Decimal, taker: Decimal) -> FeeSchedule:
    """One commission without minimum for both sides."""
    terms = (FeeTerm("commission", taker, maker_rate=maker),)
    return FeeSchedule(currency=currency, buy=terms, sell=terms)
