"""Text to commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NoReturn

from termdesk.core.language.context import Context
from termdesk.core.language.grammar import parser
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
    SubmitOrder,
)
from termdesk.core.model.condition import LastAtOrAbove, LastAtOrBelow, Notify
from termdesk.core.model.errors import Refused, TextRefused
from termdesk.core.model.terms import OrdType, PositionEffect, Side, TimeInForce

if TYPE_CHECKING:
    from lark import Token, Tree
    from lark.exceptions import UnexpectedInput

_SIDES = {"BUY": Side.BUY, "SELL": Side.SELL}
_EFFECTS = {"OPEN": PositionEffect.OPEN, "CLOSE": PositionEffect.CLOSE}
_TIMES = {"GTC": TimeInForce.GTC, "DAY": TimeInForce.DAY, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
_REACHES: dict[str, type[LastAtOrAbove | LastAtOrBelow]] = {"ABOVE": LastAtOrAbove, "BELOW": LastAtOrBelow}
_GROUPS = (
    dict.fromkeys(_REACHES, "reach")
    | dict.fromkeys(_SIDES, "side")
    | dict.fromkeys(_EFFECTS, "effect")
    | dict.fromkeys(_TIMES, "time")
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
    """The terminals of one command by group; the grammar lets each stand once."""

    def __init__(self, command: Tree[Token]) -> None:
        self._found = {_GROUPS.get(token.type, token.type): token for token in _tokens(command)}

    def text(self, group: str) -> str | None:
        """What stands for a terminal."""
        token = self._found.get(group)
        return None if token is None else str(token)

    def keyword(self, group: str) -> str:
        """Which keyword of a group stands there, ``""`` for none."""
        token = self._found.get(group)
        return "" if token is None else token.type


def _tokens(command: Tree[Token]) -> Iterator[Token]:
    for child in command.children:
        if isinstance(child, str):
            yield child
        else:
            yield from _tokens(child)


def _submit(parts: _Parts, context: Context) -> SubmitOrder:
    instrument = resolve_symbol(parts.text("SYMBOL") or "", context.instruments)
    price = parts.text("PRICE")
    return SubmitOrder(
        command_id=context.command_id,
        account=parts.text("NAME") or context.account,
        instrument=instrument.id,
        side=_SIDES[parts.keyword("side")],
        ord_type=OrdType.MARKET if price is None else OrdType.LIMIT,
        qty=instrument.qty(parts.text("QTY") or ""),
        price=None if price is None else instrument.price(price),
        time_in_force=_TIMES.get(parts.keyword("time"), TimeInForce.GTC),
        post_only=parts.keyword("POST") == "POST",
        reduce_only=parts.keyword("REDUCE") == "REDUCE",
        position_effect=_EFFECTS.get(parts.keyword("effect"), PositionEffect.AUTO),
        origin=context.origin,
    )


def _cancel(parts: _Parts, context: Context) -> CancelOrder:
    return CancelOrder(command_id=context.command_id, order_id=parts.text("ID") or "", origin=context.origin)


def _cancel_all(parts: _Parts, context: Context) -> CancelAll:
    symbol, price = parts.text("SYMBOL"), parts.text("PRICE")
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
    order_id = parts.text("ID") or ""
    instrument = context.instruments.get(context.orders.get(order_id, ""))
    if instrument is None:
        raise Refused("command.order_unknown", {"order_id": order_id})
    price, qty = parts.text("PRICE"), parts.text("QTY")
    return AmendOrder(
        command_id=context.command_id,
        order_id=order_id,
        price=None if price is None else instrument.price(price),
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
