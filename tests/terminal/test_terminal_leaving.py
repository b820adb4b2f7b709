"""The terminal is given back as it was, however the screen ends; the engine does not end with it."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import time
from pathlib import Path

import pytest
from home import TERMDESK, Home
from ptys import PtyScreen
from tmux import SHOWN_WITHIN_S, Tmux, TmuxScreen

SHELL = 'before=$(stty -g); {}; code=$?; [ "$before" = "$(stty -g)" ] && echo "left with $code, lines as before"; cat'
PROMPT_S = 8.0
"""Less than the 10 seconds after which a connection gives an engine up that says no goodbye."""
SWITCHES = ("alternate_on", "mouse_any_flag", "mouse_sgr_flag", "keypad_flag", "keypad_cursor_flag")
MAIN = "from termdesk.__main__ import main; main()"
BROKEN = """
from termdesk.__main__ import main
from termdesk.ui.frames.drawing import Drawing
def ticket(self): raise RuntimeError("\\x1b]0;broken\\x07")
Drawing.ticket = ticket
main()
"""
"""The program with a mistake in it that shows once it is attached."""

DEAF = [sys.executable, "-c", "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + MAIN]
"""The program as it is started to outlive its shell."""


def opened(tmux: Tmux, home: Home, *argv: str) -> TmuxScreen:
    """Open a screen from a shell, as a person does."""
    called = SHELL.format(shlex.join([*(argv or TERMDESK), "--desk", "demo", "--language", "en"]))
    return tmux.open(["sh", "-c", called], home.env, 80, 24)


def assert_given_back(screen: TmuxScreen, code: int, within_s: float = SHOWN_WITHIN_S) -> None:
    screen.shows(f"left with {code}, lines as before", within_s)
    assert {name: screen.tells(name) for name in SWITCHES} == dict.fromkeys(SWITCHES, "0")
    assert screen.tells("cursor_flag") == "1"


@pytest.mark.parametrize("how", ["q", "SIGTERM", "SIGINT"])
def test_leaving_gives_the_terminal_back(tmux: Tmux, served: Home, how: str) -> None:
    screen = opened(tmux, served)
    screen.shows("attached to desk demo")
    assert screen.tells("alternate_on") == screen.tells("mouse_any_flag") == "1"
    if how == "q":
        screen.press("q")
        assert_given_back(screen, 0)
    else:
        (program,) = children(screen.pid)
        os.kill(program, signal.Signals[how])
        assert_given_back(screen, 128 + signal.Signals[how])
    assert served.engines()


@pytest.mark.parametrize("how", ["C-z", "SIGTSTP"])
def test_a_suspended_screen_gives_the_terminal_back_and_is_whole_when_it_goes_on(
    tmux: Tmux, served: Home, how: str
) -> None:
    called = shlex.join([*TERMDESK, "--desk", "demo", "--language", "en"])
    screen = tmux.open(["bash", "--norc", "--noprofile"], {**served.env, "PS1": "ready>"}, 80, 24)
    screen.shows("ready>")
    screen.type(called + "\n")
    screen.shows("attached to desk demo")
    if how == "C-z":
        screen.press(how)
    else:
        (program,) = children(screen.pid)
        os.kill(program, signal.SIGTSTP)
    screen.shows("Stopped")
    assert {name: screen.tells(name) for name in SWITCHES} == dict.fromkeys(SWITCHES, "0")
    assert screen.tells("cursor_flag") == "1"
    screen.type("echo over$((6 * 7)); fg\n")
    screen.shows(whole)
    assert "over42" not in screen.text()
    screen.press("q")
    screen.shows("ready>")
    assert screen.tells("alternate_on") == "0"


def test_a_screen_that_nobody_could_bring_back_is_not_suspended(tmux: Tmux, served: Home) -> None:
    screen = opened(tmux, served)
    screen.shows("attached to desk demo")
    (program,) = children(screen.pid)
    os.kill(program, signal.SIGTSTP)
    screen.press("C-z")
    screen.shows("not started from a shell")
    screen.press("q")
    assert_given_back(screen, 0)


def test_what_another_program_wrote_over_the_screen_is_gone_after_redraw_and_after_looking_away(
    tmux: Tmux, served: Home
) -> None:
    screen = opened(tmux, served)
    screen.shows("attached to desk demo")
    screen.shows(whole)
    for answer in ("M-p", "\x1b[I", "stopped"):
        Path(screen.tells("pane_tty")).write_text("\x1b[H" + "SPOILT\r\n" * 20)
        screen.shows("SPOILT")
        if answer == "stopped":  # by a debugger, not from the shell
            (program,) = children(screen.pid)
            os.kill(program, signal.SIGSTOP)
            os.kill(program, signal.SIGCONT)
            screen.press("M-p")
        elif answer == "M-p":
            screen.press(answer)
        else:
            screen.type(answer)
        screen.shows(lambda text: whole(text) and "SPOILT" not in text)
    screen.press("q")
    assert_given_back(screen, 0)


def whole(text: str) -> bool:
    """Whether a screen of 80 columns shows its panes and its last lines."""
    return all(word in text for word in ("─watchlist", "━ladder", "─blotter", "DEMO · generated"))


@pytest.mark.parametrize(
    ("opens", "text", "how"), [("F7", "Esc leaves", "C-q"), ("C-k", "top trading", "SIGTERM"), (":", "why ID", "C-q")]
)
def test_neither_an_engine_that_hangs_nor_a_dialog_holds_up_leaving(
    tmux: Tmux, served: Home, opens: str, text: str, how: str
) -> None:
    screen = opened(tmux, served)
    screen.shows("attached to desk demo")
    screen.press(opens)
    screen.shows(text)
    (engine,) = served.engines()
    os.kill(engine, signal.SIGSTOP)
    try:
        if how == "C-q":
            screen.press(how)
        else:
            (program,) = children(screen.pid)
            os.kill(program, signal.SIGTERM)
        assert_given_back(screen, 0 if how == "C-q" else 128 + signal.SIGTERM, PROMPT_S)
    finally:
        os.kill(engine, signal.SIGCONT)


def test_a_mistake_in_the_program_gives_the_terminal_back_and_is_told(tmux: Tmux, served: Home) -> None:
    screen = opened(tmux, served, sys.executable, "-c", BROKEN)
    assert_given_back(screen, 1)
    received = screen.received()
    assert "RuntimeError: �]0;broken�" in received.text
    assert "the engine goes on" in received.text
    assert "locals" not in received.text, "they hold the desk's data"
    assert received.foreign == []


@pytest.mark.parametrize("program", [TERMDESK, DEAF], ids=["", "hang-ups ignored"])
def test_a_terminal_that_goes_away_ends_the_screen_and_not_the_engine(served: Home, program: list[str]) -> None:
    with PtyScreen([*program, "--desk", "demo", "--language", "en"], served.env) as screen:
        screen.says("attached to desk demo")
        os.close(screen.fd)
        limit = time.monotonic() + 20
        while os.waitpid(screen.pid, os.WNOHANG) == (0, 0):
            assert time.monotonic() < limit, "the screen lives on without a terminal"
            time.sleep(0.02)
        screen.forget()
    assert served.engines()


def children(pid: int) -> list[int]:
    """Give the process ids of what a shell runs."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:  # noqa: PTH123
        return [int(word) for word in file.read().split()]
