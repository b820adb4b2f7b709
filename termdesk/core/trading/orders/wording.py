"""Whether a new order's words fit together, before the gate looks at its numbers against the market."""

from __future__ import annotations

from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.errors import Refused
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain, to_decimal
from termdesk.core.model.terms import OrdType, TimeInForce, TrailUnit
from termdesk.core.trading.state import DeskState, group_key

ONLY_AUCTION = frozenset({TimeInForce.AT_OPEN, TimeInForce.AT_CLOSE})
"""For the call auction only."""
_TRAILING = frozenset({OrdType.TRAILING_STOP, OrdType.TRAILING_STOP_LIMIT})


def check_words(state: DeskState, command: SubmitOrder, instrument: Instrument, tick: int, now_ns: int) -> None:
    """Refuse what no venue and no engine could carry out.

    Raises:
        Refused: A trigger, a trail, an end, a shown quantity or a group is missing, out of place or impossible.
    """
    if command.ord_type.has_trigger or command.trail is not None or command.trigger_price is not None:
        _check_trigger(command, instrument, tick)
    if command.time_in_force is TimeInForce.GTD:
        _check_end(command, now_ns)
    elif command.expire_ns is not None:
        raise Refused("risk.misplaced", {"what": "gtd", "ord_type": command.time_in_force.value})
    if command.time_in_force in ONLY_AUCTION:
        _check_auction(command)
    if command.display_qty is not None:
        _check_display(command, instrument)
    if command.contingency is not None or command.group:
        _check_group(state, command)


def _check_trigger(command: SubmitOrder, instrument: Instrument, tick: int) -> None:
    trails = command.ord_type in _TRAILING
    if not command.ord_type.has_trigger:
        raise Refused("risk.misplaced", {"what": "trigger", "ord_type": command.ord_type.value})
    if trails != (command.trail is not None):
        raise Refused("risk.misplaced", {"what": "trail", "ord_type": command.ord_type.value})
    if not trails and command.trigger_price is None:
        raise Refused("risk.trigger_missing", {"ord_type": command.ord_type.value})
    activation = None if command.trail is None else command.trail.activation_price
    for price in (command.trigger_price, activation):
        if price is not None:
            check_price(price, instrument, tick)
    if command.trail is not None:
        _check_trail(command, instrument)


def check_price(price: int, instrument: Instrument, tick: int) -> None:
    """Refuse a trigger that is not above zero or off the tick.

    Raises:
        Refused: It is.
    """
    text = instrument.price_text
    if price <= 0:
        raise Refused("risk.price_positive", {"price": text(price)})
    if price % tick:
        raise Refused("risk.tick", {"price": text(price), "tick": text(tick)})


def _check_trail(command: SubmitOrder, instrument: Instrument) -> None:
    trail = command.trail
    assert trail is not None  # the caller looked
    too_far = {TrailUnit.PERCENT: 100, TrailUnit.BPS: 10_000}.get(trail.unit)
    if trail.value <= 0 or (too_far is not None and trail.value >= too_far):
        raise Refused("risk.trail", {"value": plain(trail.value), "unit": trail.unit.value})
    needs_offset = command.ord_type is OrdType.TRAILING_STOP_LIMIT and command.price is None
    if needs_offset and trail.limit_offset is None:
        raise Refused("risk.price_missing")


def _check_end(command: SubmitOrder, now_ns: int) -> None:
    if command.expire_ns is None:
        raise Refused("risk.end_missing")
    if command.expire_ns < now_ns:
        late = to_decimal(now_ns - command.expire_ns, 9)
        raise Refused("risk.end_past", {"seconds": plain(late)})


def _check_auction(command: SubmitOrder) -> None:
    """An auction takes limit and market orders, as they are."""
    time, ord_type = command.time_in_force.value, command.ord_type
    if ord_type not in (OrdType.LIMIT, OrdType.MARKET):
        raise Refused("risk.misplaced", {"what": time, "ord_type": ord_type.value})
    if command.post_only or command.display_qty is not None:
        raise Refused("risk.misplaced", {"what": "post_only" if command.post_only else "display_qty", "ord_type": time})


def _check_display(command: SubmitOrder, instrument: Instrument) -> None:
    shown = command.display_qty or 0
    if shown <= 0 or shown > command.qty or command.time_in_force.is_at_once or not command.ord_type.has_limit:
        words = {"shown": instrument.qty_text(shown), "qty": instrument.qty_text(command.qty)}
        raise Refused("risk.display", words)


def _check_group(state: DeskState, command: SubmitOrder) -> None:
    if not command.group or command.contingency is None:
        raise Refused("group.incomplete")
    members = state.groups.get(group_key(command.account, command.group), ())
    for member in map(state.orders.__getitem__, members):
        if member.status.is_open and member.contingency is not command.contingency:
            raise Refused("group.other", {"group": command.group, "order_id": member.order_id})
