"""An order that the simulated exchange takes up again after a restart."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.execution import FeeItem, NewOrderSingle
from termdesk.core.model.fee import FeeTerm
from termdesk.core.model.number import Qty
from termdesk.core.model.terms import Liquidity


class ChargedFill(msgspec.Struct, frozen=True):
    """A booked fill, as far as fees follow from it."""

    amount: Decimal
    """Money that changed hands, unsigned."""
    units: Decimal
    liquidity: Liquidity | None
    fees: tuple[FeeItem, ...]


class RestoredOrder(msgspec.Struct, frozen=True):
    """Terms in force (amends included) and what was filled before."""

    new: NewOrderSingle
    cum_qty: Qty
    fee_terms: tuple[FeeTerm, ...] = ()
    """As they were when the order was sent."""
    fills: tuple[ChargedFill, ...] = ()
    triggered: bool = False
    """Whether its trigger was reached before."""
