"""Two whole screens as vector pictures, to look at; every screen as text is ``test_ui_pictures.py``."""

from __future__ import annotations

from typing import Any

import pytest
from desk_cases import LAST, app_of
from pilot_desk import filled
from pilot_words import shown
from textual.pilot import Pilot

from termdesk.core.model.terms import Mode

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}

pytestmark = pytest.mark.usefixtures("still_link")


async def below_the_last(pilot: Pilot[Any], mode: Mode = Mode.DEMO) -> None:
    screen = await filled(pilot, mode)
    screen.navigation.move(LAST - 4 - screen.navigation.cursor)
    screen.flush(everything=True)
    await pilot.pause()


def test_whole_screen(snap_compare: Any) -> None:
    assert snap_compare(app_of(), terminal_size=SIZES["120x40"], run_before=below_the_last)


def test_light_theme_with_red_up(snap_compare: Any) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await below_the_last(pilot)
        variables = pilot.app.theme_variables
        assert variables["up"] == variables["hue-red"]

    assert snap_compare(app_of("zh", "light"), terminal_size=SIZES["120x40"], run_before=before)


@pytest.mark.parametrize("side", ["chart", "tape"])
async def test_narrow_screen_shows_another_pane_by_key(side: str) -> None:
    async with app_of().run_test(size=SIZES["80x24"]) as pilot:
        await below_the_last(pilot)
        await pilot.press({"chart": "f3", "tape": "f4"}[side])
        await pilot.pause()
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == side
        assert "ladder" not in shown(pilot)


async def test_every_pane_says_that_the_screen_is_connecting() -> None:
    async with app_of().run_test(size=SIZES["120x40"]) as pilot:
        await pilot.pause()
        assert shown(pilot).count("connecting …") >= 4


async def test_replay_hints_at_its_own_keys() -> None:
    async with app_of().run_test(size=SIZES["120x40"]) as pilot:
        await below_the_last(pilot, Mode.REPLAY)
        assert "p pause" in shown(pilot)


async def test_too_small_a_terminal_says_so_and_names_the_ways_out() -> None:
    async with app_of().run_test(size=(50, 12)) as pilot:
        await pilot.pause()
        lines = [line.strip() for line in shown(pilot).splitlines() if line.strip()]
        assert lines == ["terminal too small: 50×12, needs 64×18", "Ctrl+G panic  Ctrl+K kill switch  q quit"]
