"""What is drawn at once, what waits for its turn, and how the screen says that it draws more seldom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from desk_cases import LAST, MOUTAI, app_of, order, quote, topics
from pilot_desk import filled
from pilot_words import shown
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from termdesk.core.model.terms import Side
from termdesk.core.wire.queries import OrdersResult
from termdesk.ui.frames.output import counted
from termdesk.ui.frames.pacing import Why
from termdesk.ui.lines.rendered import RenderedStrip

pytestmark = pytest.mark.usefixtures("still_link")
SECOND = 10**9
FAR = LAST + 777
"""A price beyond the ladder's rows."""


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_ns = 10**12

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
async def clock() -> Clock:
    return Clock()


@pytest.fixture
async def pilot(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> AsyncIterator[Pilot[int]]:
    app = app_of()
    monkeypatch.setattr(app, "clock_ns", clock)
    async with app.run_test(size=(120, 40)) as pilot:
        await filled(pilot)
        await pilot.pause()  # what the first sizes ask to be drawn is drawn
        yield pilot


def screen_of(pilot: Pilot[int]) -> Any:
    return pilot.app._screen  # type: ignore[attr-defined]


def overdraw(pilot: Pilot[int]) -> None:
    """Let the line owe more than it may send in the next half second."""
    screen = screen_of(pilot)
    screen.drawing.use(is_low=True)
    screen.flush()
    pilot.app.wire.sent += screen.desk.settings.screen.bytes_s  # type: ignore[attr-defined]


def trade_at(pilot: Pilot[int], price: int) -> None:
    screen_of(pilot).store.take_topics(topics(quote(MOUTAI, price)), screen_of(pilot).desk.clock_ns())


def words(price: int) -> str:
    return MOUTAI.price_text(price)


async def test_market_data_waits_while_bytes_are_short_and_is_drawn_when_there_are_some(
    pilot: Pilot[int], clock: Clock
) -> None:
    overdraw(pilot)
    trade_at(pilot, FAR)
    screen_of(pilot).flush()
    await pilot.pause()
    assert words(FAR) not in shown(pilot)
    assert screen_of(pilot).drawing._turns.waiting
    clock.now_ns += SECOND
    screen_of(pilot).flush()
    await pilot.pause()
    assert words(FAR) in shown(pilot)
    assert not screen_of(pilot).drawing._turns.waiting


async def test_orders_and_keys_wait_for_nothing(pilot: Pilot[int]) -> None:
    overdraw(pilot)
    screen = screen_of(pilot)
    screen.store.load_orders(OrdersResult(orders=(order("O77", Side.BUY, LAST - 6, qty=7700),), cursor=99))
    screen.flush()
    await pilot.pause()
    assert "7700" in shown(pilot)
    await pilot.press("4", "2")
    assert "qty 42" in shown(pilot)


async def test_an_urgent_pane_that_always_changes_starves_no_other(pilot: Pilot[int], clock: Clock) -> None:
    screen = screen_of(pilot)
    screen.drawing.use(is_low=True)
    drawn: list[str] = []
    for name in ("ladder", "watchlist"):
        surface = screen.query_one(f"#{name}")
        show = surface.show
        surface.show = lambda model, name=name, show=show: (drawn.append(name), show(model))
    screen.drawing._turns._cost = {"ladder": 10.0**9, "watchlist": 10.0**9}
    for tick in range(40):  # in each of them there is room for one pane
        clock.now_ns += SECOND // 30
        trade_at(pilot, LAST + tick % 9)
        screen.flush()
    assert drawn.count("ladder") > drawn.count("watchlist") > 0


@pytest.mark.parametrize(
    ("language", "why", "said"),
    [
        ("en", Why.BYTES, "low bandwidth · 15 fps"),
        ("en", Why.DRAWING, "slow drawing · 15 fps"),
        ("zh", Why.BYTES, "低带宽 · 15 帧/秒"),
        ("zh", Why.DRAWING, "绘制偏慢 · 15 帧/秒"),
    ],
)
async def test_a_lowered_rate_is_said_and_asked_of_the_engine(language: str, why: Why, said: str) -> None:
    async with app_of(language=language).run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        assert set(screen.link._wanted.values()) == {30.0}
        screen.drawing.pace._to(1, why)
        screen.flush(everything=True)
        await pilot.pause()
        assert said in shown(pilot)
        assert set(screen.link._wanted.values()) == {15.0}


async def test_a_key_turns_the_profile_and_says_what_it_means(pilot: Pilot[int]) -> None:
    drawing = screen_of(pilot).drawing
    assert not drawing.is_low
    await pilot.press("alt+n")
    assert drawing.is_low
    assert "market data keeps to 32 kB/s; keys and orders never wait" in shown(pilot)
    await pilot.press("alt+n")
    assert not drawing.is_low
    assert "market data is drawn as often as the settings say" in shown(pilot)


async def test_every_byte_that_a_driver_writes_is_counted(pilot: Pilot[int]) -> None:
    app: Any = pilot.app
    driver = counted(HeadlessDriver)(app)
    before = app.wire.sent
    driver.write("价 1")
    assert app.wire.sent - before == len("价 1".encode())


async def test_a_frame_makes_no_segments_of_the_rows_that_tick(
    monkeypatch: pytest.MonkeyPatch, pilot: Pilot[int]
) -> None:
    made: list[str] = []
    told = RenderedStrip.__getattr__
    monkeypatch.setattr(
        RenderedStrip, "__getattr__", lambda strip, name: (made.append(strip.owner), told(strip, name))[1]
    )
    monkeypatch.setattr(type(pilot.app), "is_headless", False)  # frames are written, though nobody reads them
    written: list[str] = []
    monkeypatch.setattr(pilot.app._driver, "write", written.append)
    screen = screen_of(pilot)
    for step in range(1, 4):
        written.clear()
        screen.store.take_topics(topics(quote(MOUTAI, LAST + step)), 0)
        screen.flush()
        await pilot.pause()
        assert any(str(LAST + step)[-2:] in text for text in written)
    assert made == []
