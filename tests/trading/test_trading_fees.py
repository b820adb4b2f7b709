"""What the desk holds back and books for fees by item."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trading_world import BUY, SELL, World, assert_books_balance, replayed, share

from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.facts import OrderFilled, OrderSubmitted
from termdesk.core.model.fee import FeeTerm
from termdesk.core.model.terms import AccountKind, OrdType, TimeInForce
from termdesk.core.trading.inputs import ResumeDesk
from termdesk.core.trading.preview import preview
from termdesk.core.trading.read import restorable
from termdesk.core.venues.schedule import FeeSchedule

COMMISSION = FeeTerm("commission", Decimal("0.00025"), minimum=Decimal(5))
TRANSFER = FeeTerm("transfer_fee", Decimal("0.00001"))
STAMP = FeeTerm("stamp_duty", Decimal("0.0005"))
CHINA = FeeSchedule(currency="CNY", buy=(COMMISSION, TRANSFER), sell=(COMMISSION, STAMP, TRANSFER))


def world(cash: str = "1000000", kind: AccountKind = AccountKind.CASH) -> World:
    return World(share(lot="1"), CHINA).open(("cash", kind, cash))


def test_a_buy_holds_back_its_cost_and_the_least_commission() -> None:
    desk = world()
    desk.submit(BUY, "100", "10.00")
    assert desk.order("O1").reserve == Decimal("1005.01")


def test_a_buy_that_cash_covers_only_without_the_least_commission_is_refused() -> None:
    desk = world("1005.00")
    assert desk.submit(BUY, "100", "10.00").code == "risk.cash"
    assert desk.submit(BUY, "99", "10.00").accepted


def test_after_the_first_fill_only_the_rest_and_what_fees_it_adds_stay_held_back() -> None:
    desk = world()
    desk.submit(BUY, "1000", "10.00")
    desk.trade("10.00", "400", SELL)
    assert desk.order("O1").reserve == Decimal("6000") + Decimal("0.06")
    assert desk.cash().balance == Decimal("1000000") - Decimal("4000") - Decimal("5.00") - Decimal("0.04")


def test_the_terms_in_force_go_on_record_with_the_order() -> None:
    desk = world()
    desk.submit(BUY, "100", "10.00")
    (fact,) = desk.facts(OrderSubmitted)
    assert fact.fee_terms == CHINA.buy
    assert fact.fee_rate == Decimal("0.00026")
    assert msgspec.json.decode(msgspec.json.encode(fact), type=OrderSubmitted) == fact


def test_an_order_from_before_terms_were_recorded_pays_its_one_rate() -> None:
    desk = world()
    desk.submit(BUY, "100", "10.00")
    old = [
        msgspec.structs.replace(
            record,
            fact=msgspec.structs.replace(record.fact, fee_terms=())
            if isinstance(record.fact, OrderSubmitted)
            else record.fact,
        )
        for record in desk.records
    ]
    assert replayed(old).orders["O1"].fee_terms == (FeeTerm("commission", Decimal("0.00026")),)


def test_fees_go_on_over_a_restart_as_if_there_had_been_none() -> None:
    def fees(killed: bool) -> list:
        desk = world()
        desk.submit(BUY, "1000", "9.99")
        desk.trade("9.99", "333", SELL)
        if killed:
            desk.state = replayed(desk.records)
            desk.exchange = SimulatedExchange(desk.market, lambda _: desk.schedule)
            desk.give(ResumeDesk(clean=False, engine_version="1"))
            desk.exchange.restore(restorable(desk.state, "paper"), desk.now_ns)
        for qty in ("333", "334"):
            desk.trade("9.98", qty, SELL)
        return [fact.fees for fact in desk.facts(OrderFilled)]

    assert fees(killed=True) == fees(killed=False)
    assert len(fees(killed=True)) == 3


def test_a_preview_lists_every_fee_and_names_those_that_are_not_known() -> None:
    desk = world()
    desk.schedule = msgspec.structs.replace(CHINA, unknown_sell=("handling_fee",))
    command = SubmitOrder(
        command_id="p",
        account="cash",
        instrument=desk.x.id,
        side=SELL,
        ord_type=OrdType.LIMIT,
        qty=1000,
        price=1000,
        time_in_force=TimeInForce.GTC,
        origin="test",
    )
    told = preview(desk.state, desk, command)
    assert [(item.kind, item.amount) for item in told.fees] == [
        ("commission", Decimal("5.00")),
        ("stamp_duty", Decimal("5.00")),
        ("transfer_fee", Decimal("0.10")),
    ]
    assert told.fee == Decimal("10.10")
    assert told.fees_unknown == ("handling_fee",)


@settings(max_examples=60)
@given(
    price=st.integers(1, 30_000),
    qty=st.integers(1, 5_000),
    parts=st.lists(st.integers(1, 2_000), max_size=5),
)
@pytest.mark.parametrize("kind", [AccountKind.CASH, AccountKind.MARGIN])
def test_what_is_held_back_covers_what_is_paid_whatever_the_fills(kind, price, qty, parts) -> None:
    needed = world("100000000", kind)
    needed.submit(BUY, str(qty), f"{price / 100:.2f}")
    exactly = needed.order("O1").reserve
    desk = world(str(exactly), kind)
    assert desk.submit(BUY, str(qty), f"{price / 100:.2f}").accepted
    for part in parts:
        desk.trade(f"{price / 100:.2f}", str(part), SELL)
        assert desk.order("O1").reserve >= 0
        assert desk.cash().available >= 0
    assert_books_balance(desk.state)
