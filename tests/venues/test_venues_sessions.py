from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.model.terms import Phase
from termdesk.core.venues import following_day, phase, trading_day
from termdesk.core.venues.rulebook import holidays, rule_books

SHANGHAI = timezone(timedelta(hours=8))
MOUTAI = "600519.SSE"


def ns(text: str, zone: tzinfo = SHANGHAI) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * 10**9


@pytest.mark.parametrize(
    ("clock", "expected", "until"),
    [
        ("00:00:00", Phase.PRE_OPEN, "09:15:00"),
        ("09:14:59", Phase.PRE_OPEN, "09:15:00"),
        ("09:15:00", Phase.OPENING_AUCTION, "09:25:00"),
        ("09:25:00", Phase.BREAK, "09:30:00"),
        ("09:30:00", Phase.CONTINUOUS, "11:30:00"),
        ("11:30:00", Phase.BREAK, "13:00:00"),
        ("14:56:59", Phase.CONTINUOUS, "14:57:00"),
        ("14:57:00", Phase.CLOSING_AUCTION, "15:00:00"),
        ("15:00:00", Phase.CLOSED, "24:00:00"),
    ],
)
def test_a_shanghai_day_follows_its_timetable(clock: str, expected: Phase, until: str) -> None:
    at = phase(MOUTAI, ns(f"2023-02-01 {clock}"))
    assert at is not None
    assert (at.day, at.phase) == ("2023-02-01", expected)
    assert at.until_ns == (ns("2023-02-02 00:00:00") if until == "24:00:00" else ns(f"2023-02-01 {until}"))


def test_a_date_without_session_is_closed_and_belongs_to_the_next_trading_day() -> None:
    spring_festival = ns("2023-01-23 10:00:00")
    at = phase(MOUTAI, spring_festival)
    assert at is not None
    assert (at.day, at.phase, at.until_ns) == ("2023-01-30", Phase.CLOSED, ns("2023-01-24 00:00:00"))
    assert trading_day(MOUTAI, spring_festival) == "2023-01-30"


def test_a_make_up_working_sunday_is_no_trading_day() -> None:
    at = phase(MOUTAI, ns("2023-01-29 10:00:00"))
    assert at is not None
    assert at.phase is Phase.CLOSED


def test_before_and_after_the_announced_years_the_phase_is_unknown() -> None:
    after = int(holidays("sse").last_day[:4]) + 1
    for day in ("2018-08-17", f"{after}-01-04"):
        assert phase(MOUTAI, ns(f"{day} 10:00:00")) is None
        assert trading_day(MOUTAI, ns(f"{day} 10:00:00")) == day


def test_a_segment_without_rule_book_has_no_phase_and_the_utc_date() -> None:
    late = ns("2026-11-22 23:30:00", UTC)
    assert phase("AAPL.NOWHERE", late) is None
    assert trading_day("AAPL.NOWHERE", late) == "2026-11-22"


@pytest.mark.parametrize(
    ("instrument", "day"),
    [("BTCUSDT.BINANCE", "2026-11-22"), ("BTCUSDT.BINANCE_USDM", "2026-11-22"), ("BTCUSDT.DEMO", "2026-11-23")],
)
def test_round_the_clock_venues_count_days_in_their_own_zone(instrument: str, day: str) -> None:
    at = phase(instrument, ns("2026-11-22 20:00:00", UTC))
    assert at is not None
    assert (at.day, at.phase) == (day, Phase.CONTINUOUS)


@given(st.sampled_from(sorted(rule_books())), st.integers(0, 2**62))
def test_a_phase_holds_until_it_says(segment: str, t_ns: int) -> None:
    at = phase(f"X.{segment}", t_ns)
    if at is None:
        return
    assert at.until_ns > t_ns
    assert phase(f"X.{segment}", at.until_ns - 1) == at
    assert trading_day(f"X.{segment}", t_ns) == at.day


def test_every_timetable_begins_at_midnight_and_ascends() -> None:
    for book in rule_books().values():
        for row in book.sessions:
            starts = [step.start for step in row.phases]
            assert starts[:1] in ([], ["00:00"])
            assert starts == sorted(set(starts))


def test_shanghai_funds_have_a_closing_call_since_the_rules_of_2026() -> None:
    fund = "510300.SSE"
    for day, expected in (("2026-07-03", Phase.CONTINUOUS), ("2026-07-06", Phase.CLOSING_AUCTION)):
        at = phase(fund, ns(f"{day} 14:58:00"))
        assert at is not None
        assert at.phase is expected
    shenzhen = phase("159915.SZSE", ns("2021-07-06 14:58:00"))
    assert shenzhen is not None
    assert shenzhen.phase is Phase.CLOSING_AUCTION


def test_a_timetable_that_no_source_states_is_unknown() -> None:
    assert phase("113050.SSE", ns("2026-07-06 14:58:00")) is None
    assert trading_day("113050.SSE", ns("2026-07-06 14:58:00")) == "2026-07-06"


@pytest.mark.parametrize(
    ("instrument", "moment", "day", "expected"),
    [
        ("au2612.SHFE", "2026-11-19 21:30:00", "2026-11-20", Phase.CONTINUOUS),
        ("au2612.SHFE", "2026-11-20 02:29:59", "2026-11-20", Phase.CONTINUOUS),
        ("au2612.SHFE", "2026-11-20 02:30:00", "2026-11-20", Phase.CLOSED),
        ("au2612.SHFE", "2026-11-20 10:00:00", "2026-11-20", Phase.CONTINUOUS),
        ("au2612.SHFE", "2026-11-20 15:30:00", "2026-11-20", Phase.CLOSED),
        ("au2612.SHFE", "2026-11-20 20:56:00", "2026-11-23", Phase.OPENING_AUCTION),
        ("au2612.SHFE", "2026-11-21 01:00:00", "2026-11-23", Phase.CONTINUOUS),
        ("au2612.SHFE", "2026-11-21 12:00:00", "2026-11-23", Phase.CLOSED),
        ("au2612.SHFE", "2026-11-23 01:00:00", "2026-11-23", Phase.CLOSED),
        ("cu2612.SHFE", "2026-11-20 01:30:00", "2026-11-20", Phase.CLOSED),
        ("rb2612.SHFE", "2026-11-19 22:59:59", "2026-11-20", Phase.CONTINUOUS),
        ("rb2612.SHFE", "2026-11-19 23:30:00", "2026-11-20", Phase.CLOSED),
        ("au2612.SHFE", "2026-09-30 21:30:00", "2026-09-30", Phase.CLOSED),
        ("au2612.SHFE", "2026-10-08 10:00:00", "2026-10-08", Phase.CONTINUOUS),
    ],
)
def test_a_night_session_belongs_to_the_next_trading_day(
    instrument: str, moment: str, day: str, expected: Phase
) -> None:
    at = phase(instrument, ns(moment))
    assert at is not None
    assert (at.day, at.phase) == (day, expected)


@given(st.sampled_from(["au2612", "cu2612", "rb2612"]), st.integers(0, 360 * 24 * 60))
def test_a_night_phase_holds_until_it_says(code: str, minute: int) -> None:
    t_ns = ns("2026-01-02 00:00:00") + minute * 60 * 10**9
    at = phase(f"{code}.SHFE", t_ns)
    if at is not None:
        assert at.until_ns > t_ns
        assert phase(f"{code}.SHFE", at.until_ns - 1) == at


@pytest.mark.filterwarnings("ignore::DeprecationWarning:pandas")
@pytest.mark.filterwarnings("ignore::DeprecationWarning:exchange_calendars")
@pytest.mark.parametrize(("name", "theirs", "listed"), [("sse", "XSHG", MOUTAI), ("us", "XNYS", "SPY.ARCA")])
def test_the_holiday_file_agrees_with_exchange_calendars(name: str, theirs: str, listed: str) -> None:
    exchange_calendars = pytest.importorskip("exchange_calendars")
    known = holidays(name)
    calendar = exchange_calendars.get_calendar(theirs, start=known.first_day)
    last = min(date.fromisoformat(known.last_day), calendar.last_session.date())
    sessions = {stamp.date().isoformat() for stamp in calendar.sessions}
    day = date.fromisoformat(known.first_day)
    while day <= last:
        noon = phase(listed, ns(f"{day} 10:00:00", ZoneInfo(str(calendar.tz))))
        if noon is not None:
            assert (noon.phase is Phase.CONTINUOUS) == (day.isoformat() in sessions), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("segment", "day", "days", "expected"),
    [
        ("SSE", "2026-11-20", 1, "2026-11-23"),
        ("SSE", "2026-11-20", 0, "2026-11-20"),
        ("SSE", "2026-11-21", 1, "2026-11-23"),
        ("SSE", "2026-09-30", 1, "2026-10-08"),
        ("SSE", "2026-09-30", 2, "2026-10-09"),
        ("ARCA", "2026-11-25", 1, "2026-11-27"),
        ("BINANCE", "2026-12-31", 1, "2027-01-01"),
    ],
)
def test_days_are_counted_in_sessions(segment: str, day: str, days: int, expected: str) -> None:
    assert following_day(segment, day, days) == expected


def test_shanghai_never_closes_early() -> None:
    assert not holidays("sse").early
    assert holidays("us").early


@given(st.integers(ns("2026-01-05 00:00:00"), ns("2026-12-30 00:00:00")))
def test_a_night_session_is_on_the_trading_day_of_the_morning_after_it(t_ns: int) -> None:
    at = phase("au2612.SHFE", t_ns)
    assert at is not None
    local = datetime.fromtimestamp(t_ns // 10**9, SHANGHAI)
    if at.phase is Phase.CONTINUOUS and (local.hour >= 20 or local.hour < 3):
        evening = local.date() - timedelta(days=local.hour < 3)
        assert at.day == following_day("SHFE", evening.isoformat())
    elif at.phase is Phase.CONTINUOUS:
        assert at.day == local.date().isoformat()
