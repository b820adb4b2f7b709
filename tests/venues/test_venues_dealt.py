"""Minutes in which an instrument is dealt in: breaks and auctions at the open left out, nights counted to their day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from termdesk.core.venues import Dealt, dealt


def at(stamp: str) -> int:
    return int(datetime.fromisoformat(stamp).replace(tzinfo=UTC).timestamp()) * 10**9


@pytest.mark.parametrize(
    ("beijing", "minutes"),
    [
        ("08:00:00", 0),
        ("09:24:59", 0),
        ("09:29:59", 0),
        ("09:30:00", 1),
        ("09:30:59", 1),
        ("09:31:00", 2),
        ("11:29:59", 120),
        ("11:30:00", 120),
        ("12:30:00", 120),
        ("13:00:00", 121),
        ("14:58:30", 239),
        ("15:00:00", 240),
        ("20:00:00", 240),
    ],
)
def test_a_day_in_shanghai_has_240_minutes_and_none_over_lunch(beijing: str, minutes: int) -> None:
    moment = at(f"2026-11-25T{beijing}") - 8 * 3600 * 10**9
    assert dealt("600519.SSE", moment) == Dealt(minutes, 240)


def test_a_venue_that_never_closes_counts_every_minute_of_its_date() -> None:
    assert dealt("BTCUSDT.BINANCE", at("2026-11-25T06:00:30")) == Dealt(361, 1440)


def test_a_night_session_counts_to_the_day_after() -> None:
    friday_night = dealt("cu2701.SHFE", at("2026-11-20T13:30:00"))
    monday = dealt("cu2701.SHFE", at("2026-11-23T01:00:00"))
    assert friday_night is not None
    assert monday is not None
    assert (friday_night.so_far, friday_night.whole) == (31, monday.whole)
    assert monday.so_far == 4 * 60 + 1


@pytest.mark.parametrize("instrument", ["X.NOWHERE", "600519.SSE"])
def test_an_unknown_timetable_gives_no_minutes(instrument: str) -> None:
    assert dealt(instrument, at("2126-11-25T03:00:00")) is None
