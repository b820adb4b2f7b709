"""The terminal is given back as it was, however the screen ends."""

from __future__ import annotations

import shlex

from home import TERMDESK, Home
from tmux import Tmux, TmuxScreen

SHELL = 'before=$(stty -g); {}; code=$?; [ "$before" = "$(stty -g)" ] && echo "left with $code, lines as before"; cat'
SWITCHES = ("alternate_on", "mouse_any_flag", "mouse_sgr_flag", "keypad_flag", "keypad_cursor_flag")


def opened(tmux: Tmux, home: Home) -> TmuxScreen:
    """Open a screen from a shell, as a person does."""
    called = SHELL.format(shlex.join([*TERMDESK, "--language", "en"]))
    screen = tmux.open(["sh", "-c", called], home.env, 80, 24)
    screen.shows("attached to desk demo")
    assert screen.tells("alternate_on") == screen.tells("mouse_any_flag") == "1"
    return screen


def assert_given_back(screen: TmuxScreen, code: int) -> None:
    screen.shows(f"left with {code}, lines as before")
    assert {name: screen.tells(name) for name in SWITCHES} == dict.fromkeys(SWITCHES, "0")
    assert screen.tells("cursor_flag") == "1"


def test_leaving_gives_the_terminal_back(tmux: Tmux, home: Home) -> None:
    screen = opened(tmux, home)
    screen.press("q")
    assert_given_back(screen, 0)
