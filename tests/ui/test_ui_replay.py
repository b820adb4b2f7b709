"""Replay keys, alone and on a real engine that plays a recording."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.config.launch import LaunchOptions
from termdesk.core.model.terms import OrdStatus
from termdesk.ui.app import TermdeskApp
from termdesk.ui.lines.format import clock
from termdesk.ui.playing import next_speed, typed_time
from termdesk.ui.store import EngineLink

SECOND = 10**9
START = 1_700_000_000 * SECOND
"""2023-11-14 22:13:20 UTC."""
LENGTH_S = 600


def recording(path: Path) -> Path:
    """Ten minutes of a market that trades once a second and hardly moves."""

    def line(ms: int, payload: object) -> str:
        return f"{START + ms * 10**6} {json.dumps(payload, separators=(',', ':'))}"

    def stream(ms: int, name: str, **data: Any) -> str:
        event = {"E": START // 10**6 + ms, "s": "BTCUSDT", **data}
        return line(ms, {"stream": f"btcusdt@{name}", "data": event})

    def levels(price: float, sign: int, qty: str = "5.00000000") -> list[list[str]]:
        return [[f"{price + sign * n / 100:.8f}", qty] for n in range(1, 11)]

    lines = [
        stream(0, "depth@100ms", e="depthUpdate", U=101, u=102, b=[], a=[]),
        line(1, {"lastUpdateId": 102, "bids": levels(100, -1), "asks": levels(100, 1)}),
    ]
    for n in range(1, LENGTH_S):
        ms, seq = n * 1000, 101 + 2 * n
        size = f"{5 + n % 3}.00000000"
        lines.append(stream(ms, "depth@100ms", e="depthUpdate", U=seq, u=seq + 1, b=[["99.95000000", size]], a=[]))
        price = "100.01000000" if n % 2 else "99.99000000"
        lines.append(
            stream(ms + 1, "trade", e="trade", t=n, p=price, q="0.01000000", m=not n % 2, M=True, T=START // 10**6 + ms)
        )
    path.write_text("\n".join([*lines, ""]))
    return path


def screen_of(pilot: Pilot[int]) -> Any:
    assert isinstance(pilot.app, TermdeskApp)
    return pilot.app._screen


def replay_of(pilot: Pilot[int]) -> Any:
    health = screen_of(pilot).store.health
    return health.replay if health else None


@pytest.fixture
async def pilot(tmp_path: Path) -> AsyncIterator[Pilot[int]]:
    options = LaunchOptions(replay=(recording(tmp_path / "btcusdt_made_up.jsonl"),), language="en")
    app = TermdeskApp(options, environment={}, offset_s=0)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.store.link is EngineLink.UP and app._screen.navigation.cursor, 30)
        await until(pilot, lambda: replay_of(pilot))
        yield pilot
        if app.return_code is None:
            await app.link.stop_engine("end")


async def test_pause_step_and_speed_by_key(pilot: Pilot[int]) -> None:
    assert "REPLAY 1×" in shown(pilot)
    await pilot.press("p")
    await until(pilot, lambda: replay_of(pilot).paused)
    before = screen_of(pilot).store.health.feeds[0].events
    await pilot.press("full_stop")
    await until(pilot, lambda: screen_of(pilot).store.health.feeds[0].events > before)
    await pilot.press("greater_than_sign")
    await until(pilot, lambda: replay_of(pilot).speed == 10)
    await pilot.press("less_than_sign", "p")
    await until(pilot, lambda: replay_of(pilot).speed == 1 and not replay_of(pilot).paused)
    assert not screen_of(pilot).is_stale


async def test_jump_forwards_fills_what_is_passed_and_backwards_begins_anew(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    first_desk = screen.store.welcome.desk
    await pilot.press("home", *"1", "B", "enter")
    await until(pilot, lambda: screen.store.fills)
    await pilot.press("g")
    await pilot.press(*["backspace"] * 8, *"22", "colon", *"20")
    await pilot.press("enter")
    await until(pilot, lambda: screen.desk_ns >= START + 390 * SECOND)
    await pilot.press("g")
    await pilot.press(*["backspace"] * 8, *"22", "colon", *"15", "colon", *"00", "enter")
    await until(pilot, lambda: "Going back needs a new run" in shown(pilot))
    await pilot.press("escape")
    assert screen.store.welcome.desk == first_desk
    await pilot.press("g")
    await pilot.press(*["backspace"] * 8, *"22", "colon", *"15", "colon", *"00", "enter")
    await until(pilot, lambda: "Going back needs a new run" in shown(pilot))
    await pilot.press("y")
    await until(pilot, lambda: screen.store.welcome and screen.store.welcome.desk != first_desk, 30)
    await until(pilot, lambda: screen.desk_ns >= START + 100 * SECOND)
    assert clock(screen.desk_ns, 0) < "22:19"
    assert screen.store.fills == []
    assert [line for line in screen.store.orders.values() if line.status is OrdStatus.FILLED] == []
    await until(pilot, lambda: screen.navigation.cursor)


async def test_words_that_are_no_time_are_refused(pilot: Pilot[int]) -> None:
    await pilot.press("g", "x", "enter")
    await until(pilot, lambda: "is no time" in shown(pilot))


def test_speeds_step_up_to_the_fastest_and_down_to_real_time() -> None:
    assert [next_speed(speed, 1) for speed in (1, 10, 50, 100, 0)] == [10, 100, 100, 0, 0]
    assert [next_speed(speed, -1) for speed in (0, 100, 50, 10, 1)] == [100, 10, 10, 1, 1]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("22:15", 100), ("22:15:30", 130), ("2023-11-15 00:00", 6400), ("2023-11-14T22:13:20", 0)],
)
def test_typed_times_are_of_the_desks_day(text: str, seconds: int) -> None:
    assert typed_time(text, START + 5, 0) == START + seconds * SECOND


def test_typed_times_are_of_the_readers_clock() -> None:
    assert typed_time("06:15", START, 8 * 3600) == START + 100 * SECOND


@pytest.mark.parametrize("text", ["", "25:00", "12", "noon", "2023-02-30 10:00", "1:2:3"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert typed_time(text, START, 0) is None
