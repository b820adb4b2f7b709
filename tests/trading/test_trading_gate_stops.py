"""Halts and the kill switch: who, when and why are facts; only a command lifts them; cancels always pass."""

from __future__ import annotations

import pytest
from trading_world import BUY, SELL, World, replayed, share

from termdesk.core.model.codes import CODES
from termdesk.core.model.command import AmendOrder, CancelAll, CancelOrder, KillSwitch, SetTradingState
from termdesk.core.model.facts import CancelRequested, FlattenRefused, OrderSubmitted
from termdesk.core.model.limits import TradingState
from termdesk.core.model.terms import AccountKind, OrdStatus, Phase
from termdesk.core.trading.risk.controls import stops_of


@pytest.fixture
def desk() -> World:
    """Bid 100.00, ask 100.02, 500 each; account ``a`` holds 100 and has a buy and a sale working."""
    made = World(share(lot="1"))
    made.open(("a", AccountKind.MARGIN, "1000000"), ("b", AccountKind.CASH, "1000000"))
    made.quote("100.00", "500", "100.02", "500")
    made.submit(BUY, "100", account="a")
    made.submit(BUY, "10", "99.00", account="a")
    made.submit(SELL, "30", "105.00", account="a")
    return made


def put(world: World, state: TradingState, note: str = "why", **scope: str):
    world.commands += 1
    return world.give(SetTradingState(command_id=f"s{world.commands}", state=state, note=note, **scope)).answers[0]


def kill(world: World, *, flatten: bool = False, note: str = "enough", **scope: str):
    world.commands += 1
    return world.give(KillSwitch(command_id=f"k{world.commands}", note=note, flatten=flatten, **scope)).answers[0]


def code_of(answer) -> str:
    assert answer.accepted or set(answer.params) == set(CODES[answer.code])
    return answer.code


def test_a_halt_refuses_orders_and_amends_and_lets_cancels_pass(desk) -> None:
    assert put(desk, TradingState.HALTED).accepted
    answer = desk.submit(SELL, "1", "100.00", account="a")
    assert (answer.code, answer.params) == (
        "risk.trading_state",
        {"state": "halted", "note": "why", "actor": "tester"},
    )
    less = AmendOrder(command_id="less", order_id="O2", qty=5)
    assert code_of(desk.give(less).answers[0]) == "risk.trading_state"
    assert desk.give(CancelOrder(command_id="c", order_id="O2")).answers[0].accepted
    assert desk.give(CancelAll(command_id="all")).answers[0].order_ids == ("O3",)


def test_reducing_lets_only_what_reduces_pass(desk) -> None:
    put(desk, TradingState.REDUCING, account="a")
    assert code_of(desk.submit(BUY, "1", "99.00", account="a")) == "risk.trading_state"
    assert code_of(desk.submit(SELL, "101", "100.00", account="a")) == "risk.trading_state"
    assert desk.submit(SELL, "50", "100.00", account="a").accepted
    more = AmendOrder(command_id="more", order_id="O2", qty=20)
    assert code_of(desk.give(more).answers[0]) == "risk.trading_state"
    less = AmendOrder(command_id="less", order_id="O2", qty=5)
    assert desk.give(less).answers[0].accepted
    assert desk.submit(BUY, "1", "99.00", account="b").accepted


@pytest.mark.parametrize("scope", ["", "TEST", "X.TEST"])
def test_a_stop_outlives_a_restart_with_who_when_and_why(desk, scope) -> None:
    put(desk, TradingState.HALTED, "fat finger", instrument=scope)
    desk.state = replayed(desk.records)
    (stop,) = stops_of(desk.state.controls)
    assert (stop.state, stop.note, stop.actor, stop.instrument) == (TradingState.HALTED, "fat finger", "tester", scope)
    assert stop.at_ns == desk.now_ns
    assert code_of(desk.submit(BUY, "1", "99.00", account="b")) == "risk.trading_state"
    assert put(desk, TradingState.ACTIVE, "looked at it", instrument=scope).accepted
    assert stops_of(desk.state.controls) == ()
    assert desk.submit(BUY, "1", "99.00", account="b").accepted


def test_the_strictest_of_several_stops_counts(desk) -> None:
    put(desk, TradingState.REDUCING)
    put(desk, TradingState.HALTED, account="a")
    assert desk.submit(SELL, "1", "100.00", account="a").params["state"] == "halted"
    put(desk, TradingState.ACTIVE, account="a")
    assert desk.submit(SELL, "1", "100.00", account="a").accepted


def test_a_reason_is_needed_and_a_wrong_name_stops_nothing(desk) -> None:
    assert code_of(put(desk, TradingState.HALTED, " ")) == "risk.note_missing"
    assert code_of(kill(desk, note="")) == "risk.note_missing"
    assert code_of(kill(desk, account="nobody")) == "command.account_unknown"
    assert code_of(kill(desk, instrument="Y.TEST")) == "command.instrument_unknown"
    assert code_of(put(desk, TradingState.ACTIVE)) == "risk.not_stopped"
    assert stops_of(desk.state.controls) == ()


def test_the_kill_switch_cancels_all_that_works_and_blocks_the_rest(desk) -> None:
    desk.submit(BUY, "1", "99.00", account="b")
    answer = kill(desk, account="a")
    assert set(answer.order_ids) == {"O2", "O3"}
    assert [desk.order(name).status for name in ("O2", "O3", "O4")] == [
        OrdStatus.CANCELED,
        OrdStatus.CANCELED,
        OrdStatus.NEW,
    ]
    assert code_of(desk.submit(SELL, "1", "100.00", account="a")) == "risk.trading_state"
    assert desk.position("a").qty == 100
    (stop,) = stops_of(desk.state.controls)
    assert stop.killed


def test_flatten_closes_positions_once_their_orders_are_gone(desk) -> None:
    desk.hold_requests = True
    kill(desk, flatten=True)
    assert [request.order_id for request in desk.outbox] == ["O2", "O3"]
    desk.hold_requests = False
    desk.flush()
    assert desk.position("a").qty == 0
    closing = desk.facts(OrderSubmitted)[-1]
    assert (closing.origin, closing.reduce_only, closing.qty) == ("kill", True, 100)
    assert desk.state.controls.flattening == {}
    assert desk.fills("O4") == [("O4", "100.00", "100")]
    assert replayed(desk.records).snapshot() == desk.state.snapshot()


def test_a_position_that_cannot_be_closed_is_told_and_not_tried_again(desk) -> None:
    desk.phase(Phase.BREAK)
    kill(desk, flatten=True)
    (told,) = desk.facts(FlattenRefused)
    assert (told.account, told.instrument, told.reason.code) == ("a", "X.TEST", "risk.phase")
    desk.phase(Phase.CONTINUOUS)
    assert desk.position("a").qty == 100


def test_the_same_kill_again_gives_the_first_answer(desk) -> None:
    command = KillSwitch(command_id="once", note="n")
    first = desk.give(command).answers
    count = len(desk.records)
    assert desk.give(command).answers == first
    assert len(desk.records) == count
    assert len(desk.facts(CancelRequested)) == 2
