"""Presets of keys are files, the page of keys is the registry's, and a terminal's keys can be tried."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from desk_cases import app_of
from pilot_desk import filled
from pilot_words import shown, until
from textual.pilot import Pilot
from textual.widgets import Input

from termdesk.core.model.errors import ConfigError
from termdesk.ui.actions import ACTIONS, Danger, shown_keys
from termdesk.ui.keys.check import KeyCheck, keys_to_check
from termdesk.ui.keys.page import keys_markdown
from termdesk.ui.keys.presets import PRESETS, chosen_keymap, read_preset, wrong_keys
from termdesk.ui.locale import catalogue
from termdesk.ui.palette import offers
from termdesk.ui.screens.palette import Palette

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("preset", PRESETS)
def test_preset_knows_its_actions_and_has_no_key_with_two_meanings(preset: str) -> None:
    keymap = chosen_keymap(preset, {})
    assert (keymap.unknown, keymap.conflicts) == ({}, ())
    assert wrong_keys(keymap, catalogue("en")) == ""


@pytest.mark.parametrize("preset", PRESETS)
def test_every_action_keeps_a_key_under_every_preset(preset: str) -> None:
    assert [name for name, keys in chosen_keymap(preset, {}).keys.items() if not keys] == []


def test_default_preset_changes_nothing_and_the_others_do() -> None:
    assert read_preset("default") == {}
    assert "j" in chosen_keymap("vim", {}).keys["ladder.down"]
    assert chosen_keymap("cn", {}).keys["pane.watchlist"] == ("f6",)


def test_own_keys_win_over_the_preset() -> None:
    assert chosen_keymap("vim", {"ladder.down": "f9"}).keys["ladder.down"] == ("f9",)


def test_own_preset_file_is_read_and_its_conflicts_are_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[keys]\n"order.cancel_all" = "b"\n"order.bye" = "f9"\n')
    said = wrong_keys(chosen_keymap(str(path), {}), catalogue("en"))
    assert "b means both order.buy and order.cancel_all" in said
    assert "no action order.bye; nearest: order.buy" in said


@pytest.mark.parametrize("key", ["ctrl+x", "f9", "slash", "A", "alt+up", "question_mark", "ctrl+shift+left", "1"])
def test_names_of_keys_are_taken(key: str) -> None:
    assert wrong_keys(chosen_keymap("default", {"desk.guide": key}), catalogue("en")).find("no key is called") == -1


@pytest.mark.parametrize("key", ["f99", "Ctrl+X", "control+x", "?", "page up", "ctrl+", "买"])
def test_names_that_are_none_are_told(key: str) -> None:
    said = wrong_keys(chosen_keymap("default", {"desk.guide": key}), catalogue("en"))
    assert f"no key is called {key}, which desk.guide should have" in said


def test_wrong_preset_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected default, vim, cn or the path"):
        read_preset("emacs")
    path = tmp_path / "mine.toml"
    path.write_text("[key]\n")
    with pytest.raises(ConfigError, match=r"mine\.toml: .*key"):
        read_preset(str(path))


def test_page_of_keys_is_the_registry_s() -> None:
    page = keys_markdown()
    assert (DOCS / "keys.md").read_text(encoding="utf-8") == page, "run scripts/generate_docs.py"
    assert all(f"`{action.id}`" in page for action in ACTIONS)


def test_keys_in_force_are_printed_as_json(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "termdesk", "keys", "--preset", "vim", "--json"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    rows = {row["action"]: row for row in json.loads(done.stdout)}
    assert rows["ladder.down"]["keys"] == ["down", "j"]
    assert rows["order.send"]["danger"] == "trades"


# -- the palette --------------------------------------------------------------


def offered(typed: str, language: str = "en") -> list[str]:
    keymap = chosen_keymap("default", {})
    return [offer.id for offer in offers(typed, keymap, catalogue(language), lambda context: True)]


def test_palette_finds_by_label_of_either_language_by_key_and_by_help() -> None:
    assert offered("theme")[0] == "view.theme"
    assert offered("主题")[0] == "view.theme"
    assert "view.theme" in offered("ctrl+t")
    assert offered("asks leave")[0] == "desk.quit"
    assert offered("no such thing") == []


def test_palette_never_sends_an_order() -> None:
    sending = {action.id for action in ACTIONS if action.danger is Danger.TRADES}
    assert sending
    assert not sending & set(offered(""))


async def test_palette_does_what_was_chosen(still_link: None) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await filled(pilot)
        before = app.theme
        await pilot.press("ctrl+p", *"theme")
        assert isinstance(app.screen, Palette)
        assert "next theme" in shown(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is app._screen
        assert app.theme != before


async def test_palette_left_by_escape_does_nothing(still_link: None) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await filled(pilot)
        await pilot.press("ctrl+p", "down", "down", "escape")
        assert app.screen is app._screen


# -- what a terminal delivers -------------------------------------------------


async def test_check_ticks_off_keys_and_two_escapes_leave(still_link: None) -> None:
    app = app_of()
    async with app.run_test(size=(100, 40)) as pilot:
        await filled(pilot)
        await pilot.press("f8")
        check = app.screen
        assert isinstance(check, KeyCheck)
        count = len(keys_to_check(app.keymap))
        await press_and_look(pilot, "f5")
        assert f"{count - 1} of {count}" in shown(pilot)
        assert f"✓ {shown_keys(('f5',))}" in shown(pilot)
        assert "f5 → blotter" in shown(pilot)
        await press_and_look(pilot, "escape")
        assert app.screen is check
        await pilot.press("q")
        assert app.screen is check, "no key acts while keys are checked"
        await pilot.press("escape", "escape")
        assert app.screen is app._screen


async def press_and_look(pilot: Pilot[int], key: str) -> None:
    await pilot.press(key)
    await pilot.pause()


@pytest.mark.parametrize(
    ("typed", "holds"),
    [
        ("dusk", lambda app: app.theme == "dusk"),
        ("blue rises", lambda app: app.theme_variables["up"] == app.theme_variables["hue-blue"]),
        ("red rises", lambda app: app.theme_variables["up"] == app.theme_variables["hue-red"]),
        ("language 中文", lambda app: app.catalogue.language == "zh"),
        ("btcu", lambda app: app._screen.instrument_id == "BTCUSDT.DEMO"),
        ("btb", lambda app: app._screen.instrument_id == "BTCUSDT.DEMO"),
    ],
)
async def test_palette_finds_settings_and_instruments_and_takes_them(still_link: None, typed: str, holds: Any) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        await filled(pilot)
        assert not holds(app)
        await pilot.press("ctrl+p")
        app.screen.query_one(Input).value = typed
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: holds(app))


async def test_colours_of_up_and_down_change_by_key_on_every_surface(still_link: None) -> None:
    app = app_of()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await filled(pilot)
        for hue, words in (("blue", "blue rises"), ("red", "red rises"), ("green", "green rises")):
            await pilot.press("alt+u")
            await pilot.pause()
            assert words in screen.messages.bar.said
            colour = screen.ladder._styles_of["up"].color
            assert colour is not None
            assert colour.name == app.theme_variables[f"hue-{hue}"]
