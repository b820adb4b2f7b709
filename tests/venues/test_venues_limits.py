"""Daily limits and the price cage: worked examples, laws, and a second opinion."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from venues_listings import ORDINARY, listing

from termdesk.core.model.instrument import Instrument, Standing
from termdesk.core.model.terms import Side
from termdesk.core.venues import price_cage, price_limits

WARNED = (Standing(first_day="", risk_warning=True),)
WIDE = (Standing(first_day="", wide_band=True),)


def band(instrument: Instrument, day: str, prev_close: str) -> tuple[str, str] | None:
    """Highest and lowest price as text; None where unknown."""
    found = price_limits(instrument, day, instrument.price(prev_close))
    if found is None:
        return None
    if found.high is None or found.low is None:
        return ("-", "-")
    return instrument.price_text(found.high), instrument.price_text(found.low)


MAIN, SHENZHEN = listing("600519.SSE", decimals=2), listing("000010.SZSE", decimals=2)
STAR, CHINEXT, BEIJING = (listing(name, decimals=2) for name in ("688981.SSE", "300750.SZSE", "920001.BSE"))


@pytest.mark.parametrize(
    ("instrument", "day", "prev_close", "expected"),
    [
        (MAIN, "2026-11-20", "10.03", ("11.03", "9.03")),
        (MAIN, "2026-11-20", "8.98", ("9.88", "8.08")),
        (MAIN, "2026-11-20", "11.35", ("12.49", "10.22")),
        (CHINEXT, "2026-11-20", "33.24", ("39.89", "26.59")),
        (SHENZHEN, "2026-11-20", "0.04", ("0.05", "0.03")),
        (MAIN, "2023-04-07", "0.04", ("0.04", "0.04")),
        (MAIN, "2023-04-10", "0.04", ("0.05", "0.03")),
        (BEIJING, "2026-11-20", "10.00", ("13.00", "7.00")),
        (BEIJING, "2026-11-20", "0.01", None),
        (STAR, "2026-11-20", "10.00", ("12.00", "8.00")),
        (CHINEXT, "2020-08-21", "10.00", ("11.00", "9.00")),
        (CHINEXT, "2020-08-24", "10.00", ("12.00", "8.00")),
        (listing("000010.SZSE", standings=WARNED, decimals=2), "2026-07-03", "1.87", ("1.96", "1.78")),
        (listing("000010.SZSE", standings=WARNED, decimals=2), "2026-07-06", "1.87", ("2.06", "1.68")),
        (listing("510300.SSE", "fund"), "2026-11-20", "4.567", ("5.024", "4.110")),
        (listing("588000.SSE", "fund", standings=WIDE), "2026-11-20", "1.000", ("1.200", "0.800")),
        (listing("123001.SZSE", "convertible"), "2022-07-29", "120.000", ("-", "-")),
        (listing("123001.SZSE", "convertible"), "2022-08-01", "120.000", ("144.000", "96.000")),
        (listing("600519.DEMO"), "2026-11-20", "10", None),
        (listing("688981.SSE"), "2026-11-20", "0", None),
    ],
)
def test_worked_examples(instrument, day, prev_close, expected) -> None:
    assert band(instrument, day, prev_close) == expected


@pytest.mark.parametrize(
    ("name", "first_day", "day", "expected"),
    [
        ("600001.SSE", "2026-11-16", "2026-11-20", ("-", "-")),
        ("600001.SSE", "2026-11-13", "2026-11-20", ("11.000", "9.000")),
        ("600001.SSE", "2026-09-29", "2026-10-12", ("-", "-")),
        ("600001.SSE", "2026-09-29", "2026-10-13", ("11.000", "9.000")),
        ("600001.SSE", "2023-04-06", "2023-04-06", None),
        ("600001.SSE", "2023-04-06", "2023-04-10", ("11.000", "9.000")),
        ("688001.SSE", "2026-11-16", "2026-11-20", ("-", "-")),
        ("300999.SZSE", "2026-11-16", "2026-11-20", ("-", "-")),
        ("920001.BSE", "2026-11-20", "2026-11-20", ("-", "-")),
        ("920001.BSE", "2026-11-19", "2026-11-20", ("13.000", "7.000")),
        ("600001.SSE", "", "2026-11-20", None),
    ],
)
def test_new_listings_have_no_limit_in_their_first_trading_days(name, first_day, day, expected) -> None:
    assert band(listing(name, first_day=first_day), day, "10") == expected


def test_a_convertible_starts_from_its_issue_price_which_is_not_known() -> None:
    bond = listing("123001.SZSE", "convertible", first_day="2026-11-20")
    assert band(bond, "2026-11-20", "100") is None


def test_the_first_day_of_a_delisting_period_has_no_limit() -> None:
    leaving = listing(
        "600001.SSE", standings=(*ORDINARY, Standing(first_day="2026-11-19", delisting_since="2026-11-19"))
    )
    assert [band(leaving, day, "10") for day in ("2026-11-18", "2026-11-19", "2026-11-20")] == [
        ("11.000", "9.000"),
        ("-", "-"),
        ("11.000", "9.000"),
    ]


def test_without_a_known_standing_the_limit_is_unknown_unless_every_standing_gives_the_same() -> None:
    assert band(listing("600519.SSE", standings=()), "2026-11-20", "10") is None
    assert band(listing("600519.SSE", standings=()), "1997-06-02", "10") is None
    assert band(listing("113050.SSE", "convertible", standings=()), "2026-11-20", "100") == ("120.000", "80.000")


@given(st.integers(6, 10**7), st.sampled_from([MAIN, STAR, CHINEXT, BEIJING]))
def test_limits_are_symmetric_up_to_one_tick_and_never_half_a_tick_off(prev_close: int, instrument: Instrument) -> None:
    found = price_limits(instrument, "2026-11-20", prev_close)
    assert found is not None
    assert found.high is not None
    assert found.low is not None
    assert abs((found.high - prev_close) - (prev_close - found.low)) <= 1
    assert found.low < prev_close < found.high
    share = {MAIN.id: 10, STAR.id: 20, CHINEXT.id: 20, BEIJING.id: 30}[instrument.id]
    for limit, factor in ((found.high, 100 + share), (found.low, 100 - share)):
        assert abs(Decimal(limit) - Decimal(prev_close * factor) / 100) <= max(
            Decimal("0.5"), 1 - Decimal(prev_close) * share / 100
        )


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_a_higher_previous_close_never_has_lower_limits(prev_close: int, more: int) -> None:
    low, high = (price_limits(MAIN, "2026-11-20", price) for price in (prev_close, prev_close + more))
    assert low.low <= high.low
    assert low.high <= high.high


SCOPES = [
    ("main_board", "XSHG", MAIN),
    ("main_board", "XSHE", SHENZHEN),
    ("st_main", "XSHG", listing("600001.SSE", standings=WARNED, decimals=2)),
    ("st_main", "XSHE", listing("000010.SZSE", standings=WARNED, decimals=2)),
    ("star", "XSHG", STAR),
    ("chinext", "XSHE", CHINEXT),
    ("st_chinext", "XSHE", listing("300001.SZSE", standings=WARNED, decimals=2)),
    ("bse", "BJSE", BEIJING),
    ("etf", "XSHG", listing("510300.SSE", "fund")),
    ("etf", "XSHE", listing("159915.SZSE", "fund")),
    ("etf_20pct", "XSHG", listing("588000.SSE", "fund", standings=WIDE)),
    ("etf_20pct", "XSHE", listing("159915.SZSE", "fund", standings=WIDE)),
    ("convertible", "XSHE", listing("123001.SZSE", "convertible")),
    ("reits", "XSHG", listing("508000.SSE", "fund", first_day="2021-06-21")),
    ("b_share", "XSHG", listing("900901.SSE")),
]
DAYS = (
    "2015-06-01",
    "2019-07-22",
    "2020-08-21",
    "2020-08-24",
    "2021-11-15",
    "2022-08-01",
    "2023-04-10",
    "2026-07-03",
    "2026-07-06",
)
DECIMALS = {"convertible": 3}
"""Where the table has no tick and would fall back on a share's."""


@pytest.mark.parametrize(("scope", "market", "instrument"), SCOPES, ids=lambda value: getattr(value, "id", value))
def test_a_published_table_of_rules_says_the_same(scope: str, market: str, instrument: Instrument) -> None:
    marina_rules = pytest.importorskip("marina_rules")
    compared = 0
    for day in DAYS:
        for prev_close in ("0.30", "1.87", "3.33", "8.98", "10.03", "11.35", "33.24", "119.99"):
            ours = band(instrument, day, prev_close)
            if ours is None:
                continue
            try:
                theirs = marina_rules.limit_price(float(prev_close), scope, day, market, DECIMALS.get(scope))
            except KeyError:
                continue
            compared += 1
            if theirs is None:
                assert ours == ("-", "-")
            else:
                assert tuple(map(Decimal, ours)) == tuple(Decimal(str(price)) for price in theirs), (day, prev_close)
    assert compared


ASK_1125 = {"bid": "11.24", "ask": "11.25", "last": "11.20", "prev_close": "11.00"}


@pytest.mark.parametrize(
    ("instrument", "side", "market", "expected"),
    [
        (MAIN, Side.BUY, ASK_1125, "11.47"),
        (MAIN, Side.SELL, ASK_1125, "11.02"),
        (MAIN, Side.BUY, {"ask": "2.00"}, "2.10"),
        (MAIN, Side.BUY, {"bid": "20.00", "last": "21.00"}, "20.40"),
        (MAIN, Side.SELL, {"ask": "20.00", "last": "21.00"}, "19.60"),
        (MAIN, Side.BUY, {"prev_close": "20.00"}, "20.40"),
        (BEIJING, Side.BUY, {"ask": "20.00"}, "21.00"),
        (MAIN, Side.BUY, {}, None),
        (listing("510300.SSE", "fund", decimals=2), Side.BUY, ASK_1125, None),
        (listing("113050.SSE", "convertible", decimals=2), Side.BUY, ASK_1125, None),
    ],
)
def test_the_cage_reckons_from_the_other_side_first(instrument, side, market, expected) -> None:
    prices = {name: instrument.price(market.get(name, "0")) for name in ("bid", "ask", "last", "prev_close")}
    cage = price_cage(instrument, "2026-11-20", side, **prices)
    assert (None if cage is None else instrument.price_text(cage.price)) == expected


def test_before_2023_there_was_no_cage_that_refused() -> None:
    assert price_cage(MAIN, "2023-04-07", Side.BUY, bid=1000, ask=1001, last=0, prev_close=0) is None
