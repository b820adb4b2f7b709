"""Fees of an order by item: reckoned on its fills together, least amounts once, the same over a restart."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.matching.fees import FeeTally
from termdesk.core.matching.restored import ChargedFill
from termdesk.core.model.fee import FeeTerm
from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.core.model.terms import Liquidity, Side
from termdesk.core.venues import Commission, fee_schedule
from termdesk.core.venues.schedule import FeeSchedule, flat

MAKER, TAKER = Liquidity.MAKER, Liquidity.TAKER
SHARE = Instrument(
    id="600519.SSE",
    name="",
    currency="CNY",
    price_decimals=2,
    qty_decimals=0,
    rules=(TradingRule("", 1, 100, 100),),
    detail=Share(),
)
ALL_IN = fee_schedule(SHARE, "2026-11-20")
NET = fee_schedule(SHARE, "2026-11-20", Commission(rate=Decimal("0.00025"), minimum=Decimal(5), all_in=False))
COIN = flat("USDT", Decimal("0.0002"), Decimal("0.0005"))
CAPPED = (FeeTerm("trading_activity_fee", Decimal(0), per_unit=Decimal("0.000166"), maximum=Decimal("8.30")),)
PER_UNIT = FeeSchedule(currency="USD", buy=(), sell=CAPPED)

SCHEDULES = st.sampled_from([ALL_IN, NET, COIN, PER_UNIT])
FILL = st.tuples(st.integers(1, 300_000), st.integers(1, 100_000), st.sampled_from([MAKER, TAKER]))
FILLS = st.lists(FILL, min_size=1, max_size=6)


def charge(tally: FeeTally, fees: FeeSchedule, side: Side, price: int, qty: int, liquidity=TAKER):
    return tally.charge(fees, SHARE, side, liquidity, SHARE.price_decimal(price), qty)


def total(items) -> dict[str, Decimal]:
    out: dict[str, Decimal] = {}
    for item in items:
        out[item.kind] = out.get(item.kind, Decimal(0)) + item.amount
    return out


def test_the_least_commission_is_paid_once_for_all_fills_of_an_order() -> None:
    tally = FeeTally()
    first = charge(tally, ALL_IN, Side.BUY, 1000, 100)
    second = charge(tally, ALL_IN, Side.BUY, 1000, 100)
    third = charge(tally, ALL_IN, Side.BUY, 1000, 3000)
    assert total(first) == {"commission": Decimal("5.00"), "transfer_fee": Decimal("0.01")}
    assert total(second) == {"transfer_fee": Decimal("0.01")}
    assert total(third) == {"commission": Decimal("3.00"), "transfer_fee": Decimal("0.30")}


def test_a_sale_in_two_fills_costs_the_worked_example() -> None:
    tally = FeeTally()
    items = charge(tally, ALL_IN, Side.SELL, 1000, 400) + charge(tally, ALL_IN, Side.SELL, 1000, 600)
    assert total(items) == {
        "commission": Decimal("5.00"),
        "stamp_duty": Decimal("5.00"),
        "transfer_fee": Decimal("0.10"),
    }


def test_a_resting_order_pays_the_makers_rate() -> None:
    assert total(charge(FeeTally(), COIN, Side.BUY, 100_00, 100, MAKER)) == {"commission": Decimal("2.00000000")}
    assert total(charge(FeeTally(), COIN, Side.BUY, 100_00, 100, TAKER)) == {"commission": Decimal("5.00000000")}


def test_a_fee_by_unit_stops_at_its_most() -> None:
    tally = FeeTally()
    assert total(charge(tally, PER_UNIT, Side.SELL, 1000, 10_000)) == {"trading_activity_fee": Decimal("1.66")}
    assert total(charge(tally, PER_UNIT, Side.SELL, 1000, 90_000)) == {"trading_activity_fee": Decimal("6.64")}
    assert charge(tally, PER_UNIT, Side.SELL, 1000, 1) == ()


@given(SCHEDULES, st.sampled_from(Side), FILLS)
def test_any_split_of_an_order_costs_what_the_whole_costs(fees, side, fills) -> None:
    tally = FeeTally()
    items = [item for price, qty, _ in fills for item in charge(tally, fees, side, price, qty)]
    amount = sum((SHARE.cash(SHARE.price_decimal(price), qty, "") for price, qty, _ in fills), Decimal(0))
    units = Decimal(sum(qty for _, qty, _ in fills))
    assert total(items) == total(fees.items(side, amount, units))
    assert all(item.amount > 0 for item in items)


@given(SCHEDULES, st.sampled_from(Side), FILLS, st.integers(0, 5))
def test_a_restart_between_fills_changes_no_fee(fees, side, fills, before) -> None:
    tally, straight = FeeTally(), FeeTally()
    booked, expected = [], []
    for number, (price, qty, liquidity) in enumerate(fills):
        if number == before:
            tally = FeeTally()
            tally.recall(fees.terms(side), booked)
        executed = SHARE.price_decimal(price)
        items = tally.charge(fees, SHARE, side, liquidity, executed, qty)
        booked.append(ChargedFill(SHARE.cash(executed, qty, ""), Decimal(qty), liquidity, items))
        expected.append(straight.charge(fees, SHARE, side, liquidity, executed, qty))
    assert [fill.fees for fill in booked] == expected


@pytest.mark.parametrize("terms", [(), COIN.buy])
def test_fills_that_were_charged_by_other_terms_are_never_charged_again(terms) -> None:
    tally = FeeTally()
    (item,) = FeeTally().charge(flat("CNY", Decimal("0.01"), Decimal("0.01")), SHARE, Side.BUY, TAKER, Decimal(10), 100)
    tally.recall(terms, [ChargedFill(Decimal(1000), Decimal(100), TAKER, (item,))])
    more = tally.charge(flat("CNY", Decimal(0), Decimal("0.001")), SHARE, Side.BUY, TAKER, Decimal(10), 100)
    assert [(item.kind, item.amount) for item in more] == [("commission", Decimal("1.00"))]
