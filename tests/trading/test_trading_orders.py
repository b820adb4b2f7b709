"""Orders move by the table; a fill is booked whatever the status; reports are told apart by ExecID."""

from __future__ import annotations

from decimal import Decimal

import pytest
from trading_world import BUY, SELL, World, assert_books_balance, replayed, share

from termdesk.core.model.command import AmendOrder, ArmCondition, CancelAll, CancelOrder, DisarmCondition
from termdesk.core.model.condition import LastAtOrAbove, Notify
from termdesk.core.model.errors import Refused
from termdesk.core.model.execution import OrderCancelReject
from termdesk.core.model.facts import (
    AlertRaised,
    CommandRefused,
    ConditionTriggered,
    InstrumentListed,
    OrderAccepted,
    OrderFilled,
    OrderNotSent,
    OrderSubmitted,
)
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import AccountKind, ExecType, Link, OrdStatus, Overfill, TimeInForce
from termdesk.core.model.venue import BrokerLink, BrokerRules
from termdesk.core.trading import read
from termdesk.core.trading.inputs import ConditionMet, OpenAccount, OpenDesk, ResumeDesk, StopDesk
from termdesk.core.trading.orders.order import Word


@pytest.fixture
def venue(world) -> World:
    """Reports are made by hand: nothing reaches the simulated exchange."""
    world.hold_requests = True
    world.submit(BUY, "10.0", "100.00")
    return world


def cancel(world: World, order_id: str = "O1", command_id: str = "x"):
    return world.give(CancelOrder(command_id=command_id, order_id=order_id)).answers[0]


def reject_cancel(world: World, *, is_replace: bool = False) -> None:
    order = world.order("O1")
    world.give(
        OrderCancelReject(
            exec_id="R1",
            order_id="O1",
            cl_ord_id=order.cl_ord_ids[-1],
            account=order.account,
            instrument=order.instrument,
            at_ns=world.now_ns,
            is_replace=is_replace,
            reason=Reason("venue.order_unknown", {"venue_order_id": "V1"}),
        )
    )


def test_three_identities(venue) -> None:
    submitted = venue.facts(OrderSubmitted)[0]
    assert (submitted.order_id, submitted.cl_ord_id, submitted.venue_cl_ord_id) == ("O1", "O1.1", "O1.1")
    venue.execution("O1", ExecType.NEW, "e1")
    assert venue.order("O1").venue_order_id == "V1"
    cancel(venue)
    assert venue.order("O1").cl_ord_ids == ["O1.1", "O1.2"]


def test_duplicate_execution_is_dropped(venue) -> None:
    for _ in range(2):
        venue.execution("O1", ExecType.TRADE, "e1", "3.0", "99.9")
    assert len(venue.facts(OrderFilled)) == 1
    venue.execution("O1", ExecType.TRADE, "e2", "3.0", "99.9")
    assert venue.order("O1").cum_qty == 60


def test_full_fill_after_cancel_is_booked_and_fills_the_order(venue) -> None:
    venue.execution("O1", ExecType.NEW, "e1")
    venue.execution("O1", ExecType.CANCELED, "e2")
    assert venue.order("O1").status is OrdStatus.CANCELED
    venue.execution("O1", ExecType.TRADE, "e3", "4.0", "100")
    assert (venue.order("O1").status, venue.position().qty) == (OrdStatus.CANCELED, 40)
    venue.execution("O1", ExecType.TRADE, "e4", "6.0", "100")
    assert (venue.order("O1").status, venue.position().qty) == (OrdStatus.FILLED, 100)
    assert_books_balance(venue.state)


@pytest.mark.parametrize("ending", [ExecType.REJECTED, ExecType.EXPIRED])
def test_late_fill_is_booked_in_any_ended_status(venue, ending) -> None:
    venue.execution("O1", ending, "e1", reason=Reason("end.ioc", {"left": "10.0"}))
    venue.execution("O1", ExecType.TRADE, "e2", "2.0", "100")
    assert venue.position().qty == 20
    assert_books_balance(venue.state)


def test_an_overfill_is_refused_unless_its_broker_declares_otherwise(venue) -> None:
    venue.execution("O1", ExecType.TRADE, "e1", "12.0", "100")
    order = venue.order("O1")
    assert (order.cum_qty, order.status, venue.position()) == (0, OrdStatus.PENDING_NEW, None)
    (alert,) = venue.facts(AlertRaised)
    assert (alert.reason.code, alert.order_id) == ("recon.overfill", "O1")


def test_an_overfill_that_is_allowed_is_booked_and_leaves_stay_zero(venue) -> None:
    rules = BrokerRules(overfill=Overfill.ALLOW)
    venue.give(BrokerLink(broker="paper", at_ns=1, link=Link.UP, rules=rules))
    venue.execution("O1", ExecType.TRADE, "e1", "12.0", "100")
    order = venue.order("O1")
    assert (order.leaves_qty, order.overfill_qty, order.status) == (0, 20, OrdStatus.FILLED)
    assert (venue.position().qty, order.reserve) == (120, 0)


def test_refused_cancel_restores_what_was_before(venue) -> None:
    venue.execution("O1", ExecType.NEW, "e1")
    venue.execution("O1", ExecType.TRADE, "e2", "3.0", "100")
    cancel(venue)
    assert venue.order("O1").status is OrdStatus.PENDING_CANCEL
    reject_cancel(venue)
    order = venue.order("O1")
    assert (order.status, order.cum_qty, order.leaves_qty) == (OrdStatus.NEW, 30, 70)


def test_cancel_crossing_the_acknowledgement_stays_pending(venue) -> None:
    cancel(venue)
    venue.execution("O1", ExecType.NEW, "e1")
    assert venue.order("O1").status is OrdStatus.PENDING_CANCEL
    venue.execution("O1", ExecType.CANCELED, "e2")
    assert venue.order("O1").status is OrdStatus.CANCELED


def test_cancel_during_a_replace_outlives_it(venue) -> None:
    venue.execution("O1", ExecType.NEW, "e1")
    venue.give(AmendOrder(command_id="a", order_id="O1", qty=50))
    assert venue.order("O1").status is OrdStatus.PENDING_REPLACE
    replace_id = venue.order("O1").cl_ord_ids[-1]
    cancel(venue)
    assert venue.order("O1").status is OrdStatus.PENDING_CANCEL
    venue.execution("O1", ExecType.REPLACED, "e2", cl_ord_id=replace_id, qty=50, price=10_000)
    order = venue.order("O1")
    assert (order.status, order.qty, order.leaves_qty) == (OrdStatus.PENDING_CANCEL, 50, 50)


def test_words_that_do_not_fit_change_nothing(venue) -> None:
    order = venue.order("O1")
    venue.execution("O1", ExecType.CANCELED, "e1")
    for word in Word:
        order.move(word)
        assert order.status is OrdStatus.CANCELED


def test_report_of_an_unknown_order_is_ignored_and_said(venue) -> None:
    order = venue.order("O1")
    venue.state.orders.pop("O1")
    venue.state.orders["O2"] = order
    done = venue.give(
        OrderCancelReject(
            exec_id="r",
            order_id="O1",
            cl_ord_id="O1.1",
            account="cash",
            instrument=venue.x.id,
            at_ns=1,
            is_replace=False,
            reason=Reason("end.asked"),
        )
    )
    assert (done.records, done.ignored.code) == ([], "command.order_unknown")


def test_the_same_command_id_gets_the_first_answer_also_after_replay(world) -> None:
    first = world.submit(BUY, "1.0", "99.00", command_id="once")
    seq = world.state.seq
    assert world.submit(SELL, "7.0", "105.00", command_id="once") == first
    refused = world.submit(BUY, "1.0", "0", command_id="bad")
    world.state = replayed(world.records)
    assert world.submit(BUY, "2.0", "99.00", command_id="once") == first
    assert world.submit(BUY, "2.0", "99.00", command_id="bad") == refused
    assert (len(world.state.orders), len(world.facts(CommandRefused)), world.state.seq) == (1, 1, seq + 1)


def test_instrument_is_listed_before_its_first_fact_and_only_then(world) -> None:
    world.submit(BUY, "1.0", "99.00")
    world.submit(BUY, "1.0", "99.00")
    kinds = [type(record.fact) for record in world.records]
    assert kinds.count(InstrumentListed) == 1
    assert kinds.index(InstrumentListed) < kinds.index(OrderSubmitted)


def test_cancel_all_names_each_order_and_leaves_others(world) -> None:
    world.submit(BUY, "1.0", "99.00")
    world.submit(BUY, "1.0", "98.00", account="margin")
    world.submit(BUY, "1.0", "97.00")
    answer = world.give(CancelAll(command_id="all", account="cash")).answers[0]
    assert answer.order_ids == ("O1", "O3")
    assert list(world.state.working) == ["O2"]
    assert world.give(CancelAll(command_id="none", account="cash")).answers[0].order_ids == ()
    level = CancelAll(command_id="level", instrument=world.x.id, side=BUY, price=world.x.price("98.00"))
    assert world.give(level).answers[0].order_ids == ("O2",)


@pytest.mark.parametrize(
    ("field", "code"), [("account", "command.account_unknown"), ("instrument", "command.instrument_unknown")]
)
def test_cancel_all_of_an_unknown_name_is_refused(world, field: str, code: str) -> None:
    world.submit(BUY, "1.0", "99.00")
    answer = world.give(CancelAll(command_id="all", **{field: "nope"})).answers[0]
    assert (answer.accepted, answer.code) == (False, code)


def test_cancel_releases_the_reserve(world) -> None:
    world.submit(BUY, "10.0", "99.00")
    assert world.cash().reserved == Decimal("991.98")
    assert cancel(world).accepted
    assert (world.cash().reserved, world.order("O1").status) == (0, OrdStatus.CANCELED)
    ended = cancel(world, command_id="again")
    assert (ended.code, ended.params) == ("command.order_ended", {"order_id": "O1", "status": "canceled"})


def test_amend_holds_the_larger_reserve_until_answered(venue) -> None:
    venue.execution("O1", ExecType.NEW, "e1")
    venue.give(AmendOrder(command_id="a", order_id="O1", price=9_000))
    assert venue.order("O1").reserve == Decimal("1002.00")
    reject_cancel(venue, is_replace=True)
    assert (venue.order("O1").reserve, venue.order("O1").price) == (Decimal("1002.00"), 10_000)
    venue.give(AmendOrder(command_id="b", order_id="O1", price=10_010))
    assert venue.order("O1").reserve == Decimal("1003.01")


@pytest.mark.parametrize("filled", ["3.0", "10.0"], ids=["in part", "all of the old quantity"])
def test_fill_during_an_amend_leaves_what_the_larger_terms_need(venue, filled: str) -> None:
    venue.execution("O1", ExecType.NEW, "e1")
    venue.give(AmendOrder(command_id="a", order_id="O1", qty=300))
    replace_id, asked = venue.order("O1").cl_ord_ids[-1], venue.order("O1").reserve
    venue.execution("O1", ExecType.TRADE, "f1", filled, "100.00")
    venue.execution("O1", ExecType.REPLACED, "e2", cl_ord_id=replace_id, qty=300, price=10_000)
    order = venue.order("O1")
    cost = (300 - order.cum_qty) * Decimal(10)
    assert (order.status, order.leaves_qty) == (OrdStatus.NEW, 300 - order.cum_qty)
    assert cost < order.reserve < asked
    assert_books_balance(venue.state)


def test_two_accounts_trade_apart(world) -> None:
    world.submit(BUY, "2.0", account="cash")
    world.submit(SELL, "3.0", account="margin")
    assert (world.position("cash").qty, world.position("margin").qty) == (20, -30)
    assert [fill.fill.account for fill in read.fill_lines(world.state, account="margin")] == ["margin"]
    assert len(read.order_lines(world.state, "cash")) == 1
    assert_books_balance(world.state)


def test_market_buy_estimate_covers_its_fills(world) -> None:
    world.submit(BUY, "12.0")
    submitted = world.facts(OrderSubmitted)[0]
    fills = world.facts(OrderFilled)
    paid = sum(fill.amount + sum(fee.amount for fee in fill.fees) for fill in fills)
    assert paid <= submitted.reserve <= paid * Decimal("1.011")
    assert world.cash().reserved == 0


def test_average_cost_and_profit(world) -> None:
    world.submit(BUY, "5.0", "100.02")
    world.submit(SELL, "2.0", "100.00")
    world.trade("100.10", "1.0", None)
    line = world.position()
    assert (line.qty, line.average, line.realised) == (30, Decimal("100.02"), Decimal("-0.04"))
    assert (line.mark, line.mark_source, line.unrealised) == (Decimal("100.10"), "last", Decimal("0.24"))
    assert world.cash().fees == Decimal("1.00") + Decimal("0.40")
    assert world.cash().balance == Decimal("10000") - Decimal("500.10") + Decimal("200.00") - Decimal("1.40")


def test_unknown_mark_is_unknown_not_zero(world) -> None:
    world.submit(BUY, "5.0")
    assert world.position().unrealised is None
    assert world.cash().unrealised is None


def test_why_tells_fills_and_waiting(world) -> None:
    world.submit(BUY, "10.0", "100.00")
    world.trade("100.00", "6.0", SELL)
    told = read.why(world.state, "O1", world.exchange.waits("O1"))
    assert [step.what for step in told.steps] == ["order_submitted", "order_accepted", "order_filled"]
    assert told.steps[1].reason == Reason("queue.back", {"ahead": "5.0", "level": "5.0"})
    assert told.steps[2].reason == Reason("fill.queue", {"ahead": "5.0", "traded": "6.0", "filled": "1.0"})
    assert (told.steps[2].price, told.steps[2].seen.bid) == (Decimal("100.00"), 10_000)
    assert told.waits == Reason("wait.queue", {"ahead": "0.0", "price": "100.00"})
    cancel(world)
    assert read.why(world.state, "O1", None).order.reason == Reason("end.asked")
    with pytest.raises(Refused, match="order_unknown"):
        read.why(world.state, "O9", None)


def test_restart_settles_what_never_reached_the_venue(world) -> None:
    world.submit(BUY, "1.0", "99.00")
    world.submit(BUY, "1.0", "98.00")
    world.hold_requests = True
    world.submit(BUY, "1.0", "97.00")
    cancel(world, "O1")
    world.give(AmendOrder(command_id="a", order_id="O2", price=9_810))
    world.outbox.clear()
    world.give(ResumeDesk(clean=False, engine_version="1"))
    assert {i: o.status for i, o in world.state.orders.items()} == {
        "O1": OrdStatus.CANCELED,
        "O2": OrdStatus.NEW,
        "O3": OrdStatus.NOT_SENT,
    }
    assert world.facts(OrderNotSent)[0].reason == Reason("venue.restarted")
    assert world.cash().reserved == Decimal("98.20")
    assert [o.new.order_id for o in read.restorable(world.state, "paper")] == ["O2"]
    assert_books_balance(world.state)


@pytest.mark.parametrize("side", [BUY, SELL])
@pytest.mark.parametrize(("price", "tif"), [(None, TimeInForce.GTC), ("100.00", TimeInForce.IOC)])
def test_an_order_interrupted_while_it_took_is_over_after_a_restart(world, side, price, tif) -> None:
    world.submit(side, "20.0", price, account="margin", tif=tif)
    accepted = next(record.seq for record in world.records if isinstance(record.fact, OrderAccepted))
    world.state = replayed(world.records[:accepted])
    world.give(ResumeDesk(clean=False, engine_version="1"))
    assert (world.order("O1").status, world.order("O1").reason) == (OrdStatus.CANCELED, Reason("venue.restarted"))
    assert read.restorable(world.state, "paper") == ()
    assert world.cash("margin").reserved == 0
    assert_books_balance(world.state)


def test_orders_of_a_venue_outside_are_unknown_after_a_restart_until_it_is_asked(venue) -> None:
    venue.give(ResumeDesk(clean=False, engine_version="1", simulated=()))
    assert venue.order("O1").status is OrdStatus.UNKNOWN
    assert venue.order("O1").in_doubt


def test_opening_twice_changes_nothing(world) -> None:
    again = OpenDesk(desk="other", mode=world.state.mode, seed=9, base_currency="USD")
    assert world.give(again).records == []
    assert world.give(OpenAccount(account="cash", kind=AccountKind.MARGIN, broker="paper")).records == []


def test_stop_is_told_from_a_crash(world) -> None:
    assert replayed(world.records).running
    world.give(StopDesk())
    assert not replayed(world.records).running


def test_condition_is_armed_fires_once_and_can_be_taken_back(world) -> None:
    def arm(price: str):
        predicate = LastAtOrAbove(world.x.id, world.x.price(price))
        command = ArmCondition(command_id=f"arm{len(world.records)}", predicate=predicate, action=Notify("now"))
        return world.give(command).answers[0]

    assert arm("101.00").accepted
    assert arm("0").code == "risk.price_positive"
    assert [line.condition_id for line in read.condition_lines(world.state)] == ["C1"]
    for _ in range(2):
        world.give(ConditionMet(condition_id="C1", price=10_100))
    assert len(world.facts(ConditionTriggered)) == 1
    arm("102.00")
    assert list(world.state.conditions) == ["C2"]
    assert world.give(DisarmCondition(command_id="d", condition_id="C2")).answers[0].accepted
    assert world.give(DisarmCondition(command_id="e", condition_id="C2")).answers[0].code == "command.condition_unknown"


def test_a_closing_profit_moves_cash_of_a_margin_account() -> None:
    world = World(share(lot="0.1")).open(("margin", AccountKind.MARGIN, "1000"))
    world.quote("100.00", "50.0", "100.02", "50.0")
    world.submit(SELL, "5.0", account="margin")
    assert world.cash("margin").balance == Decimal("1000") - 1
    world.quote("90.00", "50.0", "90.02", "50.0")
    world.submit(BUY, "5.0", account="margin")
    assert world.cash("margin").balance == Decimal("1000") - 1 + Decimal("49.90") - Decimal("0.90")
    assert_books_balance(world.state)
