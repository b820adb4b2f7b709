"""What the low-bandwidth profile sends, counted where a terminal receives it."""

from __future__ import annotations

import time

from home import TERMDESK, Home
from ptys import PtyScreen
from terminal import Line

BUDGET = 6_000
SECONDS = 4.0
ROWS = 50
ON_TOP = 3_000
"""Ages and the status line once a second, and what one pane went over: bytes that wait for nothing."""


def test_market_data_keeps_to_the_budget_and_the_screen_says_so(home: Home) -> None:
    home.env["COLORTERM"] = "truecolor"
    home.config(f'[screen]\nprofile = "low"\nbytes_s = {BUDGET}\nlanguage = "en"\n[ladder]\ncount = 3\n')
    load = ["--desk", "load", "--feed", "load", "--symbols", "n=60,rate=3000"]
    with PtyScreen([*TERMDESK, *load], home.env, 200, ROWS) as screen:
        screen.line = Line(ROWS - 1)
        assert screen.until_line("low bandwidth", 30), screen.line.text
        screen.drain(2)  # what the first paint owes is paid back
        before, began = screen.bytes, time.perf_counter()
        screen.drain(SECONDS)
        sent, elapsed = screen.bytes - before, time.perf_counter() - began
        screen.line = Line(ROWS - 4)
        screen.type(b"7")
        assert screen.until_line("7", 10), "a key waits for no budget"
    assert 0 < sent <= BUDGET * (elapsed + 0.25) + ON_TOP
