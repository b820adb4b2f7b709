"""Two real screens on one real engine: same orders, same group, same panes, and each names the other."""

from __future__ import annotations

import os
import signal

from home import TERMDESK, Home
from tmux import Tmux, TmuxScreen

HANDS = "[orders]\npaste_gap_ms = 0\nrepeat_gap_ms = 0\n"
"""Keys of this test come closer together than a hand's."""


def opened(tmux: Tmux, home: Home, columns: int = 120, rows: int = 40) -> TmuxScreen:
    screen = tmux.open([*TERMDESK, "--language", "en"], home.env, columns, rows)
    screen.shows("attached to desk demo")
    return screen


def name_of(screen: TmuxScreen) -> str:
    return f"tmux {screen.tells('pane_id')}"


def status(screen: TmuxScreen) -> str:
    return screen.text().rstrip().split("\n")[-1]


def test_screens_show_the_same_orders_follow_each_other_and_name_each_other_until_one_is_killed(
    tmux: Tmux, home: Home
) -> None:
    home.config(HANDS)
    large = opened(tmux, home)
    small = opened(tmux, home, 80, 24)
    large.shows(lambda _: f"also {name_of(small)} disarmed" in status(large))

    large.press("A")
    small.shows(lambda _: f"also {name_of(large)} ARMED" in status(small))
    console = home.termdesk("status")
    assert f"{name_of(large)}  armed" in console.stdout
    assert f"{name_of(small)}  disarmed" in console.stdout

    large.press("]")
    small.shows("ladder 300750 CATL")
    small.shows(f"group A is now at 300750, chosen on {name_of(large)}")

    large.press("F2")
    for _ in range(6):
        large.press("Down")
    large.press("b")
    large.shows("STAGED")
    large.press("Enter")
    large.shows(lambda text: "+buy" in text)
    small.shows(lambda text: "[orders 1]" in text and "300750   +buy       100" in text)

    small.press("F2")
    while "STAGED" not in small.text():  # right after it followed, such a key does nothing, and says so
        small.press("b")
        small.shows(lambda text: "STAGED" in text or "NOTHING DONE" in text)
    assert "STAGED  buy 100 300750" in small.text()
    large.press("]")
    large.shows("ladder 000001")
    text = small.shows(f"group A is at 000001 on {name_of(large)}")
    assert "ladder 300750 · A→000001" in text
    assert "STAGED  buy 100 300750" in text
    small.press("Escape")
    small.shows("ladder 000001")

    os.kill(large.pid, signal.SIGKILL)
    small.shows(f"{name_of(large)} is no longer attached")
    small.shows(lambda _: "also" not in status(small))
    assert "300750   +buy       100" in small.text()


def test_panes_arranged_on_one_screen_are_arranged_on_the_other_and_are_there_after_everything_was_killed(
    tmux: Tmux, home: Home
) -> None:
    home.config(HANDS)
    first, second = opened(tmux, home), opened(tmux, home)
    first.press("F3")
    first.press("M-x")
    second.shows_no("─chart─")
    second.press("F4")
    second.press("M-r")
    first.shows(lambda text: text.count("─chart─") == 1)
    first.press("F4")
    first.press("M-x")
    second.shows_no("─tape─")
    shared = home.folder / "state" / "desks" / "demo" / "shared.json"
    second.shows(lambda _: shared.exists() and "tape" not in shared.read_text())
    for pid in (first.pid, second.pid, *home.engines()):
        os.kill(pid, signal.SIGKILL)
    (home.folder / "state" / "workspaces.json").unlink()
    third = opened(tmux, home)
    third.shows(lambda text: "─tape─" not in text and "─chart─" in text)
