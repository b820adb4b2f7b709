"""Style names and their colours.

A painter names a style ``ink`` or ``ink@ground``; a palette gives the Rich
style of that name for one theme and one background. Every style has a
foreground and a background of its own, since padding of a line does not
inherit the widget's.

Colours come from the theme's variables of the name in the tables below; where
a theme has none, from a mixture of what every theme has. Up and down are no
theme matter: ``convention_variables`` picks them from the theme's four hues.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from rich.style import Style
from textual.color import Color


class Convention(Enum):
    """Which colour means a rise. ``blue-up`` is the one for red-green colour blindness."""

    RED_UP = "red-up"
    GREEN_UP = "green-up"
    BLUE_UP = "blue-up"


_HUES = {
    Convention.RED_UP: ("hue-red", "hue-green"),
    Convention.GREEN_UP: ("hue-green", "hue-red"),
    Convention.BLUE_UP: ("hue-blue", "hue-orange"),
}
DARK_HUES = {"hue-red": "#ff6b6b", "hue-green": "#3ddc97", "hue-blue": "#5cb8ff", "hue-orange": "#ffa94d"}
LIGHT_HUES = {"hue-red": "#c92a2a", "hue-green": "#1b7a3d", "hue-blue": "#1864ab", "hue-orange": "#b35900"}
ANSI_HUES = {"hue-red": "ansi_red", "hue-green": "ansi_green", "hue-blue": "ansi_blue", "hue-orange": "ansi_yellow"}


class _Source(NamedTuple):
    """Where a colour comes from: the variable, else ``mix`` of another over the background."""

    variable: str
    instead: str
    mix: float = 1.0
    bold: bool = False


INKS = {
    "text": _Source("foreground", "foreground"),
    "strong": _Source("foreground", "foreground", bold=True),
    "muted": _Source("muted", "foreground", 0.62),
    "faint": _Source("faint", "foreground", 0.35),
    "up": _Source("up", "hue-green"),
    "down": _Source("down", "hue-red"),
    "flat": _Source("flat", "foreground", 0.8),
    "bid": _Source("bid", "up"),
    "ask": _Source("ask", "down"),
    "own": _Source("own", "accent", bold=True),
    "own_pending": _Source("own-pending", "warning"),
    "staged": _Source("staged", "warning", bold=True),
    "last": _Source("last", "foreground", bold=True),
    "stale": _Source("stale", "foreground", 0.45),
    "header": _Source("header", "foreground", 0.7, bold=True),
    "danger": _Source("danger", "error", bold=True),
    "warning": _Source("warning", "warning", bold=True),
    "accent": _Source("accent", "accent"),
    "line_a": _Source("line-a", "hue-blue"),
    "line_b": _Source("line-b", "hue-orange"),
}
GROUNDS = {
    "cursor": _Source("cursor-ground", "foreground", 0.16),
    "selection": _Source("selection-ground", "primary", 0.35),
    "bid_bar": _Source("bid-bar", "bid", 0.24),
    "ask_bar": _Source("ask-bar", "ask", 0.24),
    "up_bar": _Source("up-bar", "up", 0.3),
    "down_bar": _Source("down-bar", "down", 0.3),
    "staged": _Source("staged-ground", "warning", 0.22),
    "last": _Source("last-ground", "foreground", 0.14),
    "flash": _Source("flash-ground", "accent", 0.5),
    "volume_bar": _Source("volume-bar", "foreground", 0.16),
    "header": _Source("header-ground", "foreground", 0.07),
    "danger": _Source("danger-ground", "error", 0.4),
    "badge": _Source("badge-ground", "primary", 0.6),
}
_REVERSED = frozenset({"cursor", "flash", "selection", "staged", "danger", "badge"})
"""Grounds that an ANSI theme, which cannot mix colours, shows by reverse video."""
_QUIET = frozenset({"text", "strong", "muted", "faint", "flat", "stale", "header"})
"""Inks that say nothing by their colour: reversed, they are all the foreground, so that a bar is of one piece."""


def convention_variables(convention: Convention, variables: Mapping[str, str]) -> dict[str, str]:
    """Give the theme variables of up, down, bid and ask under a convention.

    Args:
        convention: Which hue rises.
        variables: Theme variables; ``hue-red``, ``hue-green``, ``hue-blue`` and
            ``hue-orange`` count, the rest tells a dark theme from a light one.
    """
    hues = _hues(variables, Color.parse(variables.get("background", "#000000")))
    up, down = (hues[hue] for hue in _HUES[convention])
    return {"up": up, "down": down, "bid": up, "ask": down}


def _hues(variables: Mapping[str, str], background: Color) -> dict[str, str]:
    rgb = DARK_HUES if background.brightness < 0.5 else LIGHT_HUES
    standard = ANSI_HUES if background.ansi is not None else rgb
    return {hue: variables.get(hue, colour) for hue, colour in standard.items()}


class Palette(dict[str, Style]):
    """Styles by name, resolved on first use.

    Args:
        variables: Theme variables.
        background: What the surface lies on, opaque or an ANSI colour.
    """

    def __init__(self, variables: Mapping[str, str], background: Color) -> None:
        super().__init__()
        self._variables = {**variables, **_hues(variables, background)}
        self._background = background
        standard = "#e6e6e6" if background.brightness < 0.5 else "#1a1a1a"
        self._foreground = self._parse("foreground", Color.parse(standard))

    def __missing__(self, name: str) -> Style:
        ink, _, ground = name.partition("@")
        source = INKS[ink]
        is_reversed = self._background.ansi is not None and ground in _REVERSED
        colour = self._foreground if is_reversed and ink in _QUIET else self._mixed(source)
        style = self[name] = Style(
            color=colour.rich_color,
            bgcolor=self._ground(ground).rich_color,
            bold=source.bold or None,
            reverse=is_reversed or None,
        )
        return style

    def _ground(self, name: str) -> Color:
        if not name or self._background.ansi is not None:
            return self._background
        return self._mixed(GROUNDS[name])

    def _mixed(self, source: _Source) -> Color:
        if source.variable in self._variables:
            return self._parse(source.variable, self._foreground)
        instead = INKS.get(source.instead)
        if instead is not None and instead is not source and source.instead not in self._variables:
            colour = self._mixed(instead)
        else:
            colour = self._parse(source.instead, self._foreground)
        return colour if self._background.ansi is not None else self._background.blend(colour, source.mix, 1.0)

    def _parse(self, variable: str, instead: Color) -> Color:
        text = self._variables.get(variable)
        if text is None or text.startswith("auto"):
            return instead
        colour = Color.parse(text)
        return colour if colour.ansi is not None or colour.a == 1.0 else self._background + colour
