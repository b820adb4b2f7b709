"""How much of a position working orders take, and by how much they give way to closing a part of it by hand."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from termdesk.core.model.command import AmendOrder, CancelOrder
from termdesk.core.model.terms import OrdStatus
from termdesk.core.wire.queries import OrderLine


class Cut(msgspec.Struct, frozen=True):
    """One order and what may be left of it."""

    line: OrderLine
    leaves: int

    def command(self, command_id: str) -> AmendOrder | CancelOrder:
        """Give the command that makes the order so small."""
        if not self.leaves:
            return CancelOrder(command_id=command_id, order_id=self.line.order_id, origin="ladder")
        qty = self.line.cum_qty + self.leaves
        return AmendOrder(command_id=command_id, order_id=self.line.order_id, qty=qty, origin="ladder")


def taken(lines: Iterable[OrderLine]) -> int:
    """Give how much orders of one side may still trade in all."""
    return sum(max(line.leaves_qty for line in members) for members in _slots(lines))


def cuts(lines: Iterable[OrderLine], left: int) -> list[Cut]:
    """Make orders of the closing side fit into what will be left of a position: older ones keep what they have."""
    found = []
    for members in _slots(lines):
        found += [Cut(line, left) for line in members if line.leaves_qty > left]
        left -= min(left, max(line.leaves_qty for line in members))
    return found


def freed(found: Iterable[Cut]) -> int:
    """Give how much of the position cuts set free; a group does so once."""
    by_slot: dict[str, int] = {}
    for cut in found:
        slot = cut.line.group or cut.line.order_id
        by_slot[slot] = max(by_slot.get(slot, 0), cut.line.leaves_qty - cut.leaves)
    return sum(by_slot.values())


def _slots(lines: Iterable[OrderLine]) -> list[list[OrderLine]]:
    """Put together what counts once: orders of a group, since one of them takes the others off.

    What is held counts for nothing yet, and a slice belongs to its whole.
    """
    slots: dict[str, list[OrderLine]] = {}
    for line in lines:
        is_slice = line.parent_id and line.release is None
        if line.status is not OrdStatus.HELD and not is_slice:
            slots.setdefault(line.group or line.order_id, []).append(line)
    return list(slots.values())
