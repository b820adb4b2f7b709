"""Orders by keyboard: arming, prices that follow, sizes, exits, ways out, moves of working orders."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from desk_cases import LAST, MOUTAI, order, quote, topics
from order_desk import Engine, hold, load, order_desk, screen_of
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.core.model.command import (
    AmendOrder,
    Answer,
    CancelAll,
    CancelOrder,
    KillSwitch,
    SubmitBracket,
    SubmitOrder,
)
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Contingency, OrdStatus, OrdType, ReleaseMode, Side
from termdesk.ui.orders.rejects import Rejection

pytestmark = pytest.mark.usefixtures("still_link")

DISARMED = "[orders]\narmed_at_start = false\npaste_gap_ms = 0\nrepeat_gap_ms = 0\nidle_disarm_s = 5\n"


@pytest.fixture
def disarmed(tmp_path: Path) -> Path:
    config = tmp_path / "disarmed.toml"
    config.write_text(DISARMED)
    return config


def staged_of(pilot: Pilot[int]) -> Any:
    return screen_of(pilot).entry.ticket.staged


def market(pilot: Pilot[int], bid: int, ask: int) -> None:
    screen = screen_of(pilot)
    screen.store.take_topics(topics(quote(MOUTAI, LAST, bid=bid, ask=ask)), 0)
    screen.flush()


# -- arming -------------------------------------------------------------------


async def test_disarmed_screen_stages_and_previews_but_sends_nothing_that_adds_risk(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, disarmed: Path
) -> None:
    async with order_desk(monkeypatch, engine, disarmed) as pilot:
        assert "disarmed" in shown(pilot)
        await pilot.press("b")
        await until(pilot, lambda: "position after 300" in shown(pilot))
        assert "DISARMED · A arms" in shown(pilot)
        await pilot.press("enter")
        assert engine.sent == []
        await pilot.press("A", "enter")
        assert "ARMED" in shown(pilot)
        assert len(engine.orders) == 1


async def test_disarmed_screen_still_cancels_reduces_and_flattens(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, disarmed: Path
) -> None:
    async with order_desk(monkeypatch, engine, disarmed) as pilot:
        load(pilot)
        hold(pilot, 100)
        await pilot.press("1", "0", "0", "s", "enter")
        await until(pilot, lambda: staged_of(pilot) is None)
        await pilot.press("f", "y")
        await until(pilot, lambda: len(engine.orders) == 2)
        assert [one.side for one in engine.orders] == [Side.SELL, Side.SELL]
        await pilot.press("2", "0", "0", "s", "enter")
        assert len(engine.orders) == 2, "more than is held adds risk"


@pytest.mark.parametrize(("held", "side", "key"), [(100, Side.SELL, "s"), (-100, Side.BUY, "b")])
async def test_disarmed_screen_counts_what_works_already_before_it_calls_an_order_reducing(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, disarmed: Path, held: int, side: Side, key: str
) -> None:
    def works(order_id: str, **changes: Any) -> Any:
        return order(order_id, side, LAST + 5, qty=100, leaves_qty=100, **changes)

    async with order_desk(monkeypatch, engine, disarmed) as pilot:
        load(pilot, works("O1"))
        hold(pilot, held)
        await pilot.press("1", "0", "0", key, "enter")
        assert engine.orders == [], "both together would turn the position round"
        assert "DISARMED" in shown(pilot)
        hold(pilot, 2 * held)
        exits = [works(one, group="O0.exits", contingency=Contingency.OUO, parent_id="O0") for one in ("O1", "O2")]
        load(pilot, *exits, works("O3", parent_id="O9", release=ReleaseMode.FULL, status=OrdStatus.HELD))
        await pilot.press("enter")
        await until(pilot, lambda: engine.orders)
        (sent,) = engine.orders
        assert (sent.side, sent.qty) == (side, 100), "a group counts once, a held exit not"


async def test_disarmed_screen_moves_the_only_order_that_closes_and_neither_of_two(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, disarmed: Path
) -> None:
    async with order_desk(monkeypatch, engine, disarmed) as pilot:
        first = order("O1", Side.SELL, LAST + 5, qty=100, leaves_qty=100)
        load(pilot, first, order("O2", Side.SELL, LAST + 8, qty=100, leaves_qty=100))
        hold(pilot, 100)
        await pilot.press("o", "shift+up", "enter")
        assert engine.sent == []
        load(pilot, first)
        await pilot.press("escape", "o", "shift+up", "enter")
        await until(pilot, lambda: engine.sent)


@pytest.mark.parametrize(("key", "words"), [("H", "Close 100 600519"), ("f", "Flatten 200 600519")])
async def test_disarmed_screen_closes_beside_exits_that_cover_the_position(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, disarmed: Path, key: str, words: str
) -> None:
    async with order_desk(monkeypatch, engine, disarmed) as pilot:
        hold(pilot, 200, sellable=0)
        load(pilot, order("O1", Side.SELL, LAST + 5, qty=200, leaves_qty=200, reduce_only=True))
        await pilot.press(key)
        assert words in shown(pilot)
        await pilot.press("y")
        await until(pilot, lambda: engine.sent)


async def test_silent_engine_is_said_with_its_seconds_and_blocks_only_what_adds_risk(
    monkeypatch: pytest.MonkeyPatch, pilot: Pilot[int], engine: Engine
) -> None:
    load(pilot)
    hold(pilot, 100)
    monkeypatch.setattr(pilot.app, "clock_ns", lambda: 5 * 10**9)
    screen_of(pilot).flush(everything=True)
    assert "ENGINE SILENT 5s" in shown(pilot)
    assert "engine up" not in shown(pilot)
    await pilot.press("2", "0", "0", "b")
    assert "nothing heard from the engine for 5s; orders that add risk are blocked" in shown(pilot)
    await pilot.press("enter")
    assert engine.orders == []
    await pilot.press("escape", "1", "0", "0", "s", "enter")
    await until(pilot, lambda: engine.orders)
    screen_of(pilot).store.read_clock(0, 5 * 10**9)
    screen_of(pilot).flush(everything=True)
    assert "engine up" in shown(pilot)


async def test_screen_left_alone_disarms_itself(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, disarmed: Path
) -> None:
    async with order_desk(monkeypatch, engine, disarmed) as pilot:
        monkeypatch.setattr(pilot.app, "clock_ns", lambda: 10**9)
        await pilot.press("A")
        monkeypatch.setattr(pilot.app, "clock_ns", lambda: 7 * 10**9)
        screen_of(pilot).flush(everything=True)
        assert "disarmed: no key was pressed for a long time" in shown(pilot)


# -- prices -------------------------------------------------------------------


async def test_join_follows_the_best_price_until_it_is_sent(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("n")
    assert staged_of(pilot).price == LAST - 1
    market(pilot, LAST + 4, LAST + 9)
    assert staged_of(pilot).price == LAST + 4
    await pilot.press("enter")
    assert engine.orders[0].price == LAST + 4
    market(pilot, LAST + 5, LAST + 9)
    assert engine.orders[0].price == LAST + 4


async def test_arrow_takes_a_joined_order_off_the_market_it_followed(pilot: Pilot[int]) -> None:
    await pilot.press("N", "up", "up")
    assert staged_of(pilot).price == LAST + 3
    market(pilot, LAST - 9, LAST - 8)
    assert staged_of(pilot).price == LAST + 3


@pytest.mark.parametrize(("bid", "ask", "price"), [(LAST, LAST + 1, LAST), (LAST, LAST + 5, LAST + 1)])
async def test_improve_goes_one_tick_better_only_where_the_spread_leaves_room(
    pilot: Pilot[int], bid: int, ask: int, price: int
) -> None:
    market(pilot, bid, ask)
    await pilot.press("i")
    assert staged_of(pilot).price == price


async def test_taking_is_a_limit_at_the_other_sides_best(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("t", "enter")
    await until(pilot, lambda: staged_of(pilot) is None)
    await pilot.press("T", "enter")
    kinds = [(one.side, one.ord_type, one.price) for one in engine.orders]
    assert kinds == [(Side.BUY, OrdType.LIMIT, LAST + 1), (Side.SELL, OrdType.LIMIT, LAST - 1)]


async def test_cursor_order_is_a_limit_short_of_the_market_and_a_stop_beyond_it(
    pilot: Pilot[int], engine: Engine
) -> None:
    await pilot.press("b", "up", "up", "up")
    assert "buy 100 600519 stop 1650.13" in shown(pilot)
    await pilot.press("down", "down", "down", "down")
    assert "buy 100 600519 @ 1650.09" in shown(pilot)
    await pilot.press("pageup", "enter")
    (sent,) = engine.orders
    assert (sent.ord_type, sent.trigger_price, sent.price) == (OrdType.STOP, LAST + 9, None)


async def test_staged_order_names_effect_settlement_and_distance(pilot: Pilot[int]) -> None:
    await pilot.press("b")
    for words in ("STAGED", "opens", "T+1", "1 ticks away", "cash", "DEMO"):
        assert words in shown(pilot)
    load(pilot)
    hold(pilot, -300)
    screen_of(pilot).show_ticket()
    assert "closes" in shown(pilot)


async def test_all_refusals_and_warnings_of_the_desk_are_shown(pilot: Pilot[int], engine: Engine) -> None:
    engine.preview = {"warnings": (Reason("wait.phase", {"phase": "break"}),)}
    await pilot.press("b")
    await until(pilot, lambda: "break" in shown(pilot))
    lots = Reason("risk.lot", {"qty": "150", "lot": "100"})
    engine.preview = {"refusal": lots, "refusals": (lots, Reason("number.invalid", {"value": "x"}))}
    await pilot.press("up")
    await until(pilot, lambda: "no multiple of the lot 100" in shown(pilot) and " · " in shown(pilot))


# -- sizes and exits ----------------------------------------------------------


async def test_presets_choose_the_quantity_of_this_and_the_next_orders(pilot: Pilot[int]) -> None:
    await pilot.press("b", "alt+5")
    assert staged_of(pilot).qty == 1000
    await pilot.press("Z", "2")
    await until(pilot, lambda: staged_of(pilot).qty == 200)


@pytest.mark.parametrize(
    ("key", "text", "qty"), [("n", "500000", 300), ("s", "50%", 0), ("r", "3000 @ 1640.00", 200), ("r", "x", 0)]
)
async def test_size_is_worked_out_in_whole_lots(pilot: Pilot[int], key: str, text: str, qty: int) -> None:
    await pilot.press("b", "Z", key)
    await until(pilot, lambda: len(pilot.app.screen_stack) == 2)
    await pilot.press(*["space" if c == " " else c for c in text], "enter")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
    assert staged_of(pilot).qty == (qty or 100)
    assert ("gives no whole lot" in shown(pilot)) is (qty == 0)


async def test_chosen_bracket_is_sent_with_the_entry(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("W", "1")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
    await pilot.press("n")
    assert "stop 1649.89 target 1650.49" in shown(pilot)
    await pilot.press("enter")
    (bracket,) = engine.sent
    assert isinstance(bracket, SubmitBracket)
    stop, target = bracket.exits
    assert (stop.trigger_price, target.price) == (LAST - 21, LAST + 39)
    assert all(one.reduce_only and one.side is Side.SELL for one in bracket.exits)


# -- ways out -----------------------------------------------------------------


async def test_cancels_at_a_price_on_a_side_and_everywhere(pilot: Pilot[int], engine: Engine) -> None:
    stop = order("O9", Side.SELL, None, ord_type=OrdType.STOP, trigger_price=LAST - 3)
    load(pilot, order("O1", Side.BUY, LAST - 3), stop)
    screen_of(pilot).navigation.move(LAST - 3 - screen_of(pilot).navigation.cursor)
    await pilot.press("x")
    assert [type(one) for one in engine.sent] == [CancelAll, CancelOrder]
    await pilot.press("d", "ctrl+x", "y")
    await until(pilot, lambda: len(engine.sent) == 4)
    side, everything = engine.sent[2:]
    assert isinstance(side, CancelAll)
    assert (side.side, side.price, side.account) == (Side.BUY, None, "cash")
    assert isinstance(everything, CancelAll)
    assert everything.account is None
    assert everything.instrument is None


async def test_flatten_waits_for_the_orders_in_its_way_and_closes_once(pilot: Pilot[int], engine: Engine) -> None:
    hold(pilot, 100)
    await pilot.press("f")
    await pilot.pause()
    for words in ("Flatten 100 600519", "account cash", "DEMO", "closes", "T+1"):
        assert words in shown(pilot)
    await pilot.press("y")
    await until(pilot, lambda: engine.sent)
    assert isinstance(engine.sent[0], CancelAll)
    await pilot.press("f", "y")
    load(pilot)
    await until(pilot, lambda: engine.orders)
    await pilot.pause(0.1)
    (close,) = engine.orders
    assert (close.side, close.qty, close.ord_type, close.reduce_only) == (Side.SELL, 100, OrdType.MARKET, True)


async def test_reverse_turns_round_and_half_takes_half(pilot: Pilot[int], engine: Engine) -> None:
    load(pilot)
    hold(pilot, -400)
    await pilot.press("H", "y")
    await until(pilot, lambda: len(engine.orders) == 1)
    await pilot.press("r")
    await pilot.pause()
    assert "closes 400, opens 400" in shown(pilot)
    await pilot.press("y")
    await until(pilot, lambda: len(engine.orders) == 2)
    assert [(one.side, one.qty) for one in engine.orders] == [(Side.BUY, 200), (Side.BUY, 800)]


async def test_reverse_sends_nothing_where_the_position_is_another_than_when_it_asked(
    pilot: Pilot[int], engine: Engine
) -> None:
    load(pilot)
    hold(pilot, 200)
    await pilot.press("r")
    hold(pilot, 0)
    await pilot.press("y")
    await until(pilot, lambda: "held is 0 now, 200 when it was asked for" in shown(pilot))
    assert engine.orders == []


async def test_reverse_looks_again_once_the_orders_in_its_way_are_gone(pilot: Pilot[int], engine: Engine) -> None:
    load(pilot, order("O1", Side.SELL, LAST + 3))
    hold(pilot, 200)
    await pilot.press("r", "y")
    await until(pilot, lambda: engine.sent)
    hold(pilot, 100)
    load(pilot)
    await until(pilot, lambda: "held is 100 now, 200 when it was asked for" in shown(pilot))
    assert engine.orders == []


async def test_reverse_answered_on_a_screen_that_was_disarmed_meanwhile_sends_nothing(
    pilot: Pilot[int], engine: Engine
) -> None:
    load(pilot)
    hold(pilot, 200)
    await pilot.press("r")
    screen_of(pilot).desk.arming.disarm()
    await pilot.press("y")
    await until(pilot, lambda: "DISARMED" in shown(pilot))
    assert engine.sent == []


async def test_reverse_turns_nothing_round_where_the_screen_lost_its_arming_while_orders_were_cancelled(
    pilot: Pilot[int], engine: Engine
) -> None:
    load(pilot, order("O1", Side.SELL, LAST + 3))
    hold(pilot, 200)
    await pilot.press("r", "y")
    await until(pilot, lambda: engine.sent)
    screen_of(pilot).desk.arming.disarm()
    load(pilot)
    await until(pilot, lambda: "orders are cancelled, but nothing was turned round: DISARMED" in shown(pilot))
    assert engine.orders == []


async def test_flatten_closes_what_is_held_when_it_is_answered(pilot: Pilot[int], engine: Engine) -> None:
    load(pilot)
    hold(pilot, 200)
    await pilot.press("f")
    hold(pilot, -300)
    await pilot.press("y")
    await until(pilot, lambda: engine.orders)
    (close,) = engine.orders
    assert (close.side, close.qty, close.reduce_only) == (Side.BUY, 300, True)


async def test_flatten_closes_what_may_be_sold_today_and_says_so(pilot: Pilot[int], engine: Engine) -> None:
    load(pilot)
    hold(pilot, 300, sellable=200)
    await pilot.press("f", "y")
    await until(pilot, lambda: engine.orders)
    (close,) = engine.orders
    assert (close.side, close.qty, close.reduce_only) == (Side.SELL, 200, True)
    assert "closing 200 of 300 600519: the rest may not be sold today" in shown(pilot)


async def test_stops_move_to_break_even_rounded_so_that_nothing_is_lost(pilot: Pilot[int], engine: Engine) -> None:
    hold(pilot, 100, average=Decimal("1650.0233"))
    load(pilot, order("O9", Side.SELL, None, ord_type=OrdType.STOP, trigger_price=LAST - 50))
    await pilot.press("E")
    (amend,) = engine.sent
    assert isinstance(amend, AmendOrder)
    assert (amend.order_id, amend.trigger_price) == ("O9", 165_003)


@pytest.mark.parametrize(
    ("key", "code"), [("r", "risk.holding"), ("r", "risk.cash"), ("f", "risk.phase"), ("f", "risk.no_market")]
)
async def test_exits_stay_where_getting_out_would_be_refused_without_them_too(
    pilot: Pilot[int], engine: Engine, key: str, code: str
) -> None:
    engine.preview = {
        "refusals": (Reason("risk.reduce_only", {"qty": "200", "closable": "0"}), Reason(code, {})),
        "reserve": Decimal(30_000),
    }
    hold(pilot, 200)
    load(pilot, order("O9", Side.SELL, None, ord_type=OrdType.STOP, trigger_price=LAST - 50))
    await pilot.press(key, "y")
    await until(pilot, lambda: "nothing was cancelled" in shown(pilot))
    assert engine.sent == []
    engine.preview = {}
    await pilot.press("f", "y")
    await until(pilot, lambda: engine.sent)
    assert not pilot.app.screen.query_one(Rejection).display, "what was said of the last try is no longer true"


@pytest.mark.parametrize(
    ("key", "code"), [("f", "risk.holding"), ("f", "risk.sellable"), ("f", "risk.self_trade"), ("r", "risk.cash")]
)
async def test_what_only_the_orders_in_the_way_are_against_does_not_stop_getting_out(
    pilot: Pilot[int], engine: Engine, key: str, code: str
) -> None:
    engine.preview = {"refusals": (Reason(code, {}),), "reserve": Decimal(15_000)}
    hold(pilot, 200)
    load(pilot, order("O9", Side.SELL, None, ord_type=OrdType.STOP, trigger_price=LAST - 50))
    await pilot.press(key, "y")
    await until(pilot, lambda: engine.sent)
    load(pilot)
    await until(pilot, lambda: engine.orders)


@pytest.mark.parametrize(
    ("qty", "side", "average"), [(100, Side.SELL, "1650.20"), (-100, Side.BUY, "1650.00"), (100, Side.SELL, "1650.10")]
)
async def test_no_stop_moves_to_break_even_where_it_would_close_at_once(
    pilot: Pilot[int], engine: Engine, qty: int, side: Side, average: str
) -> None:
    hold(pilot, qty, average=Decimal(average))
    load(pilot, order("O9", side, None, ord_type=OrdType.STOP, trigger_price=LAST - 50 * side.opposite.sign))
    await pilot.press("E")
    assert f"the market is at {average} or worse already" in shown(pilot)
    assert engine.sent == []


@pytest.mark.parametrize("opener", [(), ("colon", "b"), ("f7",), ("question_mark",), ("X",), ("f5",)])
async def test_panic_works_from_any_focus_and_asks_once(
    pilot: Pilot[int], engine: Engine, opener: tuple[str, ...]
) -> None:
    await pilot.press(*opener, "ctrl+g")
    await until(pilot, lambda: "close every position" in shown(pilot))
    await pilot.press("y")
    await until(pilot, lambda: engine.sent)
    (command,) = engine.sent
    assert isinstance(command, KillSwitch)
    assert command.flatten
    assert not command.account


async def test_actions_ask_where_the_settings_say_so_and_name_everything(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path
) -> None:
    config = tmp_path / "ask.toml"
    config.write_text('[orders.confirm]\nlimit = "ask"\nflatten = "never"\n')
    async with order_desk(monkeypatch, engine, config) as pilot:
        await pilot.press("n", "enter")
        for words in ("buy 100 600519 @ 1650.09?", "account cash", "DEMO", "opens", "T+1"):
            assert words in shown(pilot)
        market(pilot, LAST + 3, LAST + 4)
        await pilot.press("enter")
        assert engine.sent == [], "Enter is the safe answer"
        await pilot.press("enter", "y")
        await until(pilot, lambda: engine.orders)
        assert engine.orders[0].price == LAST - 1, "what was asked is what is sent"


# -- moves --------------------------------------------------------------------


async def test_chosen_order_moves_by_rows_and_is_sent_by_enter(pilot: Pilot[int], engine: Engine) -> None:
    load(pilot, order("O1", Side.BUY, LAST - 3), order("O2", Side.SELL, LAST + 5))
    await pilot.press("o")
    assert "chosen: sell 300 600519 @ 1650.15" in shown(pilot)
    await pilot.press("tab", "shift+up", "shift+up", "left_parenthesis")
    assert "AMEND" in shown(pilot)
    assert "→ 1650.08" in shown(pilot)
    assert engine.sent == []
    await pilot.press("enter")
    (amend,) = engine.sent
    assert isinstance(amend, AmendOrder)
    assert (amend.order_id, amend.price, amend.qty) == ("O1", LAST - 2, None)


async def test_staged_move_goes_as_far_as_the_cursor(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("o", "shift+up", "up", "up", "down", "enter")
    (amend,) = engine.sent
    assert isinstance(amend, AmendOrder)
    assert amend.price == LAST + 5 + 2


async def test_bracket_moves_as_one(pilot: Pilot[int], engine: Engine) -> None:
    load(
        pilot,
        order("O1", Side.BUY, LAST - 3),
        order("O2", Side.SELL, None, ord_type=OrdType.STOP, trigger_price=LAST - 23, parent_id="O1", reduce_only=True),
        order("O3", Side.SELL, LAST + 37, parent_id="O1", reduce_only=True),
    )
    screen_of(pilot).navigation.move(LAST - 3 - screen_of(pilot).navigation.cursor)
    await pilot.press("alt+down", "left_curly_bracket", "enter")
    await until(pilot, lambda: len(engine.sent) == 3)
    moved = {one.order_id: (one.price, one.trigger_price) for one in engine.sent if isinstance(one, AmendOrder)}
    assert moved == {"O1": (LAST - 5, None), "O2": (None, LAST - 25), "O3": (LAST + 35, None)}


async def test_orders_at_a_price_are_picked_up_and_put_down_together(pilot: Pilot[int], engine: Engine) -> None:
    load(pilot, order("O1", Side.BUY, LAST - 3), order("O7", Side.BUY, LAST - 3, qty=100, leaves_qty=100))
    screen_of(pilot).navigation.move(LAST - 3 - screen_of(pilot).navigation.cursor)
    await pilot.press("c", "down", "down", "p", "enter")
    await until(pilot, lambda: len(engine.sent) == 2)
    assert {(one.order_id, one.price) for one in engine.sent if isinstance(one, AmendOrder)} == {
        ("O1", LAST - 5),
        ("O7", LAST - 5),
    }


async def test_what_x_cancelled_is_staged_again_where_p_puts_it(pilot: Pilot[int], engine: Engine) -> None:
    screen_of(pilot).navigation.move(LAST - 3 - screen_of(pilot).navigation.cursor)
    await pilot.press("x")
    load(pilot, order("O1", Side.BUY, LAST - 3, status=OrdStatus.CANCELED, leaves_qty=0))
    await pilot.press("up", "p")
    staged = staged_of(pilot)
    assert (staged.side, staged.qty, staged.price) == (Side.BUY, 300, LAST - 2)
    assert not engine.orders
    await pilot.press("enter")
    assert len(engine.orders) == 1


async def test_change_of_symbol_drops_staged_moves(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("o", "shift+up", "right_square_bracket")
    assert "dropped" in shown(pilot)
    await pilot.press("enter")
    assert engine.sent == []


# -- what was refused ---------------------------------------------------------


async def test_refusal_stands_beside_the_ladder_until_the_next_order(pilot: Pilot[int], engine: Engine) -> None:
    engine.outcome = Answer(command_id="c", accepted=False, code="risk.lot", params={"qty": "150", "lot": "100"})
    rows = screen_of(pilot).ladder.price_rows
    await pilot.press("b", "enter")
    await until(pilot, lambda: pilot.app.screen.query(Rejection))
    await until(pilot, lambda: pilot.app.screen.query_one(Rejection).display)
    await pilot.pause()
    assert screen_of(pilot).ladder.price_rows == rows, "no row moves"
    assert shown(pilot).count("refused: quantity 150") == 2
    await pilot.press("s")
    assert not pilot.app.screen.query_one(Rejection).display


async def test_market_order_has_no_price_and_its_exits_stand_around_the_market(
    pilot: Pilot[int], engine: Engine
) -> None:
    await pilot.press("W", "3")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
    await pilot.press("B", "enter")
    (bracket,) = engine.sent
    assert isinstance(bracket, SubmitBracket)
    assert isinstance(bracket.entry, SubmitOrder)
    assert bracket.entry.price is None
    assert [one.trigger_price for one in bracket.exits] == [LAST + 1 - 20]


async def test_market_order_whose_exits_have_nothing_to_stand_around_is_not_sent_without_them(
    pilot: Pilot[int], engine: Engine
) -> None:
    screen = screen_of(pilot)
    await pilot.press("W", "3")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
    await pilot.press("B")
    screen.store.take_topics(topics(quote(MOUTAI, LAST, book_valid=False)), 0)
    screen.flush(everything=True)
    await pilot.press("enter")
    assert engine.sent == []
    assert "stop and target stand around the market" in shown(pilot)
    screen.store.take_topics(topics(quote(MOUTAI, LAST + 4)), 0)
    screen.flush(everything=True)
    await pilot.press("enter")
    (bracket,) = engine.sent
    assert [one.trigger_price for one in bracket.exits] == [LAST + 5 - 20]
