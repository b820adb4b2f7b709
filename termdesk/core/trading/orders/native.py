"""What a venue does by itself, and what of an order the engine has to do in its place."""

from __future__ import annotations

import msgspec

from termdesk.core.model.errors import Refused
from termdesk.core.model.terms import OrdType, TimeInForce, TriggerBy

_UNDONE = frozenset({TimeInForce.IOC, TimeInForce.FOK, TimeInForce.AT_OPEN, TimeInForce.AT_CLOSE})
_TIMED = frozenset({TimeInForce.DAY, TimeInForce.GTD})


class Native(msgspec.Struct, frozen=True, kw_only=True):
    """What the route to a venue takes for one instrument."""

    ord_types: frozenset[OrdType] = frozenset(OrdType)
    times_in_force: frozenset[TimeInForce] = frozenset(TimeInForce)
    trigger_bys: frozenset[TriggerBy] = frozenset(TriggerBy)
    iceberg: bool = True
    replace: bool = True
    """Whether an order that rests there can get other terms."""


EVERYTHING = Native()


class Handling(msgspec.Struct, frozen=True):
    """What the engine does for an order in the venue's place."""

    emulated: bool
    """Watches for its trigger, or deals out its slices."""
    expires_here: bool
    """Ends it when its time is over."""


NATIVELY = Handling(emulated=False, expires_here=False)
_HERE: dict[tuple[bool, bool], Handling] = {
    (emulated, expires): Handling(emulated, expires) for emulated in (False, True) for expires in (False, True)
}


def handling(
    native: Native, ord_type: OrdType, time_in_force: TimeInForce, trigger_by: TriggerBy, display_qty: int | None
) -> Handling:
    """Split an order between venue and engine.

    Raises:
        Refused: The venue has no such order, and it can't be emulated.
    """
    if native is EVERYTHING:
        return NATIVELY
    then = ord_type.triggered
    if then not in native.ord_types:
        raise Refused("risk.not_offered", {"what": then.value})
    if time_in_force in _UNDONE and time_in_force not in native.times_in_force:
        raise Refused("risk.not_offered", {"what": time_in_force.value})
    watched = ord_type.has_trigger and not (ord_type in native.ord_types and trigger_by in native.trigger_bys)
    sliced = display_qty is not None and not native.iceberg
    expires = time_in_force in _TIMED and time_in_force not in native.times_in_force
    return _HERE[watched or sliced, expires]
