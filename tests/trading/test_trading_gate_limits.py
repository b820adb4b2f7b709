"""Limits are state that commands change; the gate holds every order to all whose scope covers it."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from trading_world import BUY, MS, SELL, World, replayed, share

from termdesk.core.model.codes import CODES
from termdesk.core.model.command import AmendOrder, CancelOrder, SetLimits
from termdesk.core.model.event import DayReference
from termdesk.core.model.facts import LimitsChanged, SurveillanceNoticed, TradingStateChanged
from termdesk.core.model.limits import ScopedLimits, TradingLimits, TradingState
from termdesk.core.model.terms import AccountKind, Mode, OrdStatus
from termdesk.core.trading.control.limits_read import limits_result
from termdesk.core.trading.inputs import OpenDesk

SECOND = 1000 * MS


@pytest.fixture
def desk() -> World:
    """Bid 100.00, ask 100.02, 500 each; two margin accounts with a million."""
    made = World(share(lot="1"))
    made.open(("a", AccountKind.MARGIN, "1000000"), ("b", AccountKind.MARGIN, "1000000"))
    made.quote("100.00", "500", "100.02", "500")
    return made


def limit(world: World, *, account: str = "", instrument: str = "", **changes: object):
    world.commands += 1
    texts = {name: str(value) for name, value in changes.items()}
    command = SetLimits(command_id=f"l{world.commands}", account=account, instrument=instrument, changes=texts)
    return world.give(command).answers[0]


def refused(answer) -> tuple[str, dict[str, str]]:
    assert not answer.accepted
    assert set(answer.params) == set(CODES[answer.code])
    return answer.code, answer.params


def submit(world: World, qty: str, price: str | None = "99.00", side=BUY, account: str = "a"):
    return world.submit(side, qty, price, account=account)


def test_the_limit_itself_passes_and_one_more_does_not(desk) -> None:
    assert limit(desk, max_qty="100").accepted
    assert submit(desk, "100").accepted
    assert refused(submit(desk, "101")) == ("risk.max_qty", {"qty": "101", "max": "100"})


def test_the_worth_of_an_order_with_and_without_a_price(desk) -> None:
    limit(desk, max_notional="990")
    assert submit(desk, "10", "99.00").accepted
    worth = {"notional": "1000", "max": "990", "currency": "CNY"}
    assert refused(submit(desk, "10", "100.00")) == ("risk.max_notional", worth)
    assert refused(submit(desk, "10", None))[1]["notional"] == "1000.2"
    assert refused(submit(desk, "11", None, side=SELL))[1]["notional"] == "1100"


@pytest.mark.parametrize(
    ("reference", "price", "side", "bound"),
    [
        ("mid", "105.02", BUY, "105.01"),
        ("mid", "95.00", SELL, "95.01"),
        ("last", "105.01", BUY, "105.00"),
        ("prev_close", "94.99", SELL, "95.00"),
    ],
)
def test_a_slipped_finger_is_caught_by_the_collar(desk, reference, price, side, bound) -> None:
    desk.trade("100.00", "1", None)
    desk.event(DayReference(desk.x.id, desk.now_ns, desk.now_ns, desk.x.price("100.00")))
    limit(desk, collar="0.05", collar_reference=reference)
    words = {"price": price, "bound": bound, "percent": "5", "reference": reference}
    assert refused(submit(desk, "1", price, side)) == ("risk.collar", words)
    assert submit(desk, "1", bound, side).accepted
    assert submit(desk, "1", "1.00" if side is BUY else "500.00", side).accepted


def test_a_price_that_cannot_be_held_against_its_reference_adds_no_risk(desk) -> None:
    limit(desk, collar="0.05", collar_reference="prev_close")
    assert refused(submit(desk, "1")) == ("risk.collar_unknown", {"reference": "prev_close"})


def test_a_position_counts_with_the_orders_that_work_on_its_side(desk) -> None:
    limit(desk, max_position="100")
    submit(desk, "60", None)
    submit(desk, "30", "99.00")
    assert refused(submit(desk, "11", "99.00")) == ("risk.max_position", {"after": "101", "max": "100"})
    assert submit(desk, "10", "99.00").accepted
    assert submit(desk, "60", "101.00", SELL).accepted


def test_positions_and_orders_together(desk) -> None:
    limit(desk, max_gross="10000", account="a")
    submit(desk, "50", None)
    code, params = refused(submit(desk, "51", "99.00"))
    assert (code, params["max"], params["currency"]) == ("risk.max_gross", "10000", "CNY")
    assert submit(desk, "49", "99.00").accepted
    assert submit(desk, "51", "99.00", account="b").accepted


def test_orders_that_work_are_counted_by_account_and_given_back(desk) -> None:
    limit(desk, max_active_orders=2)
    first = submit(desk, "1").order_ids[0]
    submit(desk, "1", "98.00")
    assert refused(submit(desk, "1", "97.00")) == ("risk.max_active_orders", {"working": "2", "max": "2"})
    assert submit(desk, "1", account="b").accepted
    desk.give(CancelOrder(command_id="x", order_id=first))
    assert submit(desk, "1", "97.00").accepted


def test_orders_and_cancels_of_a_day_begin_anew_with_the_next(desk, monkeypatch) -> None:
    limit(desk, max_orders_day=2, max_cancels_day=1)
    first = submit(desk, "1").order_ids[0]
    desk.give(CancelOrder(command_id="x", order_id=first))
    assert refused(submit(desk, "1", "98.00")) == ("risk.max_cancels_day", {"cancels": "1", "max": "1"})
    limit(desk, max_cancels_day=0)
    assert submit(desk, "1", "98.00").accepted
    assert refused(submit(desk, "1", "97.00")) == ("risk.max_orders_day", {"orders": "2", "max": "2"})
    monkeypatch.setattr(desk, "trading_day", lambda _: "2026-11-23")
    assert submit(desk, "1", "97.00").accepted


def test_a_window_slides_counts_amends_and_refuses_no_cancel(desk) -> None:
    limit(desk, max_submits=3, submit_window_ms=1000)
    first = submit(desk, "1").order_ids[0]
    desk.now_ns += 400 * MS
    assert desk.give(AmendOrder(command_id="m", order_id=first, qty=2)).answers[0].accepted
    assert submit(desk, "1", "98.00").accepted
    assert refused(submit(desk, "1", "97.00")) == ("risk.max_submits", {"max": "3", "window": "1000"})
    amend = AmendOrder(command_id="n", order_id=first, qty=3)
    assert refused(desk.give(amend).answers[0])[0] == "risk.max_submits"
    assert desk.give(CancelOrder(command_id="x", order_id=first)).answers[0].accepted
    desk.now_ns += 599 * MS
    assert not submit(desk, "1", "97.00").accepted
    desk.now_ns += MS
    assert submit(desk, "1", "97.00").accepted


def test_orders_stop_where_the_room_for_cancels_begins(desk) -> None:
    limit(desk, max_messages=10, cancel_reserve=20)
    sent = [submit(desk, "1", f"{90 + n}.00") for n in range(9)]
    assert [one.accepted for one in sent] == [True] * 8 + [False]
    assert refused(sent[-1]) == ("risk.max_messages", {"max": "10", "window": "1000", "kept": "2"})
    for n, one in enumerate(sent[:8]):
        assert desk.give(CancelOrder(command_id=f"x{n}", order_id=one.order_ids[0])).answers[0].accepted


def test_every_working_order_keeps_one_message_of_the_day(desk) -> None:
    limit(desk, max_messages_day=6)
    assert [submit(desk, "1", f"{90 + n}.00").accepted for n in range(4)] == [True, True, True, False]
    assert refused(submit(desk, "1")) == ("risk.max_messages_day", {"messages": "3", "max": "6", "kept": "4"})


@pytest.mark.parametrize("window", ["0", "1000"])
def test_the_same_order_again_and_again(desk, window) -> None:
    limit(desk, max_identical=2, identical_window_ms=window)
    assert submit(desk, "1").accepted
    assert submit(desk, "1", "98.00").accepted
    assert submit(desk, "1").accepted
    assert refused(submit(desk, "1")) == ("risk.max_identical", {"max": "2", "window": window})
    assert submit(desk, "2").accepted
    desk.now_ns += SECOND
    assert submit(desk, "1").accepted is (window != "0")


def test_a_restricted_instrument_is_left_alone(desk) -> None:
    desk.submit(BUY, "10", "99.00", account="a")
    limit(desk, instrument="X.TEST", restricted="true")
    assert refused(submit(desk, "1")) == ("risk.restricted", {"instrument": "X.TEST"})
    assert desk.give(AmendOrder(command_id="less", order_id="O1", qty=5)).answers[0].accepted


def test_a_loss_leaves_only_closing_until_a_person_lifts_it(desk) -> None:
    limit(desk, account="a", max_loss_day="500")
    submit(desk, "100", None)
    desk.quote("95.00", "500", "95.02", "500")
    desk.trade("95.00", "1", None)
    code, params = refused(submit(desk, "1", "94.00"))
    assert (code, params["max"]) == ("risk.max_loss_day", "500")
    assert submit(desk, "1", None, SELL).accepted
    (changed,) = desk.facts(TradingStateChanged)
    assert (changed.account, changed.state, changed.command_id) == ("a", TradingState.REDUCING, "")
    assert refused(submit(desk, "1", "94.00"))[0] == "risk.trading_state"
    assert submit(desk, "1", "94.00", account="b").accepted
    assert replayed(desk.records).snapshot() == desk.state.snapshot()


def test_a_loss_may_only_warn_once_a_day(desk) -> None:
    limit(desk, account="a", max_loss_day="500", on_loss="warn")
    submit(desk, "100", None)
    desk.quote("90.00", "500", "90.02", "500")
    desk.trade("90.00", "1", None)
    assert submit(desk, "1", None).accepted
    assert submit(desk, "1", None).accepted
    (told,) = desk.facts(SurveillanceNoticed)
    assert (told.account, told.reason.code, told.reason.params["max"]) == ("a", "risk.lost_much", "500")
    assert desk.facts(TradingStateChanged) == []


def test_scopes_all_hold_and_narrow_ones_do_not_widen(desk) -> None:
    limit(desk, max_qty="50")
    limit(desk, account="a", max_qty="100")
    limit(desk, account="b", instrument="X.TEST", max_qty="10")
    limit(desk, instrument="TEST", max_qty="40")
    limit(desk, instrument="OTHER", max_qty="1")
    assert refused(submit(desk, "41"))[1]["max"] == "40"
    assert submit(desk, "40").accepted
    assert refused(submit(desk, "11", account="b"))[1]["max"] == "10"


def test_limits_can_be_read_and_taken_away_again(desk) -> None:
    limit(desk, account="a", max_qty="50", max_submits=5)
    limit(desk, account="a", max_qty="0")
    assert limits_result(desk.state).limits == (ScopedLimits(account="a", limits=TradingLimits(max_submits=5)),)
    limit(desk, account="a", max_submits=0)
    assert limits_result(desk.state).limits == ()
    assert [fact.limits.max_qty for fact in desk.facts(LimitsChanged)] == [Decimal(50), 0, 0]


@pytest.mark.parametrize(
    ("scope", "changes", "code"),
    [
        ({}, {"max_qyt": "5"}, "risk.limit_unknown"),
        ({}, {"max_qty": "many"}, "risk.limit_value"),
        ({}, {"max_qty": "-1"}, "risk.limit_value"),
        ({}, {"max_submits": "1001"}, "risk.limit_value"),
        ({"instrument": "X.TEST"}, {"max_submits": "5"}, "risk.limit_scope"),
        ({"instrument": "Y.TEST"}, {"max_qty": "5"}, "command.instrument_unknown"),
        ({"account": "nobody"}, {"max_qty": "5"}, "command.account_unknown"),
    ],
)
def test_what_is_no_limit_is_refused_by_name(desk, scope, changes, code) -> None:
    assert refused(limit(desk, **scope, **changes))[0] == code
    assert desk.state.controls.limits == {}


def test_a_desk_opens_with_the_limits_of_its_configuration() -> None:
    world = World(share(lot="1"))
    first = (ScopedLimits(instrument="TEST", limits=TradingLimits(max_qty=Decimal(5))),)
    world.give(OpenDesk(desk="d", mode=Mode.DEMO, seed=1, base_currency="CNY", limits=first))
    world.open(("a", AccountKind.MARGIN, "1000000"))
    world.quote("100.00", "500", "100.02", "500")
    assert refused(submit(world, "6"))[0] == "risk.max_qty"
    assert limits_result(replayed(world.records)).limits == first


def test_counts_are_equal_after_a_replay_at_every_prefix(desk) -> None:
    limit(desk, max_submits=3, max_identical=2, max_messages_day=50)
    for n in range(12):
        answer = submit(desk, "1", f"{95 + n % 3}.00", account="ab"[n % 2])
        if answer.accepted and n % 3 == 0:
            desk.give(CancelOrder(command_id=f"x{n}", order_id=answer.order_ids[0]))
        desk.now_ns += 250 * MS
    assert replayed(desk.records).snapshot() == desk.state.snapshot()
    half = replayed(desk.records[: len(desk.records) // 2])
    again = msgspec.msgpack.decode(half.snapshot(), type=type(half))
    assert again.snapshot() == half.snapshot()
    assert all(order.status is not OrdStatus.REJECTED for order in desk.state.orders.values())
