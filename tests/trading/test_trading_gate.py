"""The risk gate refuses with the rule and its numbers."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from trading_world import BUY, MS, SELL, World, replayed, share

from termdesk.core.model.codes import CODES
from termdesk.core.model.command import AmendOrder, SubmitOrder
from termdesk.core.model.facts import CommandRefused, OrderSubmitted
from termdesk.core.model.terms import AccountKind, OrdStatus, OrdType, Phase, TimeInForce
from termdesk.core.trading.preview import preview, preview_amend
from termdesk.core.trading.read import restorable


def refused(answer) -> tuple[str, dict[str, str]]:
    assert not answer.accepted
    assert set(answer.params) == set(CODES[answer.code])
    return answer.code, answer.params


@pytest.fixture
def coarse() -> World:
    """Lot and minimum 100 shares, tick 0.05."""
    base = share(lot="1", tick="0.01")
    rule = msgspec.structs.replace(base.rules[0], tick=5, lot=100, min_qty=100)
    made = World(msgspec.structs.replace(base, rules=(rule,)))
    made.open(("cash", AccountKind.CASH, "1000000"))
    made.quote("100.00", "500", "100.05", "500")
    return made


def test_price_off_the_tick(coarse) -> None:
    assert refused(coarse.submit(BUY, "100", "100.02")) == ("risk.tick", {"price": "100.02", "tick": "0.05"})


def test_quantity_off_the_lot_and_below_the_minimum(coarse) -> None:
    assert refused(coarse.submit(BUY, "150", "100.00")) == ("risk.lot", {"qty": "150", "lot": "100"})
    assert refused(coarse.submit(BUY, "50", "100.00")) == ("risk.min_qty", {"qty": "50", "min_qty": "100"})
    assert refused(coarse.submit(BUY, "0", "100.00")) == ("risk.min_qty", {"qty": "0", "min_qty": "100"})
    assert refused(coarse.submit(BUY, "-100", "100.00"))[0] == "risk.min_qty"


def test_an_odd_rest_is_sold_only_as_a_whole(coarse) -> None:
    coarse.level(SELL, "100.05", "130")
    coarse.submit(BUY, "200", "100.05", tif=TimeInForce.IOC)
    assert coarse.position().qty == 130
    assert refused(coarse.submit(SELL, "20", "100.00"))[0] == "risk.min_qty"
    assert refused(coarse.submit(SELL, "120", "100.00"))[0] == "risk.lot"
    assert coarse.submit(SELL, "30", "100.10").accepted
    assert coarse.submit(SELL, "100", "100.10").accepted


def test_price_missing_or_not_above_zero(world) -> None:
    assert refused(world.submit(BUY, "1.0", "0")) == ("risk.price_positive", {"price": "0.00"})
    assert refused(world.submit(BUY, "1.0", "-5"))[0] == "risk.price_positive"
    command = SubmitOrder(
        command_id="none", account="cash", instrument=world.x.id, side=BUY, ord_type=OrdType.LIMIT, qty=10
    )
    assert refused(world.give(command).answers[0]) == ("risk.price_missing", {})


def test_cash_covers_cost_and_taker_fee(world) -> None:
    code, params = refused(world.submit(BUY, "100.0", "100.00"))
    assert (code, params) == ("risk.cash", {"need": "10020", "available": "10000", "asset": "CNY"})
    assert world.submit(BUY, "99.0", "100.00").accepted
    assert refused(world.submit(BUY, "1.0", "100.00"))[1]["available"] == "80.2"


def test_a_cash_account_sells_only_what_it_holds(world) -> None:
    none = ("risk.holding", {"need": "1.0", "available": "0.0", "instrument": "X.TEST"})
    assert refused(world.submit(SELL, "1.0", "100.00")) == none
    world.submit(BUY, "3.0")
    assert world.submit(SELL, "2.0", "101.00").accepted
    code, params = refused(world.submit(SELL, "2.0", "101.00"))
    assert (code, params["available"]) == ("risk.holding", "1.0")


def test_a_margin_account_sells_short_against_cash(world) -> None:
    assert world.submit(SELL, "5.0", "100.00", account="margin").accepted
    assert world.position("margin").qty == -50
    line = world.cash("margin")
    assert (line.balance, line.available) == (world.cash("margin").balance, line.balance - 500)
    assert refused(world.submit(SELL, "95.0", "101.00", account="margin"))[0] == "risk.cash"


def test_what_opens_because_another_order_closed_first_is_covered_too() -> None:
    world = World(share(lot="1"))
    world.open(("margin", AccountKind.MARGIN, "2000"))
    world.quote("99.99", "500", "100.00", "500")
    world.submit(BUY, "10", "100.00", account="margin")
    assert world.submit(SELL, "10", "105.00", account="margin").accepted
    assert world.cash("margin").reserved == 0
    before = world.cash("margin").available
    world.submit(SELL, "9", "99.99", account="margin", tif=TimeInForce.IOC)
    assert world.cash("margin").available < before + 900 - 9 * 105
    assert refused(world.submit(SELL, "18", "99.99", account="margin", tif=TimeInForce.IOC))[0] == "risk.cash"
    world.submit(SELL, "9", "99.99", account="margin", tif=TimeInForce.IOC)
    world.quote("105.00", "500", "105.01", "500")
    assert world.position("margin").qty == -18
    assert world.cash("margin").available >= 0


def test_closing_is_never_refused_for_cash_or_a_stale_link(world) -> None:
    world.submit(SELL, "5.0", "100.00", account="margin")
    world.submit(SELL, "86.0", "110.00", account="margin")
    assert refused(world.submit(SELL, "1.0", "110.00", account="margin"))[0] == "risk.cash"
    world.now_ns += 10_000 * MS
    assert refused(world.submit(SELL, "1.0", "110.00", account="margin"))[0] == "risk.stale_link"
    assert world.submit(BUY, "5.0", "100.05", account="margin").accepted


def test_a_stale_link_blocks_what_adds_risk_and_only_that(world) -> None:
    world.submit(BUY, "2.0")
    world.now_ns += 3_001 * MS
    code, params = refused(world.submit(BUY, "1.0", "100.00"))
    assert (code, params) == ("risk.stale_link", {"age": "3.001", "limit": "3"})
    assert world.submit(SELL, "2.0", "101.00").accepted


def test_exactly_at_the_limit_the_link_is_not_stale(world) -> None:
    world.now_ns += 3_000 * MS
    assert world.submit(BUY, "1.0", "100.00").accepted


def test_phases(world) -> None:
    world.phase(Phase.CLOSED)
    assert refused(world.submit(BUY, "1.0", "100.00")) == ("risk.phase", {"instrument": "X.TEST", "phase": "closed"})
    world.phase(Phase.BREAK)
    assert refused(world.submit(BUY, "1.0"))[0] == "risk.phase"
    assert refused(world.submit(BUY, "1.0", "100.02", tif=TimeInForce.IOC))[0] == "risk.phase"
    assert world.submit(BUY, "1.0", "100.02").accepted
    assert world.fills() == []
    world.phase(Phase.CONTINUOUS)
    assert world.fills() == [("O1", "100.02", "1.0")]


@pytest.mark.parametrize(
    ("price", "tif"), [(None, TimeInForce.GTC), ("100.00", TimeInForce.IOC), ("100.00", TimeInForce.FOK)]
)
def test_only_an_order_that_may_rest_can_be_post_only(world, price, tif) -> None:
    code, params = refused(world.submit(BUY, "1.0", price, tif=tif, post_only=True))
    assert (code, params["time_in_force"]) == ("risk.post_only", tif.value)


def test_a_post_only_order_that_would_take_is_rejected_with_the_price_it_met(world) -> None:
    order_id = world.submit(BUY, "1.0", "100.02", post_only=True).order_ids[0]
    order = world.order(order_id)
    assert (order.status, order.reserve) == (OrdStatus.REJECTED, 0)
    assert order.reason.code == "venue.post_only"


def test_a_post_only_order_is_still_post_only_after_a_restart(world) -> None:
    order_id = world.submit(BUY, "1.0", "99.00", post_only=True).order_ids[0]
    (restored,) = restorable(replayed(world.records), "paper")
    assert restored.new.post_only
    assert replayed(world.records).orders[order_id].post_only


def test_a_submission_recorded_before_an_order_could_be_post_only_loads(world) -> None:
    world.submit(BUY, "1.0", "99.00")
    stored = msgspec.to_builtins(world.facts(OrderSubmitted)[0])
    del stored["post_only"]
    assert msgspec.convert(stored, OrderSubmitted) == world.facts(OrderSubmitted)[0]


def test_no_counterpart_and_no_source(world) -> None:
    world.quote("100.00", "1.0", "0", "0")
    assert refused(world.submit(BUY, "1.0")) == ("risk.no_market", {"instrument": "X.TEST"})
    assert world.submit(BUY, "1.0", "99.00").accepted


def test_nothing_trades_after_a_recording_has_ended(world) -> None:
    world.replay_ended = True
    assert refused(world.submit(BUY, "1.0", "100.00")) == ("risk.replay_ended", {})


def test_unknown_account_instrument_and_order_are_named(world) -> None:
    code, params = refused(world.submit(BUY, "1.0", "100.00", account="nobody"))
    assert (code, params) == ("command.account_unknown", {"account": "nobody", "accounts": "cash, margin"})
    command = SubmitOrder(
        command_id="u", account="cash", instrument="Y.TEST", side=BUY, ord_type=OrdType.LIMIT, qty=1, price=1
    )
    assert refused(world.give(command).answers[0]) == ("command.instrument_unknown", {"instrument": "Y.TEST"})
    amend = AmendOrder(command_id="v", order_id="O9", qty=1)
    assert refused(world.give(amend).answers[0]) == ("command.order_unknown", {"order_id": "O9"})


def test_amends_are_refused_with_numbers(world) -> None:
    world.submit(BUY, "8.0", "100.02")
    order = world.order("O1")
    assert (order.cum_qty, order.status) == (50, OrdStatus.NEW)

    def amend(**terms):
        command = AmendOrder(command_id=f"a{len(world.records)}", order_id="O1", **terms)
        return world.give(command).answers[0]

    assert refused(amend(qty=0))[0] == "risk.min_qty"
    assert refused(amend(qty=80)) == ("command.nothing_to_amend", {"order_id": "O1"})
    assert refused(amend(qty=20_000))[0] == "risk.cash"
    world.hold_requests = True
    assert amend(qty=60).accepted
    pending = ("command.amend_pending", {"order_id": "O1", "status": "pending_replace"})
    assert refused(amend(qty=70)) == pending


def test_a_smaller_order_passes_a_stale_link(world) -> None:
    world.submit(BUY, "8.0", "99.00")
    world.now_ns += 60_000 * MS
    more = AmendOrder(command_id="more", order_id="O1", qty=90)
    assert refused(world.give(more).answers[0])[0] == "risk.stale_link"
    less = AmendOrder(command_id="less", order_id="O1", qty=20)
    assert world.give(less).answers[0].accepted


def test_preview_says_what_the_gate_would_say(world) -> None:
    command = SubmitOrder(
        command_id="p", account="cash", instrument=world.x.id, side=BUY, ord_type=OrdType.LIMIT, qty=10, price=10_000
    )
    seen = preview(world.state, world, command)
    assert (seen.refusal, seen.reserve_asset, str(seen.reserve), str(seen.fee)) == (None, "CNY", "100.200", "0.20")
    assert (seen.position_after, str(seen.available), seen.fee_asset) == (10, "10000", "CNY")
    much = msgspec.structs.replace(command, qty=100_000)
    assert preview(world.state, world, much).refusal.code == "risk.cash"
    nobody = msgspec.structs.replace(command, account="nobody")
    assert preview(world.state, world, nobody).refusal.code == "command.account_unknown"
    assert world.facts(CommandRefused) == []


def test_preview_of_an_amend_says_what_the_amend_would_meet_and_changes_nothing(world) -> None:
    world.submit(BUY, "8.0", "99.00")
    before = len(world.records)

    def asked(**terms):
        return preview_amend(world.state, world, AmendOrder(command_id="p", order_id=terms.pop("order", "O1"), **terms))

    dearer = asked(price=9_950)
    assert (dearer.refusal, dearer.position_after, str(dearer.reserve)) == (None, 80, "797.600")
    assert asked(qty=100_000).refusal.code == "risk.cash"
    assert asked(price=9_900).refusal.code == "command.nothing_to_amend"
    assert asked(order="O9", qty=1).refusal.code == "command.order_unknown"
    assert len(world.records) == before
    assert world.give(AmendOrder(command_id="a", order_id="O1", price=9_950)).answers[0].accepted
    assert world.state.orders["O1"].reserve == dearer.reserve


def test_a_position_in_loss_can_be_closed_although_nothing_is_available() -> None:
    made = World(share(lot="0.1")).open(("margin", AccountKind.MARGIN, "1000"))
    made.quote("100.00", "50.0", "100.02", "50.0")
    made.submit(SELL, "9.0", account="margin")
    made.quote("300.00", "50.0", "300.02", "50.0")
    assert made.submit(BUY, "1.0", account="margin").accepted
    assert made.cash("margin").available < 0
    assert refused(made.submit(SELL, "0.1", account="margin"))[0] == "risk.cash"
    assert made.submit(BUY, "8.0", account="margin").accepted
    assert made.position("margin").qty == 0


@pytest.mark.parametrize("currency", ["CNY", "USDT"])
@pytest.mark.parametrize("account", ["cash", "margin"])
@pytest.mark.parametrize("side", [BUY, SELL])
@pytest.mark.parametrize("price", [2**63 - 1, 10_000, None])
def test_an_absurd_order_is_refused_with_its_numbers_like_any_other(currency, account, side, price) -> None:
    world = World(share(lot="0.00001", currency=currency))
    world.open(("cash", AccountKind.CASH, "1000"), ("margin", AccountKind.MARGIN, "1000"), currency=currency)
    world.quote("100.00", "5", "100.01", "5")
    command = SubmitOrder(
        command_id="absurd",
        account=account,
        instrument=world.x.id,
        side=side,
        ord_type=OrdType.MARKET if price is None else OrdType.LIMIT,
        qty=2**63 - 1,
        price=price,
    )
    code, params = refused(world.give(command).answers[0])
    assert code == ("risk.holding" if (side, account) == (SELL, "cash") else "risk.cash")
    assert Decimal(params["need"]) > Decimal(params["available"])
