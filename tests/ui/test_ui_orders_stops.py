"""Stops of trading and limits: seen, explained, lifted by a person with a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from desk_cases import NOW, health, topics
from order_desk import Engine, screen_of
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.core.model.command import KillSwitch, SetTradingState
from termdesk.core.model.limits import ScopedLimits, TradingLimits, TradingState, TradingStop
from termdesk.core.wire.queries import LimitsQuery, LimitsResult
from termdesk.ui.locale import catalogue
from termdesk.ui.orders.controls import limit_lines

pytestmark = pytest.mark.usefixtures("still_link")


def stopped(**changes: Any) -> TradingStop:
    values = {"state": TradingState.HALTED, "note": "kill switch", "actor": "ann", "at_ns": NOW, "killed": True}
    return TradingStop(**{**values, **changes})


async def test_a_person_lets_trading_go_on_with_a_reason(pilot: Pilot[int], engine: Engine) -> None:
    store = screen_of(pilot).store
    assert "trade again" not in shown(pilot)
    await pilot.press("alt+k")
    assert len(pilot.app.screen_stack) == 1, "nothing is stopped"
    store.take_topics(topics(msgspec.structs.replace(health(), stops=(stopped(),))), 0)
    screen_of(pilot).flush(everything=True)
    assert "Alt+K trade again" in shown(pilot)
    await pilot.press("alt+k")
    assert "TRADING STOPPED · whole desk" in shown(pilot)
    assert "ann:" in shown(pilot)
    await pilot.press("enter")
    assert engine.sent == [], "without a reason it stays stopped"
    await pilot.press("alt+k", "o", "k", "enter")
    (command,) = engine.sent
    assert isinstance(command, SetTradingState)
    assert (command.state, command.note, command.account) == (TradingState.ACTIVE, "ok", "")


async def test_reason_to_go_on_lifts_no_stop_that_was_set_after_the_question(pilot: Pilot[int], engine: Engine) -> None:
    store = screen_of(pilot).store
    store.take_topics(topics(msgspec.structs.replace(health(), stops=(stopped(),))), 0)
    await pilot.press("alt+k", "o", "k")
    store.take_topics(topics(msgspec.structs.replace(health(), stops=(stopped(actor="bob", at_ns=NOW + 1),))), 0)
    await pilot.press("enter")
    assert engine.sent == []
    assert "has changed since this was asked" in shown(pilot)
    await pilot.press("escape")
    await pilot.press("alt+k", "o", "k", "enter")
    assert len(engine.sent) == 1


async def test_of_several_stops_one_is_chosen(pilot: Pilot[int], engine: Engine) -> None:
    stops = (stopped(), stopped(account="cash", state=TradingState.REDUCING, killed=False, note="max_loss_day"))
    screen_of(pilot).store.take_topics(topics(msgspec.structs.replace(health(), stops=stops)), 0)
    await pilot.press("alt+k")
    assert "most money lost a day" in shown(pilot)
    await pilot.press("2", "o", "k", "enter")
    (command,) = engine.sent
    assert isinstance(command, SetTradingState)
    assert command.account == "cash"


async def test_kill_switch_disarms_the_screen_and_names_the_key_that_lifts_it(
    pilot: Pilot[int], engine: Engine
) -> None:
    await pilot.press("ctrl+k")
    assert "lets it trade again: Alt+K" in shown(pilot)
    await pilot.press("ctrl+k")
    await pilot.press("y")
    assert len(pilot.app.screen_stack) == 1, "asked once"
    assert len(engine.sent) == 1
    assert not pilot.app.arming.is_armed  # type: ignore[attr-defined]


async def test_limits_in_force_are_shown_by_key_and_by_line(
    monkeypatch: pytest.MonkeyPatch, pilot: Pilot[int], engine: Engine
) -> None:
    found = LimitsResult((ScopedLimits(account="cash", limits=TradingLimits(max_qty=Decimal(500))),), (stopped(),))

    async def ask(query: Any) -> Any:
        assert isinstance(query, LimitsQuery)
        return found

    monkeypatch.setattr(engine, "ask", ask)
    await pilot.press("alt+l")
    await until(pilot, lambda: "largest quantity of one order: 500" in shown(pilot))
    assert "TRADING STOPPED" in shown(pilot)
    await pilot.press("escape", "colon")
    await until(pilot, lambda: pilot.app.screen.query("#line"))
    await pilot.press(*"limits", "enter")
    await until(pilot, lambda: "largest quantity of one order: 500" in shown(pilot))


def test_limits_are_told_with_what_they_mean_in_both_languages() -> None:
    every = TradingLimits(
        max_qty=Decimal(500), collar=Decimal("0.05"), max_loss_day=Decimal(1000), max_identical=3, restricted=True
    )
    result = LimitsResult((ScopedLimits(instrument="SSE", limits=every),), ())
    english = "\n".join(limit_lines(result, catalogue("en"), 0))
    for words in ("SSE", "0.05 (reference: last)", "1000 (then: reduce)", "3 (in ms: 60000)", "nothing is stopped"):
        assert words in english
    chinese = "\n".join(limit_lines(result, catalogue("zh"), 0))
    assert "单笔最大数量: 500" in chinese
    assert "no limit is set" in "\n".join(limit_lines(LimitsResult((), ()), catalogue("en"), 0))


@pytest.mark.parametrize("opener", [("slash", "b"), ("ctrl+p",), ("Z",), ("W",), ("f1",), ("o",), ("ctrl+k",), ("f8",)])
async def test_panic_works_above_finder_palette_and_questions_on_a_disarmed_screen(
    pilot: Pilot[int], engine: Engine, opener: tuple[str, ...]
) -> None:
    await pilot.press("A", *opener, "ctrl+g")
    await until(pilot, lambda: "close every position" in shown(pilot))
    await pilot.press("y")
    await until(pilot, lambda: engine.sent)
    (command,) = engine.sent
    assert isinstance(command, KillSwitch)
    assert command.flatten
