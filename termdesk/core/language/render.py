"""Commands to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from termdesk.core.model.command import (
    AmendOrder,
    ArmCondition,
    CancelAll,
    CancelOrder,
    DeskCommand,
    DisarmCondition,
    SubmitOrder,
)
from termdesk.core.model.condition import LastAtOrAbove
from termdesk.core.model.errors import Refused
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import PositionEffect

_Instruments = Mapping[str, Instrument]


def render(command: DeskCommand, instruments: _Instruments, orders: Mapping[str, str] | None = None) -> str:
    """Write a command as the line that parses to it.

    Leaves out what a line cannot say: command id, origin, note and tags.

    Args:
        command: What to write.
        instruments: By id; must hold the command's instrument.
        orders: Instrument id by order id, for amendments.

    Raises:
        Refused: The instrument, or the order of an amendment, is unknown.
    """
    return " ".join(_WRITERS[type(command)](command, instruments, orders or {}))


def _submit(command: SubmitOrder, instruments: _Instruments, _orders: Mapping[str, str]) -> list[str]:
    instrument = _known(command.instrument, instruments)
    words = [command.side.value, instrument.qty_text(command.qty), instrument.id]
    words += ["market"] if command.price is None else ["@", instrument.price_text(command.price)]
    words.append(command.time_in_force.value)
    words += ["post"] if command.post_only else []
    words += ["reduce"] if command.reduce_only else []
    if command.position_effect is not PositionEffect.AUTO:
        words.append(command.position_effect.value)
    return [*words, "account", command.account]


def _cancel(command: CancelOrder, _instruments: _Instruments, _orders: Mapping[str, str]) -> list[str]:
    return ["cancel", command.order_id]


def _cancel_all(command: CancelAll, instruments: _Instruments, _orders: Mapping[str, str]) -> list[str]:
    words = ["cancel", "all"]
    if command.side is not None:
        words.append(command.side.value)
    if command.instrument is not None:
        instrument = _known(command.instrument, instruments)
        words.append(instrument.id)
        words += [] if command.price is None else ["@", instrument.price_text(command.price)]
    return [*words, "account", command.account or "*"]


def _amend(command: AmendOrder, instruments: _Instruments, orders: Mapping[str, str]) -> list[str]:
    instrument = instruments.get(orders.get(command.order_id, ""))
    if instrument is None:
        raise Refused("command.order_unknown", {"order_id": command.order_id})
    words = ["amend", command.order_id]
    words += [] if command.qty is None else ["qty", instrument.qty_text(command.qty)]
    return words + ([] if command.price is None else ["@", instrument.price_text(command.price)])


def _alert(command: ArmCondition, instruments: _Instruments, _orders: Mapping[str, str]) -> list[str]:
    predicate = command.predicate
    instrument = _known(predicate.instrument, instruments)
    reach = ">=" if isinstance(predicate, LastAtOrAbove) else "<="
    return ["alert", instrument.id, reach, instrument.price_text(predicate.price)]


def _disarm(command: DisarmCondition, _instruments: _Instruments, _orders: Mapping[str, str]) -> list[str]:
    return ["disarm", command.condition_id]


def _known(instrument_id: str, instruments: _Instruments) -> Instrument:
    instrument = instruments.get(instrument_id)
    if instrument is None:
        raise Refused("command.instrument_unknown", {"instrument": instrument_id})
    return instrument


_WRITERS: dict[type, Callable[[Any, _Instruments, Mapping[str, str]], list[str]]] = {
    SubmitOrder: _submit,
    CancelOrder: _cancel,
    CancelAll: _cancel_all,
    AmendOrder: _amend,
    ArmCondition: _alert,
    DisarmCondition: _disarm,
}
