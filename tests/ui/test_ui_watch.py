"""Watchlists and the finder on the screen."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from desk_cases import BITCOIN, LAST, MOUTAI, NOW, app_of, order, quote, topics
from msgspec.structs import replace
from order_desk import Engine
from pilot_desk import filled
from pilot_words import shown, until
from textual import events
from textual.pilot import Pilot

from termdesk.core.model.instrument import Share
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.ui.finder.screen import Finder
from termdesk.ui.frames.visible import visible_topics
from termdesk.ui.lines.watchlist_columns import CHOICES, USUAL
from termdesk.ui.link import Link

pytestmark = pytest.mark.usefixtures("still_link")

PINGAN = replace(
    MOUTAI, id="000001.DEMO", name="Ping An Bank", name_zh="平安银行", detail=Share(float_qty=1_000_000_000)
)


@pytest.fixture
async def pilot() -> AsyncIterator[Pilot[int]]:
    async with app_of().run_test(size=(168, 40)) as pilot:
        screen = await filled(pilot)
        screen.store.list_instruments((MOUTAI, BITCOIN, PINGAN))
        bank = quote(PINGAN, 1100, prev_close=1000, volume=50_000_000, turnover=Decimal(550_000_000), bids_qty=300,
                     asks_qty=100, bought=700, sold=400, volume_ratio=Decimal("1.75"))  # fmt: skip
        screen.store.take_topics(topics(bank), 0)
        screen.flush(everything=True)
        await pilot.press("f1")
        yield pilot


def screen_of(pilot: Pilot[int]) -> Any:
    return pilot.app._screen  # type: ignore[attr-defined]


def rows(pilot: Pilot[int]) -> list[str]:
    surface = screen_of(pilot).watchlist
    return ["".join(cell[0] for cell in row) for row in surface.paint(*surface.size)]


async def typed(pilot: Pilot[int], text: str) -> None:
    keys = {" ": "space", "-": "minus", ">": "greater_than_sign", "/": "slash", ":": "colon", ".": "full_stop"}
    await pilot.press(*(keys.get(c, c) for c in text))


async def test_initials_typed_into_the_watchlist_choose_the_instrument(pilot: Pilot[int]) -> None:
    await pilot.press("p", "a", "y", "h")
    assert isinstance(pilot.app.screen, Finder)
    assert "000001.DEMO" in shown(pilot)
    assert " payh" in shown(pilot)
    await pilot.press("enter")
    await pilot.pause()
    assert screen_of(pilot).instrument_id == PINGAN.id
    assert pilot.app.focused is screen_of(pilot).watchlist


async def test_letters_that_mean_something_elsewhere_only_search_in_the_watchlist(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    for key in ("q", "a", "f", "r", "v"):
        await pilot.press(key)
        assert isinstance(pilot.app.screen, Finder)
        await pilot.press("escape")
    assert screen.account == "cash"
    assert screen.instrument_id == MOUTAI.id


async def test_letters_of_a_preset_move_in_the_watchlist_and_begin_no_search(tmp_path: Path) -> None:
    config = tmp_path / "vim.toml"
    config.write_text('[keys]\npreset = "vim"\n')
    async with app_of(config=config).run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        await pilot.press("f1", "j")
        await pilot.pause()
        assert screen.instrument_id == BITCOIN.id
        await pilot.press("k")
        assert screen.instrument_id == MOUTAI.id
        await pilot.press("p")
        assert isinstance(pilot.app.screen, Finder)


async def test_slash_finds_from_any_pane_and_a_code_prefix_is_enough(pilot: Pilot[int]) -> None:
    await pilot.press("f5", "slash", "b", "t", "c", "enter")
    await pilot.pause()
    assert screen_of(pilot).instrument_id == BITCOIN.id


async def test_a_number_and_enter_is_a_shortcut(pilot: Pilot[int]) -> None:
    await pilot.press("0", "5")
    assert "chart" in shown(pilot)
    await pilot.press("enter")
    await pilot.pause()
    assert pilot.app.focused is screen_of(pilot).chart
    await pilot.press("f1", "6", "0", "enter")
    await pilot.pause()
    assert list(screen_of(pilot).watching.ids) == [PINGAN.id, MOUTAI.id, BITCOIN.id]


async def test_another_instrument_takes_no_staged_order_along(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    screen.desk.arming.is_armed = True
    await pilot.press("f2", "2", "0", "0", "b")
    assert screen.entry.ticket.staged is not None
    await pilot.press("slash", "p", "a", "y", "h", "enter")
    await pilot.pause()
    assert screen.instrument_id == PINGAN.id
    assert screen.entry.ticket.staged is None


async def test_a_list_is_made_filled_and_kept_as_a_file(pilot: Pilot[int], tmp_path: Path) -> None:
    await pilot.press("N")
    await typed(pilot, "A/Banks")
    await pilot.press("enter")
    await pilot.pause()
    await pilot.press("plus", "p", "a", "y", "h", "enter")
    await pilot.pause()
    path = tmp_path / "config" / "watchlists" / "banks.toml"
    assert tomllib.loads(path.read_text()) == {
        "title": "Banks",
        "group": "A",
        "symbols": [MOUTAI.id, PINGAN.id],
    }
    assert "Banks 2/2 · A" in shown(pilot)
    assert screen_of(pilot).instrument_id == PINGAN.id
    await pilot.press("shift+up", "down", "delete")
    assert tomllib.loads(path.read_text())["symbols"] == [PINGAN.id]
    await pilot.press("left")
    assert len(screen_of(pilot).watching.ids) == 3
    await pilot.press("right", "D", "y")
    await pilot.pause()
    assert not path.exists()
    assert len(screen_of(pilot).watching.lists) == 1


async def test_columns_are_chosen_and_an_unknown_source_is_a_dash(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    names = (
        "symbol",
        "turnover",
        "volume_ratio",
        "float_turnover",
        "order_ratio",
        "order_difference",
        "spread",
        "position",
    )
    assert screen.watching.change(columns=names)
    row = next(line for line in rows(pilot) if "000001" in line)
    assert row.split() == ["000001", "550.00M", "1.75", "5.00%", "+50.00%", "+200", "0.02"]
    moutai = next(line for line in rows(pilot) if "600519" in line)
    assert moutai.split() == ["›600519", "–", "–", "–", "–", "–", "0.02", "+100"]
    await pilot.press("C", "down", "space", "enter")
    await pilot.pause()
    assert screen.watching.named.list.columns == tuple(name for name in names if name != "turnover")


@pytest.mark.parametrize(("keys", "focus", "found"), [("payh", "watchlist", "000001.DEMO"), ("05", "chart", MOUTAI.id)])
async def test_what_is_typed_faster_than_the_finder_opens_arrives_whole(
    pilot: Pilot[int], keys: str, focus: str, found: str
) -> None:
    screen = screen_of(pilot)
    for key in (*keys, "enter"):
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await until(pilot, lambda: (screen.focused.id, screen.instrument_id) == (focus, found))
    assert pilot.app.screen is screen
    assert not any(isinstance(one, Finder) for one in pilot.app.screen_stack)


@pytest.mark.parametrize("pane", ["ladder", "chart", "tape", "blotter"])
async def test_a_code_that_comes_with_the_key_that_opens_the_finder_arrives_whole(pilot: Pilot[int], pane: str) -> None:
    screen = screen_of(pilot)
    screen.action_act(f"pane.{pane}", "")
    await pilot.pause()
    for key in ("slash", *"000001", "enter"):
        pilot.app.post_message(events.Key(key, "/" if key == "slash" else key if len(key) == 1 else None))
    await until(pilot, lambda: screen.instrument_id == PINGAN.id)
    assert pilot.app.screen is screen
    assert screen.entry.ticket.digits == ""


async def test_sparkline_and_alerts_have_cells(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    screen.watching.change(columns=("symbol", "spark", "alerts", "age"))
    assert any(mark in rows(pilot)[1] for mark in "▁▂▃▄▅▆▇█")
    assert "–" in rows(pilot)[3]
    assert screen.watching.slow_topics() == {f"bars/{one.id}/1m" for one in (MOUTAI, BITCOIN, PINGAN)}


async def test_sort_filter_and_colour_rules(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    await pilot.press("S")
    await typed(pilot, "-percent")
    await pilot.press("enter", "F")
    await typed(pilot, "percent > 0")
    await pilot.press("enter", "K")
    await typed(pilot, "percent > 5 : warning")
    await pilot.press("enter")
    await pilot.pause()
    assert list(screen.watching.ids) == [PINGAN.id, MOUTAI.id]
    assert "⌕ percent > 0 · ↕ -chg %" in str(screen.boxes[screen.watchlist].border_title)
    surface = screen.watchlist
    assert "warning" in {cell[1] for cell in surface.paint(*surface.size)[1]}
    assert screen.watching.slow_topics() == {f"quote/{one.id}" for one in (MOUTAI, BITCOIN, PINGAN)}
    await pilot.press("F", "escape")
    assert screen.watching.named.list.filter == "percent > 0"


async def test_a_wrong_filter_changes_nothing_and_says_what_was_expected(pilot: Pilot[int]) -> None:
    await pilot.press("F")
    await typed(pilot, "precent > 2")
    await pilot.press("enter")
    await pilot.pause()
    assert "no column is called precent" in shown(pilot)
    assert "nearest: percent" in shown(pilot)
    assert screen_of(pilot).watching.named.list.filter == ""
    await pilot.press("home", "delete", "delete", "delete", "p", "e", "r", "enter")
    await pilot.pause()
    assert screen_of(pilot).watching.named.list.filter == "percent > 2", "what was typed stood there to be mended"


async def test_a_list_of_another_group_moves_only_its_own_panes(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    await pilot.press("G", "f3", "G", "f1", "down", "down", "down")
    await pilot.pause()
    assert screen.watching.chosen == PINGAN.id
    assert screen.instrument_id == MOUTAI.id
    assert (screen.watching.shown("chart"), screen.watching.shown("tape")) == (PINGAN.id, MOUTAI.id)
    assert "[B] 000001" in shown(pilot)
    assert {f"bars/{PINGAN.id}/1m", f"tape/{MOUTAI.id}"} <= visible_topics(screen)


async def open_ladder_of_b(pilot: Pilot[int]) -> Any:
    """Open a second ladder in group B; the watchlist, of group B too, has the keys, the first ladder had them last."""
    screen = screen_of(pilot)
    await pilot.press("G", "f2", "ctrl+n")
    await until(pilot, lambda: screen.focused is not None and screen.focused.id == "ladder-2")
    await pilot.press("G")
    screen.ladders.all[0].surface.focus()
    await until(pilot, lambda: screen.ladders.active is screen.ladders.all[0])
    await pilot.press("f1")
    return screen


async def test_a_list_moves_the_ladders_of_its_group_and_not_what_is_staged_on_another(
    pilot: Pilot[int], monkeypatch: Any
) -> None:
    engine = Engine()
    monkeypatch.setattr(Link, "do", lambda _, command: engine.take(command))
    monkeypatch.setattr(Link, "asking", property(lambda _: engine))
    screen = await open_ladder_of_b(pilot)
    await pilot.press("f2", "3", "0", "0", "b")
    staged = screen.entry.ticket.staged
    await pilot.press("f1", "down")
    assert [screen.ladders.instrument_of(pane) for pane in screen.ladders.all] == [MOUTAI.id, BITCOIN.id]
    assert screen.instrument_id == MOUTAI.id
    assert screen.entry.ticket.staged is staged
    await pilot.press("f2", "enter")
    await until(pilot, lambda: engine.orders)
    assert [order.instrument for order in engine.orders] == [MOUTAI.id]


async def test_enter_in_a_list_goes_to_a_ladder_of_its_group(pilot: Pilot[int]) -> None:
    screen = await open_ladder_of_b(pilot)
    await pilot.press("f2", "b", "f1", "down", "enter")
    await until(pilot, lambda: screen.focused is screen.ladders.all[1].surface)
    assert screen.instrument_id == BITCOIN.id
    assert screen.entry.ticket.staged is None, "an order staged on one ladder goes to no other"


async def test_brackets_choose_in_the_group_of_the_ladder_that_has_the_keys(pilot: Pilot[int]) -> None:
    screen = await open_ladder_of_b(pilot)
    await pilot.press("f2", "right_square_bracket")
    assert [screen.ladders.instrument_of(pane) for pane in screen.ladders.all] == [BITCOIN.id, MOUTAI.id]
    assert screen.watching.chosen == MOUTAI.id, "the open list is of group B"
    await pilot.click("#watchlist", offset=(3, 3))
    assert [screen.ladders.instrument_of(pane) for pane in screen.ladders.all] == [BITCOIN.id, PINGAN.id]
    await pilot.press("f2", "f3", "left_square_bracket", "left_square_bracket", "right_square_bracket")
    assert [screen.ladders.instrument_of(pane) for pane in screen.ladders.all] == [BITCOIN.id, BITCOIN.id]


async def test_panes_without_a_group_say_so(pilot: Pilot[int]) -> None:
    await pilot.press("f5", "G")
    assert "belongs to no link group" in shown(pilot)


async def test_damaged_list_is_left_out_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "watchlists"
    folder.mkdir(parents=True)
    (folder / "bad.toml").write_text('columns = ["symbol", "lasst"]\n')
    (folder / "typo.toml").write_text('colums = ["symbol"]\n')
    (folder / "good.toml").write_text('title = "Mine"\nsymbols = ["BTCUSDT.DEMO"]\n')
    async with app_of().run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        assert "bad.toml: unknown column lasst" in screen.watching.complaint()
        assert "typo.toml: colums: unknown key; did you mean columns?" in screen.watching.complaint()
        assert [one.name for one in screen.watching.lists] == ["all", "good"]


async def test_what_another_screen_wrote_into_a_list_outlives_a_change_on_this_one(
    pilot: Pilot[int], tmp_path: Path
) -> None:
    await pilot.press("N")
    await typed(pilot, "Banks")
    await pilot.press("enter")
    await pilot.pause()
    path = tmp_path / "config" / "watchlists" / "banks.toml"
    path.write_text(f'title = "Banks"\nsymbols = ["{MOUTAI.id}", "{PINGAN.id}"]\n')
    await pilot.press("S")
    await typed(pilot, "-percent")
    await pilot.press("enter")
    await pilot.pause()
    assert tomllib.loads(path.read_text())["symbols"] == [MOUTAI.id, PINGAN.id]
    assert tomllib.loads(path.read_text())["sort"] == "-percent"
    path.with_name("other.toml").write_text(f'title = "Other"\nsymbols = ["{BITCOIN.id}"]\n')
    await pilot.press("right")
    assert "Other 3/3" in shown(pilot)


async def test_a_damaged_list_is_never_written_over(pilot: Pilot[int], tmp_path: Path) -> None:
    folder = tmp_path / "config" / "watchlists"
    folder.mkdir(parents=True)
    damaged = 'title = "Banks\nsymbols = []\n'
    for name in ("all", "banks"):
        (folder / f"{name}.toml").write_text(damaged)
    await pilot.press("S")
    await typed(pilot, "-percent")
    await pilot.press("enter")
    await pilot.pause()
    assert "is not written over" in shown(pilot)
    await pilot.press("N")
    await typed(pilot, "Banks")
    await pilot.press("enter")
    await pilot.pause()
    assert (folder / "banks-2.toml").exists()
    assert {(folder / f"{name}.toml").read_text() for name in ("all", "banks")} == {damaged}


async def test_an_instrument_named_twice_in_a_list_holds_no_step_up(pilot: Pilot[int], tmp_path: Path) -> None:
    folder = tmp_path / "config" / "watchlists"
    folder.mkdir(parents=True)
    (folder / "twice.toml").write_text(f'symbols = ["{MOUTAI.id}", "{MOUTAI.id}", "{PINGAN.id}"]\n')
    await pilot.press("right", "down")
    assert screen_of(pilot).instrument_id == PINGAN.id


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_chosen_column_stays_in_sight_down_to_the_last_one(size: tuple[int, int]) -> None:
    async with app_of().run_test(size=size) as pilot:
        await filled(pilot)
        await pilot.press("f1", "C")
        await pilot.pause()
        for name in (*USUAL, *(one for one in CHOICES if one not in USUAL)):
            assert any(line.split()[-1:] == [name] for line in seen_rows(pilot)), name
            await pilot.press("down")
            await pilot.pause()


def seen_rows(pilot: Pilot[int]) -> list[str]:
    widget = pilot.app.screen.query_one("#rows")
    return [widget.render_line(y).text for y in range(widget.size.height)]


async def test_only_visible_rows_of_a_thousand_cost_anything(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    many = tuple(replace(MOUTAI, id=f"{i:06d}.DEMO") for i in range(1000))
    screen.store.list_instruments(many)
    screen.flush(everything=True)
    surface = screen.watchlist
    asked: list[str] = []
    screen.store.armed.prices = lambda name: asked.append(name) or ()
    await pilot.press("pagedown", "pagedown")
    asked.clear()
    screen.store.take_topics(topics(quote(many[20], LAST, recv_ns=NOW)), 0)
    screen.flush()
    assert set(asked) <= set(surface.visible_ids)
    asked.clear()
    screen.store.take_topics(topics(quote(many[900], LAST, recv_ns=NOW)), 0)
    screen.flush()
    assert asked == []
    assert len([name for name in visible_topics(screen) if name.startswith("quote/")]) <= surface.page + 1


async def test_order_ids_are_untouched_by_watchlist_keys(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    before = dict(screen.store.orders)
    await pilot.press("enter")
    assert pilot.app.focused is screen.ladder
    assert dict(screen.store.orders) == before
    assert order("O9", Side.BUY, 1, status=OrdStatus.NEW).order_id not in before


async def test_hints_name_no_key_that_only_searches_here(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    assert not [key for key, _ in screen.hints() if key in ("a", "q")]
    assert ("/", "find") in screen.hints()
    await pilot.press("f5")
    assert ("a", "account") in screen.hints()
