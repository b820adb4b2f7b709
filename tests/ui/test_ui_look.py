"""Language, theme, keys and focus; wide characters survive; outside text stays text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from desk_cases import LAST, MOUTAI, app_of, fill_store, order, quote, topics
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.core.wire.queries import OrdersResult
from termdesk.ui.actions import ACTIONS
from termdesk.ui.app import TermdeskApp
from termdesk.ui.news import News
from termdesk.ui.theme import shipped_themes

pytestmark = pytest.mark.usefixtures("still_link")


@pytest.fixture
async def pilot() -> AsyncIterator[Pilot[int]]:
    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        await filled(pilot)
        yield pilot


async def filled(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    fill_store(screen.store)
    screen.flush(everything=True)
    await until(pilot, lambda: screen.navigation.cursor)


def screen_of(pilot: Pilot[int]) -> Any:
    assert isinstance(pilot.app, TermdeskApp)
    return pilot.app._screen


def test_every_action_has_a_handler() -> None:
    handled = set(app_of()._screen._handlers) | {"order.digit", "order.preset"}
    assert handled == {action.id for action in ACTIONS}


async def test_every_binding_has_an_id_of_the_registry(pilot: Pilot[int]) -> None:
    bindings = [one for several in screen_of(pilot)._bindings.key_to_bindings.values() for one in several]
    assert {binding.id for binding in bindings} == {action.id for action in ACTIONS}


async def test_language_changes_everything_at_once(pilot: Pilot[int]) -> None:
    assert "watchlist" in shown(pilot)
    await pilot.press("ctrl+l")
    await pilot.pause()
    text = shown(pilot)
    for word in (
        "自选",
        "盘口 600519 贵州茅台",
        "图表",
        "逐笔",
        "委托栏",
        "演示 · 生成的价格",
        "撤单中",
        "数量",
        "居中",
    ):
        assert word in text
    assert "watchlist" not in text
    assert "ladder" not in text


async def test_automatic_up_and_down_follow_the_language(pilot: Pilot[int]) -> None:
    variables = pilot.app.theme_variables
    assert variables["up"] == variables["hue-green"]
    await pilot.press("ctrl+l")
    await pilot.pause()
    variables = pilot.app.theme_variables
    assert variables["up"] == variables["hue-red"]


async def test_theme_changes_by_key_and_the_surfaces_with_it(pilot: Pilot[int]) -> None:
    def background() -> object:
        return next(segment for segment in screen_of(pilot).ladder.render_line(3) if segment.style).style.bgcolor

    before = background()
    await pilot.press("ctrl+t")
    await pilot.pause()
    assert pilot.app.theme == "light"
    assert background() != before
    for _ in shipped_themes().keys() - {"light"}:
        await pilot.press("ctrl+t")
    await pilot.pause()
    assert (pilot.app.theme, background()) == ("dark", before)


async def test_every_pane_is_reached_by_tab_and_by_its_key(pilot: Pilot[int]) -> None:
    names = ["ladder", "chart", "tape", "blotter", "watchlist"]
    for name in names:
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == name
        await pilot.press("tab")
    await pilot.press("shift+tab")
    for key, name in (("f1", "watchlist"), ("f2", "ladder"), ("f3", "chart"), ("f4", "tape"), ("f5", "blotter")):
        await pilot.press(key)
        assert pilot.app.focused.id == name


async def test_arrows_choose_in_the_watchlist_and_turn_the_blotter(pilot: Pilot[int]) -> None:
    await pilot.press("f1", "down")
    assert screen_of(pilot).instrument_id == "BTCUSDT.DEMO"
    assert "› BTCUSDT" in shown(pilot) or "›BTCUSDT" in shown(pilot)
    await pilot.press("f5", "right")
    await pilot.pause()
    assert "1650.02" in shown(pilot)
    assert screen_of(pilot).blotter.tab == "fills"


async def test_ladder_cursor_is_a_price_and_moves_by_ticks(pilot: Pilot[int]) -> None:
    navigation = screen_of(pilot).navigation
    start = navigation.cursor
    await pilot.press("up", "up", "pagedown")
    assert navigation.cursor == start + 2 - 10
    screen_of(pilot).store.take_topics(topics(quote(MOUTAI, LAST + 3000)), 0)
    screen_of(pilot).flush()
    assert navigation.cursor == start + 2 - 10
    await pilot.press("home")
    assert navigation.cursor == LAST + 3000


async def test_click_puts_the_cursor_on_a_price(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    await pilot.click(screen.ladder, offset=(10, 5))
    assert screen.navigation.cursor == screen.ladder.model.view.price_at(4)


async def test_own_keys_come_from_the_configuration(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[keys.overrides]\n"desk.help" = "f10"\n"order.buy" = "s"\n"order.sel" = "z"\n')
    async with app_of(config=own).run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "s means both order.buy and order.sell" in shown(pilot)
        await pilot.press("question_mark")
        assert len(pilot.app.screen_stack) == 1
        await pilot.press("f10")
        assert len(pilot.app.screen_stack) == 2


async def test_escape_leaves_the_key_sheet(pilot: Pilot[int]) -> None:
    await pilot.press("question_mark", "escape")
    await pilot.pause()
    assert len(pilot.app.screen_stack) == 1


async def test_mode_and_account_are_in_words_on_screen_whatever_is_shown(pilot: Pilot[int]) -> None:
    for keys in ((), ("f5",), ("b",)):
        await pilot.press(*keys)
        text = shown(pilot)
        assert "DEMO · generated prices" in text
        assert "cash" in text


@pytest.mark.parametrize("width", range(80, 121, 4))
async def test_chinese_order_text_survives_at_every_width(width: int) -> None:
    app = app_of("zh")
    news = "成交 买入 全部成交 贵州茅台 已报 已撤 前方排队 四百 成交 五百"
    async with app.run_test(size=(width, 24)) as pilot:
        await filled(pilot)
        screen_of(pilot).say(News(news))
        await pilot.press("X")
        await pilot.pause()
        text = shown(pilot)
        assert news in text
        assert "撤销账户 cash 在 600519 的全部 2 笔委托？" in text
        assert {len_cells(line) for line in text.splitlines()} == {width}


def len_cells(line: str) -> int:
    from rich.cells import cell_len

    return cell_len(line)


HOSTILE = "\x1b]52;c;ZXZpbA==\x07[bold red]EVIL[/] [@click=app.quit]x[/]\x9b6n\u202e[/]"


async def test_hostile_names_and_reasons_are_shown_never_obeyed(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    screen.store.list_instruments((msgspec.structs.replace(MOUTAI, name=HOSTILE, version=2),))
    bad = order("O9", Side.BUY, LAST, status=OrdStatus.REJECTED, note=HOSTILE,
                reason=Reason("desk.halted", {"detail": HOSTILE}))  # fmt: skip
    screen.store.load_orders(OrdersResult(orders=(bad,), cursor=9))
    screen.name_panes()
    screen.say(News(HOSTILE))
    screen.ask(HOSTILE, (("y", HOSTILE, "yes"), ("n", "no", "no")), lambda _: None)
    screen.flush(everything=True)
    await pilot.pause()
    text = shown(pilot)
    assert "[bold red]EVIL[/]" in text
    assert not set(text) & set("\x1b\x07\x9b\u202e")
