"""Orders that wait in the engine and orders that depend on each other, on a venue that knows plain orders only."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from trading_world import BUY, MS, SELL, World, assert_books_balance, replayed

from termdesk.core.model.command import AmendOrder, CancelOrder, SubmitBracket, SubmitOrder
from termdesk.core.model.execution import NewOrderSingle
from termdesk.core.model.facts import AlertRaised, OrderExpired, OrderTriggered
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import (
    Contingency,
    OrdStatus,
    OrdType,
    Phase,
    ReleaseMode,
    Side,
    TimeInForce,
    TrailUnit,
    TriggerBy,
)
from termdesk.core.model.trigger import Trail
from termdesk.core.trading.exposure import missing_in_full
from termdesk.core.trading.orders.native import EVERYTHING
from termdesk.core.trading.preview import preview, preview_amend

STOP, LIMIT, MARKET = OrdType.STOP, OrdType.LIMIT, OrdType.MARKET


@pytest.fixture
def quoted(world: World) -> World:
    world.quote("100.00", "50", "100.02", "50")
    world.trade("100.01", "1", None)
    return world


def status(world: World, *order_ids: str) -> list[str]:
    return [world.order(order_id).status.value for order_id in order_ids]


def bracket(world: World, qty: str = "2", price: str | None = "99.00", **terms) -> list[str]:
    """An entry with a stop and a target; gives the three ids."""
    x = world.x
    entry = SubmitOrder(
        command_id="",
        account="cash",
        instrument=x.id,
        side=BUY,
        ord_type=MARKET if price is None else LIMIT,
        qty=x.qty(qty),
        price=None if price is None else x.price(price),
    )
    common = {"command_id": "", "account": "cash", "instrument": x.id, "side": SELL, "qty": x.qty(qty)}
    exits = (
        SubmitOrder(ord_type=STOP, trigger_price=x.price("95.00"), **common),
        SubmitOrder(ord_type=LIMIT, price=x.price("105.00"), **common),
    )
    world.commands += 1
    command = SubmitBracket(command_id=f"b{world.commands}", entry=entry, exits=exits, **terms)
    answer = world.give(command).answers[0]
    assert answer.accepted, answer
    return list(answer.order_ids)


def well(world: World) -> None:
    assert_books_balance(world.state)
    assert replayed(world.records).snapshot() == world.state.snapshot()


def test_an_emulated_stop_reaches_the_venue_only_when_its_price_is_reached(quoted: World) -> None:
    quoted.send(BUY, STOP, "1", trigger_price="101.00")
    order = quoted.order("O1")
    assert (order.emulated, order.status, order.venue_order_id) == (True, OrdStatus.NEW, "")
    quoted.trade("100.99", "1", None)
    assert not quoted.facts(OrderTriggered)
    quoted.trade("101.00", "1", None)
    assert status(quoted, "O1") == ["filled"]
    assert quoted.fills() == [("O1", "100.02", "1.0")]
    well(quoted)


def test_the_gate_is_asked_again_when_a_trigger_is_reached(quoted: World) -> None:
    quoted.send(BUY, STOP, "1", trigger_price="101.00")
    quoted.phase(Phase.CLOSED)
    quoted.trade("101.00", "1", None)
    assert status(quoted, "O1") == ["rejected"]
    assert quoted.order("O1").reason.code == "risk.phase"
    assert quoted.facts(AlertRaised)
    well(quoted)


def test_an_emulated_order_is_amended_and_cancelled_without_a_word_to_the_venue(quoted: World) -> None:
    quoted.hold_requests = True
    quoted.send(SELL, STOP, "1", account="margin", trigger_price="90.00")
    quoted.give(AmendOrder(command_id="a1", order_id="O1", trigger_price=quoted.x.price("91.00")))
    assert (quoted.order("O1").trigger_price, status(quoted, "O1")) == (9100, ["new"])
    quoted.give(CancelOrder(command_id="a2", order_id="O1"))
    assert status(quoted, "O1") == ["canceled"]
    assert quoted.outbox == []
    well(quoted)


def test_a_trailing_stop_follows_and_its_limit_with_it(quoted: World) -> None:
    trail = Trail(unit=TrailUnit.PERCENT, value=Decimal(1), limit_offset=quoted.x.price("0.50"))
    quoted.send(SELL, OrdType.TRAILING_STOP_LIMIT, "1", account="margin", trail=trail)
    quoted.trade("110.00", "1", None)
    assert quoted.watch.trigger_of(quoted.order("O1")) == (quoted.x.price("108.90"), True)
    quoted.trade("108.90", "1", None)
    order = quoted.order("O1")
    assert (order.triggered, order.price, order.now_type) == (True, quoted.x.price("108.40"), LIMIT)
    well(quoted)


def test_a_gtd_order_fills_in_its_last_moment_and_expires_after_it(quoted: World) -> None:
    end = quoted.now_ns + 5 * MS
    quoted.level(SELL, "100.02", "4")
    quoted.send(BUY, LIMIT, "9", "100.02", time_in_force=TimeInForce.GTD, expire_ns=end)
    quoted.clock(end - 1)
    assert status(quoted, "O1") == ["new"]
    quoted.now_ns = end
    quoted.level(SELL, "100.02", "3")
    assert quoted.order("O1").cum_qty == quoted.x.qty("7")
    quoted.clock(end)
    assert status(quoted, "O1") == ["expired"]
    assert quoted.facts(OrderExpired)[0].reason.code == "end.expired"
    well(quoted)


def test_a_gtd_order_of_the_past_is_refused(quoted: World) -> None:
    answer = quoted.send(BUY, LIMIT, "1", "99.00", time_in_force=TimeInForce.GTD, expire_ns=quoted.now_ns - 1)
    assert answer.code == "risk.end_past"


def test_a_day_order_ends_with_the_day_that_the_venue_names(quoted: World) -> None:
    quoted.send(BUY, LIMIT, "1", "99.00", time_in_force=TimeInForce.DAY)
    assert quoted.order("O1").expires_here
    quoted.clock(86_400_000_000_000)
    assert status(quoted, "O1") == ["expired"]
    well(quoted)


def test_with_the_first_fill_of_one_the_rest_of_an_oco_group_goes(quoted: World) -> None:
    for price in ("99.50", "99.00", "98.00"):
        quoted.send(BUY, LIMIT, "2", price, contingency=Contingency.OCO, group="g")
    quoted.level(SELL, "99.50", "0.5")
    assert status(quoted, "O1", "O2", "O3") == ["new", "canceled", "canceled"]
    assert quoted.order("O2").reason.code == "end.asked"
    well(quoted)


def test_the_end_of_one_ends_an_oco_group(quoted: World) -> None:
    quoted.send(BUY, LIMIT, "1", "99.00", contingency=Contingency.OCO, group="g")
    quoted.send(BUY, STOP, "1", trigger_price="110.00", contingency=Contingency.OCO, group="g")
    quoted.give(CancelOrder(command_id="x", order_id="O1"))
    assert status(quoted, "O1", "O2") == ["canceled", "canceled"]
    assert quoted.order("O2").reason.code == "group.ended"
    well(quoted)


def test_a_group_holds_back_what_its_largest_order_needs(quoted: World) -> None:
    quoted.send(BUY, LIMIT, "1", "99.00", contingency=Contingency.OCO, group="g")
    one = quoted.cash().reserved
    quoted.send(BUY, LIMIT, "1", "98.00", contingency=Contingency.OCO, group="g")
    assert quoted.cash().reserved == one
    quoted.send(BUY, LIMIT, "2", "98.00", contingency=Contingency.OCO, group="g")
    assert one < quoted.cash().reserved < 2 * one
    well(quoted)


def test_what_one_of_an_ouo_group_fills_is_taken_off_the_others(quoted: World) -> None:
    quoted.send(BUY, LIMIT, "1", "99.50", contingency=Contingency.OUO, group="g")
    quoted.send(BUY, LIMIT, "1", "99.00", contingency=Contingency.OUO, group="g")
    quoted.level(SELL, "99.50", "0.6")
    assert quoted.order("O2").leaves_qty == quoted.x.qty("0.4")
    quoted.give(AmendOrder(command_id="x", order_id="O2", qty=quoted.x.qty("0.5")))
    quoted.level(SELL, "99.50", "0.3")
    assert (quoted.order("O1").cum_qty, quoted.order("O2").qty) == (quoted.x.qty("0.9"), quoted.x.qty("0.2"))
    quoted.level(SELL, "99.50", "1")
    assert status(quoted, "O1", "O2") == ["filled", "new"]
    well(quoted)


@pytest.mark.parametrize("release", ReleaseMode)
def test_exits_wait_for_their_entry_and_hold_nothing(quoted: World, release: ReleaseMode) -> None:
    entry, stop, target = bracket(quoted, release=release)
    assert status(quoted, entry, stop, target) == ["new", "held", "held"]
    quoted.level(SELL, "99.00", "0.5")
    partial = release is ReleaseMode.PARTIAL
    assert status(quoted, stop, target) == (["new", "new"] if partial else ["held", "held"])
    if partial:
        assert quoted.order(target).leaves_qty == quoted.x.qty("0.5")
    quoted.level(SELL, "99.00", "2")
    assert status(quoted, entry, stop, target) == ["filled", "new", "new"]
    assert [quoted.order(one).leaves_qty for one in (stop, target)] == [quoted.x.qty("2")] * 2
    assert quoted.state.accounts["cash"].reserved[quoted.x.id] == 2
    well(quoted)


def test_a_filled_exit_ends_the_other_and_the_position(quoted: World) -> None:
    entry, stop, target = bracket(quoted, price=None)
    quoted.level(BUY, "105.00", "1.5")
    assert quoted.order(stop).leaves_qty == quoted.x.qty("0.5")
    quoted.level(BUY, "105.00", "2")
    assert status(quoted, entry, stop, target) == ["filled", "canceled", "filled"]
    assert quoted.position().qty == 0
    well(quoted)


def test_an_entry_cancelled_unfilled_takes_its_exits_along(quoted: World) -> None:
    entry, stop, target = bracket(quoted)
    quoted.give(CancelOrder(command_id="x", order_id=entry))
    assert status(quoted, entry, stop, target) == ["canceled"] * 3
    well(quoted)


def test_an_entry_cancelled_half_filled_lets_its_exits_go_for_that_half(quoted: World) -> None:
    entry, stop, target = bracket(quoted, release=ReleaseMode.FULL)
    quoted.level(SELL, "99.00", "0.5")
    quoted.give(CancelOrder(command_id="x", order_id=entry))
    assert status(quoted, stop, target) == ["new", "new"]
    assert [quoted.order(one).leaves_qty for one in (stop, target)] == [quoted.x.qty("0.5")] * 2
    well(quoted)


def test_a_held_exit_is_amended_and_cancelled_here(quoted: World) -> None:
    _, stop, target = bracket(quoted)
    quoted.give(AmendOrder(command_id="x", order_id=stop, trigger_price=quoted.x.price("94.00")))
    quoted.give(CancelOrder(command_id="y", order_id=target))
    assert (quoted.order(stop).trigger_price, status(quoted, stop, target)) == (9400, ["held", "canceled"])
    quoted.level(SELL, "99.00", "2")
    assert status(quoted, stop, target) == ["new", "canceled"]
    well(quoted)


def test_exits_follow_a_position_that_is_halved_by_hand(quoted: World) -> None:
    quoted.state.accounts["cash"].kind = quoted.state.accounts["margin"].kind
    _, stop, target = bracket(quoted, price=None)
    quoted.send(SELL, MARKET, "1")
    assert [quoted.order(one).leaves_qty for one in (stop, target)] == [quoted.x.qty("1")] * 2
    quoted.send(SELL, MARKET, "1")
    assert status(quoted, stop, target) == ["canceled", "canceled"]


def test_preview_of_a_held_exit_s_amend_asks_what_the_amend_asks(quoted: World) -> None:
    _, stop, target = bracket(quoted)
    amends = (
        AmendOrder(command_id="p", order_id=stop, trigger_price=quoted.x.price("94.00")),
        AmendOrder(command_id="q", order_id=target, price=quoted.x.price("106.00")),
    )
    for amend in amends:
        told = preview_amend(quoted.state, quoted, amend)
        assert (told.refusal, told.refusals, told.warnings) == (None, (), ())
        assert quoted.give(amend).answers[0].accepted


@pytest.mark.parametrize(
    ("side", "ord_type", "trigger_by", "trigger", "now"),
    [
        (SELL, OrdType.STOP, TriggerBy.LAST, "100.00", "100.00"),
        (SELL, OrdType.STOP_LIMIT, TriggerBy.LAST, "101.00", "100.00"),
        (SELL, OrdType.STOP, TriggerBy.LAST, "99.99", None),
        (BUY, OrdType.STOP, TriggerBy.LAST, "100.01", None),
        (BUY, OrdType.STOP, TriggerBy.BID_ASK, "100.02", "100.02"),
        (SELL, OrdType.STOP, TriggerBy.BID_ASK, "99.98", "99.98"),
        (SELL, OrdType.STOP, TriggerBy.MID, "100.00", "100.00"),
        (BUY, OrdType.MARKET_IF_TOUCHED, TriggerBy.LAST, "100.00", "100.00"),
        (SELL, OrdType.MARKET_IF_TOUCHED, TriggerBy.LAST, "100.01", None),
    ],
)
def test_preview_warns_of_a_trigger_that_the_market_has_reached_already(
    quoted: World, side: Side, ord_type: OrdType, trigger_by: TriggerBy, trigger: str, now: str | None
) -> None:
    quoted.quote("99.98", "10", "100.02", "10")
    quoted.trade("100.00", "1", BUY)
    x = quoted.x
    limit = x.price("100.00") if ord_type.has_limit else None
    command = SubmitOrder(
        command_id="p",
        account="margin",
        instrument=x.id,
        side=side,
        ord_type=ord_type,
        qty=x.qty("1"),
        price=limit,
        trigger_price=x.price(trigger),
        trigger_by=trigger_by,
    )
    expected = () if now is None else (Reason("wait.at_once", {"trigger": trigger, "now": now}),)
    assert preview(quoted.state, quoted, command).warnings == expected


def test_preview_of_a_stop_that_is_moved_through_the_market_warns(quoted: World) -> None:
    quoted.trade("100.00", "1", BUY)
    quoted.send(BUY, MARKET, "2")
    (stop,) = quoted.send(SELL, STOP, "2", trigger_price="95.00").order_ids
    moved = AmendOrder(command_id="p", order_id=stop, trigger_price=quoted.x.price("101.00"))
    (warning,) = preview_amend(quoted.state, quoted, moved).warnings
    assert warning.code == "wait.at_once"


def test_an_emulated_iceberg_shows_a_slice_at_a_time_and_counts_them_together(quoted: World) -> None:
    quoted.send(BUY, LIMIT, "2.5", "100.00", display_qty=quoted.x.qty("1"))
    parent = quoted.order("O1")
    shown = [order for order in quoted.state.orders.values() if order.parent_id == "O1"]
    assert [(order.qty, order.status) for order in shown] == [(quoted.x.qty("1"), OrdStatus.NEW)]
    for _ in range(3):
        quoted.trade("99.00", "100", SELL)
    assert (parent.status, parent.cum_qty, f"{parent.average}") == (OrdStatus.FILLED, parent.qty, "100.00")
    assert sum(order.cum_qty for order in quoted.state.orders.values() if order.parent_id == "O1") == parent.qty
    well(quoted)


def test_a_cancelled_iceberg_takes_its_slice_along(quoted: World) -> None:
    quoted.send(BUY, LIMIT, "2.5", "99.00", display_qty=quoted.x.qty("1"))
    quoted.give(CancelOrder(command_id="x", order_id="O1"))
    assert status(quoted, "O1", "O2") == ["canceled", "canceled"]
    well(quoted)


def test_nothing_that_waits_here_is_told_to_the_venue(quoted: World) -> None:
    quoted.hold_requests = True
    bracket(quoted)
    sent = [request.order_id for request in quoted.outbox if isinstance(request, NewOrderSingle)]
    assert sent == ["O1"]


REFUSED = [
    ("risk.trigger_missing", {"ord_type": STOP}),
    ("risk.misplaced", {"ord_type": LIMIT, "price": "99.00", "trigger_price": "98.00"}),
    ("risk.price_positive", {"ord_type": STOP, "trigger_price": "0"}),
    ("risk.end_missing", {"ord_type": LIMIT, "price": "99.00", "time_in_force": TimeInForce.GTD}),
    ("risk.display", {"ord_type": LIMIT, "price": "99.00", "display_qty": 10**9}),
    ("group.incomplete", {"ord_type": LIMIT, "price": "99.00", "group": "g"}),
    ("risk.not_offered", {"ord_type": OrdType.MARKET_TO_LIMIT}),
]


@pytest.mark.parametrize(
    ("code", "terms"), REFUSED[:2] + REFUSED[3:], ids=lambda one: one if isinstance(one, str) else ""
)
def test_words_that_do_not_fit_together_are_refused(quoted: World, code: str, terms: dict) -> None:
    assert quoted.send(BUY, qty="1", **terms).code == code


def test_the_slice_of_an_iceberg_holds_back_nothing_twice(quoted: World) -> None:
    quoted.send(BUY, MARKET, "1", account="margin")
    quoted.send(SELL, STOP, "1", trigger_price="50.00", account="margin")
    quoted.send(BUY, LIMIT, "2.5", "99.00", display_qty=quoted.x.qty("1"), account="margin")
    margin = quoted.state.accounts["margin"]
    assert "margin" in quoted.state.controls.loose, "an order that only closes now holds back nothing"
    assert missing_in_full(quoted.state, margin, "CNY") == 0


def test_a_venue_that_changes_no_order_is_asked_for_no_change(quoted: World) -> None:
    quoted.natively = msgspec.structs.replace(quoted.natively, replace=False)
    quoted.send(BUY, LIMIT, "1", "99.00")
    quoted.send(BUY, STOP, "1", trigger_price="101.00")
    x = quoted.x
    amends = (
        AmendOrder(command_id="a1", order_id="O1", price=x.price("98.00")),
        AmendOrder(command_id="a2", order_id="O2", trigger_price=x.price("102.00")),
    )
    assert [quoted.give(amend).answers[0].code for amend in amends] == ["command.no_amend", ""]
    quoted.send(BUY, MARKET, "1")
    refused = quoted.send(SELL, LIMIT, "1", "105.00", reduce_only=True)
    assert (refused.code, refused.params) == ("risk.not_offered", {"what": "reduce_only"})
    assert quoted.send(SELL, MARKET, "1", reduce_only=True).accepted
    grouped = quoted.send(BUY, LIMIT, "1", "98.00", contingency=Contingency.OUO, group="g")
    assert (grouped.code, grouped.params) == ("risk.not_offered", {"what": "ouo"})
    well(quoted)


@pytest.mark.parametrize("native_stop", [False, True])
def test_exits_cover_an_entry_that_fills_at_several_prices_at_once(world: World, native_stop: bool) -> None:
    if native_stop:
        world.natively = EVERYTHING
    world.quote("100.00", "50", "100.02", "0.5")
    world.level(SELL, "100.03", "0.7")
    world.level(SELL, "100.04", "5")
    world.trade("100.01", "1", None)
    world.hold_requests = True
    entry, stop, target = bracket(world, price=None)
    world.flush()  # the fills; what they let go is heard of after the last of them
    world.hold_requests = False
    world.flush()
    assert world.order(entry).cum_qty == world.x.qty("2")
    assert [world.order(one).leaves_qty for one in (stop, target)] == [world.x.qty("2")] * 2
    well(world)


def test_an_exit_made_smaller_by_hand_stays_so(quoted: World) -> None:
    _, _, target = bracket(quoted, price=None)
    amend = AmendOrder(command_id="a", order_id=target, qty=quoted.x.qty("0.5"))
    assert quoted.give(amend).answers[0].accepted
    assert quoted.order(target).leaves_qty == quoted.x.qty("0.5")
