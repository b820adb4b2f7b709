"""Decisions about money and units that move without an order: each refused with its numbers, or facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from termdesk.core.model.command import ApplyCorporateAction, MoveCash, MoveUnits
from termdesk.core.model.errors import Refused
from termdesk.core.model.facts import CashPosted, Fact, InstrumentListed, UnitsPosted, UnitsScaled
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.money import EXACT, money_unit, round_money
from termdesk.core.model.number import LARGEST, MOST_UNITS, bounded, plain
from termdesk.core.model.posting import Cause
from termdesk.core.model.terms import AccountKind, Side
from termdesk.core.model.text import sanitise
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.exposure import closable_qty, uncovered
from termdesk.core.trading.ledger import Account
from termdesk.core.trading.proposals import account_of, instrument_of
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View

_ZERO = Decimal(0)
CASH_CAUSES = (Cause.TRANSFER, Cause.OPENING, Cause.COUPON, Cause.INTEREST, Cause.FINANCING, Cause.FUNDING)
_CURRENCY = re.compile("[A-Z0-9]{2,12}")
UNIT_CAUSES = (Cause.OPENING, Cause.TRANSFER, Cause.ALLOCATION, Cause.EXPIRY, Cause.FILL)


def move_cash(state: DeskState, view: View, command: MoveCash) -> Decision:
    """Book money in or out; a withdrawal takes only what is free and settled."""
    account = account_of(state, command.account)
    _of_these(command.cause, CASH_CAUSES)
    amount, asset = command.amount, command.asset
    _money(amount, asset)
    if amount < 0 and command.cause is Cause.TRANSFER:
        free = account.withdrawable(asset, view.trading_day(command.instrument))
        free = max(_ZERO, free - uncovered(state, account, asset))
        if -amount > free:
            params = {"need": plain(-amount), "available": plain(free), "asset": asset}
            raise Refused("command.withdraw", params)
    posted = CashPosted(
        command_id=command.command_id,
        account=account.name,
        asset=asset,
        amount=amount,
        cause=command.cause,
        instrument=command.instrument,
        note=command.note,
    )
    return Decision(facts=(posted,))


def move_units(state: DeskState, view: View, command: MoveUnits) -> Decision:
    """Book units in or out; what leaves must be there and free of orders."""
    account, instrument = account_of(state, command.account), instrument_of(view, command.instrument)
    _of_these(command.cause, UNIT_CAUSES)
    if not command.qty or bounded(command.price) < 0:
        raise Refused("command.quantity", {"qty": instrument.qty_text(command.qty), "price": plain(command.price)})
    listed = () if state.instruments.get(instrument.id) == instrument else (InstrumentListed(instrument=instrument),)
    if command.cause is Cause.ALLOCATION:
        return Decision(facts=(*listed, *_allocation(state, account, instrument, command)))
    held = account.qty(instrument.id)
    leaves = (held * command.qty < 0 and command.cause is not Cause.FILL) or command.cause is Cause.EXPIRY
    if leaves or (command.qty < 0 and account.kind is AccountKind.CASH):
        _free(state, account, instrument, command.qty)
    due = 0 if command.sellable is None else command.qty - command.sellable
    if not 0 <= due * (1 if command.qty > 0 else -1) <= abs(command.qty):
        params = {"need": instrument.qty_text(command.sellable or 0), "available": instrument.qty_text(command.qty)}
        raise Refused("command.units", {**params, "instrument": instrument.id})
    amount = instrument.cash(command.price, abs(command.qty), view.trading_day(instrument.id))
    if amount > LARGEST:
        raise Refused("number.too_large", {"value": plain(amount)})
    posted = UnitsPosted(
        command_id=command.command_id,
        account=account.name,
        instrument=instrument.id,
        qty=command.qty,
        amount=amount,
        cause=command.cause,
        settles=view.settles(instrument.id) if due or command.cause is Cause.FILL else None,
        due_qty=due,
        note=command.note,
    )
    return Decision(facts=(*listed, posted))


def apply_corporate_action(state: DeskState, view: View, command: ApplyCorporateAction) -> Decision:
    """Book a split, bonus shares or a dividend on every position, or on one account's."""
    instrument = instrument_of(view, command.instrument)
    accounts = [account_of(state, command.account)] if command.account else list(state.accounts.values())
    held = [account for account in accounts if account.qty(instrument.id)]
    if not held:
        raise Refused("command.nothing_held", {"instrument": instrument.id})
    for number in (command.units_per_unit, command.cash_per_unit, command.tax_rate):
        bounded(number)
    scales = command.units_per_unit != 0
    if command.units_per_unit <= -1 or not (scales or command.cash_per_unit) or not 0 <= command.tax_rate <= 1:
        numbers = (command.units_per_unit, command.cash_per_unit, command.tax_rate)
        raise Refused("command.corporate_action", dict(zip(("units", "cash", "tax"), map(plain, numbers), strict=True)))
    if scales:
        _no_orders(state, held, instrument)
    facts = [fact for account in held for fact in _entitlement(account, instrument, command)]
    return Decision(facts=tuple(facts))


def _entitlement(account: Account, instrument: Instrument, command: ApplyCorporateAction) -> Iterator[Fact]:
    """Money first, on the units held before; what a split leaves below the smallest unit is lost."""
    qty = account.qty(instrument.id)
    asset = command.asset or instrument.currency
    check_currency(asset)
    gross = round_money(EXACT.multiply(command.cash_per_unit, instrument.qty_decimal(qty)), asset)
    after = int((qty * (1 + command.units_per_unit)).to_integral_value(ROUND_DOWN))
    if abs(gross) > LARGEST or abs(after) > MOST_UNITS:
        raise Refused("number.too_large", {"value": plain(gross if abs(gross) > LARGEST else Decimal(after))})
    for amount, item in ((gross, "dividend"), (-round_money(gross * command.tax_rate, asset), "tax")):
        if amount:
            yield CashPosted(
                command_id=command.command_id,
                account=account.name,
                asset=asset,
                amount=amount,
                cause=Cause.CORPORATE_ACTION,
                item=item,
                instrument=instrument.id,
                note=command.note,
            )
    if after != qty:
        yield UnitsScaled(
            command_id=command.command_id, account=account.name, instrument=instrument.id, qty=after, note=command.note
        )


def _allocation(state: DeskState, giver: Account, instrument: Instrument, command: MoveUnits) -> tuple[Fact, Fact]:
    """Units leave one account at their average price and come into another; the money goes the other way."""
    taker = account_of(state, command.to_account)
    if taker is giver:
        raise Refused("command.same_account", {"account": giver.name})
    qty, held = abs(command.qty), giver.qty(instrument.id)
    signed = qty if held > 0 else -qty
    _free(state, giver, instrument, -signed)
    position = giver.positions[next(key for key in giver.positions if key.instrument == instrument.id)]
    amount = round_money(abs(position.cost) * qty / abs(held), instrument.currency)
    if taker.kind is AccountKind.CASH and signed < 0:
        raise Refused(
            "command.units", {"need": instrument.qty_text(signed), "available": "0", "instrument": instrument.id}
        )
    if taker.kind is AccountKind.CASH and amount > (free := taker.available(instrument.currency)):
        need = {"need": plain(amount), "available": plain(free), "asset": instrument.currency}
        raise Refused("risk.cash", need)
    given, taken = (
        UnitsPosted(
            command_id=command.command_id,
            account=account.name,
            instrument=instrument.id,
            qty=moved,
            amount=amount,
            cause=Cause.ALLOCATION,
            note=command.note,
        )
        for account, moved in ((giver, -signed), (taker, signed))
    )
    return given, taken


def _of_these(cause: Cause, causes: tuple[Cause, ...]) -> None:
    if cause not in causes:
        raise Refused("command.cause", {"cause": cause.value, "causes": ", ".join(one.value for one in causes)})


def check_currency(asset: str) -> None:
    """Refuse what is no name of a currency.

    Raises:
        Refused: It is none.
    """
    if not _CURRENCY.fullmatch(asset):
        raise Refused("command.currency", {"asset": sanitise(asset, limit=40)})


def _money(amount: Decimal, asset: str) -> None:
    check_currency(asset)
    unit = money_unit(asset)
    if amount.is_finite():
        bounded(amount)
    if not amount.is_finite() or not amount or EXACT.remainder(amount, unit):
        raise Refused("command.amount", {"amount": str(amount)[:40], "asset": asset, "unit": plain(unit)})


def _free(state: DeskState, account: Account, instrument: Instrument, signed: int) -> None:
    """Refuse taking out more units than are held on that side and free of orders."""
    free = closable_qty(state, account, instrument.id, Side.BUY if signed > 0 else Side.SELL)
    if abs(signed) > free:
        text = instrument.qty_text
        raise Refused(
            "command.units", {"need": text(abs(signed)), "available": text(free), "instrument": instrument.id}
        )


def _no_orders(state: DeskState, accounts: list[Account], instrument: Instrument) -> None:
    orders = [name for one in accounts for name in one.working if state.orders[name].instrument == instrument.id]
    if orders:
        raise Refused("command.orders_working", {"instrument": instrument.id, "orders": ", ".join(orders)})
