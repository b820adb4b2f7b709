"""Keys of the ladder that change what it centres on, counts and tells."""

from __future__ import annotations

from typing import Any

import pytest
from desk_cases import BITCOIN, LAST, MOUTAI, NOW, order, quote
from pilot_desk import ladder, screen_of, show
from pilot_words import shown, until
from test_ui_ladder_marks import row_of

from termdesk.core.model.terms import Side
from termdesk.core.wire.queries import OrdersResult
from termdesk.core.wire.topics import BookBody, TapeBody, TapeTrade
from termdesk.ui.lines.ladder_columns import Column

pytestmark = pytest.mark.usefixtures("still_link")


def view_of(pilot: Any, number: int = 0) -> Any:
    pane = screen_of(pilot).ladders.all[number]
    return pane.axis.view(screen_of(pilot).ladders.instrument_of(pane))


def book(bid: int, ask: int, qty: int = 300) -> BookBody:
    return BookBody(
        MOUTAI.id, 1, ((bid, qty), (bid - 1, 200)), ((ask, qty), (ask + 1, 100)), 10, valid=True, recv_ns=NOW
    )


async def test_a_key_centres_on_the_last_price_or_between_bid_and_ask() -> None:
    async with ladder() as pilot:
        await show(pilot, quote(MOUTAI, LAST + 4, bid=LAST - 1, ask=LAST + 5), book(LAST - 1, LAST + 5))
        await pilot.press("space")
        assert view_of(pilot).centre == LAST + 2
        await pilot.press("C")
        assert view_of(pilot).centre == LAST + 4
        assert "centres on the last price" in shown(pilot)
        await pilot.press("C", "space")
        assert view_of(pilot).centre == LAST + 2
        await pilot.press("b", "C")
        assert view_of(pilot).centre == LAST + 2, "nothing moves the axis under a staged order"


async def test_a_key_of_its_own_centres_every_ladder() -> None:
    async with ladder() as pilot:
        screen = screen_of(pilot)
        await pilot.press("L", "ctrl+n")
        await until(pilot, lambda: screen.focused is not None and screen.focused.id == "ladder-2")
        screen.navigation.choose(BITCOIN.id)
        await until(pilot, lambda: view_of(pilot, 1) is not None and view_of(pilot, 1).cursor)
        await pilot.press(*["pagedown"] * 4)
        screen.ladders.all[0].surface.focus()
        await until(pilot, lambda: screen.instrument_id == MOUTAI.id)
        await pilot.press(*["pageup"] * 4)
        away = [view_of(pilot, number).centre for number in (0, 1)]
        cursors = [view_of(pilot, number).cursor for number in (0, 1)]
        await pilot.press("space")
        assert view_of(pilot, 0).centre == LAST
        assert view_of(pilot, 1).centre == away[1], "Space is for the ladder with the keys"
        await pilot.press("R")
        assert view_of(pilot, 1).centre == 9_267_850
        assert [view_of(pilot, number).cursor for number in (0, 1)] == cursors


async def test_profit_if_exited_is_in_money_or_in_ticks_and_before_fees() -> None:
    async with ladder((200, 50)) as pilot:
        assert "gross CNY" in shown(pilot)
        assert row_of(pilot, "1650.20").split()[-1] == "+18"
        screen_of(pilot).ladders.columns = (Column.PRICE, Column.PNL)
        await pilot.press("P")
        assert "gross t" in shown(pilot)
        assert "before fees" in shown(pilot)
        assert row_of(pilot, "1650.20").split()[-1] == "+18"
        await pilot.press("P")
        assert "gross CNY" in shown(pilot)


async def test_counts_begin_anew_above_or_below_the_last_price() -> None:
    async with ladder((200, 50)) as pilot:
        traded = [TapeTrade(LAST + by, 700, Side.BUY, NOW, 40 + by) for by in (-5, 5)]
        await show(pilot, TapeBody(MOUTAI.id, 1, tuple(traded), 0))
        assert "·700" in row_of(pilot, "1650.15")
        assert "·700" in row_of(pilot, "1650.05")
        await pilot.press("apostrophe")
        assert "·700" not in row_of(pilot, "1650.15")
        assert "·700" in row_of(pilot, "1650.05")
        await pilot.press("comma")
        assert "·700" not in row_of(pilot, "1650.05")


async def test_totals_are_those_of_the_rows_on_the_screen_and_follow_the_grouping() -> None:
    async with ladder((200, 50)) as pilot:
        await show(pilot, book(LAST - 1, LAST + 1))
        await pilot.press("e")
        await show(pilot, book(LAST - 1, LAST + 1, qty=450))
        await pilot.press("down")
        totals = next(line for line in shown(pilot).splitlines() if "  Σ  " in line)
        assert totals.split()[0:3] == ["650", "Σ", "550"]
        assert "+150·+150" in totals.replace(" ", "")
        await pilot.press("plus")
        grouped = next(line for line in shown(pilot).splitlines() if "  Σ  " in line)
        assert grouped.split()[0:3] == ["650", "Σ", "550"]


async def test_where_the_last_session_ended_is_marked_on_the_axis() -> None:
    async with ladder() as pilot:
        await show(pilot, quote(MOUTAI, LAST, session_close=LAST + 3))
        await pilot.press("down")
        assert row_of(pilot, "1650.13").partition("1650.13")[2].split()[0] == "S"


async def test_notes_on_own_orders_stand_in_a_column_of_their_own() -> None:
    async with ladder((200, 50)) as pilot:
        noted = order("O1", Side.BUY, LAST - 3, note="gap \x1b[31mup")
        screen_of(pilot).store.load_orders(OrdersResult(orders=(noted,), cursor=5))
        await pilot.press("w", *["down"] * 9, "space", "enter")
        await pilot.pause()
        assert Column.NOTE in screen_of(pilot).ladders.columns
        assert Column.PNL not in screen_of(pilot).ladders.columns
        assert "gap" in row_of(pilot, "1650.07")
        assert "\x1b" not in row_of(pilot, "1650.07")
