"""The place in the queue on a running ladder: the simulated exchange's own figure, marked as an estimate."""

from __future__ import annotations

import re

import pytest
from pilot_words import shown, until
from test_ui_desk import opened, orders_of, rest_below, screen_of

from termdesk.config.paths import DeskPaths, places
from termdesk.core.model.terms import OrdStatus


@pytest.fixture
def risk_averse(own_home: None) -> None:
    """Accounts that believe never to stand behind more than is displayed."""
    with places().config_file.open("a") as file:
        file.write('[accounts.cash]\nfidelity = "risk_averse"\ndeposits = { CNY = 1000000 }\n')


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
        await until(pilot, lambda: screen.entry.shown is not None or screen.entry.previewing.answer is not None)
        await pilot.press("enter")
        await until(pilot, lambda: [one for one in orders_of(pilot, OrdStatus.NEW) if one.price == before.price - 1])
        await pilot.press("home", "o", "y")
        await until(pilot, lambda: shown(pilot).count("behind") >= 2)


async def test_the_policy_of_the_account_is_named_and_its_estimate_capped_by_the_level(
    risk_averse: None, demo_engine: DeskPaths
) -> None:
    async with opened(size=(200, 50)) as pilot:
        screen = screen_of(pilot)
        await rest_below(pilot, 12)
        await until(pilot, lambda: orders_of(pilot))
        estimates: set[tuple[int, int]] = set()

        def has_seen_enough() -> bool:
            estimates.update((line.ahead, line.level_qty) for line in screen.store.queues.values())
            return len(estimates) > 0 or not orders_of(pilot, OrdStatus.PENDING_NEW, OrdStatus.NEW)

        await until(pilot, has_seen_enough, 30)
        assert all(ahead <= level for ahead, level in estimates)
        assert "fills risk_averse" in shown(pilot)
