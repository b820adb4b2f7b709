"""Theme files are strict, and what they colour can be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from desk_cases import app_of
from pilot_desk import filled
from textual.color import Color

from termdesk.core.model.errors import ConfigError
from termdesk.ui.lines.palette import Convention, Palette
from termdesk.ui.theme import (
    ThemeWatch,
    chosen_convention,
    chosen_theme,
    read_theme,
    shipped_names,
    shipped_themes,
    themes_folder,
)

ALL_THEMES = shipped_themes()
THEMES = {name: theme for name, theme in ALL_THEMES.items() if not theme.ansi}
"""Those whose colours are known here; the terminal decides what its 16 are."""
TEXT = ("text", "strong", "muted", "own", "own_pending", "staged", "last", "header", "danger", "warning", "accent")
MOVES = ("up", "down", "bid", "ask")
GROUNDS = ("", "@cursor", "@selection", "@staged", "@last", "@header", "@bid_bar", "@ask_bar")


def palette_of(name: str, convention: Convention) -> Palette:
    theme = THEMES[name].made(convention)
    variables = {**theme.to_color_system().generate(), **theme.variables}
    return Palette(variables, Color.parse(theme.background or ""))


def contrast(palette: Palette, style: str) -> float:
    """WCAG 2.1 contrast ratio of a style's ink on its ground."""
    found = palette[style]
    return ratio_of(*(Color.from_rich_color(c) for c in (found.color, found.bgcolor)))


def ratio_of(ink: Color, ground: Color) -> float:
    dark, light = sorted((luminance(ink), luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    channels = [c / 255 for c in (color.r, color.g, color.b)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("convention", Convention)
def test_text_is_readable_and_moves_are_told_apart_from_the_ground(name: str, convention: Convention) -> None:
    palette = palette_of(name, convention)
    plain = {ink: round(contrast(palette, ink), 2) for ink in TEXT}
    assert {ink: ratio for ink, ratio in plain.items() if ratio < 4.5} == {}
    moves = {ink + ground: round(contrast(palette, ink + ground), 2) for ink in MOVES for ground in GROUNDS}
    assert {style: ratio for style, ratio in moves.items() if ratio < 3} == {}


@pytest.mark.parametrize("name", THEMES)
def test_text_is_readable_on_every_ground(name: str) -> None:
    palette = palette_of(name, Convention.GREEN_UP)
    ratios = {f"{ink}{ground}": contrast(palette, ink + ground) for ink in ("text", "strong") for ground in GROUNDS}
    assert {style: ratio for style, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("name", THEMES)
def test_text_is_readable_on_panels_and_what_is_stale_can_still_be_read(name: str) -> None:
    palette, panel = palette_of(name, Convention.GREEN_UP), Color.parse(THEMES[name].colours.panel)
    inks = {ink: Color.from_rich_color(palette[ink].color) for ink in ("text", "muted", "accent", "danger", "warning")}
    ratios = {ink: ratio_of(colour, panel) for ink, colour in inks.items()}
    assert {ink: ratio for ink, ratio in ratios.items() if ratio < 4.5} == {}
    assert contrast(palette, "stale") >= 3


def test_enough_themes_are_shipped_dark_and_light_and_one_of_the_terminal_s_own_colours() -> None:
    assert len(THEMES) >= 5
    assert THEMES["dark"].dark
    assert {name for name, theme in THEMES.items() if not theme.dark} == {"light", "paper"}
    assert ALL_THEMES["ansi"].ansi
    assert shipped_names() == ALL_THEMES.keys()


def test_automatic_theme_goes_by_the_colours_of_the_terminal() -> None:
    first = {
        "dark": ({"COLORTERM": "truecolor", "TERM": "xterm"}, {"TERM": "xterm-256color"}, {"TERM": "xterm-kitty"}),
        "ansi": ({"TERM": "xterm"}, {"TERM": "linux"}, {}, {"TERM": "xterm-256color", "NO_COLOR": "1"}),
    }
    for name, environments in first.items():
        assert all(next(iter(chosen_theme("auto", environment))) == name for environment in environments)


async def test_theme_file_is_taken_over_while_the_screen_runs(tmp_path: Path, still_link: None) -> None:
    path = edited(tmp_path, 'name = "dark"', 'name = "mine"')
    app = app_of(theme=str(path))
    async with app.run_test(size=(80, 24)) as pilot:
        await filled(pilot)
        assert app.theme_variables["hue-red"] == "#ff6b6b"
        rewrite(path, path.read_text().replace('red = "#ff6b6b"', 'red = "#ff0000"'))
        app._look_at_theme()
        await pilot.pause()
        assert app.theme_variables["hue-red"] == "#ff0000"
        down = app._screen.ladder._styles_of["down"].color
        assert down is not None
        assert down.name == "#ff0000", "what no style sheet names is painted anew too"
        rewrite(path, path.read_text().replace('red = "#ff0000"', 'red = "reddish"'))
        app._look_at_theme()
        assert app.theme_variables["hue-red"] == "#ff0000"
        assert "hues.red: expected a colour" in app._screen.messages.bar.said


def rewrite(path: Path, text: str) -> None:
    before = path.stat().st_mtime_ns
    path.write_text(text)
    os.utime(path, ns=(before, before + 10**9))


def test_convention_swaps_up_and_down_whatever_the_theme() -> None:
    for theme in THEMES.values():
        red, green = theme.made(Convention.RED_UP).variables, theme.made(Convention.GREEN_UP).variables
        assert (red["up"], red["down"]) == (green["down"], green["up"]) == (theme.hues.red, theme.hues.green)


def test_automatic_convention_is_red_up_in_chinese() -> None:
    assert chosen_convention("auto", "zh") is Convention.RED_UP
    assert chosen_convention("auto", "en") is Convention.GREEN_UP
    assert chosen_convention("blue-up", "zh") is Convention.BLUE_UP


def edited(tmp_path: Path, old: str, new: str) -> Path:
    path = tmp_path / "own.toml"
    text = (themes_folder() / "dark.toml").read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return path


def test_unknown_key_names_file_key_and_nearest(tmp_path: Path) -> None:
    path = edited(tmp_path, "\n[hues]\n", "\n[hues]\nrad = '#ffffff'\n")
    with pytest.raises(ConfigError, match=r"own\.toml: hues\.rad: unknown key; did you mean red"):
        read_theme(path)


def test_wrong_colour_names_the_key(tmp_path: Path) -> None:
    path = edited(tmp_path, '"#ff6b6b"', '"reddish"')
    with pytest.raises(ConfigError, match=r"own\.toml: hues\.red: expected a colour like .* was 'reddish'"):
        read_theme(path)


def test_missing_key_is_named(tmp_path: Path) -> None:
    path = edited(tmp_path, 'red = "#ff6b6b"', "")
    with pytest.raises(ConfigError, match=r"own\.toml: hues\.red: missing"):
        read_theme(path)


def test_unknown_theme_lists_those_there_are() -> None:
    with pytest.raises(ConfigError, match="dark, light"):
        chosen_theme("drak")


def test_a_copy_that_kept_the_name_of_a_shipped_theme_is_the_one_that_is_watched(tmp_path: Path) -> None:
    path = edited(tmp_path, '"#ff6b6b"', '"#ff0000"')
    watch = ThemeWatch(str(path), "dark")
    assert watch.path == path
    assert ThemeWatch(str(path), "light").path == themes_folder() / "light.toml"
    assert ThemeWatch("dark", "dark").path == themes_folder() / "dark.toml"


def test_own_theme_file_comes_first(tmp_path: Path) -> None:
    path = edited(tmp_path, 'name = "dark"', 'name = "mine"')
    assert next(iter(chosen_theme(str(path)))) == "mine"
    assert list(chosen_theme("light"))[:2] == ["light", "dark"]


@pytest.mark.parametrize("name", ALL_THEMES)
async def test_every_theme_opens_with_its_dialogs(name: str, still_link: None) -> None:
    app = app_of(theme=name)
    async with app.run_test(size=(80, 24)) as pilot:
        await filled(pilot)
        for key in ("ctrl+p", "question_mark"):
            await pilot.press(key)
            await pilot.pause()
            assert app.screen is not app._screen
            await pilot.press("escape")
        assert app.theme == name
