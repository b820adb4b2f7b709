"""The place in the queue on a running ladder: the simulated exchange's own figure, marked as an estimate."""

from __future__ import annotations

import re

from pilot_words import shown, until
from test_ui_desk import opened, orders_of, rest_below, screen_of

from termdesk.config.paths import DeskPaths
from termdesk.core.model.terms import OrdStatus


async def test_an_order_moved_by_keys_starts_at_the_back_of_its_new_queue(demo_engine: DeskPaths) -> None:
    async with opened() as pilot:
        screen = screen_of(pilot)
        await rest_below(pilot, 12)
        await until(pilot, lambda: orders_of(pilot, OrdStatus.NEW))
        (before,) = orders_of(pilot, OrdStatus.NEW)
        await until(pilot, lambda: before.order_id in screen.store.queues)
        screen.flush(everything=True)
        await until(pilot, lambda: re.search(r"●100 ?~", shown(pilot)))
        await pilot.press("shift+down")
        await until(pilot, lambda: screen.entry.shown is not None or screen.entry.preview is not None)
        await pilot.press("enter")
        await until(pilot, lambda: [one for one in orders_of(pilot, OrdStatus.NEW) if one.price == before.price - 1])
        await pilot.press("home", "o", "y")
        await until(pilot, lambda: shown(pilot).count("behind") >= 2)
