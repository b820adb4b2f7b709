"""No order on key auto-repeat, none from pasted text, no second one from a second Enter, whatever a terminal sends."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from desk_cases import LAST, MOUTAI, quote, topics
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from order_desk import Engine, order_desk, screen_of, stroke
from pilot_words import shown, until
from textual.events import Paste
from textual.pilot import Pilot

from termdesk.core.model.command import Answer
from termdesk.ui.app import TermdeskApp
from termdesk.ui.orders.strokes import Strokes

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
)
EVENTS = ("quote", "answer", "hang", "focus")
HELD = st.tuples(st.sampled_from(KEYS), st.integers(2, 6), st.sampled_from([0.015, 0.033, 0.2, 0.6]))
TYPED = st.tuples(st.sampled_from(KEYS), st.just(1), st.sampled_from([0.05, 0.3, 1.0]))
RAW = st.tuples(st.text(alphabet="bsnt5\r:fyH", min_size=2, max_size=6), st.just(0), st.just(0.001))
PASTED = st.tuples(st.text(alphabet="bsn5\r:fy", min_size=1, max_size=12), st.just(-1), st.just(0.0))
WORLD = st.tuples(st.sampled_from(EVENTS), st.just(-2), st.just(0.0))


async def play(pilot: Pilot[int], engine: Engine, script: list[tuple[str, int, float]]) -> list[tuple[str, float, int]]:
    """Play what a terminal sends; gives every stroke with the number of orders sent before it."""
    screen, at, log = screen_of(pilot), LONG, []
    for what, count, gap in script:
        if count == -2:
            await happen(pilot, engine, what, screen)
            continue
        if count == -1:
            pilot.app.post_message(Paste(what))
            await pilot.pause()
            log.append(("paste", at, len(engine.orders)))
            continue
        characters = [what] * count if count else ["enter" if one == "\r" else one for one in what]
        at += max(gap, 0.05)
        for index, key in enumerate(characters):
            at += gap if index else 0.0
            log.append((key, at, len(engine.orders)))
            stroke(pilot, "colon" if key == ":" else key, at)
            await pilot.pause()
    await pilot.pause()
    log.append(("end", at, len(engine.orders)))
    return log


async def happen(pilot: Pilot[int], engine: Engine, what: str, screen: Any) -> None:
    if what == "quote":
        screen.store.take_topics(topics(quote(MOUTAI, LAST + 1)), 0)
        screen.flush()
    elif what == "focus":
        screen.ladder.focus()
    elif what == "hang":
        engine.may_answer.clear()
    else:
        engine.may_answer.set()
    await pilot.pause()


Script = list[tuple[str, int, float]]


def prove(monkeypatch: pytest.MonkeyPatch, guarded: Path, script: Script) -> None:
    """Every order came from one stroke that is neither held nor pasted, and no stroke sent two."""

    async def run() -> list[tuple[str, float, int]]:
        engine = Engine()
        async with order_desk(monkeypatch, engine, guarded) as pilot:
            log = await play(pilot, engine, script)
            engine.may_answer.set()
            assert len({command.command_id for command in engine.sent}) == len(engine.sent)
            return log

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
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@QUICK
@given(script=st.lists(st.one_of(HELD, TYPED, RAW, PASTED, WORLD), min_size=3, max_size=7))
@example(script=[("b", 1, 0.3), ("enter", 8, 0.033), ("b", 3, 0.015), ("enter", 4, 0.6)])
@example(script=[("b", 1, 0.3), ("bsn\r", -1, 0.0), ("\rb\rs\r", 0, 0.001), ("f", 6, 0.033), ("y", 6, 0.033)])
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
