"""How the screen looks, held as pictures beside what must be readable on them."""

from __future__ import annotations

from typing import Any

import pytest
from desk_cases import LAST, app_of, fill_store
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.core.model.terms import Mode
from termdesk.ui.app import TermdeskApp

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
MUST = {
    "en": (
        "DEMO · generated prices",
        "watchlist",
        "ladder",
        "blotter",
        "1650.10",
        "600519",
        "BTCUSDT",
        "working",
        "cash",
    ),
    "zh": ("演示 · 生成的价格", "自选", "盘口", "委托栏", "1650.10", "600519", "贵州茅台", "已报", "撤单中"),
}

pytestmark = pytest.mark.usefixtures("still_link")


async def filled(pilot: Pilot[Any], mode: Mode = Mode.DEMO) -> None:
    app = pilot.app
    assert isinstance(app, TermdeskApp)
    await until(pilot, lambda: app._screen.is_running)
    fill_store(app.store, mode)
    app._screen.flush(everything=True)
    await until(pilot, lambda: app._screen.navigation.cursor)
    app._screen.navigation.move(LAST - 4 - app._screen.navigation.cursor)
    app._screen.flush(everything=True)
    await pilot.pause()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", SIZES)
def test_whole_screen(snap_compare: Any, size: str, language: str) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await filled(pilot)
        text = shown(pilot)
        assert [word for word in MUST[language] if word not in text] == []

    assert snap_compare(app_of(language), terminal_size=SIZES[size], run_before=before)


def test_light_theme_with_red_up(snap_compare: Any) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await filled(pilot)
        variables = pilot.app.theme_variables
        assert variables["up"] == variables["hue-red"]

    assert snap_compare(app_of("zh", "light"), terminal_size=SIZES["120x40"], run_before=before)


@pytest.mark.parametrize("side", ["chart", "tape"])
def test_narrow_screen_shows_another_pane_by_key(snap_compare: Any, side: str) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await filled(pilot)
        await pilot.press({"chart": "f3", "tape": "f4"}[side])
        await pilot.pause()
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == side
        assert "ladder" not in shown(pilot)

    assert snap_compare(app_of(), terminal_size=SIZES["80x24"], run_before=before)


def test_connecting(snap_compare: Any) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await pilot.pause()
        assert shown(pilot).count("connecting …") >= 4

    assert snap_compare(app_of(), terminal_size=SIZES["120x40"], run_before=before)


def test_replay(snap_compare: Any) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await filled(pilot, Mode.REPLAY)
        text = shown(pilot)
        assert "REPLAY 10× paused" in text
        assert "2026-11-18 19:06:40" in text
        assert "p pause" in text

    assert snap_compare(app_of(), terminal_size=SIZES["120x40"], run_before=before)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_key_sheet(snap_compare: Any, language: str) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await filled(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        assert {"en": "cursor, or staged price, one row up", "zh": "光标或待发价格上移一行"}[language] in shown(pilot)

    assert snap_compare(app_of(language), terminal_size=SIZES["120x40"], run_before=before)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_staged_order(snap_compare: Any, language: str) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await filled(pilot)
        await pilot.press("2", "0", "0", "b")
        await pilot.pause()
        assert "200 600519 @ 1650.06" in shown(pilot)

    assert snap_compare(app_of(language), terminal_size=SIZES["80x24"], run_before=before)


def test_question(snap_compare: Any) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await filled(pilot)
        await pilot.press("q")
        await pilot.pause()
        assert "有 3 笔未结委托" in shown(pilot)

    assert snap_compare(app_of("zh"), terminal_size=SIZES["80x24"], run_before=before)


def test_too_small_a_terminal_says_so_in_one_line(snap_compare: Any) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await pilot.pause()
        lines = [line.strip() for line in shown(pilot).splitlines() if line.strip()]
        assert lines == ["terminal too small: 50×12, needs 64×18"]

    assert snap_compare(app_of(), terminal_size=(50, 12), run_before=before)
