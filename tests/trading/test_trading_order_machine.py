"""The order's status table against the matrices of FIX 4.4, Appendix D, with reports made by hand."""

from __future__ import annotations

import pytest
from trading_world import BUY, World, replayed

from termdesk.core.model.command import AmendOrder, CancelOrder
from termdesk.core.model.execution import OrderCancelReject
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, OrdStatus
from termdesk.core.trading.orders.order import _ENDS, _TRANSITIONS, Word


@pytest.fixture
def silent(world: World) -> World:
    """A world whose venue says only what the test says."""
    world.hold_requests = True
    world.quote("100.00", "10", "100.02", "10")
    return world


def say(world: World, script: str) -> None:
    """Play a case: ``new fill:4 cancel canceled`` and so on; the order is O1."""
    for number, word in enumerate(script.split(), 1):
        name, _, text = word.partition(":")
        order = world.state.orders.get("O1")
        match name:
            case "submit":
                world.submit(BUY, text, "100.00")
            case "cancel":
                world.give(CancelOrder(command_id=f"x{number}", order_id="O1"))
            case "replace":
                world.give(AmendOrder(command_id=f"x{number}", order_id="O1", qty=world.x.qty(text)))
            case "refused":
                is_replace = order.in_flight[-1].is_replace
                world.give(
                    OrderCancelReject(
                        exec_id=f"e{number}",
                        order_id="O1",
                        cl_ord_id=order.cl_ord_ids[-1],
                        account=order.account,
                        instrument=order.instrument,
                        at_ns=world.now_ns,
                        is_replace=is_replace,
                        reason=Reason("venue.refused"),
                    )
                )
            case "fill":
                world.execution("O1", ExecType.TRADE, f"e{number}", text, "100.00")
            case "replaced":
                world.execution("O1", ExecType.REPLACED, f"e{number}", qty=world.x.qty(text), price=order.price)
            case _:
                world.execution("O1", ExecType[name.upper()], f"e{number}")


CASES = [
    # Vanilla cases of table A.
    ("A.1.a", "submit:10 new fill:2 fill:8", "filled", "10", "0"),
    ("A.1.b", "submit:10 new expired", "expired", "0", "10"),
    ("A.1.c", "submit:10 rejected", "rejected", "0", "10"),
    ("A.1.d", "submit:10 new fill:2 rejected", "rejected", "2", "8"),
    # Cancels, table B.
    ("B.1.a", "submit:10 new cancel canceled", "canceled", "0", "10"),
    ("B.1.b", "submit:10 new fill:2 cancel fill:5 canceled", "canceled", "7", "3"),
    ("B.1.c", "submit:10 new cancel fill:10 refused", "filled", "10", "0"),
    ("B.1.d", "submit:10 cancel new canceled", "canceled", "0", "10"),
    ("B.1.e", "submit:10 new cancel fill:4 refused", "new", "4", "6"),
    # C: replace up, not for quantity, down to and below what is filled
    ("C.1.a", "submit:10 new replace:20 replaced:20 fill:20", "filled", "20", "0"),
    ("C.1.b", "submit:10 new fill:2 replace:20 fill:3 replaced:20", "new", "5", "15"),
    ("C.1.c", "submit:10 new replace:20 refused", "new", "0", "10"),
    ("C.1.d", "submit:10 new fill:4 replace:20 fill:6 replaced:20", "new", "10", "10"),
    ("C.3.a", "submit:10 new fill:2 replace:7 fill:1 replaced:7", "new", "3", "4"),
    ("C.3.b", "submit:10 new fill:2 replace:7 fill:5 replaced:7", "filled", "7", "0"),
    ("C.3.c", "submit:10 new fill:2 replace:7 fill:6 replaced:8", "filled", "8", "0"),
    # D: one after the other
    ("D.1", "submit:10 new replace:8 replaced:8 replace:6 replaced:6 fill:6", "filled", "6", "0"),
    ("D.2", "submit:10 new replace:8 cancel replaced:8 canceled", "canceled", "0", "8"),
    # E: what nobody asked for
    ("E.1.a", "submit:10 new fill:3 canceled", "canceled", "3", "7"),
    ("E.1.b", "submit:10 new replaced:6", "new", "0", "6"),
    # late words: a fill is booked in any status
    ("late fill", "submit:10 new cancel canceled fill:4", "canceled", "4", "6"),
    ("fill first", "submit:10 fill:10 new", "filled", "10", "0"),
    ("late expiry", "submit:10 new fill:10 expired", "filled", "10", "0"),
]


@pytest.mark.parametrize(("case", "script", "status", "cum", "leaves"), CASES, ids=[case[0] for case in CASES])
def test_a_case_of_the_appendix_ends_as_it_says(
    case: str, script: str, status: str, cum: str, leaves: str, silent: World
) -> None:
    del case
    say(silent, script)
    order = silent.order("O1")
    assert (order.status.value, order.cum_qty, order.leaves_qty) == (status, silent.x.qty(cum), silent.x.qty(leaves))
    assert order.cum_qty + order.leaves_qty == order.qty
    assert replayed(silent.records).snapshot() == silent.state.snapshot()


@pytest.mark.parametrize("status", OrdStatus)
def test_a_word_moves_to_a_status_of_the_table_or_not_at_all(status: OrdStatus) -> None:
    row = _TRANSITIONS.get(status, {})
    assert set(row) <= set(Word)
    ended = {OrdStatus.CANCELED, OrdStatus.REJECTED, OrdStatus.EXPIRED, OrdStatus.NOT_SENT}
    if status in ended:
        assert not row
    if status.is_open and status is not OrdStatus.HELD:
        assert set(_ENDS) <= set(row)


def test_a_held_order_hears_no_venue() -> None:
    row = _TRANSITIONS[OrdStatus.HELD]
    assert set(row) == {Word.RELEASED, Word.CANCELED, Word.REJECTED, Word.EXPIRED}
