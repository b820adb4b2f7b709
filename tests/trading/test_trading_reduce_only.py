"""Reduce-only orders close and never open: capped when placed, shrunk as the position shrinks."""

from __future__ import annotations

import pytest
from trading_world import BUY, SELL, replayed

from termdesk.core.model.command import AmendOrder, SubmitOrder
from termdesk.core.model.facts import CancelRequested, OrderSubmitted, ReplaceRequested
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdStatus, OrdType
from termdesk.core.trading import read
from termdesk.core.trading.inputs import ResumeDesk
from termdesk.core.trading.preview import preview


@pytest.fixture
def long(world):
    """The margin account holds 5.0, bought at 100.02; bids 100.00 x 5, 99.99 x 10."""
    world.submit(BUY, "5.0", "100.02", account="margin")
    assert world.position("margin").qty == 50
    return world


def reduce(world, qty: str, price: str | None = None, side=SELL):
    return world.submit(side, qty, price, account="margin", reduce_only=True)


@pytest.mark.parametrize("side", [BUY, SELL])
def test_without_a_position_it_is_refused(world, side) -> None:
    answer = reduce(world, "1.0", side=side)
    assert (answer.code, answer.params) == ("risk.reduce_only", {"qty": "1.0", "closable": "0.0"})


def test_on_the_increasing_side_it_is_refused(long) -> None:
    assert reduce(long, "1.0", side=BUY).code == "risk.reduce_only"


def test_it_is_capped_to_the_position_and_says_so(long) -> None:
    order = long.order(reduce(long, "7.0").order_ids[0])
    assert (order.qty, order.status) == (50, OrdStatus.FILLED)
    assert long.facts(OrderSubmitted)[-1].reason == Reason("reduce.capped", {"asked": "7.0", "closable": "5.0"})
    assert long.position("margin").qty == 0


def test_the_preview_shows_the_capped_quantity(long) -> None:
    command = SubmitOrder(
        command_id="p",
        account="margin",
        instrument=long.x.id,
        side=SELL,
        ord_type=OrdType.MARKET,
        qty=70,
        reduce_only=True,
    )
    shown = preview(long.state, long, command)
    assert (shown.refusal, shown.position_after) == (None, 0)


def test_it_counts_what_other_orders_will_close(long) -> None:
    long.submit(SELL, "3.0", "101.00", account="margin")
    assert long.order(reduce(long, "5.0", "101.00").order_ids[0]).qty == 20
    assert reduce(long, "5.0", "101.00").code == "risk.reduce_only"


def test_it_holds_back_no_cash_and_needs_no_living_source(long) -> None:
    long.now_ns += 10 * long.stale_link_ns
    assert long.order(reduce(long, "5.0", "101.00").order_ids[0]).reserve == 0


def test_an_amend_beyond_the_position_is_refused(long) -> None:
    order_id = reduce(long, "2.0", "101.00").order_ids[0]
    answer = long.give(AmendOrder(command_id="more", order_id=order_id, qty=51)).answers[0]
    assert (answer.code, answer.params) == ("risk.reduce_only", {"qty": "5.1", "closable": "5.0"})
    assert long.give(AmendOrder(command_id="all", order_id=order_id, qty=50)).answers[0].accepted


def test_it_is_cancelled_when_the_position_is_gone(long) -> None:
    order_id = reduce(long, "5.0", "101.00").order_ids[0]
    long.submit(SELL, "5.0", account="margin")
    assert long.position("margin").qty == 0
    assert long.order(order_id).status is OrdStatus.CANCELED
    assert long.facts(CancelRequested)[-1].reason == Reason("reduce.position", {"position": "0.0"})
    steps = read.why(long.state, order_id, None).steps
    assert "reduce.position" in [step.reason.code for step in steps if step.reason is not None]


def test_it_shrinks_with_the_position_and_the_oldest_stays(long) -> None:
    first = reduce(long, "2.0", "101.00").order_ids[0]
    second = reduce(long, "3.0", "101.00").order_ids[0]
    long.submit(SELL, "2.0", account="margin")
    assert [long.order(name).leaves_qty for name in (first, second)] == [20, 10]
    assert long.facts(ReplaceRequested)[-1].reason == Reason("reduce.position", {"position": "3.0"})


def test_its_own_fills_leave_it_alone(long) -> None:
    order_id = reduce(long, "5.0", "101.00").order_ids[0]
    long.trade("101.01", "2.0", BUY)
    order = long.order(order_id)
    assert (order.cum_qty, order.leaves_qty, order.status) == (20, 30, OrdStatus.NEW)
    assert not long.facts(ReplaceRequested)


def test_what_a_crash_kept_it_from_giving_back_is_taken_after_it(long) -> None:
    order_id = reduce(long, "5.0", "101.00").order_ids[0]
    long.submit(SELL, "5.0", account="margin")
    told = next(n for n, record in enumerate(long.records) if isinstance(record.fact, CancelRequested))
    long.state = replayed(long.records[: told + 1])
    assert long.order(order_id).status is OrdStatus.PENDING_CANCEL
    long.give(ResumeDesk(clean=False, engine_version=""))
    assert long.order(order_id).status is OrdStatus.CANCELED
    assert read.restorable(long.state, "paper") == ()
