"""When the axis of a running ladder moves by itself, and when no market moves it."""

from __future__ import annotations

from typing import Any

import pytest
from desk_cases import LAST, MOUTAI, quote
from pilot_desk import ladder, screen_of, show
from pilot_words import shown
from textual.pilot import Pilot

from termdesk.ui.store import Store

pytestmark = pytest.mark.usefixtures("still_link")
LATER = 10**12


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The screen's clock, moved by hand; starts long after any guard or warning."""
    return [LATER]


def wind(monkeypatch: pytest.MonkeyPatch, pilot: Pilot[int], clock: list[int]) -> None:
    """Let the screen go by a clock of ours, while its feed stays alive."""
    monkeypatch.setattr(pilot.app, "clock_ns", lambda: clock[0])
    monkeypatch.setattr(Store, "is_stale", lambda *_: False)


def view_of(pilot: Pilot[int]) -> Any:
    return screen_of(pilot).navigation.view


async def market(pilot: Pilot[int], last: int) -> None:
    await show(pilot, quote(MOUTAI, last))


async def test_near_the_edge_the_running_ladder_warns_and_then_recentres(
    monkeypatch: pytest.MonkeyPatch, clock: list[int]
) -> None:
    async with ladder() as pilot:
        wind(monkeypatch, pilot, clock)
        await pilot.press("space")
        before = view_of(pilot)
        clock[0] += 10**10
        await market(pilot, before.top - 1)
        assert "RECENTRE" in shown(pilot)
        assert view_of(pilot).centre == before.centre
        clock[0] += 8 * 10**8
        assert screen_of(pilot).ladders.is_due(), "it moves without any news of the market"
        screen_of(pilot).flush()
        await pilot.pause()
        assert view_of(pilot).centre == before.top - 1
        assert "RECENTRE" not in shown(pilot)
        assert view_of(pilot).cursor == before.cursor


async def test_no_market_moves_the_axis_for_a_moment_after_a_hand_moved_the_cursor(
    monkeypatch: pytest.MonkeyPatch, clock: list[int]
) -> None:
    async with ladder() as pilot:
        wind(monkeypatch, pilot, clock)
        await pilot.press("M", "down")
        before = view_of(pilot)
        for away in (300, -300, 40):
            clock[0] += 5 * 10**8
            await market(pilot, LAST + away)
            assert view_of(pilot).centre == before.centre
            assert view_of(pilot).cursor == before.cursor
        clock[0] += 10**9
        await market(pilot, LAST + 40)
        assert view_of(pilot).centre == LAST + 40, "always centred, once the hand rests"
        assert view_of(pilot).cursor == before.cursor


async def test_a_held_axis_stands_however_far_the_market_runs_and_says_where_it_went(
    monkeypatch: pytest.MonkeyPatch, clock: list[int]
) -> None:
    async with ladder() as pilot:
        wind(monkeypatch, pilot, clock)
        await pilot.press("z")
        before = view_of(pilot)
        clock[0] += 10**10
        await market(pilot, LAST + 300)
        assert view_of(pilot).centre == before.centre
        assert "MKT ABOVE" in shown(pilot)
        await pilot.press("z")
        clock[0] += 10**10
        screen_of(pilot).flush(everything=True)
        assert view_of(pilot).centre == LAST + 300


async def test_a_click_places_the_cursor_and_does_nothing_else() -> None:
    async with ladder() as pilot:
        screen = screen_of(pilot)
        surface = screen.ladders.active.surface
        for column in (2, surface.size.width // 2, surface.size.width - 3):
            for button in (1, 3):
                await pilot.click(surface, offset=(column, 4), button=button)
                assert view_of(pilot).cursor == view_of(pilot).price_at(3)
                assert screen.entry.ticket.staged is None
