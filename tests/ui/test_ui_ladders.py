"""Several ladders on one screen, and what their keys do."""

from __future__ import annotations

from typing import Any

import pytest
from desk_cases import BITCOIN, LAST, MOUTAI, NOW, app_of, fill_store, health, order, quote, topics
from pilot_desk import ladder, screen_of
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.core.model.condition import LastAtOrAbove, Notify
from termdesk.core.model.facts import ConditionArmed, ConditionDisarmed, Recorded
from termdesk.core.model.reason import MarketSeen
from termdesk.core.model.terms import Link, OrdStatus, OrdType, Phase, Side
from termdesk.core.wire.frames import Log
from termdesk.core.wire.queries import OrdersResult
from termdesk.core.wire.topics import VolumeBody, VolumeRow
from termdesk.ui.lines.ladder_columns import ORDER, Column
from termdesk.ui.lines.ladder_view import AxisMode

pytestmark = pytest.mark.usefixtures("still_link")
SEEN = MarketSeen(0, 0, 0, 0, 0, 0, 0, Phase.CONTINUOUS, "demo", NOW)


async def two_ladders(pilot: Pilot[int]) -> Any:
    """Lock the first ladder on its share, open a second one and show the coin there."""
    screen = screen_of(pilot)
    await pilot.press("L", "ctrl+n")
    await until(pilot, lambda: screen.focused is not None and screen.focused.id == "ladder-2")
    screen.navigation.choose(BITCOIN.id)
    await until(pilot, lambda: screen.navigation.cursor > LAST * 2)
    return screen


def arm(pilot: Pilot[int]) -> None:
    screen_of(pilot).desk.arming.arm(0)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_two_ladders_stand_side_by_side_each_with_its_instrument(size: tuple[int, int]) -> None:
    async with ladder(size) as pilot:
        screen = await two_ladders(pilot)
        first, second = screen.ladders.all
        assert first.surface.size.width >= 36
        assert second.surface.region.x >= first.surface.region.right
        assert second.surface.region.right <= size[0]
        text = shown(pilot)
        assert "600519 Kweichow Moutai" in text
        assert "BTCUSDT Bitcoin" in text
        assert text.count("DEMO cash") == 2


async def test_keys_act_on_the_ladder_that_has_the_focus() -> None:
    async with ladder() as pilot:
        screen = await two_ladders(pilot)
        coin = screen.navigation.cursor
        await pilot.press("down")
        assert screen.navigation.cursor == coin - 10
        screen.ladders.all[0].surface.focus()
        await until(pilot, lambda: screen.instrument_id == MOUTAI.id)
        share = screen.navigation.cursor
        await pilot.press("up", "up")
        assert screen.navigation.cursor == share + 2
        assert screen.ladders.all[1].axis.view(BITCOIN.id).cursor == coin - 10


async def test_a_staged_order_goes_to_no_other_ladder_and_to_no_other_symbol() -> None:
    async with ladder() as pilot:
        screen = await two_ladders(pilot)
        await pilot.press("b")
        assert screen.entry.ticket.staged.instrument == BITCOIN.id
        screen.ladders.all[0].surface.focus()
        await until(pilot, lambda: screen.instrument_id == MOUTAI.id)
        assert screen.entry.ticket.staged is None
        await pilot.press("b")
        assert screen.entry.ticket.staged.instrument == MOUTAI.id
        await pilot.press("L")
        screen.navigation.choose(BITCOIN.id)
        assert screen.entry.ticket.staged is None


async def test_a_locked_ladder_keeps_its_instrument_and_says_so() -> None:
    async with ladder() as pilot:
        screen = screen_of(pilot)
        await pilot.press("L")
        screen.navigation.choose(BITCOIN.id)
        assert screen.instrument_id == MOUTAI.id
        assert "locked" in shown(pilot)
        await pilot.press("L")
        screen.navigation.choose(BITCOIN.id)
        assert screen.instrument_id == BITCOIN.id


async def two_groups(pilot: Pilot[int]) -> Any:
    """Open a second ladder and turn it to group B; it has the keys."""
    screen = screen_of(pilot)
    await pilot.press("ctrl+n")
    await until(pilot, lambda: screen.focused is not None and screen.focused.id == "ladder-2")
    await pilot.press("G")
    return screen


def shown_by(screen: Any) -> list[str]:
    return [screen.ladders.instrument_of(pane) for pane in screen.ladders.all]


async def test_a_key_turns_a_ladder_through_the_groups_and_its_title_says_which() -> None:
    async with ladder() as pilot:
        screen = screen_of(pilot)
        for letter in "BCD":
            await pilot.press("G")
            assert f"[{letter}] 600519" in str(screen.ladders.active.border_title)
            assert f"group {letter} and shows 600519" in screen.messages.bar.said
        await pilot.press("G")
        assert "[" not in str(screen.ladders.active.border_title)
        assert screen.ladders.group == "A"


async def test_what_is_chosen_on_a_ladder_moves_the_ladders_of_its_group_alone() -> None:
    async with ladder() as pilot:
        screen = await two_groups(pilot)
        assert shown_by(screen) == [MOUTAI.id, MOUTAI.id]
        await pilot.press("right_square_bracket")
        assert shown_by(screen) == [MOUTAI.id, BITCOIN.id]
        assert screen.instrument_id == BITCOIN.id
        assert "[B] BTCUSDT" in shown(pilot)
        assert screen.watching.shown("chart") == MOUTAI.id
        assert "[A] 600519" in str(screen.boxes[screen.chart].border_title), "it is not what the ticket goes by"
        await pilot.press("shift+tab")
        await until(pilot, lambda: screen.ladders.active is screen.ladders.all[0])
        assert screen.instrument_id == MOUTAI.id
        await pilot.press("G")
        assert shown_by(screen) == [BITCOIN.id, BITCOIN.id]
        await pilot.press("G", "left_square_bracket")
        assert shown_by(screen) == [MOUTAI.id, BITCOIN.id]


@pytest.mark.parametrize("way", ["finder", "palette", "blotter"])
async def test_every_way_to_an_instrument_goes_by_the_ladder_that_has_the_keys(way: str) -> None:
    async with ladder((168, 40)) as pilot:
        screen = await two_groups(pilot)
        if way == "finder":
            await pilot.press("slash", *"btc", "enter")
        elif way == "palette":
            await pilot.press("ctrl+p", *"btcusdt", "enter")
        else:
            coin = order("O7", Side.BUY, 9_000_000, instrument=BITCOIN.id, qty=1000, leaves_qty=1000)
            screen.store.load_orders(OrdersResult(orders=(coin,), cursor=9))
            screen.flush(everything=True)
            await pilot.press("f5")
            await until(pilot, lambda: screen.focused is screen.blotter)
            await pilot.press("down", "enter")
        await until(pilot, lambda: screen.instrument_id == BITCOIN.id)
        assert shown_by(screen) == [MOUTAI.id, BITCOIN.id]


async def test_turning_a_ladder_takes_no_staged_order_to_another_instrument() -> None:
    async with ladder() as pilot:
        screen = await two_groups(pilot)
        await pilot.press("b", "G")
        assert screen.entry.ticket.staged.instrument == MOUTAI.id, "the group took the instrument over"
        await pilot.press("right_square_bracket", "b")
        assert screen.entry.ticket.staged.instrument == BITCOIN.id
        await pilot.press("G", "G")
        assert screen.instrument_id == MOUTAI.id
        assert screen.entry.ticket.staged is None
        assert "the staged order was dropped" in str([one.text for one in screen.store.kept.messages])


async def test_locked_ladder_is_turned_and_stays_on_its_instrument() -> None:
    async with ladder() as pilot:
        screen = await two_groups(pilot)
        await pilot.press("right_square_bracket", "L", "G", "G", "G")
        assert shown_by(screen) == [MOUTAI.id, BITCOIN.id]
        assert screen.ladders.group == "A"
        await pilot.press("L")
        assert shown_by(screen) == [MOUTAI.id, MOUTAI.id]


async def test_closed_ladder_leaves_its_letter_to_no_other() -> None:
    async with ladder() as pilot:
        screen = await two_groups(pilot)
        await pilot.press("right_square_bracket", "ctrl+w")
        await until(pilot, lambda: len(screen.ladders.all) == 1)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.focused is not None and screen.focused.id == "ladder-2")
        assert shown_by(screen) == [MOUTAI.id, MOUTAI.id]


async def test_another_desk_begins_with_every_ladder_in_one_group() -> None:
    async with ladder() as pilot:
        screen = await two_groups(pilot)
        await pilot.press("right_square_bracket")
        screen.begin_anew()
        fill_store(screen.store)
        screen.flush(everything=True)
        assert screen.ladders.group == "A"
        assert {*shown_by(screen)} == {screen.instrument_id} != {""}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_key_of_the_ladder_goes_to_the_one_that_had_the_keys_last(size: tuple[int, int]) -> None:
    async with ladder(size) as pilot:
        screen = await two_groups(pilot)
        await pilot.press("b", "f5")
        await until(pilot, lambda: screen.focused is screen.blotter)
        before = screen.messages.bar.said
        await pilot.press("f2")
        await pilot.pause()
        assert screen.focused.id == "ladder-2"
        assert screen.entry.ticket.staged is not None
        assert screen.messages.bar.said == before, "no other workspace is shown for it"


async def test_a_pane_without_a_place_beside_two_ladders_is_seen_before_it_has_the_keys() -> None:
    async with ladder((80, 24)) as pilot:
        screen = await two_groups(pilot)
        await pilot.press("f1")
        await pilot.pause()
        assert screen.focused is screen.watchlist
        assert screen.watchlist.is_on_screen
        await pilot.press("f2")
        await pilot.pause()
        assert screen.focused.id == "ladder-2"
        assert screen.focused.is_on_screen


async def test_linked_ladders_follow_one_instrument_and_keep_axes_of_their_own() -> None:
    async with ladder() as pilot:
        screen = screen_of(pilot)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.focused is not None and screen.focused.id == "ladder-2")
        await pilot.press("plus", "M")
        first, second = (pane.axis for pane in screen.ladders.all)
        assert (first.mode, second.mode) == (AxisMode.EDGE, AxisMode.CENTRED)
        assert first.view(MOUTAI.id).step < second.view(MOUTAI.id).step
        screen.navigation.choose(BITCOIN.id)
        await pilot.pause()
        assert shown(pilot).count("BTCUSDT Bitcoin") == 2


async def test_ladders_are_opened_up_to_a_number_and_closed_again() -> None:
    async with ladder((200, 50)) as pilot:
        screen = screen_of(pilot)
        for count in (2, 3, 4):
            await pilot.press("ctrl+n")
            await until(pilot, lambda count=count: screen.focused and screen.focused.id == f"ladder-{count}")
        await pilot.press("ctrl+n")
        assert "no more than 4" in screen.messages.bar.said
        await pilot.press("ctrl+w", "ctrl+w")
        await pilot.pause()
        screen.ladders.all[-1].surface.focus()
        await pilot.press("ctrl+w")
        await until(pilot, lambda: len(screen.ladders.all) == 2)
        assert screen.ladders.has_keys()


async def test_topics_are_those_of_every_ladder_and_of_shown_columns_only() -> None:
    async with ladder((200, 50)) as pilot:
        screen = await two_ladders(pilot)
        topics_wanted = screen.ladders.topics()
        assert {f"book/{one.id}?depth=100" for one in (MOUTAI, BITCOIN)} <= topics_wanted
        screen.ladders.columns = (Column.PRICE, Column.VOLUME)
        assert {f"volume/{one.id}" for one in (MOUTAI, BITCOIN)} <= screen.ladders.topics()
        assert not {name for name in screen.ladders.topics() if name.startswith("tape/")}


async def test_columns_are_hidden_and_put_into_order_by_keys() -> None:
    async with ladder() as pilot:
        screen = screen_of(pilot)
        await pilot.press("w", "space", "down", "plus", "enter")
        await pilot.pause()
        assert screen.ladders.columns == (Column.PRICE, Column.BID, *ORDER[3:])
        await pilot.press("w", "space", "escape")
        assert screen.ladders.columns == (Column.PRICE, Column.BID, *ORDER[3:])
        await pilot.press("w", "space", "enter")
        await pilot.pause()
        assert Column.PRICE in screen.ladders.columns


async def test_hold_and_compact_view_show_on_the_ladder() -> None:
    async with ladder() as pilot:
        screen = screen_of(pilot)
        await pilot.press("z")
        assert "HELD" in shown(pilot) or "held" in screen.messages.bar.said
        screen.flush(everything=True)
        await pilot.pause()
        assert "HELD" in shown(pilot)
        await pilot.press("z", "underscore")
        screen.flush(everything=True)
        await pilot.pause()
        assert "COMPACT" in shown(pilot)


async def test_a_waiting_stop_stands_at_its_trigger_and_an_alert_is_marked() -> None:
    async with ladder() as pilot:
        screen = screen_of(pilot)
        stop = order("O9", Side.SELL, None, ord_type=OrdType.STOP, trigger_price=LAST - 5, emulated=True)
        screen.store.load_orders(OrdersResult(orders=(stop,), cursor=5))
        armed = ConditionArmed(
            command_id="c", condition_id="A1", predicate=LastAtOrAbove(MOUTAI.id, LAST + 7), action=Notify(),
            origin="key", seen=SEEN,
        )  # fmt: skip
        screen.store.take_log(Log(records=(recorded(6, armed),)))
        screen.flush(everything=True)
        await pilot.pause()
        lines = shown(pilot).splitlines()
        assert "◈S300" in next(line for line in lines if " 1650.05 " in line)
        assert "1650.17 !" in shown(pilot)
        gone = ConditionDisarmed(command_id="d", condition_id="A1")
        screen.store.take_log(Log(records=(recorded(7, gone),)))
        screen.flush(everything=True)
        await pilot.pause()
        assert "1650.17 !" not in shown(pilot)


def recorded(seq: int, fact: Any) -> Recorded:
    return Recorded(seq=seq, at_ns=NOW, wall_ns=NOW, trading_day="2026-11-18", cause="command:c", actor="t", fact=fact)


async def test_volume_at_price_is_replaced_whole_and_then_row_by_row() -> None:
    async with ladder((200, 50)) as pilot:
        screen = screen_of(pilot)
        store = screen.store
        rows = (VolumeRow(LAST, 7100, 0, 0), VolumeRow(LAST + 1, 8200, 0, 0))
        store.take_body(VolumeBody(MOUTAI.id, 1, rows, complete=True, since_ns=NOW))
        store.take_body(VolumeBody(MOUTAI.id, 1, (VolumeRow(LAST, 7300, 0, 0),), complete=False, since_ns=NOW))
        screen.flush(everything=True)
        await pilot.pause()
        text = shown(pilot)
        assert "7300" in text
        assert "8200" in text
        assert "7100" not in text


async def test_the_cursor_keeps_its_price_while_the_market_runs_under_a_staged_order() -> None:
    async with ladder() as pilot:
        screen = screen_of(pilot)
        await pilot.press("b")
        before = screen.navigation.view
        screen.store.take_topics(topics(quote(MOUTAI, LAST + 500)), 0)
        screen.flush()
        assert screen.navigation.view.centre == before.centre
        assert screen.entry.ticket.staged.price == before.cursor
        assert "MKT ABOVE" in shown(pilot) or screen.ladders.active.axis.notice.value == "above"


async def test_a_frozen_feed_greys_every_ladder() -> None:
    async with ladder() as pilot:
        screen = await two_ladders(pilot)
        screen.store.take_body(health(link=Link.DOWN))
        screen.flush(everything=True)
        await pilot.pause()
        headers = [line for line in shown(pilot).splitlines() if "STALE" in line and "sells" in line]
        assert [line.count("STALE") for line in headers] == [2]


async def test_own_orders_show_every_state_apart() -> None:
    async with ladder() as pilot:
        screen = screen_of(pilot)
        states = {LAST - 3: OrdStatus.NEW, LAST - 4: OrdStatus.HELD, LAST - 5: OrdStatus.PENDING_NEW}
        orders = tuple(
            order(f"O{i}", Side.BUY, price, status=status) for i, (price, status) in enumerate(states.items())
        )
        screen.store.load_orders(OrdersResult(orders=orders, cursor=5))
        screen.flush(everything=True)
        await pilot.pause()
        text = shown(pilot)
        assert all(glyph in text for glyph in ("●300", "◇300", "○300"))


async def test_several_ladders_open_at_the_start_where_the_configuration_says_so(tmp_path: Any) -> None:
    file = tmp_path / "ladders.toml"
    file.write_text('[ladder]\ncount = 2\nmode = "hold"\ncolumns = ["price", "bid"]\n', encoding="utf-8")
    app = app_of(config=file)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app._screen.is_running and len(app._screen.query(".ladder-pane")) == 2)
        assert app._screen.ladders.active.axis.is_held
        assert not app._screen.ladders.active.axis.hold()
        assert app._screen.ladders.columns == (Column.PRICE, Column.BID)
