"""The screen on a real engine process: orders, cancels, leaving and coming back."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.client.discovery import answers
from termdesk.config.launch import LaunchOptions
from termdesk.config.paths import DeskPaths
from termdesk.core.model.terms import OrdStatus
from termdesk.ui.app import TermdeskApp
from termdesk.ui.store import EngineLink

ATTACH = LaunchOptions(desk="demo", may_start_engine=False, language="en")


@asynccontextmanager
async def opened(options: LaunchOptions = ATTACH, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Pilot[int]]:
    """A screen with a live ladder."""
    app = TermdeskApp(options, environment={}, offset_s=0)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.store.link is EngineLink.UP and app._screen.navigation.cursor, 30)
        yield pilot


def screen_of(pilot: Pilot[int]) -> Any:
    assert isinstance(pilot.app, TermdeskApp)
    return pilot.app._screen


def orders_of(pilot: Pilot[int], *statuses: OrdStatus) -> list[Any]:
    lines = screen_of(pilot).store.orders.values()
    return [line for line in lines if not statuses or line.status in statuses]


async def rest_below(pilot: Pilot[int], ticks: int = 400) -> None:
    """Send a buy that far below the market."""
    screen = screen_of(pilot)
    await pilot.press("home")
    screen.navigation.move(-ticks)
    await pilot.press("b")
    await until(pilot, lambda: screen.entry.previewing.answer is not None)
    await pilot.press("enter")
    await until(pilot, lambda: screen.entry.ticket.staged is None)


async def test_screen_fills_with_a_living_market(demo_engine: DeskPaths) -> None:
    async with opened() as pilot:
        store, screen = screen_of(pilot).store, screen_of(pilot)
        chosen = screen.instrument_id
        await until(pilot, lambda: chosen in store.books and store.bars.get(chosen) and store.studies)
        await until(pilot, lambda: chosen in store.tapes and store.tapes[chosen].total > 3)
        screen.flush(everything=True)
        text = shown(pilot)
        assert len(store.quotes) == 8
        for word in ("DEMO · generated prices", "600519", "BTCUSDT", "cash", "MACD"):
            assert word in text


async def test_order_rests_is_seen_in_ladder_and_blotter_and_is_cancelled_at_its_price(demo_engine: DeskPaths) -> None:
    async with opened() as pilot:
        await rest_below(pilot)
        await until(pilot, lambda: orders_of(pilot, OrdStatus.NEW))
        await until(pilot, lambda: "●100" in shown(pilot) and "working" in shown(pilot))
        await pilot.press("x")
        await until(pilot, lambda: orders_of(pilot, OrdStatus.CANCELED))
        assert len(orders_of(pilot)) == 1


async def test_preview_shows_cost_reserve_and_position(demo_engine: DeskPaths) -> None:
    async with opened() as pilot:
        screen_of(pilot).navigation.move(-100)  # one that trades at once is warned of, which takes room
        await pilot.press("2", "0", "0", "b")
        await until(pilot, lambda: "position after 200" in shown(pilot))
        assert "reserve" in shown(pilot)
        await pilot.press("escape", "1", "5", "0", "b")
        await until(pilot, lambda: "quantity 150 is no multiple of the lot 100" in shown(pilot))


async def test_market_order_is_filled_and_says_why(demo_engine: DeskPaths) -> None:
    async with opened() as pilot:
        await pilot.press("B", "enter")
        await until(pilot, lambda: screen_of(pilot).store.fills)
        await until(pilot, lambda: "filled buy 100 600519 @" in shown(pilot))
        assert "took " in shown(pilot)
        await until(pilot, lambda: screen_of(pilot).store.position("cash", "600519.DEMO") == 100)


async def test_cancel_all_takes_only_this_accounts_orders_of_the_instrument(demo_engine: DeskPaths) -> None:
    async with opened() as pilot:
        await rest_below(pilot, 400)
        await rest_below(pilot, 420)
        await pilot.press("a")
        await rest_below(pilot, 400)
        await pilot.press("a")
        await until(pilot, lambda: len(orders_of(pilot, OrdStatus.NEW)) == 3)
        await pilot.press("X", "y")
        await until(pilot, lambda: len(orders_of(pilot, OrdStatus.CANCELED)) == 2)
        (left,) = orders_of(pilot, OrdStatus.NEW)
        assert left.account == "margin"


async def test_leaving_keeps_the_engine_and_coming_back_finds_everything(demo_engine: DeskPaths) -> None:
    async with opened() as pilot:
        await rest_below(pilot)
        await until(pilot, lambda: orders_of(pilot, OrdStatus.NEW))
        before = orders_of(pilot)
        await pilot.press("q", "l")
        await until(pilot, lambda: pilot.app.return_code == 0)
    assert answers(demo_engine.socket)
    async with opened(size=(80, 24)) as pilot:
        assert orders_of(pilot) == before
        assert "working" in shown(pilot)
        await pilot.press("q", "s")
        await until(pilot, lambda: pilot.app.return_code == 0)


async def test_refused_order_leaves_no_trace_but_its_reason(demo_engine: DeskPaths) -> None:
    async with opened() as pilot:
        await pilot.press(*"999999900", "b", "enter")
        await until(pilot, lambda: "refused: needs" in shown(pilot))
        assert orders_of(pilot) == []


async def test_symbols_of_another_ladder_are_subscribed_and_the_old_ones_let_go(demo_engine: DeskPaths) -> None:
    async with opened() as pilot:
        screen = screen_of(pilot)
        first = screen.instrument_id
        await until(pilot, lambda: first in screen.store.books)
        await pilot.press("right_square_bracket")
        second = screen.instrument_id
        assert second != first
        await until(pilot, lambda: second in screen.store.books and first not in screen.store.books)


@pytest.fixture
def own_engine() -> LaunchOptions:
    return LaunchOptions(desk="own", language="en")


async def test_screen_starts_an_engine_and_stops_it_when_nothing_works(own_engine: LaunchOptions) -> None:
    async with opened(own_engine) as pilot:
        socket = DeskPaths.of("own").socket
        assert answers(socket)
        await pilot.press("q")
        await until(pilot, lambda: pilot.app.return_code == 0)
    async with opened(own_engine) as pilot:
        assert pilot.app.link.started_engine, "the first engine should have stopped"
        await pilot.press("q")
        await until(pilot, lambda: pilot.app.return_code == 0)


async def test_killed_engine_is_seen_and_its_successor_is_taken_up(own_engine: LaunchOptions) -> None:
    from termdesk.client.launch import start_engine
    from termdesk.core.wire.queries import StatusQuery

    async with opened(own_engine) as pilot:
        store, link = screen_of(pilot).store, screen_of(pilot).link
        await rest_below(pilot)
        await until(pilot, lambda: orders_of(pilot, OrdStatus.NEW))
        os.kill((await link.asking.ask(StatusQuery())).pid, signal.SIGKILL)
        await until(pilot, lambda: store.link is EngineLink.LOST)
        screen_of(pilot).flush()
        assert "ENGINE LINK LOST" in shown(pilot)
        await pilot.press("b")
        assert "no engine answers: nothing can be sent" in shown(pilot)
        second = await start_engine(own_engine.engine_arguments("own"), DeskPaths.of("own"))
        await until(pilot, lambda: store.link is EngineLink.UP)
        assert not screen_of(pilot).desk.arming.is_armed, "who armed it saw another engine"
        assert [line.status for line in orders_of(pilot)] == [OrdStatus.NEW]
        await pilot.press("X", "y")
        await until(pilot, lambda: orders_of(pilot, OrdStatus.CANCELED))
        await pilot.press("q")
        await until(pilot, lambda: pilot.app.return_code == 0)
    assert second.process.wait(15) == 0, "an engine that nobody watches and nothing works on stops by itself"


async def test_order_that_an_engine_took_to_its_grave_is_said_not_to_be_taken(own_engine: LaunchOptions) -> None:
    from termdesk.core.wire.queries import StatusQuery

    async with opened(own_engine) as pilot:
        screen = screen_of(pilot)
        screen.navigation.move(-400)
        await pilot.press("b")
        await until(pilot, lambda: screen.entry.previewing.answer is not None)
        engine = (await screen.link.asking.ask(StatusQuery())).pid
        os.kill(engine, signal.SIGSTOP)
        await pilot.press("enter")
        os.kill(engine, signal.SIGKILL)
        await until(pilot, lambda: "OUTCOME UNKNOWN" in shown(pilot))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "NOT TAKEN" in shown(pilot), 30)
        assert "OUTCOME UNKNOWN" not in shown(pilot)
        assert orders_of(pilot) == []
        await pilot.press("q")
        await until(pilot, lambda: pilot.app.return_code == 0)


async def test_key_starts_the_engine_of_a_lost_desk_again(own_engine: LaunchOptions) -> None:
    from termdesk.core.wire.queries import StatusQuery

    async with opened(own_engine) as pilot:
        screen, store = screen_of(pilot), screen_of(pilot).store
        await pilot.press("right_square_bracket")
        await rest_below(pilot)
        await until(pilot, lambda: orders_of(pilot, OrdStatus.NEW))
        before = list(store.instruments)
        os.kill((await screen.link.asking.ask(StatusQuery())).pid, signal.SIGKILL)
        await until(pilot, lambda: "Ctrl+R starts the engine" in shown(pilot))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: store.link is EngineLink.UP)
        await until(pilot, lambda: len(store.kept.events) >= store.orders_cursor)
        told = [record.seq for record in screen.store.kept.events]
        assert told == sorted(set(told)), "no event is shown twice, although the log came again"
        trades = store.tapes[screen.instrument_id].total if screen.instrument_id in store.tapes else 0
        await until(
            pilot, lambda: store.tapes.get(screen.instrument_id) and store.tapes[screen.instrument_id].total > trades
        )
        assert [line.status for line in orders_of(pilot)] == [OrdStatus.NEW]
        assert list(store.instruments) == before
        await pilot.press("X", "y")
        await until(pilot, lambda: orders_of(pilot, OrdStatus.CANCELED))
        await pilot.press("q")
        await until(pilot, lambda: pilot.app.return_code == 0)


async def test_no_engine_to_attach_to_is_said_on_the_screen() -> None:
    app = TermdeskApp(LaunchOptions(may_start_engine=False, language="en"), environment={}, offset_s=0)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "no engine: expected one running desk, found none" in shown(pilot))
