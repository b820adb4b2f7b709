"""What an account is worth: every figure at a named mark, and no total without every rate."""

from __future__ import annotations

from decimal import Decimal

import pytest
from trading_world import BUY, SELL, World, share

from termdesk.core.model.command import ApplyCorporateAction, MoveCash, MoveUnits
from termdesk.core.model.posting import Cause
from termdesk.core.model.terms import AccountKind
from termdesk.core.trading.invariants import check_all
from termdesk.core.trading.valuation import Rate, account_body

D = Decimal


@pytest.fixture
def world() -> World:
    world = World(share(lot="1")).open(
        ("cash", AccountKind.CASH, "100000"),
        ("margin", AccountKind.MARGIN, "100000"),
        ("other", AccountKind.CASH, "50000"),
    )
    world.quote("10.00", "1000", "10.01", "1000")
    return world


def ask(world: World, command_type, **fields):
    world.commands += 1
    answer = world.give(command_type(command_id=f"m{world.commands}", **fields)).answers[0]
    check_all(world.state)
    return answer


def cash_of(world: World, account: str, currency: str = "CNY") -> Decimal:
    return world.state.accounts[account].cash(currency)


def test_without_a_mark_there_is_no_total_and_it_says_what_is_missing(world) -> None:
    world.submit(BUY, "100", "10.01")
    body = account_body(world.state, "cash", world)
    assert body.positions[0].mark is None
    assert body.total.value is None
    assert body.total.missing == ("X.TEST",)


@pytest.mark.parametrize("account", ["cash", "margin"])
def test_cash_and_margin_accounts_are_worth_the_same(world, account) -> None:
    world.submit(BUY, "100", "10.01", account=account)
    world.trade("11.00", "1", None)
    body = account_body(world.state, account, world)
    line = body.positions[0]
    assert (line.mark, line.mark_source, line.unrealised) == (D("11"), "last", D("99"))
    assert body.total.value == D(100000) + D(99) - body.cash[0].fees
    assert body.total.currency == "CNY"


def test_a_currency_without_a_rate_is_not_converted(world, monkeypatch) -> None:
    ask(world, MoveCash, account="cash", asset="USDT", amount=D("10"))
    body = account_body(world.state, "cash", world)
    assert (body.total.value, body.total.missing) == (None, ("USDT",))
    monkeypatch.setattr(world, "rate", lambda currency, into: Rate(D("7.1"), "USDTCNY.TEST last", 5))
    body = account_body(world.state, "cash", world)
    assert body.total.value == D("100071")
    assert [(r.currency, r.rate, r.source, r.at_ns) for r in body.total.rates] == [
        ("USDT", D("7.1"), "USDTCNY.TEST last", 5)
    ]


def test_a_withdrawal_takes_only_what_is_free(world) -> None:
    world.submit(BUY, "1000", "9.00")
    free = world.state.accounts["cash"].available("CNY")
    refused = ask(world, MoveCash, account="cash", asset="CNY", amount=-free - 1)
    assert (refused.code, refused.params["available"]) == ("command.withdraw", f"{free.normalize():f}")
    assert ask(world, MoveCash, account="cash", asset="CNY", amount=-free).accepted
    assert world.cash().available == 0


@pytest.mark.parametrize("amount", ["0", "0.001", "NaN"])
def test_an_amount_is_money(world, amount) -> None:
    assert ask(world, MoveCash, account="cash", asset="CNY", amount=D(amount)).code == "command.amount"


def test_money_of_every_cause_is_posted_with_it(world) -> None:
    for cause in (Cause.INTEREST, Cause.COUPON, Cause.FUNDING, Cause.FINANCING, Cause.OPENING):
        assert ask(world, MoveCash, account="cash", asset="CNY", amount=D("-1.5"), cause=cause).accepted
        assert world.state.accounts["cash"].postings[-1].cause is cause
    refused = ask(world, MoveCash, account="cash", asset="CNY", amount=D(1), cause=Cause.FEE)
    assert refused.code == "command.cause"


def test_an_opening_position_costs_what_it_cost_and_moves_no_money(world) -> None:
    assert ask(world, MoveUnits, account="cash", instrument="X.TEST", qty=300, price=D("8.5")).accepted
    line = world.position()
    assert (line.qty, line.average, line.realised, line.sellable) == (300, D("8.5"), 0, 300)
    assert cash_of(world, "cash") == 100000
    refused = ask(world, MoveUnits, account="cash", instrument="X.TEST", qty=-301, cause=Cause.TRANSFER)
    assert refused.params == {"need": "301", "available": "300", "instrument": "X.TEST"}
    assert ask(world, MoveUnits, account="cash", instrument="X.TEST", qty=-100, cause=Cause.TRANSFER).accepted
    assert (world.position().qty, world.position().average, world.position().realised) == (200, D("8.5"), 0)


def test_an_allocation_hands_over_at_the_average_price(world) -> None:
    world.submit(BUY, "100", "10.01")
    world.level(SELL, "10.03", "1000")
    world.submit(BUY, "100", "10.03")
    before = cash_of(world, "cash") + cash_of(world, "other")
    average = world.position().average
    command = {"account": "cash", "instrument": "X.TEST", "qty": 50, "cause": Cause.ALLOCATION}
    assert ask(world, MoveUnits, to_account="other", **command).accepted
    assert world.position("other").average == average
    assert world.position().qty == 150
    assert cash_of(world, "cash") + cash_of(world, "other") == before
    assert abs(world.position().realised) < D("0.01")
    assert ask(world, MoveUnits, to_account="cash", **command).code == "command.same_account"
    assert ask(world, MoveUnits, to_account="other", **{**command, "qty": 151}).code == "command.units"


def test_units_promised_to_orders_do_not_leave(world) -> None:
    world.submit(BUY, "100", "10.01")
    world.submit(SELL, "60", "12.00")
    refused = ask(world, MoveUnits, account="cash", instrument="X.TEST", qty=-50, cause=Cause.TRANSFER)
    assert refused.params["available"] == "40"


def test_bonus_shares_and_a_taxed_dividend(world) -> None:
    world.submit(BUY, "100", "10.01")
    cost = world.position().average * 100
    before = cash_of(world, "cash")
    action = {"instrument": "X.TEST", "units_per_unit": D("0.3"), "cash_per_unit": D("0.25"), "tax_rate": D("0.2")}
    assert ask(world, ApplyCorporateAction, **action).accepted
    line = world.position()
    assert (line.qty, line.average * 130) == (130, cost)
    assert cash_of(world, "cash") - before == D("25") - D("5")
    assert [p.item for p in world.state.accounts["cash"].postings[-3:-1]] == ["dividend", "tax"]


def test_a_short_position_pays_the_dividend(world) -> None:
    world.submit(SELL, "100", "10.00", account="margin")
    before = cash_of(world, "margin")
    assert ask(world, ApplyCorporateAction, instrument="X.TEST", cash_per_unit=D("0.5")).accepted
    assert cash_of(world, "margin") - before == D("-50")


def test_a_corporate_action_names_what_is_wrong(world) -> None:
    assert ask(world, ApplyCorporateAction, instrument="X.TEST", cash_per_unit=D(1)).code == "command.nothing_held"
    world.submit(BUY, "100", "10.01")
    assert ask(world, ApplyCorporateAction, instrument="X.TEST").code == "command.corporate_action"
    world.submit(SELL, "100", "12.00")
    refused = ask(world, ApplyCorporateAction, instrument="X.TEST", units_per_unit=D(1))
    assert (refused.code, refused.params["orders"]) == ("command.orders_working", "O2")


def test_an_expiry_closes_at_its_price(world) -> None:
    world.submit(SELL, "100", "10.00", account="margin")
    expiry = {"account": "margin", "instrument": "X.TEST", "cause": Cause.EXPIRY, "price": D("9.50")}
    assert ask(world, MoveUnits, qty=100, **expiry).accepted
    assert (world.position("margin").qty, world.position("margin").realised) == (0, D("50"))
    assert ask(world, MoveUnits, qty=100, **expiry).code == "command.units"


def test_what_was_realised_today_is_not_what_was_realised_before(world) -> None:
    world.submit(BUY, "200", "10.01")
    world.quote("11.00", "1000", "11.01", "1000")
    world.submit(SELL, "100", "11.00")
    line = account_body(world.state, "cash", world).positions[0]
    assert line.realised_today == line.realised == D(99)
    world.state.accounts["cash"].positions[next(iter(world.state.accounts["cash"].positions))].begin_anew("2026-11-18")
    line = account_body(world.state, "cash", world).positions[0]
    assert (line.realised_today, line.realised) == (0, D(99))
