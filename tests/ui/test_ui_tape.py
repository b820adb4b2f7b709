"""Time and sales: filters, joined trades, large ones, and the depth box."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest
from desk_cases import LAST, MOUTAI, NOW, app_of, quote, topics
from lines_cases import IDIOM
from pilot_desk import filled
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.core.model.terms import Side
from termdesk.core.wire.topics import BookBody, TapeTrade
from termdesk.ui.frames.visible import visible_topics
from termdesk.ui.lines.depth import paint_depth, rows_of
from termdesk.ui.lines.tape import TapeModel, TapeSurface
from termdesk.ui.lines.tape_view import TapeView, joined

pytestmark = pytest.mark.usefixtures("still_link")
MS = 10**6


def trade(qty: int, side: Side | None = Side.BUY, at_ms: int = 0, price: int = 1000) -> TapeTrade:
    return TapeTrade(price, qty, side, NOW + at_ms * MS, at_ms)


def test_neighbours_of_one_side_and_price_are_joined_within_a_moment() -> None:
    trades = [trade(1), trade(2, at_ms=60), trade(4, at_ms=120), trade(8, at_ms=500), trade(1, Side.SELL, 501)]
    assert [one.qty for one in joined(trades)] == [7, 8, 1]
    assert [one.qty for one in joined([trade(1), trade(2, price=1001), trade(3)])] == [1, 2, 3]


def test_a_view_measures_what_it_joined() -> None:
    trades = [trade(60), trade(60, at_ms=1), trade(90, Side.SELL, 2), trade(500, None, 3)]
    assert [one.qty for one in TapeView(least=100, joins=True).shown(trades)] == [120, 500]
    assert [one.qty for one in TapeView(side=Side.SELL).shown(trades)] == [90]
    assert TapeView().shown(trades) is trades


def test_large_is_what_was_said_or_far_above_the_mean() -> None:
    trades = [trade(100, at_ms=i) for i in range(20)]
    assert TapeView().large_from(trades) == 800
    assert TapeView(large=500).large_from(trades) == 500
    assert TapeView().large_from(trades[:3]) == 0


def told(levels: int, *, valid: bool = True, width: int = 30) -> list[str]:
    book = BookBody(MOUTAI.id, 1, ((999, 300), (998, 100)), ((1001, 200),), 1, valid=valid, recv_ns=NOW)
    line = quote(MOUTAI, 1000, prev_close=990, bought=700, sold=400)
    rows = paint_depth(MOUTAI, line, book, levels, IDIOM, width)
    assert len(rows) == rows_of(levels)
    if not valid:
        assert all(cell[1] == "stale" for cell in rows[5])
    return ["".join(cell[0] for cell in row) for row in rows]


def test_the_box_has_the_best_prices_in_the_middle_and_dashes_where_nothing_is() -> None:
    rows = told(5)
    assert "+33.33%" in rows[0]
    assert "+200" in rows[0]
    assert rows[1].count("–") == 2
    assert rows[5].split()[-2:] == ["10.01", "200"]
    assert "10.00" in rows[6]
    assert rows[7].split()[-2:] == ["9.99", "300"]
    assert "700" in rows[-1]
    assert "400" in rows[-1]
    told(10, valid=False)


def test_a_book_not_to_be_trusted_has_a_grey_ratio_and_a_silent_source_a_grey_box() -> None:
    line = quote(MOUTAI, 1000, prev_close=990, bought=700, sold=400)

    def inks(*, valid: bool = True, is_stale: bool = False) -> list[set[str]]:
        book = BookBody(MOUTAI.id, 1, ((999, 300),), ((1001, 200),), 1, valid=valid, recv_ns=NOW)
        rows = paint_depth(MOUTAI, line, book, 5, IDIOM, 30, is_stale=is_stale)
        return [{style.partition("@")[0] for _, style in row} for row in rows]

    assert "up" in inks()[0]
    assert inks(valid=False)[0] == {"muted", "stale"}
    assert set().union(*inks(is_stale=True)) == {"header", "muted", "stale"}


def test_a_reader_of_chosen_trades_keeps_his_place_when_the_oldest_are_dropped() -> None:
    surface, kept = TapeSurface(IDIOM), deque([trade(1 + i % 2, at_ms=i) for i in range(40)], maxlen=40)
    surface.look(TapeView(least=2))
    surface.show(TapeModel(MOUTAI, kept, 40))
    surface.offset_rows = 5
    kept.extend([trade(1, at_ms=40), trade(2, at_ms=41), trade(2, at_ms=42), trade(1, at_ms=43)])
    surface.show(TapeModel(MOUTAI, kept, 44))
    assert surface.offset_rows == 7


async def test_box_and_filters_by_key(still_link: None) -> None:
    async with app_of("zh").run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        await pilot.press("f4", "d")
        await pilot.pause()
        screen.flush(everything=True)
        await pilot.pause()
        text = shown(pilot)
        for word in ("卖五", "卖一", "买一", "买五", "委比", "外盘"):
            assert word in text
        assert f"book/{MOUTAI.id}?depth=100" in visible_topics(screen)
        await pilot.press("d", "d", "s")
        assert screen.tape.view.side is Side.BUY
        await pilot.press("j", "F", "4", "0", "0", "enter")
        await pilot.pause()
        assert screen.tape.view == TapeView(side=Side.BUY, joins=True, least=400)
        assert {one.qty for one in screen.tape._trades} == {400}
        assert "不小于 400" in shown(pilot)
        assert "⌕ 买入 ≥400 合并显示" in str(screen.boxes[screen.tape].border_title)
        await pilot.press("L", "1", "0", "0", "enter")
        await pilot.pause()
        assert "!" in large(screen)


def looks(surface: TapeSurface, height: int) -> list[str]:
    return ["".join(cell[0] for cell in row).strip() for row in surface.paint(40, height)]


def test_a_box_with_less_room_than_it_was_chosen_for_shows_the_best_levels_on_both_sides() -> None:
    surface = TapeSurface(IDIOM)
    levels = tuple((1001 + i, 100) for i in range(10)), tuple((1000 - i, 300) for i in range(10))
    book = BookBody(MOUTAI.id, 1, levels[1], levels[0], 1, valid=True, recv_ns=NOW)
    surface.show(TapeModel(MOUTAI, [trade(1 + i) for i in range(9)], 9, quote=quote(MOUTAI, 1000), book=book))
    surface.look(TapeView(), 10)
    whole, small = looks(surface, 30), looks(surface, 9)
    assert [sum(word in row for row in whole) for word in ("ask", "bid")] == [10, 10]
    assert [row.split()[0] for row in small if row.startswith(("ask", "bid"))] == [
        "ask3",
        "ask2",
        "ask1",
        "bid1",
        "bid2",
        "bid3",
    ]
    assert small[0] == whole[0], "the ratio is that of the levels that were chosen"
    assert whole[-1].split()[-1].startswith("4"), "where there is room, trades stand below"
    assert not any(row.startswith(("ask", "bid")) for row in looks(surface, 3))


async def test_sizes_chosen_for_one_instrument_are_not_those_of_another(still_link: None) -> None:
    async with app_of("en").run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        await pilot.press("f4", "j", "F", "4", "0", "0", "enter", "L", "5", "0", "0", "enter")
        await pilot.pause()
        first = screen.tape.view
        assert (first.least, first.large, first.joins) == (400, 500, True)
        await pilot.press("]")
        await until(pilot, lambda: screen.tape.model and screen.tape.model.instrument.id != MOUTAI.id)
        assert screen.tape.view == TapeView(joins=True)
        assert "≥" not in str(screen.boxes[screen.tape].border_title)
        await pilot.press("[")
        await until(pilot, lambda: screen.tape.model and screen.tape.model.instrument.id == MOUTAI.id)
        assert screen.tape.view == first
        assert "≥400" in str(screen.boxes[screen.tape].border_title)


def large(screen: Any) -> str:
    return "".join(cell[0] for row in screen.tape.paint(*screen.tape.size) for cell in row)


async def test_reader_who_looked_back_stays_where_he_is(still_link: None) -> None:
    async with app_of().run_test(size=(120, 40)) as pilot:
        screen = await filled(pilot)
        await pilot.press("f4", "down", "down")
        assert screen.tape.offset_rows == 2
        await pilot.press("home")
        assert screen.tape.offset_rows == 0
        screen.store.take_topics(topics(quote(MOUTAI, LAST + 1)), 0)
        assert isinstance(pilot, Pilot)
