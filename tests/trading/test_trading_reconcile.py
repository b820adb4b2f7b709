"""The venue's word is taken and no more: unknown outcomes, external orders, executions taken back, snapshots."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trading_world import BUY, SELL, World, assert_books_balance, replayed, share

from termdesk.core.model.command import CancelOrder, ResolveOrder
from termdesk.core.model.execution import ExecutionReport, OrderCancelRequest
from termdesk.core.model.facts import (
    AlertRaised,
    BrokerReconciled,
    FillConfirmed,
    OrderAdopted,
    OrderFilled,
    OrderResolved,
    PositionAdjusted,
)
from termdesk.core.model.terms import AccountKind, ExecType, Link, OrdStatus, OrdType, Outcome, Overfill
from termdesk.core.model.venue import (
    BrokerLink,
    BrokerRules,
    OrderStatusReport,
    OrderStatusRequest,
    SnapshotRequest,
    TransportError,
    VenueFill,
    VenueOrder,
    VenuePosition,
    VenueSnapshot,
)
from termdesk.core.trading.inputs import ResumeDesk
from termdesk.core.trading.venue.recon_price import recon_price

SECOND = 1_000_000_000


class Outside(World):
    """A world whose account trades at a venue of which only its words are told."""

    def __init__(self, **rules) -> None:
        super().__init__(share(), hold_requests=True)
        self.rules = BrokerRules(**{"absent_after_ns": SECOND, **rules})
        self.open(("cash", AccountKind.MARGIN, "1000000"))
        self.quote("99.99", "5", "100.00", "5")
        self.link(Link.UP)
        self.snapshot()
        self.outbox.clear()

    def link(self, link: Link):
        return self.give(BrokerLink(broker="paper", at_ns=self.now_ns, link=link, rules=self.rules))

    def snapshot(self, orders=(), fills=(), positions=(), **more):
        told = VenueSnapshot(
            broker="paper",
            accounts=("cash",),
            at_ns=self.now_ns,
            orders=orders,
            fills=fills,
            positions=positions,
            **more,
        )
        return self.give(told)

    def told(self, order_id: str = "", **more) -> VenueOrder:
        own = self.state.orders.get(order_id)
        common = {
            "account": "cash",
            "instrument": self.x.id,
            "venue_order_id": f"V-{order_id}",
            "venue_cl_ord_id": own.venue_cl_ord_id if own else "",
            "side": own.side if own else BUY,
            "qty": own.qty if own else self.x.qty("10"),
            "price": own.price if own else self.x.price("100.00"),
        }
        return VenueOrder(**{**common, **more})

    def fill(self, order_id: str, exec_id: str, qty: str, price: str = "100", **more) -> VenueFill:
        own = self.state.orders.get(order_id)
        common = {"venue_order_id": f"V-{order_id}", "venue_cl_ord_id": own.venue_cl_ord_id if own else ""}
        return VenueFill(
            account="cash",
            instrument=self.x.id,
            exec_id=exec_id,
            qty=self.x.qty(qty),
            price=Decimal(price),
            **{**common, **more},
        )

    def holds(self, qty: str, average: str = "100") -> VenuePosition:
        return VenuePosition(account="cash", instrument=self.x.id, qty=self.x.qty(qty), average=Decimal(average))

    def lost(self, cl_ord_id: str = "O1.1", **more):
        order_id = cl_ord_id.partition(".")[0]
        return self.give(
            TransportError(order_id=order_id, cl_ord_id=cl_ord_id, account="cash", at_ns=self.now_ns, **more)
        )

    def absent(self, order_id: str = "O1"):
        return self.give(OrderStatusReport(order_id=order_id, account="cash", at_ns=self.now_ns))

    def codes(self) -> list[str]:
        return [alert.reason.code for alert in self.facts(AlertRaised)]

    def qty(self) -> str:
        return self.x.qty_text(self.state.accounts["cash"].qty(self.x.id))


@pytest.fixture
def outside() -> Outside:
    world = Outside()
    world.submit(BUY, "10", "100.00")
    world.outbox.clear()
    return world


# unknown outcomes


def test_a_lost_answer_is_unknown_and_asked_for_but_never_sent_again(outside) -> None:
    done = outside.lost(detail="time-out")
    assert outside.order("O1").status is OrdStatus.UNKNOWN
    assert [type(one) for one in done.effects] == [OrderStatusRequest]
    assert outside.lost().records == []


def test_what_provably_never_left_is_not_sent(outside) -> None:
    outside.lost(left=False, detail="no link")
    order = outside.order("O1")
    assert (order.status, order.reserve) == (OrdStatus.NOT_SENT, 0)


def test_absence_proves_nothing_before_the_venues_own_rule_does(outside) -> None:
    outside.lost()
    outside.absent()
    assert outside.order("O1").status is OrdStatus.UNKNOWN
    outside.now_ns += SECOND
    outside.absent()
    assert outside.order("O1").status is OrdStatus.REJECTED
    assert outside.codes() == ["recon.absent"]


def test_without_such_a_rule_only_a_person_ends_it() -> None:
    world = Outside(absent_after_ns=None)
    world.submit(BUY, "10", "100.00")
    world.lost()
    world.now_ns += 1_000_000 * SECOND
    world.absent()
    assert world.order("O1").status is OrdStatus.UNKNOWN


def test_the_venue_may_still_speak_after_absence_was_taken_for_proof(outside) -> None:
    outside.lost()
    outside.now_ns += SECOND
    outside.absent()
    outside.execution("O1", ExecType.NEW, "e1")
    assert outside.order("O1").status is OrdStatus.NEW
    assert "recon.revived" in outside.codes()


def test_an_order_in_doubt_can_be_cancelled(outside) -> None:
    outside.lost()
    answer = outside.give(CancelOrder(command_id="c", order_id="O1")).answers[0]
    assert answer.accepted
    assert [type(one) for one in outside.outbox if isinstance(one, OrderCancelRequest)] == [OrderCancelRequest]


def test_a_lost_cancel_leaves_the_order_pending_until_the_venue_tells(outside) -> None:
    outside.execution("O1", ExecType.NEW, "e1")
    outside.give(CancelOrder(command_id="c", order_id="O1"))
    outside.lost("O1.2")
    order = outside.order("O1")
    assert (order.status, order.in_doubt) == (OrdStatus.PENDING_CANCEL, True)
    outside.now_ns += SECOND
    outside.snapshot([outside.told("O1", venue_order_id="V1")])
    assert outside.order("O1").status is OrdStatus.NEW


def test_requests_without_an_answer_are_unknown_after_a_restart(outside) -> None:
    outside.give(ResumeDesk(clean=False, engine_version="1", simulated=()))
    assert outside.order("O1").status is OrdStatus.UNKNOWN
    assert not outside.submit(BUY, "1", "100.00").accepted


def test_client_ids_at_a_venue_name_this_journal(outside) -> None:
    assert outside.order("O1").venue_cl_ord_id == f"{outside.state.client_token}-O1.1"


# resolve


def resolve(world, outcome: Outcome, note: str = "phoned the desk", **more):
    command = ResolveOrder(command_id="r", order_id="O1", outcome=outcome, note=note, **more)
    return world.give(command).answers[0]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.WORKING, OrdStatus.NEW),
        (Outcome.CANCELED, OrdStatus.CANCELED),
        (Outcome.REJECTED, OrdStatus.REJECTED),
        (Outcome.EXPIRED, OrdStatus.EXPIRED),
        (Outcome.NOT_SENT, OrdStatus.NOT_SENT),
        (Outcome.FILLED, OrdStatus.FILLED),
    ],
)
def test_a_person_settles_an_unknown_outcome(outside, outcome, status) -> None:
    outside.lost()
    assert resolve(outside, outcome).accepted
    assert outside.order("O1").status is status
    (said,) = outside.facts(OrderResolved)
    assert (said.note, said.outcome) == ("phoned the desk", outcome)
    assert_books_balance(outside.state)


def test_a_resolved_part_counts_once_when_the_venue_tells_it_later(outside) -> None:
    outside.lost()
    resolve(outside, Outcome.CANCELED, qty=outside.x.qty("4"))
    assert outside.qty() == "4.000"
    outside.execution("O1", ExecType.TRADE, "T1", "4", "100")
    assert outside.qty() == "4.000"
    assert outside.facts(FillConfirmed)[0].exec_id == "T1"


@pytest.mark.parametrize(
    ("outcome", "more", "code"),
    [
        (Outcome.CANCELED, {"note": " "}, "command.note_missing"),
        (Outcome.FILLED, {"qty": 1}, "command.resolve_qty"),
        (Outcome.REJECTED, {"qty": 1}, "command.resolve_qty"),
        (Outcome.CANCELED, {"qty": 10_000}, "command.resolve_qty"),
    ],
)
def test_a_word_that_can_not_be_is_refused(outside, outcome, more, code) -> None:
    outside.lost()
    assert resolve(outside, outcome, **more).code == code


def test_nothing_is_resolved_where_nothing_is_in_doubt(outside) -> None:
    assert resolve(outside, Outcome.CANCELED).code == "command.not_unknown"


# executions


def test_an_execution_is_booked_once_in_an_account_whatever_order_it_names(outside) -> None:
    outside.submit(BUY, "10", "100.00")
    outside.execution("O1", ExecType.TRADE, "T1", "4", "100")
    outside.execution("O2", ExecType.TRADE, "T1", "4", "100")
    assert outside.qty() == "4.000"
    assert outside.codes() == ["recon.exec_reused"]


def test_a_refused_overfill_is_told_once() -> None:
    world = Outside(overfill=Overfill.REFUSE)
    world.submit(BUY, "10", "100.00")
    for _ in range(2):
        world.execution("O1", ExecType.TRADE, "T1", "11", "100")
    assert (world.qty(), world.codes()) == ("0.000", ["recon.overfill"])


def test_a_bust_takes_the_execution_back_exactly(outside) -> None:
    outside.execution("O1", ExecType.TRADE, "T1", "4", "100")
    outside.execution("O1", ExecType.TRADE, "T2", "3", "101")
    outside.execution("O1", ExecType.BUSTED, "B1", exec_ref_id="T1")
    outside.execution("O1", ExecType.BUSTED, "B1", exec_ref_id="T1")
    outside.execution("O1", ExecType.BUSTED, "B2", exec_ref_id="T1")
    order = outside.order("O1")
    assert (order.cum_qty, order.average, outside.qty()) == (3_000, 101, "3.000")
    assert outside.codes() == ["recon.bust", "recon.bust_unknown"]
    assert_books_balance(outside.state)


def test_a_correction_puts_another_execution_in_its_place(outside) -> None:
    outside.execution("O1", ExecType.TRADE, "T1", "10", "100")
    outside.execution("O1", ExecType.CORRECTED, "G1", "10", "99", exec_ref_id="T1")
    order = outside.order("O1")
    assert (order.status, order.average, outside.qty()) == (OrdStatus.FILLED, 99, "10.000")
    assert_books_balance(outside.state)


def test_a_bust_of_the_last_fill_ends_the_order_unless_the_venue_works_it(outside) -> None:
    outside.execution("O1", ExecType.TRADE, "T1", "10", "100")
    outside.execution("O1", ExecType.BUSTED, "B1", exec_ref_id="T1")
    assert outside.order("O1").status is OrdStatus.CANCELED
    outside.snapshot([outside.told("O1", venue_order_id="V1")])
    assert outside.order("O1").status is OrdStatus.NEW


def test_a_word_that_comes_too_late_is_not_published(outside) -> None:
    outside.execution("O1", ExecType.NEW, "e1")
    outside.execution("O1", ExecType.CANCELED, "e2")
    before = len(outside.records)
    outside.execution("O1", ExecType.NEW, "e3")
    outside.execution("O1", ExecType.EXPIRED, "e4")
    outside.execution("O1", ExecType.TRADE, "e5", "0", "100")
    assert len(outside.records) == before


# external orders


def stranger(world, **more) -> ExecutionReport:
    common = {"exec_id": "Z1", "exec_type": ExecType.TRADE, "order_id": "", "cl_ord_id": "", "venue_order_id": "L7"}
    rest = {"account": "cash", "instrument": world.x.id, "at_ns": 1, "side": SELL}
    return ExecutionReport(**{**common, **rest, "last_qty": world.x.qty("3"), "last_price": Decimal(101), **more})


def test_a_fill_of_an_order_from_elsewhere_is_booked_as_external(outside) -> None:
    outside.give(stranger(outside))
    outside.give(stranger(outside))
    order = outside.order("O2")
    assert (order.origin, order.status, outside.qty()) == ("external", OrdStatus.FILLED, "-3.000")


def test_a_working_order_from_elsewhere_is_shown_holds_its_reserve_and_can_be_cancelled(outside) -> None:
    outside.snapshot([outside.told(venue_order_id="W1", venue_cl_ord_id="web-77")])
    order = outside.order("O2")
    assert (order.origin, order.status) == ("external", OrdStatus.NEW)
    assert order.reserve > 0
    outside.give(CancelOrder(command_id="c", order_id="O2"))
    request = outside.outbox[-1]
    assert (request.venue_order_id, request.venue_cl_ord_id) == ("W1", "web-77")


def test_a_fill_of_an_external_order_without_a_side_raises_an_alert(outside) -> None:
    outside.give(stranger(outside, side=None))
    assert outside.codes() == ["recon.not_adopted"]


def test_a_venue_id_that_is_used_again_does_not_reach_the_older_order(outside) -> None:
    outside.execution("O1", ExecType.NEW, "e1", venue_order_id="38100")
    outside.submit(BUY, "10", "100.00")
    cl_ord_id = outside.order("O2").venue_cl_ord_id
    mine = {"venue_order_id": "38100", "cl_ord_id": cl_ord_id, "side": BUY}
    outside.give(stranger(outside, exec_type=ExecType.NEW, exec_id="n", last_qty=0, **mine))
    outside.give(stranger(outside, **mine))
    assert (outside.order("O1").cum_qty, outside.order("O2").cum_qty) == (0, 3_000)


# links and snapshots


def test_new_orders_wait_for_link_and_snapshot_and_cancels_pass(outside) -> None:
    outside.link(Link.DOWN)
    assert outside.submit(BUY, "1", "100.00").code == "risk.broker_down"
    done = outside.link(Link.UP)
    assert done.effects == [SnapshotRequest(broker="paper", accounts=("cash",))]
    assert outside.submit(BUY, "1", "100.00").code == "risk.reconciling"
    assert outside.give(CancelOrder(command_id="c", order_id="O1")).answers[0].accepted
    outside.snapshot([outside.told("O1")])
    assert outside.submit(BUY, "1", "100.00").accepted


def test_a_failed_query_is_not_flat_and_ends_no_waiting(outside) -> None:
    outside.execution("O1", ExecType.TRADE, "T1", "10", "100")
    outside.link(Link.DOWN)
    outside.link(Link.UP)
    outside.snapshot(error="503")
    assert (outside.qty(), outside.codes()) == ("10.000", ["recon.failed"])
    assert outside.submit(BUY, "1", "100.00").code == "risk.reconciling"


def test_silence_about_a_position_is_no_word(outside) -> None:
    outside.execution("O1", ExecType.TRADE, "T1", "10", "100")
    outside.snapshot()
    assert outside.qty() == "10.000"
    outside.snapshot(positions=[outside.holds("0")])
    assert outside.qty() == "0.000"


def test_missing_executions_are_booked_under_their_own_ids_and_totals_only_for_the_rest(outside) -> None:
    told = outside.told("O1", cum_qty=outside.x.qty("7"), average=Decimal("100.5"))
    outside.snapshot([told], [outside.fill("O1", "T1", "4", "100")], [outside.holds("7", "100.5")])
    fills = outside.facts(OrderFilled)
    assert [(fill.exec_id == "T1", fill.inferred, fill.qty) for fill in fills] == [
        (True, False, 4_000),
        (False, True, 3_000),
    ]
    assert outside.order("O1").average.quantize(Decimal("0.0001")) == Decimal("100.5")


def test_a_report_that_follows_its_total_pays_its_fee_and_books_nothing_more(outside) -> None:
    outside.snapshot([outside.told("O1", cum_qty=outside.x.qty("7"), average=Decimal(100))])
    outside.execution("O1", ExecType.TRADE, "T1", "4", "100")
    outside.execution("O1", ExecType.TRADE, "T2", "5", "100")
    assert (outside.order("O1").cum_qty, outside.qty()) == (9_000, "9.000")
    assert_books_balance(outside.state)


def test_a_position_is_left_where_the_venues_orders_contradict_what_was_executed(outside) -> None:
    outside.execution("O1", ExecType.TRADE, "T1", "10", "100")
    told = outside.told("O1", cum_qty=outside.x.qty("7"))
    outside.snapshot([told], positions=[outside.holds("7")])
    assert outside.qty() == "10.000"
    assert outside.codes() == ["recon.less_filled", "recon.position_kept"]


def test_an_unexplained_position_is_taken_over_and_orders_stay(outside) -> None:
    outside.snapshot([outside.told("O1")], positions=[outside.holds("25", "102")])
    (adjusted,) = outside.facts(PositionAdjusted)
    assert (outside.qty(), adjusted.qty_before, adjusted.cause.value) == ("25.000", 0, "opening")
    assert outside.position().average == 102
    assert outside.order("O1").status is OrdStatus.NEW
    assert_books_balance(outside.state)


@pytest.mark.parametrize(
    ("current", "target", "price"),
    [
        (("0", None), ("100", "1.20"), "1.20"),
        (("100", "1.20"), ("0", None), "1.20"),
        (("100", "1.20"), ("-50", "1.10"), "1.10"),
        (("100", "1.00"), ("150", "1.10"), "1.30"),
        (("100", "1.00"), ("50", "1.00"), "1.00"),
        (("100", "1.00"), ("100", "1.10"), None),
        (("100", "1.00"), ("150", None), None),
        (("100", "2.00"), ("110", "1.00"), None),
    ],
)
def test_the_price_of_the_trade_between_two_positions(current, target, price) -> None:
    def pair(qty, average):
        return Decimal(qty), None if average is None else Decimal(average)

    assert recon_price(*pair(*current), *pair(*target)) == (None if price is None else Decimal(price))


@given(st.integers(1, 1000), st.integers(1, 1000), st.integers(1, 500), st.integers(1, 500), st.sampled_from([1, -1]))
def test_the_price_takes_a_position_to_the_average_wanted(held, more, average, price, sign) -> None:
    target = held + more
    wanted = (Decimal(held * average) + Decimal(more * price)) / target
    got = recon_price(Decimal(sign * held), Decimal(average), Decimal(sign * target), wanted)
    assert got is not None
    assert abs(got - price) < Decimal("1e-15")


# laws


ORDERS = st.lists(
    st.tuples(
        st.sampled_from(["O1", "O2", "S1", "S2"]),
        st.sampled_from([OrdStatus.NEW, OrdStatus.CANCELED, OrdStatus.FILLED, OrdStatus.EXPIRED, OrdStatus.REJECTED]),
        st.integers(0, 10),
    ),
    unique_by=lambda one: one[0],
)
FILLS = st.lists(
    st.tuples(st.sampled_from(["O1", "O2", "S1"]), st.integers(1, 3), st.integers(1, 4)), unique_by=lambda one: one[:2]
)
HISTORY = st.lists(st.tuples(st.sampled_from(["fill", "ack", "lost", "cancel"]), st.integers(1, 2), st.integers(1, 3)))


@settings(max_examples=60)
@given(HISTORY, ORDERS, FILLS, st.none() | st.integers(-20, 20), st.booleans())
def test_one_pass_brings_desk_and_venue_together_and_a_second_finds_nothing(
    history, orders, fills, position, restart
) -> None:
    world = Outside()
    for _ in range(2):
        world.submit(BUY, "10", "100.00")
    for number, (what, which, qty) in enumerate(history):
        order_id = f"O{which}"
        if what == "fill":
            world.execution(order_id, ExecType.TRADE, f"{order_id}:{qty}", str(qty), "100")
        elif what == "ack":
            world.execution(order_id, ExecType.NEW, f"a{number}", venue_order_id=f"V-{order_id}")
        elif what == "cancel":
            world.give(CancelOrder(command_id=f"x{number}", order_id=order_id))
        else:
            world.lost(f"{order_id}.1")
    before = {order_id: order.cum_qty for order_id, order in world.state.orders.items()}
    if restart:
        world.give(ResumeDesk(clean=False, engine_version="1", simulated=()))
        world.link(Link.UP)
    told = [
        world.told(
            name, status=status, cum_qty=10_000 if status is OrdStatus.FILLED else cum * 1000, average=Decimal(100)
        )
        for name, status, cum in orders
    ]
    executed = [world.fill(name, f"{name}:{number}", str(qty), side=BUY) for name, number, qty in fills]
    positions = [] if position is None else [world.holds(str(position), "100")]
    world.now_ns += 10 * SECOND
    world.snapshot(told, executed, positions)
    assert_books_balance(world.state)
    assert all(world.order(order_id).cum_qty >= cum for order_id, cum in before.items())
    contradicted = any(alert.startswith("recon.position_kept") for alert in world.codes())
    if position is not None and not contradicted:
        assert world.qty() == world.x.qty_text(position * 1000)
    assert world.state.brokers["paper"].reconciled
    known = len(world.records)
    world.snapshot(told, executed, positions)
    assert [record.fact for record in world.records[known:]] == []
    assert replayed(world.records).snapshot() == world.state.snapshot()


def test_reconciling_says_how_much_it_changed(outside) -> None:
    outside.link(Link.DOWN)
    outside.link(Link.UP)
    outside.snapshot([outside.told("O1")])
    assert outside.facts(BrokerReconciled)[-1].orders == 1


def test_foreign_orders_are_adopted_once(outside) -> None:
    for _ in range(2):
        outside.snapshot([outside.told(venue_order_id="W1", ord_type=OrdType.LIMIT)])
    assert len(outside.facts(OrderAdopted)) == 1
