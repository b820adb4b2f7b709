"""A person's first day at the keyboard: the real program, its engine and its screen, in a terminal."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from home import TERMDESK, Home
from tmux import Tmux, TmuxScreen

from termdesk.ui.locale import catalogue

SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x50": (200, 50)}

TRIES = 3
LET_GO_S = 0.8
"""A hand that lets go of a key: longer than ``orders.repeat_gap_ms``."""


class Trader:
    """Presses one key after another, each when the screen shows what the one before has done."""

    def __init__(self, screen: TmuxScreen, language: str) -> None:
        self.screen = screen
        self.said = catalogue(language)

    def presses(self, key: str, text: str) -> None:
        """Press a key and wait for a text."""
        self.screen.press(key)
        self.screen.shows(text)

    def insists(self, key: str, wanted: str | Callable[[str], object]) -> None:
        """Press a key that acts until it does; one that came too soon after another counts as held and does nothing."""
        for _ in range(TRIES - 1):
            time.sleep(LET_GO_S)
            self.screen.press(key)
            with suppress(AssertionError):
                self.screen.shows(wanted, within_s=5)
                return
        time.sleep(LET_GO_S)
        self.screen.press(key)
        self.screen.shows(wanted)

    def sends(self, text: str) -> None:
        """Press Enter until a text tells what it did."""
        self.insists("Enter", text)

    def word(self, key: str) -> str:
        """Give the beginning of a text of the catalogue, up to what is filled in or may be cut."""
        return self.said.texts[key].partition("{")[0].strip()[:24]


def opened(tmux: Tmux, home: Home, language: str, size: str) -> Trader:
    screen = tmux.open([*TERMDESK, "--language", language], {**home.env, "COLORTERM": "truecolor"}, *SIZES[size])
    trader = Trader(screen, language)
    screen.shows(trader.said.tr("news.attached", desk="demo"))
    return trader


@pytest.mark.parametrize(
    ("language", "size"),
    [
        ("en", "120x40"),
        ("zh", "80x24"),
        *(
            pytest.param(*case, marks=pytest.mark.long)
            for case in (("en", "80x24"), ("zh", "200x50"), ("en", "200x50"))
        ),
    ],
)
def test_a_day_from_an_empty_home_to_the_orders_of_yesterday(tmux: Tmux, home: Home, language: str, size: str) -> None:
    trader = opened(tmux, home, language, size)
    screen, said = trader.screen, trader.said
    screen.shows(trader.word("ui.guide"))
    trader.presses("/", trader.word("finder.hint"))
    screen.type("payh")
    screen.shows(lambda text: "000001.DEMO" in text and "600519.DEMO" not in text)
    screen.press("Enter")
    screen.shows(lambda text: "000001" in next(line for line in text.split("\n") if "━" in line))
    screen.shows(trader.word("ui.guide_order")[:6])

    trader.presses("A", trader.word("news.armed"))
    for _ in range(6):
        screen.press("Down")
    trader.presses("b", said.texts["ticket.staged"])
    trader.sends(said.texts["status.new"])
    screen.shows(lambda text: "●100" in text)
    trader.presses("F5", f"x {said.texts['action.row.cancel.label']}")
    screen.press("Down")
    time.sleep(LET_GO_S)
    trader.presses("m", "qty 100 @")
    screen.type("qty 200")
    screen.shows("qty 200 ")
    trader.insists("Enter", lambda text: any(" 200 " in line and "●" in line for line in text.split("\n")))
    trader.presses("x", said.texts["status.canceled"])

    screen.press("F2")
    screen.shows(lambda text: f"x {said.texts['action.row.cancel.label']}" not in text or "●" not in text)
    trader.presses("B", said.texts["ticket.staged"])
    trader.sends(said.texts["status.filled"])
    screen.shows("+100@")
    trader.presses("F5", f"x {said.texts['action.row.cancel.label']}")
    screen.press("Up")
    trader.presses("y", said.texts["ui.why_recorded"])
    screen.press("Escape")
    screen.shows_no(said.texts["ui.why_recorded"])
    screen.press("F2")
    screen.shows(f"━{said.texts['action.pane.ladder.label']}")
    trader.presses("f", trader.word("dialog.flatten"))
    question = trader.word("dialog.flatten")
    trader.insists("y", lambda text: "+100@" not in text and question not in text)

    for _ in range(8):
        screen.press("Down")
    trader.presses("b", said.texts["ticket.staged"])
    trader.sends(said.texts["status.new"])
    trader.presses("q", said.tr("dialog.quit", count=1))
    screen.press("l")
    assert screen.ends() == 0
    assert len(home.engines()) == 1

    again = opened(tmux, home, language, size)
    again.screen.shows(said.texts["status.new"])
    if size == "120x40":
        silent = said.texts["status.engine.silent"]
        os.kill(home.engines()[0], signal.SIGSTOP)
        again.screen.shows(silent)
        os.kill(home.engines()[0], signal.SIGCONT)
        again.screen.shows(lambda text: silent not in text)
        os.kill(home.engines()[0], signal.SIGKILL)
        again.screen.shows(said.texts["status.engine.down"])
        again.presses("C-r", said.tr("news.attached", desk="demo"))
        again.screen.shows(said.texts["status.new"])
    (engine,) = home.engines()
    os.kill(again.screen.pid, signal.SIGKILL)
    again.screen.shows(lambda _: again.screen.tells("pane_dead") == "1")
    assert home.engines() == [engine]
    assert '"status": "new"' in home.termdesk("orders", "--json").stdout.replace('":"', '": "')
