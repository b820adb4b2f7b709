"""When a bought unit may be sold."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from venues_listings import listing

from termdesk.core.model.instrument import Fund, Instrument
from termdesk.core.venues import following_day, settlement, settles


def fund(code: str, invests_in: str) -> Instrument:
    return msgspec.structs.replace(listing(code, "fund"), detail=Fund(invests_in=invests_in))


@pytest.mark.parametrize(
    ("instrument", "day", "days"),
    [
        (listing("600519.SSE"), "2026-11-20", 1),
        (listing("113050.SSE", "convertible"), "2026-11-20", 0),
        (listing("510300.SSE", "fund"), "2026-11-20", None),
        (fund("510300.SSE", "shares"), "2026-11-20", 1),
        (fund("511010.SSE", "bonds"), "2026-11-20", 0),
        (fund("511880.SSE", "money"), "2026-11-20", 0),
        (fund("518880.SSE", "gold"), "2026-11-20", 0),
        (fund("513100.SSE", "abroad"), "2015-01-16", 1),
        (fund("513100.SSE", "abroad"), "2015-01-19", 0),
        (fund("510170.SSE", "commodities"), "2020-01-17", 1),
        (fund("510170.SSE", "commodities"), "2020-01-20", 0),
        (fund("159985.SZSE", "commodities"), "2019-01-10", 1),
        (fund("159985.SZSE", "commodities"), "2019-01-11", 0),
        (fund("511010.SSE", "bonds"), "2014-12-31", None),
    ],
)
def test_a_bought_unit_may_be_sold_after_so_many_days(instrument: Instrument, day: str, days: int | None) -> None:
    assert settlement(instrument, day) == days


THEIRS = {
    "shares": "etf",
    "bonds": "etf_bond",
    "money": "etf_money",
    "gold": "etf_gold",
    "commodities": "etf_commodity",
    "abroad": "etf_crossborder",
}


@given(
    st.dates(date(2006, 7, 1), date(2026, 10, 1)),
    st.sampled_from(sorted(THEIRS)),
    st.sampled_from([("510300.SSE", "XSHG"), ("159915.SZSE", "XSHE")]),
)
def test_a_published_table_says_the_same(day: date, invests_in: str, listed: tuple[str, str]) -> None:
    marina_rules = pytest.importorskip("marina_rules")
    ours = settlement(fund(listed[0], invests_in), day.isoformat())
    try:
        theirs = marina_rules.rule_at("min_holding_days", day.isoformat(), THEIRS[invests_in], listed[1])
    except KeyError:
        theirs = None
    assert ours == theirs


def test_a_share_bought_before_a_holiday_week_is_sold_after_it() -> None:
    share = listing("600519.SSE")
    days = settlement(share, "2026-09-30")
    assert days is not None
    assert following_day("SSE", "2026-09-30", days) == "2026-10-08"


@pytest.mark.parametrize(("day", "money"), [("2024-05-24", "2024-05-29"), ("2024-05-28", "2024-05-29")])
def test_units_and_money_of_a_us_trade_change_hands_on_one_day(day: str, money: str) -> None:
    found = settles(listing("AAPL.NASDAQ", currency="USD"), day)
    assert found is not None
    assert (found.settle_day, found.sell_day, found.money_day) == (money, day, money)
