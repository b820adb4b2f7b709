from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from termdesk.ui.lines.palette import GROUNDS, INKS, Convention, Palette, convention_variables

DARK, LIGHT = Color.parse("#10141a"), Color.parse("#f6f8fa")
THEMES = {name: theme for name, theme in BUILTIN_THEMES.items() if not name.startswith("ansi")}


def palette(background: Color = DARK, convention: Convention = Convention.GREEN_UP, **variables: str) -> Palette:
    base = {"foreground": "#e6e6e6" if background is DARK else "#1a1a1a", "background": background.hex, **variables}
    return Palette({**base, **convention_variables(convention, base)}, background)


def contrast(style: object) -> float:
    ink, ground = (
        Color.from_rich_color(c)
        for c in (style.color, style.bgcolor)  # type: ignore[attr-defined]
    )
    lighter, darker = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_conventions_swap_up_and_down_without_touching_the_theme() -> None:
    red, green = palette(convention=Convention.RED_UP), palette(convention=Convention.GREEN_UP)
    assert red["up"].color == green["down"].color
    assert red["bid"].color == red["up"].color
    assert red["text"] == green["text"]


@pytest.mark.parametrize("background", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("convention", list(Convention))
@pytest.mark.parametrize("ground", ["", "@cursor", "@bid_bar", "@ask_bar", "@header", "@last"])
def test_up_and_down_can_be_read(background: Color, convention: Convention, ground: str) -> None:
    colours = palette(background, convention)
    for ink in ("up", "down"):
        assert contrast(colours[ink + ground]) >= 3
    assert contrast(colours["text" + ground]) >= 4.5


def test_every_style_has_both_colours() -> None:
    colours = palette()
    for ink in INKS:
        for ground in ("", *(f"@{name}" for name in GROUNDS)):
            style = colours[ink + ground]
            assert style.color is not None
            assert style.bgcolor is not None


def test_a_theme_may_set_any_colour_by_name() -> None:
    assert palette(stale="#123456")["stale"].color.triplet.hex == "#123456"  # type: ignore[union-attr]
    assert palette(**{"hue-green": "#00ff00"})["up"].color.triplet.hex == "#00ff00"  # type: ignore[union-attr]


def test_an_ansi_theme_mixes_nothing_and_marks_grounds_by_reverse() -> None:
    background = Color.parse("ansi_default")
    colours = Palette({"foreground": "ansi_default", "background": "ansi_default"}, background)
    assert colours["up"].color is not None
    assert colours["up"].color.triplet is None
    assert colours["text@cursor"].reverse
    assert not colours["bid@bid_bar"].reverse


@pytest.mark.parametrize("name", sorted(THEMES))
def test_any_theme_gives_a_palette(name: str) -> None:
    variables = THEMES[name].to_color_system().generate()
    colours = Palette(variables, Color.parse(variables["background"]))
    assert contrast(colours["text"]) >= 4.5
    assert colours["own"].color is not None


def test_an_unknown_style_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        palette()["upp"]
