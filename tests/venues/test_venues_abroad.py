"""Books of futures and of the United States: what they say, and where they say that they do not know."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from venues_listings import listing

from termdesk.core.model.terms import Phase, Side
from termdesk.core.venues import (
    contract,
    extended_hours,
    fee_schedule,
    financing,
    lot_rule,
    phase,
    price_limits,
    settle_days,
    settlement,
    tick_rule,
    trading_day,
)

NOW = "2026-11-20"
NEW_YORK, SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")
SPY = listing("SPY.ARCA", "fund", decimals=4, currency="USD")
APPLE = listing("AAPL.NASDAQ", decimals=4, currency="USD")
BUY, SELL = Side.BUY, Side.SELL


def ns(text: str, zone: ZoneInfo) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * 10**9


def future(code: str):
    return listing(f"{code}.{'CFFEX' if code[0].isupper() else 'SHFE'}", "future")


@pytest.mark.parametrize(
    ("code", "tick", "multiplier"),
    [
        ("IF2612", "0.2", 300),
        ("IH2612", "0.2", 300),
        ("IC2612", "0.2", 200),
        ("IM2612", "0.2", 200),
        ("T2612", "0.005", 10_000),
        ("TF2612", "0.005", 10_000),
        ("TL2612", "0.01", 10_000),
        ("TS2612", "0.002", 20_000),
        ("au2612", "0.02", 1000),
        ("ag2612", "1", 15),
        ("cu2612", "10", 5),
        ("rb2612", "1", 10),
        ("ru2612", "5", 10),
        ("ni2612", "10", 1),
    ],
)
def test_a_future_has_its_tick_and_its_worth_of_a_point(code: str, tick: str, multiplier: int) -> None:
    listed = future(code)
    step, terms, lots = tick_rule(listed, NOW), contract(listed, NOW), lot_rule(listed, NOW)
    assert step is not None
    assert terms is not None
    assert lots is not None
    assert (listed.price_text(step.tick), terms.multiplier) == (f"{Decimal(tick):.3f}", multiplier)
    assert (lots.min_qty, lots.step, lots.max_limit) == (1, 1, None)
    assert settlement(listed, NOW) == 0


def test_an_index_future_is_limited_by_the_previous_settlement() -> None:
    listed = future("IF2612")
    found = price_limits(listed, NOW, 0, prev_settlement=listed.price("4500"))
    assert found is not None
    assert (found.low, found.high) == (listed.price("4050"), listed.price("4950"))
    assert price_limits(listed, NOW, listed.price("4500")) is None
    assert price_limits(listed, NOW, 0, prev_settlement=listed.price("4500.2")) is None


@pytest.mark.parametrize("code", ["IF2612", "rb2612"])
def test_exchange_fees_of_futures_are_due_and_not_known(code: str) -> None:
    schedule = fee_schedule(future(code), NOW)
    assert schedule.buy == schedule.sell == ()
    assert schedule.unknown(BUY) == ("commission", "exchange_fee")


def test_least_margins_are_given_where_a_contract_names_them() -> None:
    assert contract(future("IF2612"), NOW).minimum_margin == Decimal("0.08")
    assert contract(future("rb2612"), NOW).minimum_margin is None


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("09:29:59", Phase.CLOSED),
        ("09:30:00", Phase.CONTINUOUS),
        ("11:30:00", Phase.BREAK),
        ("13:00:00", Phase.CONTINUOUS),
        ("14:59:59", Phase.CONTINUOUS),
        ("15:00:00", Phase.CLOSED),
        ("21:30:00", Phase.CLOSED),
    ],
)
def test_an_index_future_has_no_closing_call_and_no_night(clock: str, expected: Phase) -> None:
    at = phase("IF2612.CFFEX", ns(f"2026-11-20 {clock}", SHANGHAI))
    assert at is not None
    assert at.phase is expected
    assert at.day == "2026-11-20"


def test_a_bond_futures_timetable_that_sources_disagree_on_is_unknown() -> None:
    assert phase("T2612.CFFEX", ns("2026-11-20 10:00:00", SHANGHAI)) is None


@pytest.mark.parametrize(
    ("at", "day", "expected"),
    [
        ("2026-11-20 03:59:59", "2026-11-20", Phase.CLOSED),
        ("2026-11-20 09:29:59", "2026-11-20", Phase.PRE_OPEN),
        ("2026-11-20 09:30:00", "2026-11-20", Phase.CONTINUOUS),
        ("2026-11-20 15:59:59", "2026-11-20", Phase.CONTINUOUS),
        ("2026-11-20 16:00:00", "2026-11-20", Phase.CLOSED),
        ("2026-11-21 12:00:00", "2026-11-23", Phase.CLOSED),
        ("2026-11-26 12:00:00", "2026-11-27", Phase.CLOSED),
        ("2026-11-27 12:59:59", "2026-11-27", Phase.CONTINUOUS),
        ("2026-11-27 13:00:00", "2026-11-27", Phase.CLOSED),
        ("2026-07-02 09:30:00", "2026-07-02", Phase.CONTINUOUS),
        ("2026-07-02 15:59:59", "2026-07-02", Phase.CONTINUOUS),
        ("2026-03-09 09:30:00", "2026-03-09", Phase.CONTINUOUS),
        ("2026-11-01 00:30:00", "2026-11-02", Phase.CLOSED),
    ],
)
def test_a_new_york_day_follows_its_clock_in_summer_and_winter(at: str, day: str, expected: Phase) -> None:
    found = phase("SPY.ARCA", ns(at, NEW_YORK))
    assert found is not None
    assert (found.day, found.phase) == (day, expected)


@given(st.integers(ns("2019-01-02 00:00:00", NEW_YORK), ns("2028-12-29 00:00:00", NEW_YORK)))
def test_new_york_phases_agree_with_its_clock(t_ns: int) -> None:
    local = datetime.fromtimestamp(t_ns // 10**9, NEW_YORK)
    found = phase("SPY.ARCA", t_ns)
    assert found is not None
    assert found.until_ns > t_ns
    assert trading_day("SPY.ARCA", t_ns) == found.day
    if found.phase is Phase.CONTINUOUS:
        assert (9, 30) <= (local.hour, local.minute) < (16, 0)
        assert local.date().isoformat() == found.day
    elif found.day == local.date().isoformat() and (9, 30) <= (local.hour, local.minute) < (13, 0):
        raise AssertionError(local)


def test_the_phase_is_unknown_past_the_announced_years() -> None:
    assert phase("SPY.ARCA", ns("2029-01-02 10:00:00", NEW_YORK)) is None


def test_a_us_price_steps_finer_below_a_dollar() -> None:
    step = tick_rule(APPLE, "2026-10-30")
    assert step is not None
    prices = [APPLE.price(text) for text in ("1.00", "0.9999", "150")]
    assert [step.at(price) for price in prices] == [100, 1, 100]
    assert tick_rule(APPLE, NOW) is None


@pytest.mark.parametrize(("day", "days"), [("2024-05-24", 2), ("2024-05-28", 1), (NOW, 1), ("2016-01-04", None)])
def test_us_trades_settle_a_day_later_since_2024(day: str, days: int | None) -> None:
    assert settle_days(APPLE, day) == days


@pytest.mark.parametrize(
    ("day", "fees", "unknown"),
    [
        ("2025-05-13", {"sec_fee": "2.78", "trading_activity_fee": "0.17"}, ()),
        ("2025-05-14", {"trading_activity_fee": "0.17"}, ()),
        ("2026-04-03", {"trading_activity_fee": "0.20"}, ()),
        (NOW, {"sec_fee": "2.06", "trading_activity_fee": "0.20"}, ()),
        ("2023-06-01", {}, ("sec_fee", "trading_activity_fee")),
    ],
)
def test_a_us_sale_of_100_000_dollars_in_1_000_shares(day: str, fees: dict[str, str], unknown: tuple) -> None:
    schedule = fee_schedule(SPY, day)
    found = {item.kind: f"{item.amount}" for item in schedule.items(SELL, Decimal(100_000), Decimal(1000))}
    assert found == fees
    assert schedule.unknown(SELL) == unknown
    assert schedule.items(BUY, Decimal(100_000), Decimal(1000)) == ()


def test_bands_of_us_shares_are_unknown_and_hours_outside_the_session_are_stated() -> None:
    assert price_limits(APPLE, NOW, APPLE.price("150")) is None
    hours = extended_hours(SPY, NOW)
    assert hours is not None
    assert (hours.early_start, hours.late_end) == ("04:00", "20:00")


def test_a_margin_that_no_source_confirms_is_not_known() -> None:
    share = listing("600519.SSE")
    assert financing(share, "2023-09-07") is None
    assert financing(share, "2023-09-08").initial_margin == Decimal("0.8")
    assert financing(share, NOW).initial_margin is None
    assert financing(share, NOW).close_out == Decimal("1.3")
    assert financing(APPLE, NOW) is None
