"""Keys stage, move, send once and cancel; what may not be sent says why."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from desk_cases import BITCOIN, LAST, MOUTAI, NOW, app_of, fill_store, health, quote, topics
from order_desk import stroke
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.core.model import facts
from termdesk.core.model.command import Answer, CancelAll, Command, KillSwitch, SubmitOrder
from termdesk.core.model.errors import EngineUnreachable, OutcomeUnknown
from termdesk.core.model.facts import Recorded
from termdesk.core.model.terms import Link as FeedLink
from termdesk.core.model.terms import OrdType, Phase, Side
from termdesk.core.wire.frames import Log
from termdesk.core.wire.queries import FillsResult, OrdersResult
from termdesk.core.wire.topics import BookBody
from termdesk.ui.app import TermdeskApp
from termdesk.ui.link import Link
from termdesk.ui.messages import Messages
from termdesk.ui.news import News
from termdesk.ui.store import EngineLink


class Engine:
    """What the screen sent, and the answer it gets once it may have it."""

    def __init__(self) -> None:
        self.sent: list[Command] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.outcome: Answer | Exception | None = None

    async def take(self, command: Command) -> Answer:
        self.sent.append(command)
        await self.may_answer.wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome or Answer(command_id=command.command_id, accepted=True)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, still_link: None) -> Engine:
    engine = Engine()
    monkeypatch.setattr(Link, "do", lambda _, command: engine.take(command))
    return engine


@pytest.fixture
async def pilot(engine: Engine) -> AsyncIterator[Pilot[int]]:
    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        fill_store(app.store)
        app._screen.flush(everything=True)
        await until(pilot, lambda: screen_of(pilot).navigation.cursor)
        yield pilot


def screen_of(pilot: Pilot[int]) -> Any:
    assert isinstance(pilot.app, TermdeskApp)
    return pilot.app._screen


def ticket_of(pilot: Pilot[int]) -> Any:
    return screen_of(pilot).entry.ticket


async def test_enter_sends_what_was_staged_at_the_cursor(pilot: Pilot[int], engine: Engine) -> None:
    price = screen_of(pilot).navigation.cursor
    await pilot.press("2", "0", "0", "b", "down", "down", "enter")
    (order,) = engine.sent
    assert isinstance(order, SubmitOrder)
    assert (order.side, order.ord_type, order.qty, order.price) == (Side.BUY, OrdType.LIMIT, 200, price - 2)
    assert (order.account, order.instrument, order.origin) == ("cash", MOUTAI.id, "ladder")
    assert order.command_id


async def test_held_enter_sends_once(pilot: Pilot[int], engine: Engine) -> None:
    engine.may_answer.clear()
    await pilot.press("b", *["enter"] * 20)
    assert "SENDING" in shown(pilot)
    engine.may_answer.set()
    await until(pilot, lambda: ticket_of(pilot).staged is None)
    await pilot.press(*["enter"] * 20)
    assert len(engine.sent) == 1


async def test_sealed_order_can_be_neither_moved_nor_dropped_nor_replaced(pilot: Pilot[int], engine: Engine) -> None:
    engine.may_answer.clear()
    await pilot.press("b", "enter")
    sealed = ticket_of(pilot).staged
    await pilot.press("up", "5", "s", "escape")
    assert ticket_of(pilot).staged is sealed
    engine.may_answer.set()
    await until(pilot, lambda: ticket_of(pilot).staged is None)


async def test_quantity_typed_after_staging_counts(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("s", "4", "0", "0", "backspace", "0", "enter")
    (order,) = engine.sent
    assert isinstance(order, SubmitOrder)
    assert (order.side, order.qty) == (Side.SELL, 400)


async def test_quantity_last_used_is_the_next_default(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("3", "0", "0", "b", "enter")
    await until(pilot, lambda: ticket_of(pilot).staged is None)
    await pilot.press("b", "enter")
    assert [order.qty for order in engine.sent if isinstance(order, SubmitOrder)] == [300, 300]


async def test_smallest_order_is_the_first_default(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("b", "enter")
    (order,) = engine.sent
    assert isinstance(order, SubmitOrder)
    assert order.qty == 100


async def test_market_order_is_staged_without_a_price(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("B")
    assert "market" in shown(pilot)
    await pilot.press("enter")
    (order,) = engine.sent
    assert isinstance(order, SubmitOrder)
    assert (order.ord_type, order.price) == (OrdType.MARKET, None)


async def test_escape_drops(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("b", "escape", "enter")
    assert engine.sent == []
    assert ticket_of(pilot).staged is None


async def test_change_of_symbol_drops_the_staged_order(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("b", "right_square_bracket")
    assert "dropped" in shown(pilot)
    await pilot.press("enter")
    assert screen_of(pilot).instrument_id == BITCOIN.id
    assert engine.sent == []


async def test_change_of_account_drops_the_staged_order(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("b", "a", "enter")
    assert (screen_of(pilot).account, engine.sent) == ("margin", [])


async def test_enter_outside_the_ladder_sends_nothing(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("b", "f1", "enter", "f5", "enter")
    assert engine.sent == []


async def test_decimal_quantity_of_a_coin(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("right_square_bracket")
    await until(pilot, lambda: screen_of(pilot).navigation.cursor)
    await pilot.press("0", "full_stop", "0", "full_stop", "1", "b", "enter")
    (order,) = engine.sent
    assert isinstance(order, SubmitOrder)
    assert (order.instrument, order.qty) == (BITCOIN.id, 1000)


async def test_too_many_decimals_are_refused_with_the_number(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("1", "full_stop", "5", "b")
    assert "1.5 has more than 0 decimals" in shown(pilot)
    assert ticket_of(pilot).staged is None


async def test_x_cancels_at_the_cursor_in_this_account_only(pilot: Pilot[int], engine: Engine) -> None:
    screen_of(pilot).navigation.move(LAST - 3 - screen_of(pilot).navigation.cursor)
    await pilot.press("x")
    (command,) = engine.sent
    assert isinstance(command, CancelAll)
    assert (command.account, command.instrument, command.price) == ("cash", MOUTAI.id, LAST - 3)


async def test_cursor_that_the_market_left_behind_stages_and_cancels_nothing(pilot: Pilot[int], engine: Engine) -> None:
    screen = screen_of(pilot)
    screen.navigation.move(LAST - 3 - screen.navigation.cursor)
    screen.store.take_topics(topics(quote(MOUTAI, LAST + 5000)), 0)
    await pilot.press("space")
    for key in ("b", "s", "x"):
        await pilot.press(key)
        assert "the cursor is out of sight at 1650.07; Home takes it to the market" in shown(pilot)
    assert (ticket_of(pilot).staged, engine.sent) == (None, [])
    await pilot.press("home", "b")
    assert ticket_of(pilot).staged.price == LAST + 5000


async def test_rows_of_several_prices_are_bought_cancelled_and_named_as_such(pilot: Pilot[int], engine: Engine) -> None:
    screen = screen_of(pilot)
    await pilot.press("plus", "plus", "plus")
    assert screen.navigation.step == 10
    assert "600519 · 0.10 a row" in shown(pilot)
    screen.navigation.move((LAST - 10 - screen.navigation.cursor) // 10)
    await pilot.press("x")
    assert [command.price for command in engine.sent if isinstance(command, CancelAll)] == [LAST - 3]
    await pilot.press("b", "minus")
    assert screen.navigation.step == 10, "a staged order holds the axis"
    await pilot.press("enter")
    assert [order.price for order in engine.sent if isinstance(order, SubmitOrder)] == [LAST - 10]
    await until(pilot, lambda: ticket_of(pilot).staged is None)
    await pilot.press(*["minus"] * 5)
    assert screen.navigation.step == 1


async def test_rows_are_fitted_to_a_thin_book_once(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    await pilot.press("right_square_bracket")
    prices = [9_267_850 + 100 * i for i in range(1, 9)]
    bids = tuple((2 * 9_267_850 - price, 50_000) for price in prices)
    asks = tuple((price, 50_000) for price in prices)
    thin = BookBody(BITCOIN.id, 1, bids, asks, 1, valid=True, recv_ns=NOW)
    screen.store.take_topics(topics(thin), 0)
    screen.flush(everything=True)
    fitted = screen.navigation.step
    assert fitted > 10
    assert shown(pilot).count(" 0.5 ") >= 10
    await pilot.press("minus")
    screen.flush(everything=True)
    assert 10 <= screen.navigation.step < fitted


async def test_keys_do_nothing_on_a_screen_too_small_to_see_what(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("b")
    await pilot.resize_terminal(40, 10)
    await until(pilot, lambda: "terminal too small" in shown(pilot))
    await pilot.press("enter", "s", "enter", "X", "a")
    assert engine.sent == []
    assert screen_of(pilot).account == "cash"


async def test_panic_works_and_is_answered_on_a_screen_too_small_for_panes(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.resize_terminal(50, 14)
    await until(pilot, lambda: "terminal too small: 50×14" in shown(pilot))
    engine.outcome = EngineUnreachable("the engine is not attached")
    await pilot.press("ctrl+g")
    assert "close every position" in " ".join(shown(pilot).split())
    await pilot.press("y")
    await until(pilot, lambda: "not sent: the engine is not attached" in shown(pilot))
    (sent,) = engine.sent
    assert isinstance(sent, KillSwitch)


async def test_panes_hidden_by_a_change_of_size_give_the_keys_back(pilot: Pilot[int], engine: Engine) -> None:
    for size in ((40, 10), (80, 24), (120, 40)):
        await pilot.resize_terminal(*size)
        await pilot.pause()
    await pilot.press("b", "enter")
    assert len(engine.sent) == 1
    await pilot.press("tab", "f3")
    screen_of(pilot).navigation.side = "ladder"
    await pilot.resize_terminal(80, 24)
    await until(pilot, lambda: pilot.app.focused is not None)


async def test_phase_is_said_in_words_over_the_ladder(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    screen.store.take_topics(topics(quote(MOUTAI, LAST, phase=Phase.BREAK)), 0)
    screen.flush()
    await pilot.pause()
    assert "600519 · break" in shown(pilot)
    assert "brk 2s" in shown(pilot)


async def test_auction_quotes_do_not_move_the_axis(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    before = screen.navigation.view.centre
    wild = quote(MOUTAI, LAST, phase=Phase.CLOSING_AUCTION, bid=LAST + 9000, ask=LAST - 9000)
    screen.store.take_topics(topics(wild), 0)
    await pilot.press("space")
    assert abs(screen.ladder.model.view.centre - before) <= 1


async def test_x_where_nothing_works_says_so(pilot: Pilot[int], engine: Engine) -> None:
    screen_of(pilot).navigation.move(LAST - 2 - screen_of(pilot).navigation.cursor)
    await pilot.press("x")
    assert engine.sent == []
    assert "no order of this account at 1650.08" in shown(pilot)


@pytest.mark.parametrize(("answer", "sent"), [("y", 1), ("n", 0), ("escape", 0), ("enter", 0)])
async def test_cancel_all_asks_first(pilot: Pilot[int], engine: Engine, answer: str, sent: int) -> None:
    await pilot.press("X")
    assert "Cancel all 2 orders in 600519 of account cash?" in shown(pilot)
    await pilot.press(answer)
    await pilot.pause()
    assert len(engine.sent) == sent
    assert all(isinstance(one, CancelAll) and one.price is None and one.account == "cash" for one in engine.sent)


@pytest.mark.parametrize(("answer", "sent"), [("y", 1), ("n", 0), ("escape", 0)])
async def test_the_kill_switch_asks_first(pilot: Pilot[int], engine: Engine, answer: str, sent: int) -> None:
    await pilot.press("ctrl+k")
    assert "Stop trading on this desk and cancel every order?" in shown(pilot)
    await pilot.press(answer)
    await pilot.pause()
    assert len(engine.sent) == sent
    assert all(isinstance(one, KillSwitch) and one.note and not one.account for one in engine.sent)


async def test_refusal_is_said_with_its_rule_and_number(pilot: Pilot[int], engine: Engine) -> None:
    engine.outcome = Answer(command_id="c", accepted=False, code="risk.lot", params={"qty": "150", "lot": "100"})
    await pilot.press("1", "5", "0", "b", "enter")
    await until(pilot, lambda: "refused: quantity 150 is no multiple of the lot 100" in shown(pilot))
    assert ticket_of(pilot).staged is None


async def test_unknown_outcome_is_said_to_be_unknown_and_not_sent_again(pilot: Pilot[int], engine: Engine) -> None:
    engine.outcome = OutcomeUnknown("c", "link lost")
    await pilot.press("b", "enter")
    await until(pilot, lambda: "OUTCOME UNKNOWN" in shown(pilot))
    await pilot.press("enter")
    assert len(engine.sent) == 1


async def test_unknown_outcome_stays_beside_the_ladder_until_it_is_known(pilot: Pilot[int], engine: Engine) -> None:
    screen = screen_of(pilot)
    engine.outcome = OutcomeUnknown("c", "link lost")
    await pilot.press("b", "enter")
    await until(pilot, lambda: shown(pilot).count("OUTCOME UNKNOWN") == 2)
    screen.store.set_link(EngineLink.LOST, "the engine went away")
    screen.flush(everything=True)
    await pilot.press("s")
    screen.entry.rejects.show("not sent")
    screen.entry.rejects._timer._callback()
    await pilot.pause()
    assert "OUTCOME UNKNOWN" in shown(pilot), "neither the link, another order nor time takes it away"
    (sent,) = [one for one in engine.sent if isinstance(one, SubmitOrder)]
    asked = facts.CancelRequested(command_id=sent.command_id, order_id="O1", cl_ord_id="O1.2")
    for number, cause, fact in (
        (1, f"command:{sent.command_id}", asked),
        (2, "report:e", facts.OrderCanceled(order_id="O1", exec_id="e")),
    ):
        seq = screen.store.cursor + number
        one = Recorded(seq=seq, at_ns=0, wall_ns=0, trading_day="", cause=cause, actor="t", fact=fact)
        screen.hear(screen.store.take_log(Log(records=(one,))))
    await pilot.pause()
    assert "OUTCOME UNKNOWN" not in shown(pilot)
    assert shown(pilot).count("canceled buy") == 2


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (OutcomeUnknown("c", "link lost"), "OUTCOME UNKNOWN"),
        (EngineUnreachable("the engine is not attached"), "not sent: the engine is not attached"),
        (Answer(command_id="c", accepted=False, code="risk.lot", params={"qty": "150", "lot": "100"}), "lot 100"),
    ],
)
async def test_what_became_of_an_order_stands_in_the_bar_until_a_key_is_struck(
    pilot: Pilot[int], engine: Engine, outcome: object, words: str
) -> None:
    screen = screen_of(pilot)
    bar = screen.messages.bar
    engine.outcome = outcome
    await pilot.press("b", "enter")
    await until(pilot, lambda: words in bar.said)
    screen.store.set_link(EngineLink.LOST, "the engine went away")
    screen.flush(everything=True)
    screen.say(News("somebody came"))
    assert words in bar.said
    assert [one.text for one in screen.store.kept.messages][-1] == "somebody came", "the log has it at once"
    screen.store.set_link(EngineLink.LOST, "the engine went away")
    await pilot.press("up")
    assert "somebody came" in bar.said
    screen.say(News("and went"))
    assert "and went" in bar.said


async def test_refused_key_outlives_the_lost_link_that_refused_it(pilot: Pilot[int], engine: Engine) -> None:
    screen = screen_of(pilot)
    screen.store.set_link(EngineLink.LOST, "the engine went away")
    screen.action_act("order.buy", "b")
    screen.flush(everything=True)
    assert "no engine answers: nothing can be sent" in screen.messages.bar.said
    await pilot.press("up")
    assert "engine link lost" in screen.messages.bar.said
    screen.store.set_link(EngineLink.UP)
    screen.flush(everything=True)
    assert "attached to desk" in screen.messages.bar.said, "a state gives way by itself"


async def test_of_keys_that_come_at_once_the_last_has_the_last_word(pilot: Pilot[int]) -> None:
    screen = screen_of(pilot)
    screen.store.set_link(EngineLink.LOST, "the engine went away")
    screen.flush(everything=True)
    for number in range(20):
        stroke(pilot, "b" if number % 2 else "escape", 100 + number)
    stroke(pilot, "alt+m", 200)
    await until(pilot, lambda: "sounds are" in screen.messages.bar.said)


def test_an_alarm_gives_way_to_the_next_alarm_only() -> None:
    messages = Messages(lambda: None)
    for text, ink in (("one", "danger"), ("fill", "strong"), ("two", "danger"), ("news", "text")):
        messages.say(News(text, ink))
    assert messages.bar.said == " two"
    messages.seen()
    assert messages.bar.said == " news"
    messages.seen()
    assert messages.bar.said == " news"


async def test_order_that_did_not_leave_is_said_so(pilot: Pilot[int], engine: Engine) -> None:
    engine.outcome = EngineUnreachable("the engine is not attached")
    await pilot.press("b", "enter")
    await until(pilot, lambda: "not sent: the engine is not attached" in shown(pilot))


async def test_stale_feed_blocks_orders_that_add_risk_but_not_cancels(pilot: Pilot[int], engine: Engine) -> None:
    screen = screen_of(pilot)
    screen.store.take_topics(topics(health(link=FeedLink.DOWN)), 0)
    await pilot.press("b")
    assert "600519: prices are stale" in shown(pilot)
    assert ticket_of(pilot).staged is None
    screen.navigation.move(LAST - 3 - screen.navigation.cursor)
    await pilot.press("x")
    assert len(engine.sent) == 1


async def test_feed_that_goes_stale_holds_back_a_staged_order(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("b")
    screen_of(pilot).store.take_topics(topics(health(link=FeedLink.DOWN)), 0)
    await pilot.press("enter")
    assert engine.sent == []
    assert not ticket_of(pilot).staged.is_sealed


async def test_short_position_may_be_bought_back_on_a_stale_feed(pilot: Pilot[int], engine: Engine) -> None:
    screen = screen_of(pilot)
    screen.store.load_orders(OrdersResult(orders=(), cursor=0))
    body = screen.store.accounts["cash"]
    short = type(body.positions[0])(*(-200 if name == "qty" else getattr(body.positions[0], name)
                                      for name in body.positions[0].__struct_fields__))  # fmt: skip
    screen.store.take_topics(topics(type(body)("cash", "margin", body.cash, (short,)), health(link=FeedLink.DOWN)), 0)
    await pilot.press("2", "0", "0", "b", "enter")
    await pilot.press("escape", "3", "0", "0", "b", "enter")
    assert [order.qty for order in engine.sent if isinstance(order, SubmitOrder)] == [200]


async def test_axis_holds_still_under_a_staged_order(pilot: Pilot[int], engine: Engine) -> None:
    screen = screen_of(pilot)
    await pilot.press("b")
    before = screen.ladder.model.view
    screen.store.take_topics(topics(quote(MOUTAI, LAST + 5000)), 0)
    screen.flush()
    assert screen.ladder.model.view == before
    assert ticket_of(pilot).staged.price == before.cursor


async def test_quit_without_working_orders_leaves_at_once(pilot: Pilot[int]) -> None:
    store = screen_of(pilot).store
    store.load_orders(OrdersResult(orders=(), cursor=5))
    store.load_fills(FillsResult(fills=(), cursor=5))
    await pilot.press("q")
    await until(pilot, lambda: pilot.app.return_code is not None)
    assert pilot.app.return_code == 0


async def test_quit_with_working_orders_asks_and_stays_on_escape(pilot: Pilot[int], engine: Engine) -> None:
    await pilot.press("ctrl+q")
    assert "Orders still working: 3." in shown(pilot)
    await pilot.press("escape")
    assert pilot.app.return_code is None
    await pilot.press("q", "s")
    await until(pilot, lambda: pilot.app.return_code == 0)
    assert [type(command).__name__ for command in engine.sent] == ["StopEngine"]


async def test_wrong_own_keys_are_named_beside_the_news_of_the_attachment(tmp_path: Path, engine: Engine) -> None:
    config = tmp_path / "own.toml"
    config.write_text('[keys.overrides]\n"order.cancelall" = "f9"\n"account.next" = "b"\n')
    app = app_of(config=config)
    async with app.run_test(size=(200, 40)) as pilot:
        await until(pilot, lambda: "[keys]" in shown(pilot))
        fill_store(app.store)
        await until(pilot, lambda: "attached to desk demo" in shown(pilot))
        assert "[keys] knows no action order.cancelall; nearest: order.cancel_all" in shown(pilot)
        assert "b means both order.buy and account.next" in shown(pilot)


async def test_lost_engine_greys_the_ladder_and_says_so(pilot: Pilot[int], engine: Engine) -> None:
    screen = screen_of(pilot)
    screen.store.set_link(EngineLink.LOST, "gone")
    screen.flush()
    assert "engine link lost, trying again; Ctrl+R starts the engine: gone" in shown(pilot)
    assert screen.ladder.model.is_stale
