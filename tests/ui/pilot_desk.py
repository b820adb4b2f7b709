"""A screen whose store holds the desk of ``desk_cases``, without an engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from desk_cases import app_of, fill_store, topics
from pilot_words import until
from textual.pilot import Pilot

from termdesk.core.model.terms import Mode
from termdesk.ui.app import TermdeskApp


async def filled(pilot: Pilot[Any], mode: Mode = Mode.DEMO) -> Any:
    """Fill the store and draw; gives the screen."""
    app = pilot.app
    assert isinstance(app, TermdeskApp)
    await until(pilot, lambda: app._screen.is_running)
    fill_store(app.store, mode)
    app._screen.flush(everything=True)
    await until(pilot, lambda: app._screen.navigation.cursor)
    return app._screen


@asynccontextmanager
async def ladder(
    size: tuple[int, int] = (120, 40), mode: Mode = Mode.DEMO, language: str = "en"
) -> AsyncIterator[Pilot[int]]:
    """A filled screen whose ladder has the keys."""
    async with app_of(language).run_test(size=size) as pilot:
        await filled(pilot, mode)
        await pilot.press("f2")
        await pilot.pause()
        yield pilot


def screen_of(pilot: Pilot[int]) -> Any:
    """Give the trading screen."""
    assert isinstance(pilot.app, TermdeskApp)
    return pilot.app._screen


async def show(pilot: Pilot[int], *bodies: Any) -> None:
    """Let the engine tell something, and draw it."""
    screen = screen_of(pilot)
    screen.store.take_topics(topics(*bodies), 0)
    screen.flush(everything=True)
    await pilot.pause()
