"""Money and units that move without an order: deposits, openings, allocations, corporate actions."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import BadUsage, console
from termdesk.cli.ordering import ORIGIN, answered, command_id_of, told
from termdesk.core.model.command import Answer, ApplyCorporateAction, MoveCash, MoveUnits, SetInterest
from termdesk.core.model.posting import Cause

if TYPE_CHECKING:
    from termdesk.client import EngineClient

Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help="Above zero.")]
Currency = Annotated[str, typer.Argument(metavar="CURRENCY", help="Such as CNY or USDT.")]
Qty = Annotated[str, typer.Argument(metavar="QTY", help="Above zero.")]
Price = Annotated[str, typer.Option("--price", metavar="PRICE", help="Of one unit.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why; it is recorded.")]
OneAccount = Annotated[str, typer.Option("--account", metavar="NAME", help="Account; the desk's first if left out.")]


@console
def deposit(
    amount: Amount,
    currency: Currency,
    account: OneAccount = "",
    note: Note = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Put money into an account."""
    money = _above_zero(amount)
    return _move_cash(desk, account, currency, money, Cause.TRANSFER, note, command_id, json=json)


@console
def withdraw(
    amount: Amount,
    currency: Currency,
    account: OneAccount = "",
    note: Note = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Take money out of an account; only what is free and settled."""
    money = -_above_zero(amount)
    return _move_cash(desk, account, currency, money, Cause.TRANSFER, note, command_id, json=json)


@console
def post(
    cause: Annotated[str, typer.Argument(metavar="CAUSE", help="interest, financing, funding, coupon or opening.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="Above zero; with --out it is paid.")],
    currency: Currency,
    out: Annotated[bool, typer.Option("--out", help="The account pays it.")] = False,
    account: OneAccount = "",
    note: Note = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Book income or cost that has no order: interest, financing, funding, a coupon."""
    causes = {one.value: one for one in Cause}
    if cause not in causes:
        raise BadUsage(f"{cause} is no cause; expected interest, financing, funding, coupon or opening")
    money = _above_zero(amount)
    signed = -money if out else money
    return _move_cash(desk, account, currency, signed, causes[cause], note, command_id, json=json)


@console
def interest(
    currency: Currency,
    idle: Annotated[str, typer.Option("--idle", metavar="RATE", help="A year on cash, such as 0.004.")] = "0",
    owed: Annotated[str, typer.Option("--owed", metavar="RATE", help="A year on what is owed, such as 0.06.")] = "0",
    account: OneAccount = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Let cash earn interest, and cost it where it is owed, by calendar day; off until set, and with zero rates."""
    from termdesk.cli.desk import talk

    rates = (_number(idle), _number(owed))

    async def sent(client: EngineClient) -> Answer:
        command = SetInterest(
            command_id=command_id_of(command_id),
            account=account or client.welcome.accounts[0],
            asset=currency,
            idle_rate=rates[0],
            owed_rate=rates[1],
            origin=ORIGIN,
        )
        return await answered(client, command)

    return told(talk(desk, sent), json=json)


@console
def open_position(
    qty: Qty,
    symbol: o.Symbol,
    price: Price,
    short: Annotated[bool, typer.Option("--short", help="Sold short instead of held.")] = False,
    sellable: Annotated[
        str, typer.Option("--sellable", metavar="QTY", help="What may be sold today; all if left out.")
    ] = "",
    account: OneAccount = "",
    note: Note = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Enter a position that was there before, at what a unit cost. No money moves."""
    made = _Units(Cause.OPENING, qty, symbol, price, is_out=short, sellable=sellable, note=note)
    return _move_units(desk, account, made, command_id, json=json)


@console
def transfer(
    qty: Qty,
    symbol: o.Symbol,
    price: Annotated[str, typer.Option("--price", metavar="PRICE", help="What a unit that comes in cost.")] = "0",
    out: Annotated[bool, typer.Option("--out", help="Units leave, at their average cost.")] = False,
    account: OneAccount = "",
    note: Note = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Move units in from elsewhere, or out. No money moves."""
    made = _Units(Cause.TRANSFER, qty, symbol, price, is_out=out, note=note)
    return _move_units(desk, account, made, command_id, json=json)


@console
def allocate(
    qty: Qty,
    symbol: o.Symbol,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="Account that takes the units.")],
    account: OneAccount = "",
    note: Note = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Hand units to another account at their average price, against money."""
    made = _Units(Cause.ALLOCATION, qty, symbol, "0", to=to, note=note)
    return _move_units(desk, account, made, command_id, json=json)


@console
def expire(
    qty: Qty,
    symbol: o.Symbol,
    price: Price,
    short: Annotated[bool, typer.Option("--short", help="The position is short.")] = False,
    account: OneAccount = "",
    note: Note = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Close units at their final price: expiry or exercise."""
    made = _Units(Cause.EXPIRY, qty, symbol, price, is_out=not short, note=note)
    return _move_units(desk, account, made, command_id, json=json)


@console
def action(
    symbol: o.Symbol,
    units: Annotated[
        str,
        typer.Option("--units", metavar="N", help="New units for each one held: 1 is a split 2:1, 0.3 is 3 per 10."),
    ] = "0",
    cash: Annotated[str, typer.Option("--cash", metavar="AMOUNT", help="Dividend of one unit, before tax.")] = "0",
    tax: Annotated[str, typer.Option("--tax", metavar="RATE", help="Share of it that is withheld, such as 0.2.")] = "0",
    account: Annotated[str, typer.Option("--account", metavar="NAME", help="Only this account; else all.")] = "",
    note: Note = "",
    desk: o.Desk = "",
    command_id: o.CommandId = "",
    json: o.Json = False,
) -> int:
    """Book a split, bonus shares or a cash dividend on what is held now."""
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.core.language.symbols import resolve_symbol

    numbers = [_number(text) for text in (units, cash, tax)]

    async def sent(client: EngineClient) -> Answer:
        instrument = resolve_symbol(symbol, await fetch_instruments(client))
        command = ApplyCorporateAction(
            command_id=command_id_of(command_id),
            instrument=instrument.id,
            account=account,
            units_per_unit=numbers[0],
            cash_per_unit=numbers[1],
            tax_rate=numbers[2],
            note=note,
            origin=ORIGIN,
        )
        return await answered(client, command)

    return told(talk(desk, sent), json=json)


class _Units:
    """What of a command about units was given."""

    def __init__(
        self,
        cause: Cause,
        qty: str,
        symbol: str,
        price: str,
        *,
        is_out: bool = False,
        sellable: str = "",
        to: str = "",
        note: str = "",
    ) -> None:
        self.cause = cause
        self.qty = _above_zero(qty)
        self.symbol = symbol
        self.price = _number(price)
        self.is_out = is_out
        self.sellable = sellable
        self.to = to
        self.note = note


def _move_units(desk: str, account: str, made: _Units, command_id: str, *, json: bool) -> int:
    from termdesk.cli.desk import fetch_instruments, talk
    from termdesk.core.language.symbols import resolve_symbol

    async def sent(client: EngineClient) -> Answer:
        instrument = resolve_symbol(made.symbol, await fetch_instruments(client))
        qty = instrument.qty(made.qty)
        command = MoveUnits(
            command_id=command_id_of(command_id),
            account=account or client.welcome.accounts[0],
            instrument=instrument.id,
            qty=-qty if made.is_out else qty,
            price=made.price,
            cause=made.cause,
            sellable=instrument.qty(made.sellable) if made.sellable else None,
            to_account=made.to,
            note=made.note,
            origin=ORIGIN,
        )
        return await answered(client, command)

    return told(talk(desk, sent), json=json)


def _move_cash(
    desk: str, account: str, currency: str, amount: Decimal, cause: Cause, note: str, command_id: str, *, json: bool
) -> int:
    from termdesk.cli.desk import talk

    async def sent(client: EngineClient) -> Answer:
        command = MoveCash(
            command_id=command_id_of(command_id),
            account=account or client.welcome.accounts[0],
            asset=currency,
            amount=amount,
            cause=cause,
            note=note,
            origin=ORIGIN,
        )
        return await answered(client, command)

    return told(talk(desk, sent), json=json)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise BadUsage(f"{text} is no number; expected one such as 1000 or 12.5")
    return number


def _above_zero(text: str) -> Decimal:
    number = _number(text)
    if number <= 0:
        raise BadUsage(f"{text} is not above zero")
    return number
