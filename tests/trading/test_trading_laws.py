"""Laws of desk and exchange under random commands, markets, delays and restarts."""

from __future__ import annotations

from decimal import Decimal

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from trading_world import BUY, MS, SELL, World, assert_books_balance, replayed, share

from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.model.command import AmendOrder, CancelAll, CancelOrder
from termdesk.core.model.facts import OrderFilled
from termdesk.core.model.terms import AccountKind, OrdStatus, Phase, TimeInForce
from termdesk.core.trading.inputs import ResumeDesk
from termdesk.core.trading.read import restorable

PRICES = st.integers(9_996, 10_004)
RARELY = st.integers(0, 9).map(lambda drawn: drawn == 7)
QTYS = st.integers(1, 40)
SIDES = st.sampled_from([BUY, SELL])
ACCOUNTS = st.sampled_from(["cash", "margin"])


class DeskAndExchange(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World(share(lot="0.1"), hold_requests=True)
        self.world.open(("cash", AccountKind.CASH, "1500"), ("margin", AccountKind.MARGIN, "1500"))
        self.commands = 0
        self.checked = 0

    def text(self, price: int) -> str:
        return self.world.x.price_text(price)

    def qty(self, qty: int) -> str:
        return self.world.x.qty_text(qty)

    @initialize()
    def begin(self) -> None:
        self.world.quote("99.98", "3.0", "100.02", "2.5")
        for price in range(9_994, 9_998):
            self.world.level(BUY, self.text(price), "2.0")
            self.world.level(SELL, self.text(20_000 - price), "2.0")

    def command_id(self) -> str:
        self.commands += 1
        return f"k{self.commands}"

    def send(self, *, late: bool) -> None:
        if not late:
            self.world.flush()

    @rule(side=SIDES, price=RARELY, qty=QTYS, account=ACCOUNTS, late=RARELY)
    def submit_at_once(self, side, price, qty, account, late) -> None:
        """Market orders, and IOC orders at the far touch."""
        text = "100.02" if price else None
        tif = TimeInForce.IOC if price else TimeInForce.GTC
        self.world.submit(side, self.qty(qty), text, account=account, tif=tif, command_id=self.command_id())
        self.send(late=late)

    @rule(side=SIDES, price=PRICES, qty=QTYS, account=ACCOUNTS, late=RARELY, reduce=RARELY)
    def submit(self, side, price, qty, account, late, reduce) -> None:
        self.world.submit(
            side,
            self.qty(qty),
            self.text(price),
            account=account,
            command_id=self.command_id(),
            reduce_only=reduce,
        )
        self.send(late=late)

    @rule(data=st.data(), price=st.none() | PRICES, qty=st.none() | QTYS, late=RARELY)
    @precondition(lambda self: self.world.state.working)
    def amend(self, data, price, qty, late) -> None:
        order_id = data.draw(st.sampled_from(sorted(self.world.state.working)))
        self.world.give(AmendOrder(command_id=self.command_id(), order_id=order_id, price=price, qty=qty))
        self.send(late=late)

    @rule(data=st.data(), late=RARELY)
    @precondition(lambda self: len(self.world.state.working) > 2)
    def cancel(self, data, late) -> None:
        order_id = data.draw(st.sampled_from(sorted(self.world.state.orders)))
        self.world.give(CancelOrder(command_id=self.command_id(), order_id=order_id))
        self.send(late=late)

    @rule(account=ACCOUNTS, side=SIDES)
    @precondition(lambda self: len(self.world.state.working) > 4)
    def cancel_all(self, account, side) -> None:
        self.world.give(CancelAll(command_id=self.command_id(), account=account, side=side))

    @rule()
    def requests_reach_the_venue(self) -> None:
        self.world.flush()

    @rule(side=SIDES, price=PRICES, qty=st.integers(0, 60))
    def level(self, side, price, qty) -> None:
        """A real book is not crossed: levels of the other side that a new one crosses leave with it."""
        if qty:
            held = self.world.market.states[self.world.x.id].book
            for other in list(held.asks if side is BUY else held.bids):
                if (price - other) * side.sign >= 0:
                    self.world.level(side.opposite, self.text(other), "0")
        self.world.level(side, self.text(price), self.qty(qty))

    @rule(price=PRICES, qty=QTYS, aggressor=st.none() | SIDES)
    def trade(self, price, qty, aggressor) -> None:
        before = len(self.world.state.fills)
        self.world.trade(self.text(price), self.qty(qty), aggressor)
        by_side = {BUY: 0, SELL: 0}
        for record in self.world.state.fills[before:]:
            if record.fact.reason.code in ("fill.queue", "fill.through"):
                by_side[record.fact.side] += record.fact.qty
        assert max(by_side.values()) <= qty

    @rule(pause=RARELY, phase=st.sampled_from([Phase.BREAK, Phase.CLOSED]))
    def phase(self, pause, phase) -> None:
        self.world.phase(phase if pause else Phase.CONTINUOUS)

    @rule(killed=RARELY)
    @precondition(lambda self: self.world.state.working)
    def engine_is_killed_and_starts_again(self, killed) -> None:
        if not killed:
            return
        world = self.world
        world.outbox.clear()
        world.state = replayed(world.records)
        world.exchange = SimulatedExchange(world.market, lambda _: world.schedule)
        world.give(ResumeDesk(clean=False, engine_version="1"))
        world.exchange.restore(restorable(world.state, "paper"), world.now_ns)
        statuses = {world.state.orders[order_id].status for order_id in world.state.working}
        assert statuses <= {OrdStatus.NEW}

    @invariant()
    def time_goes_on(self) -> None:
        self.world.now_ns += MS

    @invariant()
    def books_balance(self) -> None:
        assert_books_balance(self.world.state)

    @invariant()
    def a_cash_account_never_owes(self) -> None:
        account = self.world.state.accounts["cash"]
        assert account.qty(self.world.x.id) >= 0
        # A market order is covered against the book it saw; here the book may move before the venue hears of it.
        if not any(o.price is None and o.account == "cash" for o in self.world.state.orders.values()):
            assert account.cash("CNY") >= Decimal("-0.05")

    @invariant()
    def a_fill_is_never_worse_than_the_limit(self) -> None:
        for record in self.world.state.fills[self.checked :]:
            fill: OrderFilled = record.fact
            terms = {
                recorded.fact.price
                for recorded in self.world.state.records[fill.order_id]
                if getattr(recorded.fact, "cl_ord_id", "") and hasattr(recorded.fact, "price")
            }
            if None not in terms:
                worst = max(terms) if fill.side is BUY else min(terms)
                assert (self.world.x.price_decimal(worst) - fill.price) * fill.side.sign >= 0
            assert fill.reason.params["filled"] == self.world.x.qty_text(fill.qty)
        self.checked = len(self.world.state.fills)

    @invariant()
    def replay_gives_the_same_bytes(self) -> None:
        assert replayed(self.world.records).snapshot() == self.world.state.snapshot()


class TakenIsGone(RuleBasedStateMachine):
    """Nothing displayed is given twice: what own orders got of a level stays within its size until that changes."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(share(lot="0.1"))
        self.world.open(("margin", AccountKind.MARGIN, "1e12"))
        self.sizes: dict[tuple, int] = {}
        self.taken: dict[tuple, int] = {}
        self.checked = 0

    @rule(side=SIDES, price=PRICES, qty=st.integers(0, 60))
    def level(self, side, price, qty) -> None:
        if self.sizes.get((side, price), 0) != qty:
            self.taken.pop((side, price), None)
        self.sizes[(side, price)] = qty
        self.world.level(side, self.world.x.price_text(price), self.world.x.qty_text(qty))
        self.count()

    @rule(side=SIDES, price=st.none() | PRICES, qty=QTYS)
    def submit(self, side, price, qty) -> None:
        text = None if price is None else self.world.x.price_text(price)
        self.world.submit(side, self.world.x.qty_text(qty), text, account="margin")
        self.count()

    def count(self) -> None:
        for record in self.world.state.fills[self.checked :]:
            fill = record.fact
            named = {"fill.take": "price", "fill.crossed": "best"}[fill.reason.code]
            key = (fill.side.opposite, self.world.x.price(fill.reason.params[named]))
            self.taken[key] = self.taken.get(key, 0) + fill.qty
            assert self.taken[key] <= self.sizes[key]
        self.checked = len(self.world.state.fills)


QUICK = settings(max_examples=100, stateful_step_count=60, suppress_health_check=list(HealthCheck))
TestDeskAndExchange = DeskAndExchange.TestCase
TestDeskAndExchange.settings = QUICK
TestTakenIsGone = TakenIsGone.TestCase
TestTakenIsGone.settings = QUICK
