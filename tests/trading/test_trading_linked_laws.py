"""Laws of orders that wait and depend on each other, under any sequence of commands, market and time."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from trading_world import BUY, MS, ONLY_PLAIN, SELL, World, assert_books_balance, replayed, share

from termdesk.core.model.command import AmendOrder, CancelAll, CancelOrder, SubmitBracket, SubmitOrder
from termdesk.core.model.facts import OrderFilled
from termdesk.core.model.terms import (
    AccountKind,
    Contingency,
    OrdStatus,
    OrdType,
    ReleaseMode,
    Side,
    TimeInForce,
    TrailUnit,
    TriggerBy,
)
from termdesk.core.model.trigger import Trail
from termdesk.core.trading.orders.native import EVERYTHING

SIDES = st.sampled_from(Side)
TICKS = st.integers(9_500, 10_500)
QTYS = st.integers(1, 60)
TRAIL = Trail(unit=TrailUnit.TICKS, value=Decimal(30))


def opened(natively=ONLY_PLAIN) -> World:
    world = World(share(lot="0.1"))
    world.natively = natively
    world.stale_link_ns = 1 << 60
    world.open(("cash", AccountKind.CASH, "100000"), ("margin", AccountKind.MARGIN, "100000"))
    world.quote("99.99", "5", "100.01", "5")
    world.trade("100.00", "1", None)
    return world


class Linked(RuleBasedStateMachine):
    """A desk that emulates everything, on the simulated exchange."""

    def __init__(self) -> None:
        super().__init__()
        self.world = opened()
        self.checked = 0

    def terms(self, side: Side, ord_type: OrdType, qty: int, tick: int) -> SubmitOrder:
        trailing = ord_type is OrdType.TRAILING_STOP
        return SubmitOrder(
            command_id="",
            account="margin",
            instrument=self.world.x.id,
            side=side,
            ord_type=ord_type,
            qty=qty,
            price=tick if ord_type.has_limit else None,
            trigger_price=tick if ord_type.has_trigger and not trailing else None,
            trail=TRAIL if trailing else None,
        )

    def give(self, command) -> None:
        self.world.commands += 1
        self.world.give(type(command)(**{**fields(command), "command_id": f"c{self.world.commands}"}))

    @rule(
        side=SIDES,
        ord_type=st.sampled_from(
            [
                OrdType.LIMIT,
                OrdType.MARKET,
                OrdType.STOP,
                OrdType.STOP_LIMIT,
                OrdType.LIMIT_IF_TOUCHED,
                OrdType.TRAILING_STOP,
            ]
        ),
        qty=QTYS,
        tick=TICKS,
        linked=st.none() | st.tuples(st.sampled_from(Contingency), st.sampled_from("gh")),
        reduce_only=st.booleans(),
        shown=st.none() | st.just(7),
        lives=st.none() | st.integers(1, 5),
    )
    def submit(self, side, ord_type, qty, tick, linked, reduce_only, shown, lives) -> None:
        more: dict = {"reduce_only": reduce_only}
        if linked is not None:
            more |= {"contingency": linked[0], "group": linked[1]}
        if shown is not None and ord_type.has_limit and shown <= qty:
            more["display_qty"] = shown
        if lives is not None:
            more |= {"time_in_force": TimeInForce.GTD, "expire_ns": self.world.now_ns + lives * MS}
        self.give(
            type(self.terms(side, ord_type, qty, tick))(**{**fields(self.terms(side, ord_type, qty, tick)), **more})
        )

    @rule(
        side=SIDES,
        qty=QTYS,
        tick=TICKS,
        market=st.booleans(),
        release=st.sampled_from(ReleaseMode),
        contingency=st.sampled_from(Contingency),
    )
    def bracket(self, side, qty, tick, market, release, contingency) -> None:
        entry = self.terms(side, OrdType.MARKET if market else OrdType.LIMIT, qty, tick)
        away = 200 if side is BUY else -200
        exits = (
            self.terms(side.opposite, OrdType.STOP, qty, tick - away),
            self.terms(side.opposite, OrdType.LIMIT, qty, tick + away),
        )
        self.give(SubmitBracket(command_id="", entry=entry, exits=exits, release=release, contingency=contingency))

    @precondition(lambda self: self.world.state.working)
    @rule(pick=st.integers(0, 100), qty=st.none() | QTYS, tick=st.none() | TICKS, trigger=st.none() | TICKS)
    def amend(self, pick, qty, tick, trigger) -> None:
        ids = list(self.world.state.working)
        self.give(AmendOrder(command_id="", order_id=ids[pick % len(ids)], qty=qty, price=tick, trigger_price=trigger))

    @precondition(lambda self: self.world.state.working)
    @rule(pick=st.integers(0, 100))
    def cancel(self, pick) -> None:
        ids = list(self.world.state.working)
        self.give(CancelOrder(command_id="", order_id=ids[pick % len(ids)]))

    @rule()
    def cancel_all(self) -> None:
        self.give(CancelAll(command_id=""))
        assert not self.world.state.working

    @rule(mid=TICKS, wide=st.integers(1, 30), bid_qty=QTYS, ask_qty=QTYS)
    def quote(self, mid, wide, bid_qty, ask_qty) -> None:
        text = self.world.x.price_text
        sizes = (self.world.x.qty_text(bid_qty), self.world.x.qty_text(ask_qty))
        self.world.quote(text(mid - wide), sizes[0], text(mid + wide), sizes[1])

    @rule(tick=TICKS, qty=QTYS, side=SIDES)
    def trade(self, tick, qty, side) -> None:
        self.world.trade(self.world.x.price_text(tick), self.world.x.qty_text(qty), side)

    @rule(ms=st.integers(1, 4))
    def time(self, ms) -> None:
        self.world.clock(self.world.now_ns + ms * MS)

    @invariant()
    def books_balance(self) -> None:
        assert_books_balance(self.world.state)

    @invariant()
    def nothing_is_late(self) -> None:
        assert all(at_ns > self.world.now_ns for at_ns, _ in self.world.state.deadlines)

    @invariant()
    def a_group_of_ouo_fills_no_more_than_its_largest_order_asked_for(self) -> None:
        for members in self.world.state.groups.values():
            orders = [self.world.order(order_id) for order_id in members]
            alike = {(one.side, one.contingency) for one in orders} == {(orders[0].side, Contingency.OUO)}
            if alike and all(one.parent_id for one in orders):
                assert sum(one.cum_qty for one in orders) <= max(one.target_qty for one in orders)

    @invariant()
    def what_only_reduces_never_works_beyond_the_position(self) -> None:
        position = self.world.state.accounts["margin"].qty(self.world.x.id)
        for order_id in self.world.state.reducing.get("margin", ()):
            order = self.world.order(order_id)
            if order.status is not OrdStatus.HELD:
                assert order.leaves_qty <= max(0, -order.side.sign * position)

    @invariant()
    def a_parent_is_the_sum_of_its_slices(self) -> None:
        for parent_id, children in self.world.state.children.items():
            parent = self.world.order(parent_id)
            slices = [self.world.order(one) for one in children if self.world.order(one).release is None]
            if slices:
                assert sum(one.cum_qty for one in slices) == parent.cum_qty
                assert sum(one.weighted for one in slices) == parent.weighted
                assert sum(one.status.is_open for one in slices) <= 1

    def teardown(self) -> None:
        """Every prefix of the facts gives the state that it gave then: the last one is compared in whole."""
        assert replayed(self.world.records).snapshot() == self.world.state.snapshot()


def fields(command) -> dict:
    return {name: getattr(command, name) for name in command.__struct_fields__}


Linked.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestLinkedOrders = Linked.TestCase


@settings(max_examples=40)
@given(
    side=SIDES,
    kind=st.sampled_from(
        [OrdType.STOP, OrdType.STOP_LIMIT, OrdType.MARKET_IF_TOUCHED, OrdType.LIMIT_IF_TOUCHED, OrdType.TRAILING_STOP]
    ),
    tick=st.integers(9_900, 10_100),
    by=st.sampled_from([TriggerBy.LAST, TriggerBy.BID_ASK]),
    steps=st.lists(st.tuples(st.sampled_from([0, 1, -1]), st.integers(9_850, 10_150)), max_size=25),
)
def test_an_emulated_trigger_fills_as_a_native_one_where_the_book_is_as_new_as_the_print(
    side, kind, tick, by, steps
) -> None:
    fills = []
    for natively in (ONLY_PLAIN, EVERYTHING):
        world = opened(natively)
        terms = {"trail": TRAIL} if kind is OrdType.TRAILING_STOP else {"trigger_price": world.x.price_text(tick)}
        price = world.x.price_text(tick + 3 * side.sign) if kind.has_limit else None
        world.send(side, kind, "2", price, account="margin", trigger_by=by, **terms)
        for prints, mid in steps:
            world.now_ns += MS
            world.quote(world.x.price_text(mid - 1), "500", world.x.price_text(mid + 1), "500")
            if prints:
                world.trade(world.x.price_text(mid - prints), "0", None)
        assert world.order("O1").emulated is (natively is ONLY_PLAIN)
        fills.append([(fact.qty, fact.price) for fact in world.facts(OrderFilled)])
    assert fills[0] == fills[1]


def test_every_turn_of_a_busy_day_is_replayed_to_the_same_bytes() -> None:
    world = opened()
    kept: list[tuple[int, bytes]] = []
    give = world.give

    def noted(given, cause="test"):
        before = len(world.records)
        done = give(given, cause)
        # What a turn led to outside was decided in turns of its own, which came after.
        if len(world.records) == before + len(done.records):
            kept.append((len(world.records), world.state.snapshot()))
        return done

    world.give = noted
    world.send(BUY, OrdType.LIMIT, "2", "99.90", contingency=Contingency.OCO, group="g")
    world.send(BUY, OrdType.STOP, "2", trigger_price="100.50", contingency=Contingency.OCO, group="g")
    world.send(SELL, OrdType.TRAILING_STOP, "1", account="margin", trail=TRAIL)
    world.send(BUY, OrdType.LIMIT, "1", "99.00", time_in_force=TimeInForce.GTD, expire_ns=world.now_ns + MS)
    world.trade("100.60", "1", None)
    world.clock(world.now_ns + 3 * MS)
    world.trade("100.20", "1", None)
    assert len(kept) > 5
    for size, snapshot in kept:
        assert replayed(world.records[:size]).snapshot() == snapshot
