"""The order form: its fields, which of them an order type needs, and what they mean together. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

import msgspec

from termdesk.core.language.distances import read_distance
from termdesk.core.language.exits import exit_of
from termdesk.core.language.moments import read_moment
from termdesk.core.language.normal import normal
from termdesk.core.language.words import WORDS
from termdesk.core.model.command import SubmitBracket, SubmitOrder
from termdesk.core.model.errors import NumberRefused, Refused
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Contingency, OrdType, PositionEffect, ReleaseMode, Side, TimeInForce, TriggerBy
from termdesk.core.model.trigger import Trail

CHOICES: Mapping[str, tuple[str, ...]] = {
    "side": tuple(side.value for side in Side),
    "ord_type": tuple(kind.value for kind in OrdType),
    "trigger_by": tuple(by.value for by in TriggerBy),
    "time_in_force": tuple(time.value for time in TimeInForce),
    "effect": tuple(effect.value for effect in PositionEffect),
    "post_only": ("no", "yes"),
    "reduce_only": ("no", "yes"),
    "release": tuple(mode.value for mode in ReleaseMode),
    "contingency": tuple(Contingency[name].value for name in ("OUO", "OCO")),
}
"""Fields with a fixed list of values, the first is the default."""
FIELDS = (
    "side", "ord_type", "qty", "price", "trigger_price", "trigger_by", "trail", "activation", "time_in_force",
    "until", "display", "post_only", "reduce_only", "effect", "stop", "target", "release", "contingency", "note",
)  # fmt: skip
"""All fields from top to bottom."""
_TRAILING = frozenset({OrdType.TRAILING_STOP, OrdType.TRAILING_STOP_LIMIT})
_DISTANCE = re.compile(r"(\d+(\.\d+)?|\.\d+)(%|bp|t)?", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?Z?)?", re.IGNORECASE)
_TERMINALS = {
    "last": "LAST",
    "bid_ask": "BIDASK",
    "mid": "MID",
    "double_last": "LAST2",
    "at_open": "ATOPEN",
    "at_close": "ATCLOSE",
}

Fields = Mapping[str, str]
_Read = TypeVar("_Read")


class Form(msgspec.Struct, frozen=True):
    """What the fields mean together: an order, or what is wrong by field."""

    command: SubmitOrder | SubmitBracket | None
    wrong: dict[str, Reason | None]
    """None where a field is needed and empty."""

    @property
    def order(self) -> SubmitOrder | None:
        """The order, or the entry of its bracket."""
        return self.command.entry if isinstance(self.command, SubmitBracket) else self.command


def choice_word(value: str, language: str) -> str | None:
    """Give the order language's word for a choice; None where it has none."""
    words = WORDS.get(_TERMINALS.get(value, value.upper()))
    return None if words is None else words[min(len(words) - 1, language == "zh")]


def wanted(fields: Fields) -> tuple[str, ...]:
    """Give the fields that matter for the chosen type, from top to bottom."""
    kind = OrdType(fields["ord_type"])
    without = set()
    if not kind.has_limit:
        without |= {"price", "post_only", "display"}
    if not kind.has_trigger:
        without |= {"trigger_price", "trigger_by"}
    if kind not in _TRAILING:
        without |= {"trail", "activation"}
    if fields["time_in_force"] != TimeInForce.GTD.value:
        without.add("until")
    if fields["reduce_only"] == "yes":
        without |= {"stop", "target"}
    if without >= {"stop", "target"} or not (fields.get("stop") or fields.get("target")):
        without |= {"release", "contingency"}
    return tuple(name for name in FIELDS if name not in without)


def read_form(fields: Fields, instrument: Instrument, account: str) -> Form:
    """Read the fields. Does not judge the order: ticks, lots and cash are the desk's."""
    reader = _Reader(fields, instrument)
    kind, side = OrdType(fields["ord_type"]), Side(fields["side"])
    is_trailing = kind in _TRAILING
    limit = reader.price("price", required=kind.has_limit)
    order = SubmitOrder(
        command_id="typed",
        account=account,
        instrument=instrument.id,
        side=side,
        ord_type=kind,
        qty=reader.qty("qty", required=True) or 0,
        price=None if is_trailing else limit,
        time_in_force=TimeInForce(fields["time_in_force"]),
        post_only=reader.chosen("post_only"),
        reduce_only=reader.chosen("reduce_only"),
        trigger_price=reader.price("trigger_price", required=kind.has_trigger and not is_trailing),
        trigger_by=TriggerBy(fields["trigger_by"]) if kind.has_trigger else TriggerBy.LAST,
        trail=reader.trail(limit) if is_trailing else None,
        display_qty=reader.qty("display"),
        expire_ns=reader.moment("until"),
        position_effect=PositionEffect(fields["effect"]),
        origin="ticket",
        note=fields.get("note", "").strip(),
    )
    stop, target = reader.price("stop"), reader.price("target")
    if reader.wrong:
        return Form(None, reader.wrong)
    exits = [exit_of(order, OrdType.STOP, price=None, trigger_price=stop)] if stop is not None else []
    exits += [exit_of(order, OrdType.LIMIT, price=target)] if target is not None else []
    if not exits:
        return Form(order, {})
    bracket = SubmitBracket(
        command_id=order.command_id,
        entry=order,
        exits=tuple(exits),
        release=ReleaseMode(fields["release"]),
        contingency=Contingency(fields["contingency"]),
        origin=order.origin,
    )
    return Form(bracket, {})


class _Reader:
    """Reads fields and keeps what is wrong with them; a field that does not matter is empty."""

    def __init__(self, fields: Fields, instrument: Instrument) -> None:
        self.wrong: dict[str, Reason | None] = {}
        self._instrument = instrument
        self._fields = {name: normal(fields.get(name, "")).text.strip() for name in wanted(fields)}

    def chosen(self, name: str) -> bool:
        """Whether a yes or no is a yes."""
        return self._fields.get(name) == "yes"

    def price(self, name: str, *, required: bool = False) -> int | None:
        """Read a price."""
        return self._read(name, self._instrument.price, required=required)

    def qty(self, name: str, *, required: bool = False) -> int | None:
        """Read a quantity."""
        return self._read(name, self._instrument.qty, required=required)

    def moment(self, name: str) -> int | None:
        """Read a moment; it is needed wherever it matters."""

        def read(text: str) -> int:
            if not _MOMENT.fullmatch(text):
                raise NumberRefused("number.invalid", {"value": text[:40]})
            return read_moment(text, self._instrument.id)

        return self._read(name, read, required=name in self._fields)

    def trail(self, limit_offset: int | None) -> Trail | None:
        """Read the distance of a trailing trigger; the price field is the distance of its limit."""

        def read(text: str) -> Trail:
            if not _DISTANCE.fullmatch(text) or not Decimal(re.sub(r"[^\d.]", "", text)):
                raise NumberRefused("number.invalid", {"value": text[:40]})
            unit, value = read_distance(text)
            return Trail(unit=unit, value=value, activation_price=self.price("activation"), limit_offset=limit_offset)

        return self._read("trail", read, required=True)

    def _read(self, name: str, read: Callable[[str], _Read], *, required: bool) -> _Read | None:
        text = self._fields.get(name, "")
        if not text:
            if required:
                self.wrong[name] = None
            return None
        try:
            return read(text)
        except Refused as refusal:
            self.wrong[name] = Reason(refusal.code, refusal.params)
            return None
