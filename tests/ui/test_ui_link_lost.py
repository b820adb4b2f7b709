"""A link that breaks takes from the hand what could be sent by a key that was meant for the market of before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk_cases import LAST, order
from order_desk import Engine, hold, load, order_desk, screen_of
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.client.attach import Attachment, AttachmentChange
from termdesk.client.connection import WENT_AWAY
from termdesk.core.model import facts
from termdesk.core.model.errors import OutcomeUnknown
from termdesk.core.model.facts import Recorded
from termdesk.core.model.limits import TradingState
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Side
from termdesk.core.wire.frames import Goodbye, Log
from termdesk.ui.screens.dialogs import Question
from termdesk.ui.store import EngineLink

pytestmark = pytest.mark.usefixtures("still_link")

QUIET = "[orders]\narmed_at_start = true\npaste_gap_ms = 0\nrepeat_gap_ms = 0\n"


def lose(pilot: Pilot[int]) -> None:
    screen_of(pilot).link._changed(AttachmentChange(Attachment.DOWN, "connection closed"))


def take_up(pilot: Pilot[int]) -> Any:
    screen = screen_of(pilot)
    screen.link._stand(EngineLink.UP)
    screen.flush()
    return screen


async def test_link_lost_for_a_moment_disarms_drops_what_is_staged_and_says_so(
    pilot: Pilot[int], engine: Engine
) -> None:
    await pilot.press("b")
    lose(pilot)
    screen = take_up(pilot)
    assert "attached to desk demo · disarmed when the link was lost · the staged order was dropped" in shown(pilot)
    await pilot.press("enter")
    assert engine.sent == []
    await pilot.press("b", "enter")
    assert "DISARMED: orders that add risk are not sent" in shown(pilot)
    assert engine.sent == []
    assert screen.link._presence == {"armed": False, "looks_on": False}, "other screens hear of it"


async def test_a_closing_order_that_was_staged_does_not_outlive_the_link_either(
    pilot: Pilot[int], engine: Engine
) -> None:
    hold(pilot, 300)
    await pilot.press("A", "s")
    lose(pilot)
    take_up(pilot)
    await pilot.press("enter")
    assert engine.sent == [], "a disarmed screen would send it"


async def test_a_staged_change_and_what_was_picked_up_do_not_outlive_the_link(
    pilot: Pilot[int], engine: Engine
) -> None:
    load(pilot, order("O1", Side.BUY, LAST - 3))
    await pilot.press("o", "tab", "right_parenthesis")
    assert screen_of(pilot).entry.amending.moving is not None
    screen_of(pilot).link._take(Goodbye(reason=Reason("desk.stopping", {})))
    screen = take_up(pilot)
    assert "the staged order was dropped" in shown(pilot)
    await pilot.press("enter")
    assert engine.sent == []
    await pilot.press("o", "c")
    assert screen.entry.amending.is_holding
    lose(pilot)
    take_up(pilot)
    assert not screen.entry.amending.is_holding


async def test_lost_link_itself_is_told_with_what_the_hand_lost(pilot: Pilot[int]) -> None:
    await pilot.press("b")
    lose(pilot)
    screen = screen_of(pilot)
    screen.flush()
    said = screen.messages.bar.said
    assert said.strip().startswith("engine link lost, trying again"), "the cause is what matters"
    assert "connection closed · disarmed when the link was lost · the staged order was dropped" in said


async def test_a_screen_armed_anew_is_not_said_to_be_disarmed(pilot: Pilot[int]) -> None:
    lose(pilot)
    await pilot.press("A")
    screen = take_up(pilot)
    assert screen.desk.arming.is_armed
    assert screen.messages.bar.said.strip() == "attached to desk demo"
    screen.flush(everything=True)
    lose(pilot)
    take_up(pilot)
    assert "disarmed when the link was lost" in screen.messages.bar.said, "each loss counts for itself"


async def test_yes_to_a_question_from_before_the_link_was_lost_sends_nothing_and_says_so(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, tmp_path: Path
) -> None:
    config = tmp_path / "asking.toml"
    config.write_text(f'{QUIET}[orders.confirm]\nlimit = "ask"\namend = "ask"\n')
    async with order_desk(monkeypatch, engine, config) as pilot:
        load(pilot, order("O1", Side.BUY, LAST - 3))
        for keys in (("b", "enter"), ("o", "tab", "right_parenthesis", "enter")):
            screen_of(pilot).desk.arming.is_armed = True
            await pilot.press(*keys)
            assert isinstance(pilot.app.screen, Question)
            lose(pilot)
            screen = take_up(pilot)
            screen.desk.arming.is_armed = True
            await pilot.press("y")
            assert engine.sent == []
            assert screen.messages.bar.said.strip() == "the staged order was dropped"


async def test_an_order_under_way_stays_sealed_until_its_outcome_is_known_to_be_unknown(
    pilot: Pilot[int], engine: Engine
) -> None:
    engine.may_answer.clear()
    engine.outcome = OutcomeUnknown("c", "link lost")
    await pilot.press("b", "enter")
    lose(pilot)
    screen = take_up(pilot)
    assert screen.entry.ticket.staged.is_sealed, "it was sent and is not forgotten"
    assert "the staged order was dropped" not in shown(pilot)
    engine.may_answer.set()
    await until(pilot, lambda: "OUTCOME UNKNOWN" in shown(pilot))
    assert len(engine.sent) == 1


async def is_unknown(pilot: Pilot[int], engine: Engine, *keys: str) -> None:
    """A command leaves by these keys and its answer never comes: said in the bar and beside the ladder."""
    engine.outcome = OutcomeUnknown("c", "link lost")
    await pilot.press(*keys)
    await until(pilot, lambda: shown(pilot).count("OUTCOME UNKNOWN") == 2)


def tell(screen: Any, cause: str, fact: facts.Fact) -> None:
    seq = screen.store.cursor + 1
    one = Recorded(seq=seq, at_ns=0, wall_ns=0, trading_day="", cause=cause, actor="t", fact=fact)
    screen.hear(screen.store.take_log(Log(records=(one,))))


async def test_what_the_next_engine_does_not_find_in_the_journal_is_said_not_to_be_taken(
    pilot: Pilot[int], engine: Engine
) -> None:
    await is_unknown(pilot, engine, "b", "enter")
    lose(pilot)
    screen = take_up(pilot)
    tell(screen, "start", facts.DeskResumed(clean=False, engine_version="1"))
    await pilot.pause()
    assert "OUTCOME UNKNOWN" not in shown(pilot)
    assert shown(pilot).count("NOT TAKEN") == 2, "in the bar and beside the ladder"
    assert "send it again if it is still meant" in screen.messages.bar.said


async def test_what_the_journal_holds_of_an_unanswered_command_is_its_outcome(
    pilot: Pilot[int], engine: Engine
) -> None:
    await is_unknown(pilot, engine, "b", "enter")
    screen = screen_of(pilot)
    (order_sent,) = engine.sent
    reason = Reason("risk.lot", {"qty": "150", "lot": "100"})
    refused = facts.CommandRefused(command_id=order_sent.command_id, reason=reason)
    tell(screen, f"command:{order_sent.command_id}", refused)
    await pilot.pause()
    assert "refused: quantity 150 is no multiple of the lot 100" in screen.messages.bar.said
    assert "OUTCOME UNKNOWN" not in shown(pilot)
    await is_unknown(pilot, engine, "ctrl+k", "y")
    kill = engine.sent[-1]
    stopped = facts.TradingStateChanged(
        command_id=kill.command_id, account="", instrument="", state=TradingState.HALTED, note="n", killed=True
    )
    tell(screen, f"command:{kill.command_id}", stopped)
    tell(screen, "start", facts.DeskResumed(clean=False, engine_version="1"))
    await pilot.pause()
    assert "TRADING STOPPED" in shown(pilot)
    assert "OUTCOME UNKNOWN" not in shown(pilot)
    assert "NOT TAKEN" not in shown(pilot)


async def test_an_order_that_the_journal_holds_waits_for_the_word_of_its_venue(
    pilot: Pilot[int], engine: Engine
) -> None:
    load(pilot, order("O1", Side.BUY, LAST - 3))
    await is_unknown(pilot, engine, "X", "y")
    (sent,) = engine.sent
    screen, cause = screen_of(pilot), f"command:{sent.command_id}"
    tell(screen, cause, facts.CancelRequested(command_id=sent.command_id, order_id="O1", cl_ord_id="O1.2"))
    tell(screen, "start", facts.DeskResumed(clean=False, engine_version="1"))
    await pilot.pause()
    assert "NOT TAKEN" not in shown(pilot)
    assert "OUTCOME UNKNOWN" in shown(pilot)
    tell(screen, "report:e", facts.OrderCanceled(order_id="O1", exec_id="e"))
    await pilot.pause()
    assert "OUTCOME UNKNOWN" not in shown(pilot)


@pytest.mark.parametrize(("language", "words"), [("en", "went away without a word"), ("zh", "引擎没有告别就断开了")])
async def test_how_a_killed_engine_went_is_said_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    async with order_desk(monkeypatch, Engine(), language=language) as pilot:
        screen_of(pilot).link._changed(AttachmentChange(Attachment.DOWN, WENT_AWAY))
        screen_of(pilot).flush()
        await until(pilot, lambda: words in shown(pilot))
