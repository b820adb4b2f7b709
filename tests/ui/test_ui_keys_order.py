"""Keys that arrive together act one after the other: each where the ones before it have led."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from desk_cases import BITCOIN, LAST, MOUTAI, app_of
from order_desk import Engine, order_desk, screen_of, stroke
from pilot_desk import filled
from pilot_words import shown, until
from textual.events import Key, MouseDown
from textual.pilot import Pilot


def arrive(app: Any, *keys: str) -> None:
    """Let keys be read from the terminal in one piece."""
    for key in keys:
        app.post_message(Key(key, key if len(key) == 1 else None))


@asynccontextmanager
async def two_ladders(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> AsyncIterator[tuple[Pilot[int], Any]]:
    """A locked ladder, and beside it one of another instrument that has the keys; gives the desk's screen too."""
    async with order_desk(monkeypatch, engine) as pilot:
        screen = screen_of(pilot)
        await pilot.press("L", "ctrl+n")
        screen.navigation.choose(BITCOIN.id)
        await until(pilot, lambda: screen.navigation.cursor > 2 * LAST)
        yield pilot, screen


@pytest.mark.parametrize("first", ["f1", "f3"])
async def test_digits_behind_the_key_of_the_ladder_are_its_quantity(first: str, still_link: None) -> None:
    app: Any = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        await pilot.press(first)
        await until(pilot, lambda: screen.focused is not screen.ladder)
        arrive(app, "f2", "3", "0", "0")
        await until(pilot, lambda: screen.entry.ticket.digits == "300")
        assert app.screen is screen


async def test_letters_behind_the_key_of_the_watchlist_begin_its_search(still_link: None) -> None:
    app: Any = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: screen.focused is screen.ladder)
        arrive(app, "f1", "b", "t", "c")
        await until(pilot, lambda: app.screen.query("#query") or app.screen.query("Input"))
        await until(pilot, lambda: app.screen.query_one("Input").value == "btc")
        assert screen.entry.ticket.staged is None


async def test_text_behind_the_key_of_a_dialog_does_not_act_on_the_desk(still_link: None) -> None:
    app: Any = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        arrive(app, "colon", *"buy")
        await until(pilot, lambda: app.screen.query("#line"))
        await until(pilot, lambda: app.screen.query_one("#line").value == "buy")
        assert screen.entry.ticket.staged is None


async def test_an_order_struck_right_behind_a_change_of_ladder_is_that_ladders(
    monkeypatch: pytest.MonkeyPatch, still_link: None
) -> None:
    engine = Engine()
    async with two_ladders(monkeypatch, engine) as (pilot, screen):
        app: Any = pilot.app
        for number, (key, name) in enumerate((("shift+tab", MOUTAI.id), ("tab", BITCOIN.id)), 1):
            arrive(app, key, "b", "enter")
            await until(pilot, lambda number=number: len(engine.orders) == number)
            assert engine.orders[-1].instrument == name
            await until(pilot, lambda: screen.entry.ticket.staged is None)


async def test_keys_behind_that_of_a_new_ladder_send_nothing_to_the_one_before(
    monkeypatch: pytest.MonkeyPatch, still_link: None
) -> None:
    engine = Engine()
    async with order_desk(monkeypatch, engine) as pilot:
        app: Any = pilot.app
        screen = app._screen
        await pilot.press("G", "right_square_bracket")
        assert screen.instrument_id == BITCOIN.id
        arrive(app, "ctrl+n", "b", "enter")
        await until(pilot, lambda: screen.instrument_id == MOUTAI.id and screen.navigation.cursor)
        assert engine.orders == []


async def test_a_pane_that_was_left_at_once_takes_no_keys_back(still_link: None) -> None:
    app: Any = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await filled(pilot)
        arrive(app, "f1", "f2", "f1")
        await until(pilot, lambda: screen.focused is screen.watchlist)
        await pilot.pause()
        await pilot.pause()
        assert screen.focused is screen.watchlist


async def test_keys_that_a_busy_screen_had_not_done_when_another_ladder_was_clicked_send_nothing_there(
    monkeypatch: pytest.MonkeyPatch, still_link: None
) -> None:
    engine = Engine()
    async with two_ladders(monkeypatch, engine) as (pilot, screen):
        app: Any = pilot.app
        place = screen.ladders.all[0].surface.region
        click = MouseDown(None, place.x + 5, place.y + 9, 0, 0, 1, shift=False, meta=False, ctrl=False,
                          screen_x=place.x + 5, screen_y=place.y + 9)  # fmt: skip
        at_s = time.monotonic()
        stroke(pilot, "b", at_s)
        stroke(pilot, "enter", at_s + 0.2)
        click.time = at_s + 0.3
        click.set_sender(app)
        app.post_message(click)
        await until(pilot, lambda: "the mouse was pressed before this key" in shown(pilot))
        assert screen.instrument_id == MOUTAI.id
        assert screen.entry.ticket.staged is None
        assert engine.sent == []
        stroke(pilot, "b", at_s + 0.5)
        await until(pilot, lambda: screen.entry.ticket.staged)
