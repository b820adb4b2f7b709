"""Lists that are changed by words: typed into a dialog, or written into their files while the screen runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_cases import BITCOIN, MOUTAI, app_of
from pilot_desk import filled
from pilot_words import shown, until
from textual.widgets import Input, Static

from termdesk.ui.lines.column_names import sort_called
from termdesk.ui.lines.watchlist_columns import KEYS
from termdesk.ui.locale import LANGUAGES, catalogue
from termdesk.ui.watch.lists import WatchList
from termdesk.ui.watch.terms import parse_rules, parse_terms, rules_of

pytestmark = pytest.mark.usefixtures("still_link")


def test_columns_go_by_the_title_of_either_language_and_full_width_signs_are_read() -> None:
    assert parse_terms("涨幅 ＞ 2，名称 ~ 银行") == parse_terms("percent > 2, name ~ 银行")
    assert parse_terms("chg % >= 1％") == parse_terms("percent >= 1%")
    assert parse_rules(rules_of("委比 ＜ -50 ： danger； 量比 > 2 : accent")) == parse_rules(
        ["order_ratio < -50 : danger", "volume_ratio > 2 : accent"]
    )
    assert [sort_called(text, KEYS) for text in ("－涨幅", "turnover", "", "买一")] == [
        "-percent",
        "turnover",
        "",
        None,
    ]
    for language in LANGUAGES:
        words = [catalogue(language).texts[key].casefold() for key in KEYS]
        assert len(set(words)) == len(words), "no two columns have one title"


@pytest.mark.parametrize(
    ("key", "text", "reason"),
    [
        ("S", "换手率", "没有名为 换手率 的列；相近：换手"),
        ("F", "涨幅 2", "涨幅 2 不是条件"),
        ("F", "涨幅 > 二", "涨幅 > 之后应为数字，收到 二"),
        ("K", "涨幅 > 2 : 红", "涨幅 > 2 : 红 不是规则"),
    ],
)
async def test_what_is_wrong_is_said_beside_it_in_the_reader_s_language(key: str, text: str, reason: str) -> None:
    async with app_of("zh").run_test(size=(80, 24)) as pilot:
        screen = await filled(pilot)
        await pilot.press("f1", key)
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = text
        await pilot.press("enter")
        await pilot.pause()
        assert reason in str(pilot.app.screen.query_one("#told", Static).content)
        assert pilot.app.screen.query_one(Input).value == text
        assert screen.watching.named.list == WatchList(everything=True)


async def test_a_list_written_elsewhere_is_shown_without_a_key_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "config" / "watchlists" / "banks.toml"
    async with app_of().run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        screen.watching.make("", "Banks")
        path.write_text(f'title = "Banks"\nsymbols = ["{BITCOIN.id}", "{MOUTAI.id}"]\n')
        await until(pilot, lambda: list(screen.watching.ids) == [BITCOIN.id, MOUTAI.id])
        path.write_text('title = "Banks\n')
        await until(pilot, lambda: "watchlist left out: banks.toml" in screen.messages.bar.said)
        assert list(screen.watching.ids) == [BITCOIN.id, MOUTAI.id], "what is open stays until it is mended"
        path.write_text(f'title = "Banks"\nsymbols = ["{BITCOIN.id}"]\n')
        await until(pilot, lambda: list(screen.watching.ids) == [BITCOIN.id])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_finder_names_a_key_for_adding_that_every_keyboard_has(language: str) -> None:
    async with app_of(language).run_test(size=(80, 24)) as pilot:
        screen = await filled(pilot)
        screen.watching.make("", "Banks")
        await pilot.press("slash", *"btc")
        await pilot.pause()
        assert "Ctrl+A" in shown(pilot)
        await pilot.press("ctrl+a")
        await until(pilot, lambda: BITCOIN.id in screen.watching.named.list.symbols)
