"""Notes on orders, fills and positions: facts that a replay brings back and a query finds."""

from __future__ import annotations

import pytest
from trading_world import BUY, World, replayed

from termdesk.core.model.command import AddNote
from termdesk.core.model.facts import OrderFilled
from termdesk.core.trading.orders.noting import LONGEST, note_lines


def told(world: World, **fields: str):
    done = world.give(AddNote(command_id=f"n{len(world.records)}", **fields))
    return done.answers[0]


def filled(world: World) -> OrderFilled:
    world.submit(BUY, "1", "100.02")
    return next(record.fact for record in world.records if isinstance(record.fact, OrderFilled))


def test_notes_on_order_fill_and_position_are_found_and_survive_a_replay(world: World) -> None:
    fill = filled(world)
    assert told(world, text=" chased it ", order_id=fill.order_id).accepted
    assert told(world, text="Good fill", order_id=fill.order_id, exec_id=fill.exec_id).accepted
    assert told(world, text="for the week", account="cash", instrument=world.x.id).accepted
    lines = note_lines(world.state, "cash")
    assert [(one.order_id, one.exec_id, one.text) for one in lines] == [
        (fill.order_id, "", "chased it"),
        (fill.order_id, fill.exec_id, "Good fill"),
        ("", "", "for the week"),
    ]
    assert {one.actor for one in lines} == {"tester"}
    assert [one.text for one in note_lines(world.state, text="GOOD")] == ["Good fill"]
    assert note_lines(world.state, "margin") == ()
    assert replayed(world.records).snapshot() == world.state.snapshot()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": "  ", "order_id": "x"}, "command.note_missing"),
        ({"text": "a" * (LONGEST + 1), "order_id": "x"}, "command.note_long"),
        ({"text": "a"}, "command.note_subject"),
        ({"text": "a", "account": "cash"}, "command.note_subject"),
        ({"text": "a", "order_id": "none"}, "command.order_unknown"),
        ({"text": "a", "account": "none", "instrument": "600519.SSE"}, "command.instrument_unknown"),
    ],
)
def test_a_note_about_nothing_is_refused(world: World, fields: dict[str, str], code: str) -> None:
    answer = told(world, **fields)
    assert (answer.accepted, answer.code) == (False, code)


def test_a_fill_of_another_order_is_refused(world: World) -> None:
    fill = filled(world)
    assert told(world, text="a", order_id=fill.order_id, exec_id="none").code == "command.fill_unknown"
