"""Commands to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from termdesk.core.language.exits import exit_of
from termdesk.core.language.moments import moment_text
from termdesk.core.model.command import (
    AmendOrder,
    ArmCondition,
    CancelAll,
    CancelOrder,
    DeskCommand,
    DisarmCondition,
    SubmitBracket,
    SubmitOrder,
)
from termdesk.core.model.condition import LastAtOrAbove
from termdesk.core.model.errors import Refused
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import OrdType, PositionEffect, TriggerBy
from termdesk.core.model.trigger import distance_text

_Instruments = Mapping[str, Instrument]


def render(command: DeskCommand, instruments: _Instruments, orders: Mapping[str, str] | None = None) -> str:
    """Write a command as the line that parses to it.

    Leaves out what a line cannot say: command id, origin, note and tags.

    Args:
        command: What to write.
        instruments: By id; must hold the command's instrument.
        orders: Instrument id by order id, for amendments.

    Raises:
        Refused: The instrument, or the order of an amendment, is unknown, or no line says such a thing.
    """
    return " ".join(_WRITERS[type(command)](command, instruments, orders or {}))


def _submit(command: SubmitOrder, instruments: _Instruments, _orders: Mapping[str, str]) -> list[str]:
    words = _order(command, instruments)
    if command.contingency is not None:
        words += [command.contingency.value, command.group]
    return [*words, "account", command.account]


def _order(command: SubmitOrder, instruments: _Instruments) -> list[str]:
    instrument = _known(command.instrument, instruments)
    words = [command.side.value, instrument.qty_text(command.qty), instrument.id]
    words += _HOW.get(command.ord_type, _trailing)(command, instrument)
    if command.ord_type.has_trigger and command.trigger_by is not TriggerBy.LAST:
        words += ["by", _SOURCES[command.trigger_by]]
    words.append(command.time_in_force.value.replace("_", "-"))
    words += [] if command.expire_ns is None else [moment_text(command.expire_ns)]
    words += ["post"] if command.post_only else []
    words += ["reduce"] if command.reduce_only else []
    words += [] if command.display_qty is None else ["show", instrument.qty_text(command.display_qty)]
    if command.position_effect is not PositionEffect.AUTO:
        words.append(command.position_effect.value)
    return words


def _limit(command: SubmitOrder, instrument: Instrument) -> list[str]:
    return [] if command.price is None else ["@", instrument.price_text(command.price)]


def _waiting(word: str) -> Callable[[SubmitOrder, Instrument], list[str]]:
    def write(command: SubmitOrder, instrument: Instrument) -> list[str]:
        trigger = instrument.price_text(command.trigger_price or 0)
        return [word, trigger, *_limit(command, instrument)]

    return write


def _trailing(command: SubmitOrder, instrument: Instrument) -> list[str]:
    trail = command.trail
    if trail is None:
        raise Refused("text.no_line")
    named = (("stop", command.trigger_price), ("from", trail.activation_price), ("limit", trail.limit_offset))
    parts = [part for word, price in named if price is not None for part in (word, instrument.price_text(price))]
    return ["trail", distance_text(trail), *parts]


_HOW: dict[OrdType, Callable[[SubmitOrder, Instrument], list[str]]] = {
    OrdType.LIMIT: _limit,
    OrdType.MARKET: lambda _command, _instrument: ["market"],
    OrdType.MARKET_TO_LIMIT: lambda _command, _instrument: ["mtl"],
    OrdType.STOP: _waiting("stop"),
    OrdType.STOP_LIMIT: _waiting("stop"),
    OrdType.MARKET_IF_TOUCHED: _waiting("touch"),
    OrdType.LIMIT_IF_TOUCHED: _waiting("touch"),
}
_SOURCES = {
    TriggerBy.LAST: "last",
    TriggerBy.BID_ASK: "bidask",
    TriggerBy.MID: "mid",
    TriggerBy.DOUBLE_LAST: "last2",
}


def _bracket(command: SubmitBracket, instruments: _Instruments, _orders: Mapping[str, str]) -> list[str]:
    """Only what a line means by ``sl`` and ``tp`` can be written: exits of the whole entry."""
    entry, instrument = command.entry, _known(command.entry.instrument, instruments)
    words = _order(entry, instruments)
    meant: list[SubmitOrder] = []
    for one in command.exits:
        if one.trigger_price is not None:
            words += ["sl", instrument.price_text(one.trigger_price), *_limit(one, instrument)]
            meant.append(exit_of(entry, one.ord_type, price=one.price, trigger_price=one.trigger_price))
        else:
            words += ["tp", *_limit(one, instrument)[1:]]
            meant.append(exit_of(entry, OrdType.LIMIT, price=one.price))
    kinds = [one.ord_type in (OrdType.STOP, OrdType.STOP_LIMIT) for one in command.exits]
    if tuple(meant) != command.exits or kinds not in ([True], [False], [True, False]):
        raise Refused("text.no_line")
    return [*words, "oto", command.release.value, command.contingency.value, "account", entry.account]


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
    words += [] if command.price is None else ["@", instrument.price_text(command.price)]
    trigger = command.trigger_price
    return words + ([] if trigger is None else ["trigger", instrument.price_text(trigger)])


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
    SubmitBracket: _bracket,
    CancelOrder: _cancel,
    CancelAll: _cancel_all,
    AmendOrder: _amend,
    ArmCondition: _alert,
    DisarmCondition: _disarm,
}
