"""Text to commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NoReturn

from termdesk.core.language.context import Context
from termdesk.core.language.distances import read_distance
from termdesk.core.language.exits import exit_of
from termdesk.core.language.grammar import parser
from termdesk.core.language.moments import read_moment
from termdesk.core.language.normal import NormalText, normal
from termdesk.core.language.symbols import resolve_symbol
from termdesk.core.language.words import expected_words
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
from termdesk.core.model.condition import LastAtOrAbove, LastAtOrBelow, Notify
from termdesk.core.model.errors import Refused, TextRefused
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import (
    Contingency,
    OrdType,
    PositionEffect,
    ReleaseMode,
    Side,
    TimeInForce,
    TriggerBy,
)
from termdesk.core.model.trigger import Trail

if TYPE_CHECKING:
    from lark import Token, Tree
    from lark.exceptions import UnexpectedInput

_SIDES = {"BUY": Side.BUY, "SELL": Side.SELL}
_EFFECTS = {"OPEN": PositionEffect.OPEN, "CLOSE": PositionEffect.CLOSE}
_TIMES = {
    "GTC": TimeInForce.GTC,
    "DAY": TimeInForce.DAY,
    "IOC": TimeInForce.IOC,
    "FOK": TimeInForce.FOK,
    "GTD": TimeInForce.GTD,
    "ATOPEN": TimeInForce.AT_OPEN,
    "ATCLOSE": TimeInForce.AT_CLOSE,
}
_SOURCES = {
    "LAST": TriggerBy.LAST,
    "BIDASK": TriggerBy.BID_ASK,
    "MID": TriggerBy.MID,
    "LAST2": TriggerBy.DOUBLE_LAST,
}
_CONTINGENCIES = {"OCO": Contingency.OCO, "OUO": Contingency.OUO}
_KINDS = {
    "TRAIL": (OrdType.TRAILING_STOP, OrdType.TRAILING_STOP_LIMIT),
    "STOP": (OrdType.STOP, OrdType.STOP_LIMIT),
    "TOUCH": (OrdType.MARKET_IF_TOUCHED, OrdType.LIMIT_IF_TOUCHED),
    "MTL": (OrdType.MARKET_TO_LIMIT, OrdType.MARKET_TO_LIMIT),
}
"""By keyword, without and with a limit."""
_NUMBERS = frozenset({"PRICE", "QTY", "NAME"})
_NAMED = frozenset(
    {"limit", "stop", "touch", "first", "activation", "offset", "shown", "sl", "sl_limit", "tp", "group", "trigger"}
)
"""Rules whose number, or name, is called by the rule."""
_REACHES: dict[str, type[LastAtOrAbove | LastAtOrBelow]] = {"ABOVE": LastAtOrAbove, "BELOW": LastAtOrBelow}
_GROUPS = (
    dict.fromkeys(_REACHES, "reach")
    | dict.fromkeys(_SIDES, "side")
    | dict.fromkeys(_EFFECTS, "effect")
    | dict.fromkeys(_TIMES, "time")
    | dict.fromkeys(_SOURCES, "source")
    | dict.fromkeys(_CONTINGENCIES, "linked")
    | dict.fromkeys(("FULL", "PARTIAL"), "release")
)
"""Keywords of which one stands for a group; other terminals are a group of their own."""


def parse(text: str, context: Context) -> DeskCommand:
    """Read one line as a command.

    Does not judge it: ticks, lots, cash and the state of orders are the desk's.
    Defaults: good till cancelled, the context's account. A new order always
    says its price or ``market``.

    Raises:
        TextRefused: The line does not parse; carries the position in ``text`` and what would fit.
        NumberRefused: A number has more decimals than the instrument.
        Refused: The symbol is unknown or ambiguous, or an order to amend is unknown.
    """
    command = _tree(normal(text))
    return _BUILDERS[str(command.data)](_Parts(command), context)


def _tree(line: NormalText) -> Tree[Token]:
    from lark.exceptions import UnexpectedInput

    try:
        return parser().parse(line.text)
    except UnexpectedInput as wrong:
        _refuse(line, wrong)


def _refuse(line: NormalText, wrong: UnexpectedInput) -> NoReturn:
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    terminals: set[str] = set()
    at = wrong.pos_in_stream or 0  # type: ignore[redundant-expr]  # lark declares it as None
    if isinstance(wrong, UnexpectedCharacters):
        terminals = set(wrong.allowed or ())
    elif isinstance(wrong, UnexpectedToken):
        terminals = set(wrong.accepts)
        at = len(line.text) if wrong.token.type == "$END" else at
    expected = expected_words(terminals)
    params = {"expected": ", ".join(expected)}
    found = line.text[at:].split(maxsplit=1)
    if found:
        params["found"] = found[0][:40]
    code = "text.unexpected" if found else "text.incomplete"
    raise TextRefused(code, params, position=line.origins[at], expected=expected)


class _Parts:
    """The terminals of one command by group; the grammar lets each stand once in its rule."""

    def __init__(self, command: Tree[Token]) -> None:
        self._found = {
            (rule if token.type in _NUMBERS and rule in _NAMED else _GROUPS.get(token.type, token.type)): token
            for rule, token in _tokens(command)
        }

    def text(self, group: str) -> str | None:
        """What stands for a terminal, or for the number of a rule."""
        token = self._found.get(group)
        return None if token is None else str(token)

    def keyword(self, group: str) -> str:
        """Which keyword of a group stands there, ``""`` for none."""
        token = self._found.get(group)
        return "" if token is None else token.type

    def price(self, rule: str, instrument: Instrument) -> int | None:
        """The price of a rule."""
        token = self._found.get(rule)
        return None if token is None else instrument.price(str(token))

    def __contains__(self, group: str) -> bool:
        return group in self._found


def _tokens(command: Tree[Token]) -> Iterator[tuple[str, Token]]:
    for child in command.children:
        if isinstance(child, str):
            yield str(command.data), child
        else:
            yield from _tokens(child)


def _submit(parts: _Parts, context: Context) -> SubmitOrder | SubmitBracket:
    instrument = _traded(parts, context)
    ord_type = _ord_type(parts)
    shown = parts.text("shown")
    order = SubmitOrder(
        command_id=context.command_id,
        account=parts.text("NAME") or context.account,
        instrument=instrument.id,
        side=_SIDES[parts.keyword("side")],
        ord_type=ord_type,
        qty=instrument.qty(parts.text("QTY") or ""),
        price=parts.price("limit", instrument),
        time_in_force=_TIMES.get(parts.keyword("time"), TimeInForce.GTC),
        post_only="POST" in parts,
        reduce_only="REDUCE" in parts,
        trigger_price=_trigger(parts, instrument),
        trigger_by=_SOURCES.get(parts.keyword("source"), TriggerBy.LAST),
        trail=_trail(parts, instrument),
        display_qty=None if shown is None else instrument.qty(shown),
        expire_ns=_expire_ns(parts, instrument),
        contingency=_CONTINGENCIES.get(parts.keyword("linked")) if "group" in parts else None,
        group=parts.text("group") or "",
        position_effect=_EFFECTS.get(parts.keyword("effect"), PositionEffect.AUTO),
        origin=context.origin,
    )
    return _bracket(parts, order, instrument) if "sl" in parts or "tp" in parts else order


def _traded(parts: _Parts, context: Context) -> Instrument:
    """Find the instrument of an order; says so where quantity and code stand the wrong way round."""
    code, qty = parts.text("SYMBOL") or "", parts.text("QTY") or ""
    try:
        return resolve_symbol(code, context.instruments)
    except Refused as refusal:
        meant = [one for one in context.instruments.values() if qty in (one.code, one.id)]
        if refusal.code == "symbol.unknown" and meant:
            raise Refused("symbol.swapped", {"symbol": qty, "qty": code}) from None
        raise


def _ord_type(parts: _Parts) -> OrdType:
    for word, (alone, with_limit) in _KINDS.items():
        if word in parts:
            return with_limit if "limit" in parts or "offset" in parts else alone
    return OrdType.LIMIT if "limit" in parts else OrdType.MARKET


def _trigger(parts: _Parts, instrument: Instrument) -> int | None:
    found = (parts.price(rule, instrument) for rule in ("stop", "touch", "first"))
    return next((price for price in found if price is not None), None)


def _trail(parts: _Parts, instrument: Instrument) -> Trail | None:
    text = parts.text("DISTANCE")
    if text is None:
        return None
    unit, value = read_distance(text)
    return Trail(
        unit=unit,
        value=value,
        activation_price=parts.price("activation", instrument),
        limit_offset=parts.price("offset", instrument),
    )


def _expire_ns(parts: _Parts, instrument: Instrument) -> int | None:
    text = parts.text("MOMENT")
    return None if text is None else read_moment(text, instrument.id)


def _bracket(parts: _Parts, entry: SubmitOrder, instrument: Instrument) -> SubmitBracket:
    """Exits of the entry's whole quantity, good till cancelled."""
    stop, stop_limit, target = (parts.price(rule, instrument) for rule in ("sl", "sl_limit", "tp"))
    exits = []
    if stop is not None:
        kind = OrdType.STOP if stop_limit is None else OrdType.STOP_LIMIT
        exits.append(exit_of(entry, kind, price=stop_limit, trigger_price=stop))
    if target is not None:
        exits.append(exit_of(entry, OrdType.LIMIT, price=target))
    linked = _CONTINGENCIES.get(parts.keyword("linked"), Contingency.OUO)
    release = ReleaseMode.FULL if parts.keyword("release") == "FULL" else ReleaseMode.PARTIAL
    return SubmitBracket(
        command_id=entry.command_id,
        entry=entry,
        exits=tuple(exits),
        release=release,
        contingency=linked,
        origin=entry.origin,
    )


def _cancel(parts: _Parts, context: Context) -> CancelOrder:
    return CancelOrder(command_id=context.command_id, order_id=_order_id(parts, context), origin=context.origin)


def _order_id(parts: _Parts, context: Context) -> str:
    """Give an order's id as the desk writes it, where it is known; upper and lower case are the same."""
    typed = parts.text("ID") or ""
    named = [name for name in context.orders if name.casefold() == typed.casefold()]
    return named[0] if len(named) == 1 else typed


def _cancel_all(parts: _Parts, context: Context) -> CancelAll:
    symbol, price = parts.text("SYMBOL"), parts.text("limit")
    instrument = None if symbol is None else resolve_symbol(symbol, context.instruments)
    everyone = parts.text("ANY") is not None
    return CancelAll(
        command_id=context.command_id,
        account=None if everyone else parts.text("NAME") or context.account or None,
        instrument=None if instrument is None else instrument.id,
        side=_SIDES.get(parts.keyword("side")),
        price=None if instrument is None or price is None else instrument.price(price),
        origin=context.origin,
    )


def _amend(parts: _Parts, context: Context) -> AmendOrder:
    order_id = _order_id(parts, context)
    instrument = context.instruments.get(context.orders.get(order_id, ""))
    if instrument is None:
        raise Refused("command.order_unknown", {"order_id": order_id})
    qty = parts.text("QTY")
    return AmendOrder(
        command_id=context.command_id,
        order_id=order_id,
        price=parts.price("limit", instrument),
        trigger_price=parts.price("trigger", instrument),
        qty=None if qty is None else instrument.qty(qty),
        origin=context.origin,
    )


def _alert(parts: _Parts, context: Context) -> ArmCondition:
    instrument = resolve_symbol(parts.text("SYMBOL") or "", context.instruments)
    reach = _REACHES[parts.keyword("reach")]
    return ArmCondition(
        command_id=context.command_id,
        predicate=reach(instrument.id, instrument.price(parts.text("PRICE") or "")),
        action=Notify(),
        origin=context.origin,
    )


def _disarm(parts: _Parts, context: Context) -> DisarmCondition:
    return DisarmCondition(command_id=context.command_id, condition_id=parts.text("ID") or "", origin=context.origin)


_BUILDERS: dict[str, Callable[[_Parts, Context], DeskCommand]] = {
    "submit": _submit,
    "cancel": _cancel,
    "cancel_all": _cancel_all,
    "amend": _amend,
    "alert": _alert,
    "disarm": _disarm,
}
