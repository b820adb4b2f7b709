"""Numbers of commands about money that no ledger could keep exactly are refused before anything is booked."""

from __future__ import annotations

from decimal import Decimal

import pytest
from trading_world import World, assert_books_balance

from termdesk.core.model.command import ApplyCorporateAction, MoveCash, MoveUnits, SetInterest
from termdesk.core.model.posting import Cause

NAN, ENDLESS, HUGE, FINE = (Decimal(text) for text in ("NaN", "Infinity", "1e30", "1e-20"))


def cash(amount: Decimal, asset: str = "CNY") -> MoveCash:
    return MoveCash(command_id="c", account="margin", asset=asset, amount=amount, cause=Cause.TRANSFER)


def units(price: Decimal, qty: int = 1000) -> MoveUnits:
    return MoveUnits(command_id="c", account="margin", instrument="X.TEST", qty=qty, price=price, cause=Cause.OPENING)


def action(**terms: Decimal) -> ApplyCorporateAction:
    return ApplyCorporateAction(command_id="c", account="margin", instrument="X.TEST", **terms)


def interest(rate: Decimal, asset: str = "CNY") -> SetInterest:
    return SetInterest(command_id="c", account="margin", asset=asset, idle_rate=rate)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (cash(NAN), "command.amount"),
        (cash(ENDLESS), "command.amount"),
        (cash(HUGE), "number.too_large"),
        (cash(-HUGE), "number.too_large"),
        (cash(Decimal(5), "cny"), "command.currency"),
        (cash(Decimal(5), ""), "command.currency"),
        (cash(Decimal(5), "C\x1b[31m"), "command.currency"),
        (units(NAN), "number.invalid"),
        (units(HUGE), "number.too_large"),
        (units(FINE), "number.decimals"),
        (units(Decimal(10**13), 2**62), "number.too_large"),
        (action(units_per_unit=NAN), "number.invalid"),
        (action(cash_per_unit=ENDLESS), "number.invalid"),
        (action(units_per_unit=HUGE), "number.too_large"),
        (action(cash_per_unit=Decimal(10**14)), "number.too_large"),
        (action(units_per_unit=Decimal(10**14)), "number.too_large"),
        (interest(NAN), "number.invalid"),
        (interest(Decimal("0.01"), "cny"), "command.currency"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_no_ledger_could_keep_is_refused(world: World, command, code: str) -> None:
    world.give(MoveUnits(command_id="o", account="margin", instrument="X.TEST", qty=10**12, cause=Cause.OPENING))
    assert world.give(command).answers[0].code == code
    assert_books_balance(world.state)


def test_the_largest_amounts_add_up_exactly(world: World) -> None:
    for number in range(20):
        command = MoveCash(
            command_id=f"c{number}", account="margin", asset="BTC", amount=Decimal(10**14), cause=Cause.TRANSFER
        )
        assert world.give(command).answers[0].accepted
    least = MoveCash(command_id="d", account="margin", asset="BTC", amount=Decimal("0.00000001"), cause=Cause.TRANSFER)
    world.give(least)
    assert world.state.accounts["margin"].cash("BTC") == 20 * 10**14 + Decimal("0.00000001")
    assert_books_balance(world.state)
