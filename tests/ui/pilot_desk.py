"""A screen whose store holds the desk of ``desk_cases``, without an engine."""

from __future__ import annotations

from typing import Any

from desk_cases import fill_store
from pilot_words import until
from textual.pilot import Pilot

from termdesk.ui.app import TermdeskApp


async def filled(pilot: Pilot[Any]) -> Any:
    """Fill the store and draw; gives the screen."""
    app = pilot.app
    assert isinstance(app, TermdeskApp)
    await until(pilot, lambda: app._screen.is_running)
    fill_store(app.store)
    app._screen.flush(everything=True)
    await until(pilot, lambda: app._screen.navigation.cursor)
    return app._screen
