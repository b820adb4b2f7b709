"""What keeps a hand from doing what it did not mean: questions, cuts, dangerous keys."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from desk_cases import BITCOIN, LAST, MOUTAI, order, quote, topics
from order_desk import Engine, hold, load, order_desk, screen_of, stroke
from pilot_words import shown, until
from textual.pilot import Pilot
from textual.widgets import Input

from termdesk.core.model.command import AmendOrder, CancelAll, SubmitOrder
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Contingency, OrdStatus, OrdType, ReleaseMode, Side, TimeInForce
from termdesk.core.wire.queries import PreviewAmendQuery
from termdesk.ui.locale import catalogue
from termdesk.ui.screens.dialogs import Question

pytestmark = pytest.mark.usefixtures("still_link")

LONG = 100.0
"""Seconds on the terminal's clock at which a test begins to press keys."""
GUARDED = "[orders]\narmed_at_start = true\npaste_gap_ms = 12\nrepeat_gap_ms = 700\nidle_disarm_s = 0\n"


@pytest.fixture
def asking(tmp_path: Path) -> Path:
    config = tmp_path / "asking.toml"
    config.write_text(f'{GUARDED}[orders.confirm]\nlimit = "ask"\namend = "ask"\n')
    return config


def to(pilot: Pilot[int], price: int) -> None:
    screen_of(pilot).navigation.move(price - screen_of(pilot).navigation.cursor)


async def press(pilot: Pilot[int], at_s: float, *keys: str, gap_s: float = 1.0) -> float:
    """Press keys at moments of the terminal's clock; gives the last."""
    for key in keys:
        at_s += gap_s
        stroke(pilot, key, at_s)
        await pilot.pause()
    return at_s


# -- questions ----------------------------------------------------------------


async def test_enter_held_while_a_question_opens_does_not_answer_it(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, asking: Path
) -> None:
    async with order_desk(monkeypatch, engine, asking) as pilot:
        at = await press(pilot, LONG, "n", "enter")
        at = await press(pilot, at, *["enter"] * 12, gap_s=0.033)
        assert isinstance(pilot.app.screen, Question), "it still stands"
        assert engine.sent == []
        await press(pilot, at, "y", *["y"] * 5)
        assert len(engine.orders) == 1


async def test_yes_on_a_screen_that_was_disarmed_since_the_question_sends_nothing(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, asking: Path
) -> None:
    async with order_desk(monkeypatch, engine, asking) as pilot:
        at = await press(pilot, LONG, "n", "enter")
        screen_of(pilot).desk.arming.disarm()
        at = await press(pilot, at, "y")
        assert "DISARMED: orders that add risk are not sent" in shown(pilot)
        assert engine.sent == []
        screen_of(pilot).desk.arming.toggle(0)
        await press(pilot, at, "enter", "y")
        assert len(engine.orders) == 1, "it was still staged"


async def test_a_yes_sends_a_market_order_although_the_market_moved_while_it_was_asked(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path
) -> None:
    config = tmp_path / "asking.toml"
    config.write_text(f'{GUARDED}[orders.confirm]\nmarket = "ask"\n')
    async with order_desk(monkeypatch, engine, config) as pilot:
        at = await press(pilot, LONG, "B", "enter")
        screen_of(pilot).store.take_topics(topics(quote(MOUTAI, LAST, bid=LAST + 4, ask=LAST + 9)), 0)
        screen_of(pilot).flush()
        assert screen_of(pilot).entry.ticket.staged.expected == LAST + 9
        await press(pilot, at, "y")
        (sent,) = engine.orders
        assert sent.ord_type is OrdType.MARKET


async def test_question_about_one_instrument_acts_on_it_although_another_is_shown(
    pilot: Pilot[int], engine: Engine
) -> None:
    load(pilot, order("O1", Side.BUY, LAST - 3))
    await pilot.press("X")
    screen_of(pilot).navigation.choose(BITCOIN.id)
    await pilot.press("y")
    (cancel,) = engine.sent
    assert isinstance(cancel, CancelAll)
    assert cancel.instrument == MOUTAI.id


async def test_amend_asks_with_account_mode_and_effect_from_keys_and_from_the_line(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, asking: Path
) -> None:
    async with order_desk(monkeypatch, engine, asking) as pilot:
        to(pilot, LAST - 3)
        at = await press(pilot, LONG, "o", "tab", "right_parenthesis", "enter")
        for words in ("→ 1650.08?", "account cash", "DEMO", "opens", "T+1"):
            assert words in shown(pilot)
        at = await press(pilot, at, "n", "escape", "escape", "colon")
        await until(pilot, lambda: pilot.app.screen.query("#line"))
        pilot.app.screen.query_one(Input).value = "amend o1 @ 1640"
        await pilot.pause()
        at = await press(pilot, at, "enter")
        assert "amend o1 @ 1640?" in shown(pilot)
        assert engine.sent == []
        await press(pilot, at, "y")
        (amend,) = engine.sent
        assert isinstance(amend, AmendOrder)
        assert (amend.order_id, amend.price) == ("O1", 164_000)


async def test_cancel_of_a_whole_desk_in_the_line_asks_as_its_key_does(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("colon")
    await until(pilot, lambda: pilot.app.screen.query("#line"))
    pilot.app.screen.query_one(Input).value = "cancel all account *"
    await pilot.press("enter")
    assert "every account" in shown(pilot)
    assert engine.sent == []
    await pilot.press("y")
    assert [type(one) for one in engine.sent] == [CancelAll]


@pytest.mark.parametrize(("focus", "pane"), [("f4", "tape"), ("f3", "chart")])
async def test_keys_that_come_with_that_of_a_hidden_pane_are_its_own(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, focus: str, pane: str
) -> None:
    async with order_desk(monkeypatch, engine, size=(80, 24)) as pilot:
        load(pilot, order("O1", Side.BUY, LAST - 3))
        for key in (focus, "s", "d", "D"):
            stroke(pilot, key, LONG)
        await pilot.pause()
        assert screen_of(pilot).focused.id == pane
        assert screen_of(pilot).entry.ticket.staged is None, "s stages a sale in the ladder"
        assert engine.sent == [], "d and D cancel there"


# -- cut and put down ---------------------------------------------------------


async def test_cut_order_is_put_down_anew_only_once_its_end_is_known_and_once(
    pilot: Pilot[int], engine: Engine
) -> None:
    load(pilot, order("O1", Side.BUY, LAST - 3))
    to(pilot, LAST - 3)
    await pilot.press("x", "up", "p")
    assert "still being cancelled: O1" in shown(pilot)
    assert screen_of(pilot).entry.ticket.staged is None
    load(pilot, order("O1", Side.BUY, LAST - 3, status=OrdStatus.CANCELED, cum_qty=100, leaves_qty=0))
    await pilot.press("p")
    staged = screen_of(pilot).entry.ticket.staged
    assert (staged.side, staged.qty, staged.price) == (Side.BUY, 200, LAST - 2), "what was filled is not sent again"
    assert "a new order for what x cancelled, at the back of the queue" in shown(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: screen_of(pilot).entry.ticket.staged is None)
    await pilot.press("p", "enter")
    assert len(engine.orders) == 1


async def test_only_orders_that_rest_in_a_queue_are_told_to_lose_their_place(pilot: Pilot[int], engine: Engine) -> None:
    stop = order("O1", Side.SELL, None, ord_type=OrdType.STOP, trigger_price=LAST - 5)
    rests, held = order("O2", Side.SELL, LAST + 5), order("O3", Side.SELL, LAST + 7, status=OrdStatus.HELD)
    for line, loses in ((stop, False), (held, False), (rests, True)):
        hold(pilot, 300)
        load(pilot, line)
        await pilot.press("o", "shift+up")
        await until(pilot, lambda: screen_of(pilot).entry.amending.previews)
        assert ("to the back of the queue" in shown(pilot)) is loses
        await pilot.press("escape")


async def test_cut_order_that_is_put_down_as_a_stop_is_told_no_queue(pilot: Pilot[int], engine: Engine) -> None:
    load(pilot, order("O1", Side.BUY, LAST - 3))
    to(pilot, LAST - 3)
    await pilot.press("x")
    load(pilot, order("O1", Side.BUY, LAST - 3, status=OrdStatus.CANCELED, leaves_qty=0))
    to(pilot, LAST + 20)
    await pilot.press("p")
    assert "a new order for what x cancelled;" in shown(pilot)


async def test_cut_order_that_was_filled_first_is_not_put_down(pilot: Pilot[int], engine: Engine) -> None:
    load(pilot, order("O1", Side.BUY, LAST - 3))
    to(pilot, LAST - 3)
    await pilot.press("x")
    load(pilot, order("O1", Side.BUY, LAST - 3, status=OrdStatus.FILLED, cum_qty=300, leaves_qty=0))
    await pilot.press("up", "p")
    assert "was filled before" in shown(pilot)
    await pilot.press("enter")
    assert engine.orders == []


async def test_cut_exit_stays_an_exit_of_its_group(pilot: Pilot[int], engine: Engine) -> None:
    hold(pilot, 300)
    terms = {
        "reduce_only": True,
        "group": "O0.exits",
        "contingency": Contingency.OUO,
        "parent_id": "O0",
        "release": ReleaseMode.PARTIAL,
        "time_in_force": TimeInForce.DAY,
    }
    load(pilot, order("O1", Side.SELL, LAST + 5, status=OrdStatus.NEW, **terms))
    to(pilot, LAST + 5)
    await pilot.press("x")
    done = order("O1", Side.SELL, LAST + 5, status=OrdStatus.CANCELED, leaves_qty=0, **terms)
    load(pilot, done)
    await pilot.press("up", "p", "enter")
    (sent,) = engine.orders
    assert (sent.reduce_only, sent.qty, sent.time_in_force) == (True, 300, TimeInForce.DAY)
    assert (sent.group, sent.contingency) == ("O0.exits", Contingency.OUO), "alone it would be refused beside the stop"


async def test_cut_entry_says_that_its_exits_went_with_it(pilot: Pilot[int], engine: Engine) -> None:
    load(pilot, order("O1", Side.BUY, LAST - 3))
    to(pilot, LAST - 3)
    await pilot.press("x")
    gone = {"status": OrdStatus.CANCELED, "leaves_qty": 0}
    stop = order("O2", Side.SELL, None, parent_id="O1", release=ReleaseMode.PARTIAL, reduce_only=True, **gone)
    load(pilot, order("O1", Side.BUY, LAST - 3, **gone), stop)
    await pilot.press("down", "p")
    assert "WITHOUT its exits" in shown(pilot)
    assert screen_of(pilot).entry.ticket.staged.exits is None


async def test_x_held_down_sends_no_second_cancel_for_what_is_on_its_way_out(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, asking: Path
) -> None:
    async with order_desk(monkeypatch, engine, asking) as pilot:
        to(pilot, LAST - 3)
        at = await press(pilot, LONG, "x")
        load(pilot, order("O1", Side.BUY, LAST - 3, status=OrdStatus.PENDING_CANCEL))
        at = await press(pilot, at, *["x"] * 10, gap_s=0.033)
        assert len(engine.sent) == 1
        await press(pilot, at, "x")
        assert len(engine.sent) == 2, "a hand may ask again"


async def test_held_break_even_key_amends_once(monkeypatch: pytest.MonkeyPatch, engine: Engine, asking: Path) -> None:
    from termdesk.core.model.terms import OrdType

    async with order_desk(monkeypatch, engine, asking) as pilot:
        hold(pilot, 100, average=Decimal("1650.0233"))
        load(pilot, order("O9", Side.SELL, None, ord_type=OrdType.STOP, trigger_price=LAST - 50))
        at = await press(pilot, LONG, "E")
        await press(pilot, at, *["E"] * 10, gap_s=0.033)
        assert len(engine.sent) == 1


# -- previews and sizes -------------------------------------------------------


async def test_staged_amend_shows_what_the_desk_says_and_the_loss_of_the_queue(
    pilot: Pilot[int], engine: Engine
) -> None:
    await pilot.press("o", "tab", "right_parenthesis")
    await until(pilot, lambda: "position after 300" in shown(pilot))
    assert "to the back of the queue" in shown(pilot)
    (asked,) = [one for one in engine.asked if isinstance(one, PreviewAmendQuery)]
    assert (asked.amend.order_id, asked.amend.price) == ("O1", LAST - 2)
    against = Reason("risk.price_limit", {"price": "1", "low": "2", "high": "3"})
    engine.preview = {"refusal": against, "refusals": (against,)}
    await pilot.press("right_parenthesis")
    await until(pilot, lambda: "outside the day's limits 2 to 3" in shown(pilot))
    assert engine.sent == []


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_preview_is_whole_on_a_small_screen(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, language: str
) -> None:
    said = catalogue(language)
    async with order_desk(monkeypatch, engine, size=(80, 24), language=language) as pilot:
        await pilot.press("n")
        await until(pilot, lambda: said.tr("ticket.reserve") in shown(pilot))
        for key in ("ticket.opens", "ticket.cost", "ticket.fee", "ticket.after"):
            assert said.tr(key) in shown(pilot)
        assert said.tr("ticket.away", ticks=2) in shown(pilot)
        assert "T+1" in shown(pilot)


async def test_market_order_shows_about_what_it_costs(pilot: Pilot[int]) -> None:
    await pilot.press("B")
    await until(pilot, lambda: "~165,011.00" in shown(pilot))


async def test_quantity_that_is_none_sends_nothing_of_what_was_staged_before(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("b", "1", "full_stop", "5", "enter")
    assert engine.sent == []
    assert "1.5 has more than 0 decimals" in shown(pilot)
    await pilot.press("backspace", "backspace", "0", "0", "enter")
    assert [one.qty for one in engine.orders] == [100]


async def test_order_that_only_closes_brings_no_exits(pilot: Pilot[int], engine: Engine) -> None:
    hold(pilot, 300)
    await pilot.press("W", "1")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
    await pilot.press("3", "0", "0", "N")
    assert screen_of(pilot).entry.ticket.staged.exits is None
    await pilot.press("backspace", "backspace", "backspace", "4", "0", "0")
    assert screen_of(pilot).entry.ticket.staged.exits is not None, "what turns round opens"
    await pilot.press("escape", "1", "0", "0", "n")
    assert "target 1650.49" in shown(pilot)


async def test_form_takes_over_what_is_staged_with_its_exits(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("W", "1")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
    await pilot.press("2", "0", "0", "n", "f7")
    await until(pilot, lambda: pilot.app.screen.query("#send"))
    fields = {name: pilot.app.screen.query_one(f"#field-{name}", Input).value for name in ("qty", "stop", "target")}
    assert fields == {"qty": "200", "stop": "1649.89", "target": "1650.49"}
    assert screen_of(pilot).entry.ticket.staged is None, "one order is not prepared twice"


async def test_sealed_order_says_that_it_was_sent_and_offers_no_keys(pilot: Pilot[int], engine: Engine) -> None:
    engine.may_answer.clear()
    await pilot.press("b", "enter")
    assert "sent once; waiting for the engine to answer" in shown(pilot)
    assert "Enter send" not in shown(pilot)
    engine.may_answer.set()
    await until(pilot, lambda: screen_of(pilot).entry.ticket.staged is None)


async def test_quantities_sent_last_are_offered(pilot: Pilot[int]) -> None:
    for digits in ("700", "400"):
        await pilot.press(*digits, "b", "enter")
        await until(pilot, lambda: screen_of(pilot).entry.ticket.staged is None)
    await pilot.press("Z")
    assert "400, sent lately" in shown(pilot)
    await pilot.press("b")
    await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
    await pilot.press("b")
    assert screen_of(pilot).entry.ticket.staged.qty == 700


async def test_after_an_order_the_smallest_quantity_is_next_where_the_settings_say_so(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path
) -> None:
    config = tmp_path / "reset.toml"
    config.write_text('[orders]\nafter_send = "reset"\n')
    async with order_desk(monkeypatch, engine, config) as pilot:
        for keys in (("3", "0", "0", "b", "enter"), ("b", "enter")):
            await pilot.press(*keys)
            await until(pilot, lambda: screen_of(pilot).entry.ticket.staged is None)
        assert [one.qty for one in engine.orders] == [300, 100]


# -- another instrument -------------------------------------------------------


@pytest.mark.parametrize("way", ["key", "click", "finder", "list", "blotter", "choose"])
async def test_no_way_to_another_instrument_takes_a_staged_order_along(
    pilot: Pilot[int], engine: Engine, way: str
) -> None:
    screen = screen_of(pilot)
    load(pilot, order("O7", Side.BUY, 9_000_000, instrument=BITCOIN.id, qty=1000, leaves_qty=1000))
    await pilot.press("3", "0", "0", "b")
    assert screen.entry.ticket.staged is not None
    if way == "key":
        await pilot.press("right_square_bracket")
    elif way == "click":
        await pilot.click("#watchlist", offset=(3, 2))
    elif way == "finder":
        await pilot.press("slash")
        await pilot.press(*"btc", "enter")
    elif way == "list":
        await pilot.press("f1", "down")
    elif way == "blotter":
        await pilot.press("f5", "down", "enter")
    else:
        screen.navigation.choose(BITCOIN.id)
    await until(pilot, lambda: screen.instrument_id == BITCOIN.id)
    assert (screen.entry.ticket.staged, screen.entry.ticket.digits) == (None, "")
    assert "the staged order was dropped" in shown(pilot)
    await pilot.press("f2", "enter")
    assert engine.sent == []


# -- keys ---------------------------------------------------------------------


async def test_dangerous_action_on_a_moving_key_stays_off_it_and_is_told(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path
) -> None:
    config = tmp_path / "keys.toml"
    config.write_text(f'{GUARDED}[keys.overrides]\n"position.flatten" = "down"\n')
    async with order_desk(monkeypatch, engine, config, size=(200, 40)) as pilot:
        assert pilot.app.wrong_keys() == (  # type: ignore[attr-defined]
            "[keys] position.flatten is not put on ↓: a key that moves or types must not trade or cancel"
        )
        hold(pilot, 100)
        at = await press(pilot, LONG, "down", "down")
        assert len(pilot.app.screen_stack) == 1
        await press(pilot, at, "f")
        assert "Flatten 100 600519" in shown(pilot), "its own key still does it"


# -- lines that are kept ------------------------------------------------------


async def test_sent_lines_come_back_at_the_next_start(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    for expected, text in (("", "buy 200 600519 @ 1640"), ("buy 200 600519 @ 1640", "cancel O1")):
        async with order_desk(monkeypatch, engine) as pilot:
            await pilot.press("colon")
            await until(pilot, lambda: pilot.app.screen.query("#line"))
            await pilot.press("up")
            assert pilot.app.screen.query_one(Input).value == expected
            pilot.app.screen.query_one(Input).value = text
            await pilot.pause()
            await pilot.press("enter")
            await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
    assert [type(one) for one in engine.orders] == [SubmitOrder]


async def test_help_in_the_line_lists_what_can_be_typed_and_stays(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("colon")
    await until(pilot, lambda: pilot.app.screen.query("#line"))
    await pilot.press(*"help", "enter")
    for words in ("trail 5%|25bp|3t", "amend ID", "Tab completes"):
        assert words in shown(pilot)
    assert len(pilot.app.screen_stack) == 2


# -- what changed between the look and the key --------------------------------


async def test_key_meant_for_a_row_that_has_gone_does_nothing_to_the_next(pilot: Pilot[int], engine: Engine) -> None:
    screen = screen_of(pilot)
    working = [order(f"O{number}", Side.BUY, LAST - number) for number in (1, 2, 3)]
    filled = order("O2", Side.BUY, LAST - 2, status=OrdStatus.FILLED, cum_qty=300, leaves_qty=0)
    load(pilot, *working)
    screen.navigation.focus(screen.blotter)
    screen.blotter.sort_out(words="working")
    await pilot.press("down", "down")
    assert screen.blotter.selected_entry.order_id == "O2"
    load(pilot, working[0], filled, working[2])
    await pilot.press("x")
    assert engine.sent == []
    await pilot.press("down")
    assert screen.blotter.selected_entry.order_id == "O1", "it goes on from there"
    load(pilot, *working)
    await pilot.press("up", "space")
    load(pilot, working[0], filled, working[2])
    await pilot.press("x")
    assert engine.sent == [], "the marked one is not there, another one was not meant"


@pytest.mark.parametrize("key", ["shift+up", "alt+down", "c"])
async def test_key_meant_for_a_chosen_order_that_has_ended_does_nothing_to_those_in_the_row(
    pilot: Pilot[int], engine: Engine, key: str
) -> None:
    screen = screen_of(pilot)
    load(pilot, order("O1", Side.SELL, LAST + 3), order("O2", Side.BUY, LAST))
    await pilot.press("o")
    assert screen.entry.amending.selected == "O1"
    load(pilot, order("O1", Side.SELL, LAST + 3, status=OrdStatus.FILLED, leaves_qty=0), order("O2", Side.BUY, LAST))
    await pilot.press(key)
    assert "O1 has ended" in shown(pilot)
    await pilot.press("p", "enter")
    assert engine.sent == []
    await pilot.press("shift+up", "enter")
    await until(pilot, lambda: engine.sent)
    assert engine.sent[0].order_id == "O2", "nothing is chosen any more"


async def test_amendment_in_the_blotter_leaves_alone_what_was_not_changed_there(
    pilot: Pilot[int], engine: Engine
) -> None:
    screen = screen_of(pilot)
    load(pilot, order("O1", Side.SELL, LAST + 3))
    screen.navigation.focus(screen.blotter)
    await pilot.press("down", "m")
    await until(pilot, lambda: isinstance(pilot.app.focused, Input))
    load(pilot, order("O1", Side.SELL, LAST + 3, qty=100, leaves_qty=100))  # its sibling took the rest off
    field = pilot.app.focused
    assert isinstance(field, Input)
    field.value = field.value.replace("1650.13", "1650.20")
    await pilot.press("enter")
    await until(pilot, lambda: engine.sent)
    (amend,) = engine.sent
    assert isinstance(amend, AmendOrder)
    assert (amend.price, amend.qty) == (LAST + 10, None)


async def test_cut_orders_of_one_account_are_not_put_down_for_another_although_a_move_is_on_its_way(
    pilot: Pilot[int], engine: Engine
) -> None:
    screen = screen_of(pilot)
    screen.navigation.move(-3)
    await pilot.press("x")
    load(pilot, order("O1", Side.BUY, LAST - 3, status=OrdStatus.CANCELED, leaves_qty=0), order("O9", Side.BUY, LAST))
    engine.may_answer.clear()
    await pilot.press("o", "shift+up", "enter")
    await until(pilot, lambda: any(isinstance(one, AmendOrder) for one in engine.sent))
    await pilot.press("a")
    engine.may_answer.set()
    await until(pilot, lambda: screen.entry.amending.moving is None)
    await pilot.press("p")
    assert screen.account == "margin"
    assert screen.entry.ticket.staged is None


async def test_yes_to_break_even_moves_no_stop_that_the_market_has_passed_since(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path
) -> None:
    config = tmp_path / "asking.toml"
    config.write_text('[orders.confirm]\nbreak_even = "ask"\n')
    async with order_desk(monkeypatch, engine, config) as pilot:
        load(pilot, order("O1", Side.SELL, None, ord_type=OrdType.STOP, trigger_price=LAST - 40, qty=100))
        await pilot.press("E")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 2)
        screen_of(pilot).store.take_topics(topics(quote(MOUTAI, 165_000)), 0)
        await pilot.press("y")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        await pilot.pause()
        assert engine.sent == []


async def test_first_key_after_a_long_absence_finds_the_screen_disarmed(
    monkeypatch: pytest.MonkeyPatch, pilot: Pilot[int]
) -> None:
    screen = screen_of(pilot)
    desk = screen.desk
    desk.arming.touch(1)
    monkeypatch.setattr(screen.drawing, "flush", lambda **_: None)  # the key is read before anything is drawn
    desk.clock_ns = lambda: 601 * 10**9
    stroke(pilot, "down", 601.0)
    await until(pilot, lambda: desk.arming.touched_ns > 1)
    assert not desk.arming.is_armed
