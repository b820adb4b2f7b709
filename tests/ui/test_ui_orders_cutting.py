"""Closing a part of a position that exits cover: they are cut to the rest before, and to no less."""

from __future__ import annotations

from typing import Any

import pytest
from desk_cases import LAST, order
from order_desk import Engine, hold, load
from pilot_words import shown, until
from textual.pilot import Pilot

from termdesk.core.model.command import AmendOrder, Answer, CancelOrder
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Contingency, OrdStatus, OrdType, ReleaseMode, Side
from termdesk.core.wire.queries import OrderLine
from termdesk.ui.orders.cutting import cuts, freed

pytestmark = pytest.mark.usefixtures("still_link")


def sale(order_id: str, leaves: int, **changes: Any) -> OrderLine:
    return order(order_id, Side.SELL, LAST + 50, qty=leaves, leaves_qty=leaves, cum_qty=0, reduce_only=True, **changes)


def exits(leaves: int) -> tuple[OrderLine, OrderLine]:
    group: dict[str, Any] = {
        "group": "O1.exits",
        "contingency": Contingency.OUO,
        "parent_id": "O1",
        "release": ReleaseMode.PARTIAL,
    }
    stop = sale("O2", leaves, ord_type=OrdType.STOP, trigger_price=LAST - 50, **group)
    return stop, sale("O3", leaves, **group)


def test_exits_of_a_group_are_cut_together_and_free_their_quantity_once() -> None:
    found = cuts(exits(200), 100)
    assert [(cut.line.order_id, cut.leaves) for cut in found] == [("O2", 100), ("O3", 100)]
    assert freed(found) == 100


def test_what_fits_into_the_rest_is_left_alone() -> None:
    assert cuts(exits(100), 100) == []


def test_older_orders_keep_what_they_have_and_what_finds_no_room_is_cancelled() -> None:
    found = cuts([sale("O2", 100), sale("O3", 100), sale("O4", 100)], 150)
    assert [(cut.line.order_id, cut.leaves) for cut in found] == [("O3", 50), ("O4", 0)]
    assert isinstance(found[0].command("c"), AmendOrder)
    assert isinstance(found[1].command("c"), CancelOrder)


def test_what_was_filled_stays_in_the_quantity_that_is_asked_for() -> None:
    part = order("O2", Side.SELL, LAST + 50, qty=300, cum_qty=100, leaves_qty=200)
    (cut,) = cuts([part], 100)
    command = cut.command("c")
    assert isinstance(command, AmendOrder)
    assert command.qty == 200


def test_held_exits_and_slices_are_no_room_taken() -> None:
    held = sale("O2", 200, status=OrdStatus.HELD)
    assert cuts([held, sale("O3", 200, parent_id="O9")], 100) == []


async def test_half_of_a_position_that_exits_cover_cuts_them_first(pilot: Pilot[int], engine: Engine) -> None:
    hold(pilot, 200, sellable=0)
    load(pilot, *exits(200))
    await pilot.press("H")
    assert "Close 100 600519 at the market, exits cut to 100?" in shown(pilot)
    await pilot.press("y")
    await until(pilot, lambda: len(engine.sent) == 2)
    assert [(one.order_id, one.qty) for one in engine.sent] == [("O2", 100), ("O3", 100)]
    assert engine.orders == [], "not before the exits are cut"
    load(pilot, *exits(100))
    await until(pilot, lambda: engine.orders)
    (close,) = engine.orders
    assert (close.side, close.qty, close.reduce_only) == (Side.SELL, 100, True)


async def test_half_that_something_else_is_against_cuts_no_exit(pilot: Pilot[int], engine: Engine) -> None:
    engine.preview = {"refusals": (Reason("risk.reduce_only", {}), Reason("risk.phase", {"phase": "closed"}))}
    hold(pilot, 200, sellable=0)
    load(pilot, *exits(200))
    await pilot.press("H", "y")
    await until(pilot, lambda: engine.sent)
    assert engine.sent == engine.orders


async def test_exits_that_were_cut_in_vain_are_said(pilot: Pilot[int], engine: Engine) -> None:
    hold(pilot, 200, sellable=0)
    load(pilot, *exits(200))
    await pilot.press("H", "y")
    await until(pilot, lambda: len(engine.sent) == 2)
    engine.outcome = Answer(command_id="c", accepted=False, code="risk.no_market", params={})
    load(pilot, *exits(100))
    await until(pilot, lambda: "O2, O3 stay cut" in shown(pilot))


async def test_units_that_are_not_settled_are_not_set_free_by_a_cut(pilot: Pilot[int], engine: Engine) -> None:
    hold(pilot, 400, sellable=0)
    load(pilot, *exits(300))
    await pilot.press("H")
    assert "Close 200 600519 at the market?" in shown(pilot)
    await pilot.press("y")
    await until(pilot, lambda: engine.sent)
    assert engine.sent == engine.orders
