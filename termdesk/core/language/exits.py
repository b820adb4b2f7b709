"""The exits that a bracket's line means."""

from __future__ import annotations

from msgspec.structs import replace

from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.terms import OrdType, PositionEffect, TimeInForce


def exit_of(
    entry: SubmitOrder, ord_type: OrdType, *, price: int | None, trigger_price: int | None = None
) -> SubmitOrder:
    """An exit of the whole entry: on the other side, reduce-only, good till cancelled."""
    return replace(
        entry,
        side=entry.side.opposite,
        ord_type=ord_type,
        price=price,
        trigger_price=trigger_price,
        trail=None,
        time_in_force=TimeInForce.GTC,
        expire_ns=None,
        post_only=False,
        reduce_only=True,
        display_qty=None,
        position_effect=PositionEffect.AUTO,
    )
