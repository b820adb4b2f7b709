"""What open orders may still trade, by side of an instrument, so that nobody has to add up all of them.

An order that the engine holds until another one fills promises nothing, and
neither does a slice, for which its parent counts. Of a group only the largest
counts (``exposure.promised``), so its orders are kept by name alone.
"""

from __future__ import annotations

import msgspec

from termdesk.core.trading.orders.order import Order


class Promised(msgspec.Struct):
    """Open orders of an account on one side of an instrument."""

    alone: dict[str, int] = {}
    """What is left of each order that is of no group."""
    total: int = 0
    """The same, added up."""
    grouped: dict[str, None] = {}
    """Ids of the others."""

    def keep(self, order: Order) -> None:
        """Count an order as it stands now, whether it was counted before or not."""
        if order.group:
            self.grouped[order.order_id] = None
            return
        self.total += order.leaves_qty - self.alone.get(order.order_id, 0)
        self.alone[order.order_id] = order.leaves_qty

    def drop(self, order: Order) -> None:
        """Count an order no longer, if it was counted."""
        self.total -= self.alone.pop(order.order_id, 0)
        self.grouped.pop(order.order_id, None)


class Promises(msgspec.Struct):
    """Both sides of an instrument."""

    buys: Promised = msgspec.field(default_factory=Promised)
    sells: Promised = msgspec.field(default_factory=Promised)
