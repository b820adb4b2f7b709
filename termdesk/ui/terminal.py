"""What kind of terminal this is, as far as its environment tells, and how the screen goes by it. Pure.

A terminal that cannot move its cursor (``TERM=dumb``) cannot show a screen.
Colours go by the same variables as Rich's console, so that theme and terminal
text agree; ``NO_COLOR`` (no-color.org) counts whatever its value, as in Textual.
"""

from __future__ import annotations

from collections.abc import Mapping

_CHARSET_FROM = ("LC_ALL", "LC_CTYPE", "LANG")
"""The first of these that is set names the locale (POSIX.1-2017, 8.2)."""
_PLAIN_TERMINALS = ("linux", "vt100", "vt220", "ansi", "cons25")
"""Consoles whose fonts lack most marks."""


def fault_of(environment: Mapping[str, str], *, is_terminal: bool) -> str:
    """Say why no screen can be shown here, and what to do; empty where one can.

    Args:
        environment: The process's variables.
        is_terminal: Whether standard input and standard error both are one.
    """
    if environment.get("TEXTUAL_DRIVER"):
        return ""
    if not is_terminal:
        return "the screen needs a terminal for its input and output; commands such as termdesk status need none"
    if environment.get("TERM") == "dumb":
        return "TERM is dumb: expected a terminal that can move its cursor, such as xterm-256color or tmux-256color"
    return ""


def has_no_colour(environment: Mapping[str, str]) -> bool:
    """Whether the user wants no colour at all."""
    return "NO_COLOR" in environment


def has_16_colours(environment: Mapping[str, str]) -> bool:
    """Whether the terminal has no more than its own 16 colours, as far as it says."""
    depth = environment.get("TEXTUAL_COLOR_SYSTEM") or environment.get("COLORTERM", "")
    kind = environment.get("TERM", "").lower().rpartition("-")[2]
    return depth.strip().lower() not in ("truecolor", "24bit", "256") and kind not in ("256color", "kitty")


def chosen_glyphs(setting: str, environment: Mapping[str, str]) -> str:
    """Give the glyph set: the one set, or for ``auto`` the one that this terminal can show.

    A locale that is not there at all says nothing; most terminals of today know Unicode.
    """
    if setting != "auto":
        return setting
    locale = next((environment[name] for name in _CHARSET_FROM if environment.get(name)), "")
    charset = locale.partition("@")[0].partition(".")[2].lower().replace("-", "")
    is_narrow = bool(locale) and charset != "utf8"
    return "ascii" if is_narrow or environment.get("TERM") in _PLAIN_TERMINALS else "unicode"
