"""Facts about money and units that move without an order. Each is one posting with its cause, on one account."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.number import Qty
from termdesk.core.model.posting import Cause, Settles


class CashPosted(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="cash_posted.1"):
    """Money came into an account, or left it where ``amount`` is below zero."""

    command_id: str
    account: str
    asset: str
    amount: Decimal
    cause: Cause
    day: str = ""
    """Trading day that it belongs to; empty: the one of its moment."""
    item: str = ""
    """``dividend``, ``tax``…"""
    instrument: str = ""
    """What the income or cost belongs to."""
    note: str = ""


class UnitsPosted(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="units_posted.1"):
    """Units came into a holding, or left it where ``qty`` is below zero.

    A fill (a trade made elsewhere), an allocation and an expiry move the money
    with them, like a trade at ``amount``. Otherwise no money moves: units that come in cost ``amount``,
    units that leave take their average cost along, and nothing is realised.
    """

    command_id: str
    account: str
    instrument: str
    qty: Qty
    amount: Decimal
    """Unsigned, in the instrument's currency."""
    cause: Cause
    settles: Settles | None = None
    """When the units are settled; None is at once."""
    due_qty: Qty = 0
    """What of ``qty`` waits for ``settles``; 0 is all."""
    note: str = ""


class UnitsScaled(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="units_scaled.1"):
    """A position is ``qty`` units from here on, at the same cost: split, reverse split, bonus shares."""

    command_id: str
    account: str
    instrument: str
    qty: Qty
    note: str = ""


class PositionMarked(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="position_marked.1"):
    """A margin account was paid, or paid, the profit at a settlement price, which its position costs from here on."""

    account: str
    instrument: str
    price: Decimal
    source: str
    """Where the price came from: ``settlement``, ``last``, ``person``."""
    day: str
    """Trading day that it settles."""
    command_id: str = ""
