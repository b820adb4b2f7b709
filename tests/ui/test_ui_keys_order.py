"""Keys that arrive together act one after the other: each where the ones before it have led."""

from __future__ import annotations

from typing import Any

import pytest
from desk_cases import app_of
from pilot_desk import filled
from pilot_words import until
from textual.events import Key


def arrive(app: Any, *keys: str) -> None:
    """Let keys be read from the terminal in one piece."""
    for key in keys:
        app.post_message(Key(key, key if len(key) == 1 else None))


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
