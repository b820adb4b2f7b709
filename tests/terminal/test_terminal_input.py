"""What a terminal sends, whatever it is: typed, pasted, or made to be typed; and sizes that change all the time."""

from __future__ import annotations

import random
import re
from functools import partial

import pytest
from home import TERMDESK, Home
from hostile import PAYLOADS
from ptys import PtyScreen
from rich.cells import cell_len
from tmux import Tmux

PASTED, ENDED = b"\x1b[200~", b"\x1b[201~"
BROKEN = (
    b"\x1b[6;1R\x1b[?62;c\x1b]11;rgb:0000/0000/0000\x07\x1b[?2026;2$y",  # answers that nobody asked for
    b"\x1b[<0;9999;9999M\x1b[M\xff\xff\xff\x1b[99999999;5u\x1b[;;;;u\x1b[27u",
    b"\xff\xfe\x80\xc3\x28\xed\xa0\x80",  # no UTF-8
    b"\x1b[1;2;3;4;5;6;7~\x1bO\x1b[\x1b\x1b\x1b",
    b"\x00\x01\x02\x1a\x1c",
)


def opened(home: Home, columns: int = 100, rows: int = 30) -> PtyScreen:
    screen = PtyScreen([*TERMDESK, "--desk", "demo", "--language", "en"], home.env, columns, rows)
    screen.says("attached to desk demo")
    return screen


def assert_well(screen: PtyScreen) -> None:
    """It answers keys, and what left were our own sequences only."""
    screen.drain(0.2)
    at = len(screen.data)
    screen.type(b"\x1bm")
    screen.says("sounds are o", since=at)
    received = screen.received()
    assert received.foreign == []
    assert received.controls() == set()


def test_pastes_and_broken_keys_send_nothing_and_break_nothing(served: Home) -> None:
    served.config("[orders]\narmed_at_start = true\n")
    big = "".join(random.Random(4).choices("bsnNtT\rXfrHBSyx0123456789 \x1b", k=10_000)).encode()
    with opened(served) as screen:
        screen.type(PASTED + big.replace(b"\x1b", b"") + ENDED)
        screen.drain(0.3)
        screen.type(b":")
        screen.says("why ID")
        for payload in PAYLOADS:
            screen.type(PASTED + payload.encode() + ENDED)
            screen.drain(0.1)
        screen.type(b"\x1b")
        screen.drain(0.5)
        for broken in BROKEN:
            screen.type(broken)
            screen.drain(0.3)
        screen.type(b"\x1b")
        screen.drain(0.5)
        assert_well(screen)
    assert served.termdesk("orders", "--json").stdout.strip() == "[]"


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_keys_that_come_at_once_place_no_order(served: Home, count: int) -> None:
    served.config("[orders]\narmed_at_start = true\n[orders.confirm]\nlimit = 'never'\nmarket = 'never'\n")
    keys = "".join(random.Random(5).choices("bsnNtTuUiI\r\r\rBS0123456789 +-", k=count)).encode()
    with opened(served) as screen:
        # No piece begins with Enter: on a busy machine it would come after a pause, as a hand's own does.
        for piece in re.findall(rb".{512}\r*|.+", keys, re.DOTALL):
            screen.type(piece)
            screen.pump(0.01)
        screen.drain(0.5)
        at = len(screen.data)
        screen.type(b"\x1bm")
        screen.drain(0.5)
        screen.type(b"\x1bp")  # drawn whole: a letter that stood there already is not sent again
        screen.says("sounds are o", since=at, within_s=60)
    assert served.termdesk("orders", "--json").stdout.strip() == "[]"


def test_too_small_a_terminal_says_so_and_chinese_columns_stand_at_every_width(tmux: Tmux, served: Home) -> None:
    screen = tmux.open([*TERMDESK, "--desk", "demo", "--language", "zh"], served.env, 100, 30)
    screen.shows("已连接工作台 demo")
    for columns, rows in ((20, 5), (1, 1), (63, 40), (200, 17)):
        screen.resize(columns, rows)
        screen.shows_no("自选")
    for columns in range(80, 121):
        screen.resize(columns, 24)
        screen.shows(partial(is_whole, columns))


@pytest.mark.parametrize("seed", range(2))
def test_a_storm_of_sizes_ends_in_a_whole_screen_of_the_last(tmux: Tmux, served: Home, seed: int) -> None:
    screen = tmux.open([*TERMDESK, "--desk", "demo", "--language", "zh"], served.env, 100, 30)
    screen.shows("已连接工作台 demo")
    chance = random.Random(seed)
    sizes = [(chance.randrange(1, 240), chance.randrange(1, 70)) for _ in range(30)]
    assert any(columns < 80 or rows < 24 for columns, rows in sizes)
    for columns, rows in sizes:
        screen.resize(columns, rows)
    screen.resize(110, 32)
    screen.shows(partial(is_whole, 110))
    screen.press("?")
    screen.shows("── 按键")
    screen.press("Escape")
    screen.shows(partial(is_whole, 110))
    screen.press("C-q")
    assert screen.ends() == 0


def is_whole(columns: int, text: str) -> bool:
    """Whether every Chinese word of a screen is there, and its panes reach to the last column."""
    lines = text.split("\n")
    blotter = next((line for line in lines if "委托栏" in line), "")
    words = ("自选", "最新", "涨幅", "价格", "卖量", "方向", "数量", "状态")
    return all(word in text for word in words) and cell_len(blotter) == columns and max(map(cell_len, lines)) <= columns
