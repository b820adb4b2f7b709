"""An order that the simulated exchange takes up again after a restart."""

from __future__ import annotations

import msgspec

from termdesk.core.model.execution import NewOrderSingle
from termdesk.core.model.number import Qty


class RestoredOrder(msgspec.Struct, frozen=True):
    """Terms in force (amends included) and what was filled before."""

    new: NewOrderSingle
    cum_qty: Qty
