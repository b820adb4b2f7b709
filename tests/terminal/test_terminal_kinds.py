"""What leaves for terminals of each kind: colours they have, glyphs they can draw, nothing that is not ours."""

from __future__ import annotations

import re
import subprocess
from base64 import b64decode
from collections.abc import Mapping

import pytest
from home import TERMDESK, Home
from ptys import PtyScreen
from tmux import Tmux, TmuxScreen
from walk import walked

from termdesk.ui.locale import LANGUAGES, catalogue

DEFAULTS = {"39", "49"}
"""The terminal's own foreground and background, which are no colours."""
SIXTEEN = {str(base + n) for base in (30, 40, 90, 100) for n in range(8)} | DEFAULTS
MOUSE = {"?1000h", "?1003h", "?1006h", "?1015h", "?1016h"}


def opened(tmux: Tmux, home: Home, env: Mapping[str, str | None], *words: str) -> TmuxScreen:
    return tmux.open([*TERMDESK, "--desk", "demo", *words], {**home.env, **env}, 120, 40)


def left(screen: TmuxScreen) -> None:
    screen.press("C-q")
    assert screen.ends() == 0


@pytest.mark.parametrize(
    "env",
    [{"TERM": "xterm"}, {"TERM": "xterm-256color", "NO_COLOR": "1", "COLORTERM": "truecolor"}],
    ids=["16 colours", "no colour"],
)
def test_only_colours_that_the_terminal_has_leave_for_it(tmux: Tmux, served: Home, env: dict[str, str]) -> None:
    screen = opened(tmux, served, env, "--language", "en")
    walked(screen)
    received = screen.received()
    assert received.foreign == []
    assert received.controls() == set()
    assert received.colours() <= (DEFAULTS if "NO_COLOR" in env else SIXTEEN)
    assert {"1", "7"} & {part for style in received.styles for part in style.split(";")}, "bold or reverse marks"
    watchlist = "\n".join(line[:46] for line in screen.lines())
    assert re.search(r"▲\+\d+\.\d\d%", watchlist), "a rise has glyph and sign"
    assert re.search(r"▼-\d+\.\d\d%", watchlist), "a fall has glyph and sign"
    left(screen)


def test_a_terminal_of_256_colours_gets_no_others(tmux: Tmux, served: Home) -> None:
    screen = opened(tmux, served, {"TERM": "tmux-256color"}, "--language", "en")
    screen.shows("attached to desk demo")
    colours = screen.received().colours()
    assert colours
    assert all(colour.startswith(("38;5;", "48;5;")) for colour in colours - DEFAULTS)
    left(screen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_glyphs_have_one_width_wherever_they_are_shown(tmux: Tmux, served: Home, language: str) -> None:
    """``LC_ALL=C`` chooses them; the same holds for ``glyphs = "ascii"`` in a terminal set up for Chinese."""
    env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C"}
    screen = opened(tmux, served, env, "--language", language)
    walked(screen, language)
    received = screen.received()
    assert received.ambiguous() == set()
    assert received.foreign == []
    assert catalogue(language).texts["action.pane.watchlist.label"] in received.text
    left(screen)


def test_without_a_mouse_nothing_asks_for_one_and_over_ssh_copies_go_both_ways(tmux: Tmux, served: Home) -> None:
    env = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22", "SSH_TTY": "/dev/pts/9", "DISPLAY": None}
    screen = opened(tmux, served, {**env, "TERM": "xterm-256color"}, "--language", "zh", "--no-mouse")
    screen.shows("已连接工作台 demo")
    screen.press("F1")
    screen.press("Y")
    screen.shows("clipboard.txt")
    received = screen.received()
    assert received.switched & MOUSE == set()
    (copied,) = received.copied
    text = b64decode(copied).decode()
    assert "600519" in text
    assert text.strip() == (served.folder / "state" / "exports" / "clipboard.txt").read_text().strip()
    left(screen)


@pytest.mark.parametrize(
    ("words", "config", "asks"),
    [
        ([], "", True),
        ([], "[screen]\nmouse = false\n", False),
        (["--no-mouse"], "[screen]\nmouse = true\n", False),
        (["attach"], "", True),
        (["attach"], "[screen]\nmouse = false\n", False),
        (["attach", "--no-mouse"], "", False),
    ],
    ids=["with", "setting", "option", "attach", "attach setting", "attach option"],
)
def test_the_mouse_is_asked_for_unless_it_is_left_to_the_terminal(
    served: Home, words: list[str], config: str, asks: bool
) -> None:
    served.config(config)
    with PtyScreen([*TERMDESK, *words, "--desk", "demo", "--language", "en"], served.env) as screen:
        screen.says("attached to desk demo")
        screen.type(b"\x11")
        screen.drain(1.0)
        switched = {mode.rstrip("hl") + "h" for mode in screen.received().switched}
    assert bool(switched & MOUSE) is asks
    served.config("")


@pytest.mark.parametrize(
    ("env", "why"), [({"TERM": "dumb"}, "TERM is dumb: expected a terminal that can move its cursor")], ids=["dumb"]
)
def test_a_terminal_that_can_show_no_screen_is_told_so(tmux: Tmux, served: Home, env: dict[str, str], why: str) -> None:
    screen = opened(tmux, served, env)
    assert screen.ends() == 2
    assert why in screen.received().text
    assert b"\x1b" not in screen.data


def test_without_a_terminal_nothing_is_painted(served: Home) -> None:
    done: subprocess.CompletedProcess[str] = served.termdesk()
    assert done.returncode == 2
    assert done.stdout == ""
    assert "the screen needs a terminal" in done.stderr
    assert "\x1b" not in done.stderr
