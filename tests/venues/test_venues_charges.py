"""Fees by item: worked examples exact to the cent, and their laws."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from venues_listings import listing

from termdesk.core.model.errors import Refused
from termdesk.core.model.terms import Side
from termdesk.core.venues import Commission, fee_schedule
from termdesk.core.venues.rulebook import rule_books

BUY, SELL = Side.BUY, Side.SELL
SHARE, FUND, CONVERTIBLE = listing("600519.SSE"), listing("510300.SSE", "fund"), listing("113050.SSE", "convertible")
ALL_IN = Commission(rate=Decimal("0.00025"), minimum=Decimal(5))
NET = Commission(rate=Decimal("0.00025"), minimum=Decimal(5), all_in=False)
NOW = "2026-11-20"


def items(instrument, day: str, side: Side, amount: str, commission: Commission = ALL_IN) -> dict[str, str] | None:
    schedule = fee_schedule(instrument, day, commission)
    if schedule.unknown(side):
        return None
    return {item.kind: f"{item.amount:.2f}" for item in schedule.items(side, Decimal(amount), Decimal(100))}


@pytest.mark.parametrize(
    ("instrument", "day", "side", "amount", "expected"),
    [
        (SHARE, NOW, SELL, "10000", {"commission": "5.00", "stamp_duty": "5.00", "transfer_fee": "0.10"}),
        (SHARE, NOW, BUY, "10000", {"commission": "5.00", "transfer_fee": "0.10"}),
        (SHARE, NOW, BUY, "100000", {"commission": "25.00", "transfer_fee": "1.00"}),
        (SHARE, NOW, SELL, "100000", {"commission": "25.00", "stamp_duty": "50.00", "transfer_fee": "1.00"}),
        (SHARE, "2023-08-25", SELL, "100000", {"commission": "25.00", "stamp_duty": "100.00", "transfer_fee": "1.00"}),
        (SHARE, "2022-04-28", BUY, "100000", {"commission": "25.00", "transfer_fee": "2.00"}),
        (SHARE, "2015-07-31", BUY, "100000", None),
        (
            listing("920001.BSE"),
            NOW,
            SELL,
            "10000",
            {"commission": "5.00", "stamp_duty": "5.00", "transfer_fee": "0.10"},
        ),
        (FUND, NOW, SELL, "100000", {"commission": "25.00"}),
        (CONVERTIBLE, NOW, SELL, "100000", {"commission": "25.00"}),
    ],
)
def test_worked_examples(instrument, day, side, amount, expected) -> None:
    assert items(instrument, day, side, amount) == expected


def test_a_net_commission_adds_what_an_all_in_one_covers() -> None:
    assert items(SHARE, NOW, SELL, "100000", NET) == {
        "commission": "25.00",
        "stamp_duty": "50.00",
        "transfer_fee": "1.00",
        "handling_fee": "3.41",
        "regulatory_fee": "2.00",
    }
    assert items(SHARE, "2023-08-25", BUY, "100000", NET) is None
    assert items(FUND, NOW, BUY, "100000", NET) is None


def test_buying_and_selling_ten_thousand_costs_fifteen_twenty() -> None:
    both = [fee_schedule(SHARE, NOW).items(side, Decimal(10_000), Decimal(100)) for side in (BUY, SELL)]
    assert sum(item.amount for found in both for item in found) == Decimal("15.20")


def test_each_item_is_rounded_half_up_by_itself() -> None:
    assert items(SHARE, NOW, SELL, "10050") == {"commission": "5.00", "stamp_duty": "5.03", "transfer_fee": "0.10"}
    assert items(SHARE, NOW, BUY, "499") == {"commission": "5.00"}


MONEY = st.decimals(Decimal("0.01"), Decimal(10**9), places=2)


@given(MONEY, MONEY, st.sampled_from([BUY, SELL]), st.sampled_from([ALL_IN, NET]))
def test_more_money_never_costs_less_and_no_order_costs_less_than_the_minimum(one, two, side, commission) -> None:
    def total(amount: Decimal) -> Decimal:
        found = fee_schedule(SHARE, NOW, commission).items(side, amount, Decimal(1))
        return sum((item.amount for item in found), Decimal(0))

    assert total(min(one, two)) <= total(max(one, two))
    assert total(one) >= commission.minimum


@given(MONEY)
def test_a_sale_costs_the_stamp_duty_more_than_a_buy(amount: Decimal) -> None:
    sold, bought = (fee_schedule(SHARE, NOW).items(side, amount, Decimal(1)) for side in (SELL, BUY))
    assert tuple(item for item in sold if item.kind != "stamp_duty") == bought


@pytest.mark.parametrize("day", ["2015-08-03", "2022-04-28", "2022-04-29", "2023-08-25", "2023-08-28", "2026-11-20"])
def test_a_published_table_of_fees_says_the_same(day: str) -> None:
    marina_rules = pytest.importorskip("marina_rules")
    found = {item.kind: item.amount for item in fee_schedule(SHARE, day).items(SELL, Decimal(10**8), Decimal(1))}
    for ours, theirs in (("stamp_duty", "stamp_duty_sell"), ("transfer_fee", "transfer_fee_each_side")):
        assert found[ours] == 10**8 * Decimal(str(marina_rules.rule_at(theirs, day)))


@pytest.mark.parametrize(
    ("name", "kind", "maker", "taker"),
    [
        ("BTCUSDT.BINANCE", "spot", "0.001", "0.001"),
        ("BTCUSDT.BINANCE_USDM", "perpetual", "0.0002", "0.0005"),
        ("BTCUSDT.DEMO", "spot", "0.001", "0.001"),
        ("600519.DEMO", "share", "0.00025", "0.00025"),
    ],
)
def test_crypto_and_generated_markets_take_one_rate(name: str, kind: str, maker: str, taker: str) -> None:
    schedule = fee_schedule(listing(name, kind), NOW)
    assert schedule.buy == schedule.sell
    (term,) = schedule.buy
    assert (term.kind, term.maker_rate, term.rate, term.minimum) == ("commission", Decimal(maker), Decimal(taker), 0)
    assert schedule.unknown(BUY) == schedule.unknown(SELL) == ()


def test_a_listing_without_known_charges_pays_the_commission_and_says_that_more_is_due() -> None:
    schedule = fee_schedule(listing("999999.SSE"), NOW)
    assert [term.kind for term in schedule.buy] == ["commission"]
    assert schedule.unknown(BUY) == ("charges",)


def test_a_segment_without_rule_book_is_refused_rather_than_free() -> None:
    with pytest.raises(Refused) as refused:
        fee_schedule(listing("AAPL.NOWHERE"), "2026-11-22")
    assert refused.value.code == "venue.no_rules"
    assert refused.value.params["segment"] == "NOWHERE"
    assert "BINANCE" in refused.value.params["known"]


def test_every_commission_names_its_source() -> None:
    assert all(row.source for book in rule_books().values() for row in book.commissions)
