"""No order on key auto-repeat, none from pasted text, no second one from a second Enter, whatever a terminal sends."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from desk_cases import BITCOIN, LAST, MOUTAI, health, order, quote, topics
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from order_desk import TRADES, Engine, order_desk, screen_of, stroke
from pilot_words import shown, until
from textual._xterm_parser import XTermParser
from textual.events import Key, Paste
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from termdesk.core.model.command import AmendOrder, Answer, KillSwitch, SetTradingState
from termdesk.core.model.terms import Link as FeedLink
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.core.wire.queries import OrdersResult
from termdesk.ui.app import TermdeskApp
from termdesk.ui.keys.reader import KeyReader
from termdesk.ui.keys.reports import plain_report, read_all_reports
from termdesk.ui.orders.amending import Amending
from termdesk.ui.orders.closing import Closing
from termdesk.ui.orders.entry import OrderEntry
from termdesk.ui.orders.sending import Sending
from termdesk.ui.orders.strokes import PIECES_S, TEXT, Strokes
from termdesk.ui.screens.ticket import SendField

pytestmark = pytest.mark.usefixtures("still_link")

PASTE_S, REPEAT_S = 0.012, 0.7
LONG = 100.0

GUARDED = "[orders]\narmed_at_start = true\npaste_gap_ms = 12\nrepeat_gap_ms = 700\nidle_disarm_s = 0\n"


@pytest.fixture
def guarded(tmp_path: Path) -> Path:
    config = tmp_path / "guarded.toml"
    config.write_text(GUARDED)
    return config


# -- the rule itself ----------------------------------------------------------


@given(gaps=st.lists(st.floats(0.0, REPEAT_S * 0.99), min_size=1, max_size=40))
def test_held_key_acts_once(gaps: list[float]) -> None:
    strokes, at, may = Strokes(PASTE_S, REPEAT_S), 5.0, []
    for gap in [LONG, *gaps]:
        at += gap
        strokes.take("enter", at)
        may.append(strokes.may_trade)
    assert may == [True, *[False] * len(gaps)]


@given(events=st.lists(st.tuples(st.sampled_from(["enter", "b", "f", "5"]), st.floats(0.0, 1.0)), max_size=60))
def test_two_acting_strokes_of_a_key_are_never_closer_than_a_repeat(events: list[tuple[str, float]]) -> None:
    strokes, at, acted = Strokes(PASTE_S, REPEAT_S), 0.0, {}
    for key, gap in events:
        at += gap
        strokes.take(key, at)
        if strokes.may_trade:
            assert at - acted.get(key, -LONG) >= REPEAT_S
            acted[key] = at


@given(text=st.text(alphabet="bs5xn\r:f", min_size=1, max_size=60), gap=st.floats(0.0, PASTE_S * 0.99))
def test_nothing_behind_the_first_character_of_a_raw_paste_acts(text: str, gap: float) -> None:
    strokes, at = Strokes(PASTE_S, 0.0), 5.0
    strokes.take("x", at)
    for character in text:
        at += gap
        strokes.take(character, at)
        assert not strokes.may_trade


@given(pieces=st.lists(st.tuples(st.integers(TEXT, 40), st.floats(0.0, PIECES_S * 0.99)), min_size=2, max_size=8))
def test_nothing_in_a_paste_that_a_slow_line_cuts_into_pieces_acts(pieces: list[tuple[int, float]]) -> None:
    strokes, at = Strokes(PASTE_S, 0.0), 5.0
    strokes.take("x", at)
    for length, pause in pieces:
        for _ in range(length):
            strokes.take("enter", at)
            assert not strokes.may_trade
        at += pause


def test_a_hand_acts_again_after_its_paste_and_after_a_few_keys_that_a_slow_line_gathered() -> None:
    strokes = Strokes(PASTE_S, REPEAT_S)
    for number in range(TEXT + 5):
        strokes.take(str(number % 10), 5.0)
    strokes.take("enter", 5.0 + PIECES_S)
    assert strokes.may_trade
    for key in "b15000":
        strokes.take(key, 9.0)
    strokes.take("enter", 9.02)
    assert strokes.may_trade


def test_keys_read_at_once_came_at_once_however_long_reading_takes() -> None:
    (ours, terminal), ticks, keys = os.pipe(), iter(range(100)), []
    reader, is_over = KeyReader(ours, lambda: float(next(ticks))), lambda: len(keys) >= 5

    def post(message: Message) -> None:
        assert isinstance(message, Key)
        keys.append((message.key, message.time))
        if message.key == "s":
            os.write(terminal, b"\r")  # it waits already when the reader comes back
        if message.key == "enter":
            Timer(0.15, os.write, (terminal, b"x\r")).start()  # the reader waits for this

    os.write(terminal, b"bs")
    reader.run(is_over, post)
    (_, pasted), *_ = keys
    assert [key for key, _ in keys] == ["b", "s", "enter", "x", "enter"]
    assert [at - pasted for _, at in keys[:3]] == [0, 0, 0]
    assert keys[3][1] == keys[4][1] > pasted


def test_bytes_that_are_no_utf_8_are_no_keys_and_a_hang_up_ends_the_reading() -> None:
    (ours, terminal), keys = os.pipe(), []

    def post(message: Message) -> None:
        keys.append(message)
        if len(keys) == 1:
            os.write(terminal, b"\xff1\r")
            Timer(0.15, lambda: (os.write(terminal, "六".encode()), os.close(terminal))).start()

    os.write(terminal, b"b")
    with pytest.raises(OSError, match="hung up"):
        KeyReader(ours, float).run(lambda: False, post)
    assert [key.character for key in keys if isinstance(key, Key)] == ["b", "六"]


# -- the whole screen ---------------------------------------------------------

KEYS = (
    "enter",
    "b",
    "s",
    "n",
    "I",
    "t",
    "B",
    "5",
    "up",
    "down",
    "escape",
    "x",
    "p",
    "f",
    "H",
    "r",
    "y",
    "o",
    "tab",
    "A",
    "E",
    "X",
    "m",
    "f7",
    "slash",
    "right_square_bracket",
    "right_parenthesis",
    "alt+k",
    "ctrl+g",
)
EVENTS = (
    "quote",
    "answer",
    "hang",
    "focus",
    "fill",
    "reject",
    "cancelled",
    "other",
    "blotter",
    "form",
    "line",
    "stale",
)
HELD = st.tuples(st.sampled_from(KEYS), st.integers(2, 6), st.sampled_from([0.015, 0.033, 0.2, 0.6]))
TYPED = st.tuples(st.sampled_from(KEYS), st.just(1), st.sampled_from([0.05, 0.3, 1.0]))
RAW = st.tuples(st.text(alphabet="bsnt5\r:fyH", min_size=2, max_size=6), st.just(0), st.just(0.001))
PASTED = st.tuples(st.text(alphabet="bsn5\r:fy", min_size=1, max_size=12), st.just(-1), st.just(0.0))
WORLD = st.tuples(st.sampled_from(EVENTS), st.just(-2), st.just(0.0))


async def play(
    pilot: Pilot[int], engine: Engine, script: list[tuple[str, int, float]], decided: list[str]
) -> list[tuple[str, float, int]]:
    """Play what a terminal sends; gives every stroke with the number of decisions before it."""
    screen, at, log = screen_of(pilot), LONG, []
    for what, count, gap in script:
        if count == -2:
            await happen(pilot, engine, what, screen)
            continue
        if count == -1:
            pilot.app.post_message(Paste(what))
            await pilot.pause()
            log.append(("paste", at, len(decided)))
            continue
        characters = [what] * count if count else ["enter" if one == "\r" else one for one in what]
        at += max(gap, 0.05)
        for index, key in enumerate(characters):
            at += gap if index else 0.0
            log.append((key, at, len(decided)))
            stroke(pilot, "colon" if key == ":" else key, at)
            await pilot.pause()
    await pilot.pause()
    log.append(("end", at, len(decided)))
    return log


async def happen(pilot: Pilot[int], engine: Engine, what: str, screen: Any) -> None:
    if what == "quote":
        screen.store.take_topics(topics(quote(MOUTAI, LAST + 1)), 0)
        screen.flush()
    elif what in WORLDS:
        WORLDS[what](pilot, screen)
    elif what == "hang":
        engine.may_answer.clear()
    else:
        engine.may_answer.set()
    await pilot.pause()


def report(screen: Any, status: OrdStatus, **changes: Any) -> None:
    """Let the log bring news of the first order, as it would from the engine."""
    screen.store.load_orders(
        OrdersResult(orders=(order("O1", Side.BUY, LAST - 3, status=status, **changes),), cursor=9)
    )
    screen.flush(everything=True)


def fill_form(pilot: Pilot[int], screen: Any) -> None:
    """Open the order form, filled in, with the keys on the row that sends."""
    if len(pilot.app.screen_stack) == 1:
        screen.entry.line_entry.open_form()
        pilot.app.call_after_refresh(lambda: [one.focus() for one in pilot.app.screen.query("#send")])


def fill_line(pilot: Pilot[int], screen: Any) -> None:
    """Open the command line with an order in it."""

    def typed() -> None:
        for field in pilot.app.screen.query("#line"):
            field.value = "buy 100 600519 @ 1640"  # type: ignore[attr-defined]

    if len(pilot.app.screen_stack) == 1:
        screen.entry.line_entry.open()
        pilot.app.call_after_refresh(typed)


WORLDS: dict[str, Callable[[Pilot[int], Any], object]] = {
    "focus": lambda _, screen: screen.ladder.focus(),
    "blotter": lambda _, screen: screen.blotter.focus(),
    "fill": lambda _, screen: report(screen, OrdStatus.NEW, cum_qty=100, leaves_qty=200),
    "reject": lambda _, screen: report(screen, OrdStatus.REJECTED, leaves_qty=0),
    "cancelled": lambda _, screen: report(screen, OrdStatus.CANCELED, leaves_qty=0),
    "other": lambda _, screen: screen.navigation.choose(BITCOIN.id),
    "stale": lambda _, screen: screen.store.take_topics(topics(health(link=FeedLink.DOWN)), 0),
    "form": fill_form,
    "line": fill_line,
}


Script = list[tuple[str, int, float]]


DECISIONS = ((OrderEntry, "_send"), (Amending, "_send"), (Closing, "_close"), (Sending, "command"))
"""Where a key's handler lets a command go. The command itself may wait for others before it is sent."""
RISKY = (*TRADES, AmendOrder, KillSwitch, SetTradingState)
"""Cancels are no risk, they may come from any key."""


def noting(decided: list[str], hand: type, name: str) -> Any:
    """Wrap a hand so that each time it lets something risky go is noted at once."""
    does = getattr(hand, name)

    def noted(self: Any, what: Any, *held: Any, **more: Any) -> Any:
        if name != "command" or isinstance(what, RISKY):
            decided.append(type(what).__name__)
        return does(self, what, *held, **more)

    return noted


def prove(monkeypatch: pytest.MonkeyPatch, guarded: Path, script: Script) -> None:
    """Every order came from one stroke that is neither held nor pasted, and no stroke sent two."""

    async def run() -> list[tuple[str, float, int]]:
        engine = Engine()
        async with order_desk(monkeypatch, engine, guarded) as pilot:
            log = await play(pilot, engine, script, decided)
            engine.may_answer.set()
            assert len({command.command_id for command in engine.sent}) == len(engine.sent)
            assert len(engine.orders) <= len(decided), "nothing is sent that no key decided"
            return log

    decided: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for hand, name in DECISIONS:
            patch.setattr(hand, name, noting(decided, hand, name))
        log = asyncio.run(run())
    by_key: dict[str, float] = {}
    before = -LONG
    for (key, at, had), (_, _, has) in pairwise(log):
        assert has - had <= 1, "one stroke, one order"
        if has > had:
            assert key != "paste", "bracketed paste sends nothing"
            assert at - before >= PASTE_S, "nothing pasted sends"
            assert at - by_key.get(key, -LONG) >= REPEAT_S, "no held key sends"
        if key != "paste":
            by_key[key] = before = at


QUICK = settings(
    max_examples=8,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@QUICK
@given(script=st.lists(st.one_of(HELD, TYPED, RAW, PASTED, WORLD), min_size=3, max_size=7))
@example(script=[("b", 1, 0.3), ("enter", 8, 0.033), ("b", 3, 0.015), ("enter", 4, 0.6)])
@example(script=[("b", 1, 0.3), ("bsn\r", -1, 0.0), ("\rb\rs\r", 0, 0.001), ("f", 6, 0.033), ("y", 6, 0.033)])
@example(script=[("form", -2, 0.0), ("enter", 6, 0.033), ("y", 1, 0.3)])
@example(script=[("line", -2, 0.0), ("enter", 6, 0.033), ("b\r\r", -1, 0.0)])
@example(script=[("o", 1, 0.3), ("tab", 1, 0.3), ("right_parenthesis", 1, 1.0), ("enter", 8, 0.033)])
@example(script=[("b", 1, 0.3), ("blotter", -2, 0.0), ("enter", 5, 0.033), ("focus", -2, 0.0), ("enter", 9, 0.6)])
@example(script=[("b", 1, 0.3), ("slash", 1, 0.3), ("enter", 9, 0.033), ("other", -2, 0.0), ("enter", 2, 0.6)])
@example(script=[("x", 1, 0.3), ("cancelled", -2, 0.0), ("p", 5, 0.033), ("enter", 5, 0.033), ("p", 1, 1.0)])
@example(script=[("o", 4, 0.2), ("y", 1, 1.0), ("m", 5, 0.033), ("fss", -1, 0.0)])
@example(script=[("ctrl+g", 6, 0.033), ("y", 6, 0.033), ("fill", -2, 0.0), ("y", 1, 1.0)])
@example(script=[("hang", -2, 0.0), ("n", 1, 0.3), ("enter", 1, 1.0), ("quote", -2, 0.0), ("enter", 3, 1.0)])
def test_whatever_a_terminal_sends_orders_come_from_single_strokes_of_a_hand(
    monkeypatch: pytest.MonkeyPatch, guarded: Path, script: Script
) -> None:
    prove(monkeypatch, guarded, script)


@pytest.mark.long
@settings(QUICK, max_examples=150)
@given(script=st.lists(st.one_of(HELD, HELD, TYPED, TYPED, RAW, PASTED, WORLD), min_size=3, max_size=14))
def test_whatever_a_terminal_sends_for_long(monkeypatch: pytest.MonkeyPatch, guarded: Path, script: Script) -> None:
    prove(monkeypatch, guarded, script)


async def test_held_enter_over_staging_by_another_hand_sends_one_order(
    monkeypatch: pytest.MonkeyPatch, guarded: Path
) -> None:
    engine = Engine()
    async with order_desk(monkeypatch, engine, guarded) as pilot:
        at = LONG
        for _ in range(20):
            for key in ("b", "enter"):
                at += 0.05
                stroke(pilot, key, at)
                await pilot.pause()
        assert len(engine.orders) == 1
        assert "let go and press once more" in shown(pilot)


async def test_second_enter_while_the_engine_thinks_sends_nothing(
    monkeypatch: pytest.MonkeyPatch, guarded: Path
) -> None:
    engine = Engine()
    engine.may_answer.clear()
    async with order_desk(monkeypatch, engine, guarded) as pilot:
        at = LONG
        for key, gap in (("b", 0.1), ("enter", 0.2), ("enter", 2.0), ("b", 1.0), ("enter", 1.0)):
            at += gap
            stroke(pilot, key, at)
            await pilot.pause()
        assert len(engine.orders) == 1
        engine.outcome = Answer(command_id="c", accepted=True)
        engine.may_answer.set()
        await until(pilot, lambda: screen_of(pilot).entry.ticket.staged is None)


async def test_raw_paste_of_an_order_line_is_not_sent(monkeypatch: pytest.MonkeyPatch, guarded: Path) -> None:
    engine = Engine()
    async with order_desk(monkeypatch, engine, guarded) as pilot:
        at = LONG
        for character in ":buy 100 600519 market\r:sell 100 600519 market\r":
            at += 0.001
            stroke(pilot, {"\r": "enter", ":": "colon", " ": "space"}.get(character, character), at)
            await pilot.pause()
        assert engine.sent == []


async def test_why_an_enter_sent_no_line_is_not_covered_by_a_preview(
    monkeypatch: pytest.MonkeyPatch, guarded: Path
) -> None:
    monkeypatch.setattr("termdesk.ui.screens.line.ASK_AFTER_S", LONG)
    engine = Engine()

    def asks() -> bool:
        return any(one.group == "look" and not one.is_finished for one in pilot.app.workers)

    async with order_desk(monkeypatch, engine, guarded) as pilot:
        stroke(pilot, "colon", LONG)
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        at = 2 * LONG
        for character in "buy 100 600519 market":
            at += 0.2
            stroke(pilot, "space" if character == " " else character, at)
        await until(pilot, asks)
        stroke(pilot, "enter", at + 0.001)
        await until(pilot, lambda: "like pasted text" in shown(pilot))
        assert engine.sent == []
        assert not asks()


async def test_keys_in_a_hand_s_rhythm_send_every_order(monkeypatch: pytest.MonkeyPatch, guarded: Path) -> None:
    engine = Engine()
    async with order_desk(monkeypatch, engine, guarded) as pilot:
        at = LONG
        for key in ("b", "enter", "s", "enter", "n", "enter"):
            at += 0.4
            stroke(pilot, key, at)
            await pilot.pause()
        assert isinstance(pilot.app, TermdeskApp)
        assert [order.side.value for order in engine.orders] == ["buy", "sell", "buy"]


@pytest.mark.parametrize(
    ("report", "read"),
    [
        ("\x1b[13;1:1u", "\x1b[13;1u"),
        ("\x1b[13;1:2u", "\x1b[13;1u"),
        ("\x1b[13;1:3u", None),
        ("\x1b[97:65:113;2:1;65u", "\x1b[97;2;65u"),
        ("\x1b[1;1:2A", "\x1b[1;1A"),
        ("\x1b[13u", "\x1b[13u"),
        ("\x1b[97;;229u", "\x1b[97;;229u"),
    ],
)
def test_reports_are_read_without_what_textual_can_not(report: str, read: str | None) -> None:
    assert plain_report(report) == read


@given(codes=st.text(alphabet="0123456789:;", max_size=20), end=st.sampled_from("u~ABCDEFHPQRS"))
def test_no_report_ends_the_screen(codes: str, end: str) -> None:
    read_all_reports()
    list(XTermParser().feed(f"\x1b[{codes}{end}"))


async def test_repeat_events_of_the_kitty_protocol_send_nothing(monkeypatch: pytest.MonkeyPatch, guarded: Path) -> None:
    """The bytes of a terminal that tells press (1), repeat (2) and release (3): never more than one order."""
    engine = Engine()
    async with order_desk(monkeypatch, engine, guarded) as pilot:
        read_all_reports()
        parser, driver = XTermParser(), pilot.app._driver
        assert driver is not None
        at = LONG

        async def read(data: str, gap: float) -> None:
            nonlocal at
            at += gap
            for event in parser.feed(data):
                event.time = at
                event.set_sender(pilot.app)
                driver.send_message(event)
            await pilot.pause()

        stroke(pilot, "b", at)
        await pilot.pause()
        await read("\x1b[13;1:1u", 1.0)
        assert len(engine.orders) == 1, "the press sends"
        await until(pilot, lambda: screen_of(pilot).entry.ticket.staged is None)
        for _ in range(10):
            await read("\x1b[13;1:2u", 0.033)
            await read("\x1b[98;1:2u", 0.001)
        await read("\x1b[13;1:3u", 0.033)
        await read("\x1b[98;1:3u", 0.001)
        assert len(engine.orders) == 1


ASKING = GUARDED + '[orders.confirm]\nlimit = "ask"\n'
BUSY = {
    "staged": (["b"], "enter"),
    "question": (["b", "enter"], "y"),
    "line": (["colon", *"buy 3 600519 @ 1640"], "enter"),
    "form": ([], "enter"),
}


@pytest.mark.parametrize("where", BUSY)
async def test_a_pasted_key_that_a_busy_screen_reaches_after_a_hands_own_sends_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str
) -> None:
    before, key = BUSY[where]
    config = tmp_path / "guarded.toml"
    config.write_text(ASKING if where == "question" else GUARDED + '[orders.confirm]\nlimit = "never"\n')
    engine, at = Engine(), LONG
    async with order_desk(monkeypatch, engine, config) as pilot:
        if where == "form":
            fill_form(pilot, screen_of(pilot))
            await until(pilot, lambda: isinstance(pilot.app.focused, SendField))
        for one in before:
            at += 1.0
            stroke(pilot, "space" if one == " " else one, at)
            await pilot.pause()
        await until(pilot, lambda: where == "staged" or len(pilot.app.screen_stack) == 2)
        for one, gap in (("shift", 1.0), (key, 0.001), ("ctrl+underscore", 1.0)):  # all are read before one acts
            at += gap
            stroke(pilot, one, at)
        await pilot.pause()
        await pilot.pause()
        assert engine.sent == []
        stroke(pilot, key, at + 1.0)
        await until(pilot, lambda: engine.sent)
        assert len(engine.sent) == 1


async def test_a_pasted_enter_chooses_nothing_in_the_palette_and_says_why(
    monkeypatch: pytest.MonkeyPatch, guarded: Path
) -> None:
    async with order_desk(monkeypatch, Engine(), guarded) as pilot:
        desk = screen_of(pilot).desk
        for number, key in enumerate(["A", "ctrl+p", *"arm"]):
            stroke(pilot, key, LONG + number)
            await pilot.pause()
        await until(pilot, lambda: isinstance(pilot.app.focused, Input))
        stroke(pilot, "shift", 2 * LONG)
        stroke(pilot, "enter", 2 * LONG)
        stroke(pilot, "ctrl+underscore", 2 * LONG + 1.0)
        await until(pilot, lambda: "press the key once more" in shown(pilot))
        assert not desk.arming.is_armed
        stroke(pilot, "enter", 3 * LONG)
        await until(pilot, lambda: desk.arming.is_armed)
