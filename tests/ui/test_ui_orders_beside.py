"""An order beside others that close the position already: said to open what it may, and which keys close instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk_cases import LAST, order
from order_desk import Engine, hold, load, order_desk, screen_of
from pilot_words import shown, until
from textual.pilot import Pilot
from textual.widgets import Input

from termdesk.core.model.terms import Contingency, OrdType, Side
from termdesk.core.wire.queries import OrderLine

pytestmark = pytest.mark.usefixtures("still_link")

QUIET = "[orders]\npaste_gap_ms = 0\nrepeat_gap_ms = 0\n"


def exits(qty: int, **changes: Any) -> tuple[OrderLine, OrderLine]:
    """A stop and a target for the same units."""
    group: dict[str, Any] = {"qty": qty, "leaves_qty": qty, "group": "O9.exits", "contingency": Contingency.OCO}
    stop = order("O1", Side.SELL, None, ord_type=OrdType.STOP, trigger_price=LAST - 50, **group, **changes)
    return stop, order("O2", Side.SELL, LAST + 50, **group, **changes)


async def test_staged_sale_beside_exits_says_that_it_may_open_and_why(pilot: Pilot[int]) -> None:
    hold(pilot, 300)
    load(pilot, *exits(300))
    await pilot.press("3", "0", "0", "s")
    for words in ("may open 300", "working orders close 300 already"):
        assert words in shown(pilot), "two exits of a group count once"
    load(pilot, *exits(200))
    screen_of(pilot).show_ticket()
    assert "closes 100, may open 200" in shown(pilot)
    load(pilot)
    screen_of(pilot).show_ticket()
    assert "closes" in shown(pilot)
    assert "open 300" not in shown(pilot)


async def test_what_it_may_open_is_read_in_full_at_80_columns(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    async with order_desk(monkeypatch, engine, size=(80, 24)) as pilot:
        hold(pilot, 300)
        load(pilot, *exits(300))
        await pilot.press("3", "0", "0", "s")
        for words in ("may open 300", "T+1"):
            assert words in shown(pilot)


async def test_question_and_line_say_so_too_and_a_moved_exit_does_not_count_itself(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path
) -> None:
    config = tmp_path / "asking.toml"
    config.write_text(
        f'{QUIET}armed_at_start = true\n[orders.confirm]\nlimit = "ask"\nline = "ask"\namend = "ask"\nflatten = "ask"\n'
    )
    async with order_desk(monkeypatch, engine, config, size=(120, 40)) as pilot:
        hold(pilot, 300)
        load(pilot, *exits(300))
        await pilot.press("3", "0", "0", "s", "enter")
        assert "may open 300 · working orders close 300 already" in shown(pilot)
        await pilot.press("n", "escape", "colon")
        await until(pilot, lambda: pilot.app.screen.query("#line"))
        pilot.app.screen.query_one(Input).value = "sell 100 600519 @ 1650"
        await pilot.press("enter")
        assert "may open 100 · working orders close 300 already" in shown(pilot)
        await pilot.press("n", "o", "shift+up", "enter")
        assert "closes · T+1" in shown(pilot), "what is moved, and what gives way to it, do not count"
        await pilot.press("n", "escape", "f")
        assert "closes · T+1" in shown(pilot), "they are cancelled before"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "DISARMED: orders close 300 already, this may open; f closes all, H half, A arms"),
        ("zh", "已锁定：未结委托已平 300，此单可能开仓；f 全部平仓，H 平一半，A 解锁"),
    ],
)
async def test_sale_that_exits_hold_back_on_a_disarmed_screen_names_the_keys_that_close(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path, language: str, words: str
) -> None:
    config = tmp_path / "disarmed.toml"
    config.write_text(f"{QUIET}armed_at_start = false\n")
    async with order_desk(monkeypatch, engine, config, size=(80, 24), language=language) as pilot:
        hold(pilot, 300)
        load(pilot, *exits(300))
        await pilot.press("s", "enter")
        assert words in screen_of(pilot).messages.bar.said
        assert words[-4:] in shown(pilot).splitlines()[-2].rstrip()[-6:], "to its end, also on a narrow terminal"
        assert engine.sent == []
        await pilot.press("4", "0", "0", "enter")
        assert "DISARMED: orders that add risk" in shown(pilot) or "不发送增加风险" in shown(pilot), (
            "it opens by itself"
        )
        await pilot.press("escape", "f")
        await pilot.press("y")
        await until(pilot, lambda: engine.sent)
