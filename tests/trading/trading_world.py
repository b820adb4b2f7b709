"""A desk on a simulated exchange, driven by hand: market, exchange, state and view wired as the engine does."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.market.market import Market
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.model.command import Answer, SubmitOrder
from termdesk.core.model.event import BookDelta, BookSnapshot, InstrumentDefined, PhaseChanged, Trade
from termdesk.core.model.execution import ExecutionReport
from termdesk.core.model.facts import Recorded
from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.core.model.posting import Cause, Place
from termdesk.core.model.terms import AccountKind, ExecType, Mode, OrdStatus, OrdType, Side, TimeInForce
from termdesk.core.trading import read
from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.inputs import DepositCash, OpenAccount, OpenDesk
from termdesk.core.trading.orders.deadlines import due, next_deadline
from termdesk.core.trading.orders.native import Native
from termdesk.core.trading.orders.watching import TriggerWatch
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.turn import Stamp, turn
from termdesk.core.trading.valuation import Mark, Unpriced, account_body
from termdesk.core.trading.view import Limits
from termdesk.core.venues.delivery import settles
from termdesk.core.venues.schedule import FeeSchedule, flat

MS = 1_000_000
ONLY_PLAIN = Native(
    ord_types=frozenset({OrdType.LIMIT, OrdType.MARKET}),
    times_in_force=frozenset({TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK}),
    trigger_bys=frozenset(),
    iceberg=False,
)
BUY, SELL = Side.BUY, Side.SELL


def share(lot: str = "0.001", tick: str = "0.01", currency: str = "CNY", multiplier: str = "1") -> Instrument:
    price_decimals, qty_decimals = (max(0, -int(Decimal(text).as_tuple().exponent)) for text in (tick, lot))
    scaled_lot = int(Decimal(lot).scaleb(qty_decimals))
    rule = TradingRule("", int(Decimal(tick).scaleb(price_decimals)), scaled_lot, scaled_lot)
    return Instrument(
        id="X.TEST",
        name="X",
        currency=currency,
        price_decimals=price_decimals,
        qty_decimals=qty_decimals,
        multiplier=Decimal(multiplier),
        rules=(rule,),
        detail=Share(),
    )


class World:
    """Also the desk's ``View``."""

    def __init__(self, instrument: Instrument, fees: FeeSchedule | None = None, hold_requests: bool = False) -> None:
        self.now_ns = MS
        self.schedule = fees or flat(instrument.currency, Decimal("0.001"), Decimal("0.002"))
        self.market = Market()
        self.exchange = SimulatedExchange(self.market, lambda _: self.schedule)
        self.state = DeskState()
        self.watch = TriggerWatch()
        self.records: list[Recorded] = []
        self.stale_link_ns = 3_000_000_000
        self.replay_ended = False
        self.natively = ONLY_PLAIN
        self.hold_requests = hold_requests
        self.outbox = []
        self.seq = 0
        self.commands = 0
        self.market.apply(InstrumentDefined(self.now_ns, instrument), "test")
        self.x = instrument
        self.event(BookSnapshot(instrument.id, self.now_ns, self.now_ns, 0, (), ()))

    # the view

    def instrument(self, instrument_id):
        return self.market.instruments.get(instrument_id)

    def seen(self, instrument_id):
        return self.market.seen(instrument_id, self.now_ns)

    def trading_day(self, instrument_id):
        return "2026-11-22"

    def fees(self, instrument_id):
        return self.schedule

    def buy_cost(self, instrument_id, qty):
        return self.exchange.buy_cost(instrument_id, qty)

    def settles(self, instrument_id):
        return settles(self.x, self.trading_day(instrument_id))

    def native(self, broker, instrument_id):
        return self.natively

    def day_end_ns(self, instrument_id):
        return 86_400_000_000_000

    def limits(self, instrument_id):
        return Limits(stale_link_ns=self.stale_link_ns, replay_ended=self.replay_ended)

    # driving

    def give(self, given, cause: str = "test"):
        done = turn(self.state, self, given, Stamp(self.now_ns, self.now_ns, cause, "tester"))
        self.records += done.records
        self.outbox += done.effects
        met = self.watch.follow(done.records, self.state, self, self.market.states)
        if not self.hold_requests:
            self.flush()
        for trigger in met:
            self.give(trigger, f"trigger:{trigger.order_id}")
        return done

    def flush(self) -> None:
        waiting, self.outbox = self.outbox, []
        for request in waiting:
            self.report(self.exchange.on_request(request, self.now_ns))

    def report(self, reports) -> None:
        for report in reports:
            self.give(report, f"report:{report.exec_id}")

    def event(self, event) -> None:
        state, touched = self.market.apply(event, "test")
        self.report(self.exchange.on_event(event, state))
        for trigger in self.watch.on_event(state, touched):
            self.give(trigger, f"trigger:{trigger.order_id}")

    def clock(self, now_ns: int) -> None:
        """Let time come that far without an event; the exchange does what is due before the desk."""
        while True:
            venue, mine = self.exchange.next_deadline(), next_deadline(self.state)
            due_ns = min((at for at in (venue, mine) if at is not None and at <= now_ns), default=None)
            if due_ns is None:
                break
            self.now_ns = max(self.now_ns, due_ns)
            self.report(self.exchange.on_time(self.now_ns))
            while (met := due(self.state, self.now_ns)) is not None:
                self.give(met, f"deadline:{met.order_id}")
        self.now_ns = max(self.now_ns, now_ns)

    def send(self, side: Side, ord_type: OrdType, qty: str = "1", price: str | None = None, **terms) -> Answer:
        """Submit an order of any kind; prices as text."""
        self.commands += 1
        scaled = {key: self.x.price(terms.pop(key)) for key in ("trigger_price",) if key in terms}
        command = SubmitOrder(
            command_id=f"c{self.commands}",
            account=terms.pop("account", "cash"),
            instrument=self.x.id,
            side=side,
            ord_type=ord_type,
            qty=self.x.qty(qty),
            price=None if price is None else self.x.price(price),
            origin="test",
            **scaled,
            **terms,
        )
        return self.give(command, f"command:{command.command_id}").answers[0]

    def open(self, *accounts: tuple[str, AccountKind, str], currency: str = "CNY") -> World:
        self.give(OpenDesk(desk="test", mode=Mode.DEMO, seed=1, base_currency=currency))
        for name, kind, cash in accounts:
            self.give(OpenAccount(account=name, kind=kind, broker="paper"))
            if Decimal(cash):
                self.give(DepositCash(account=name, asset=currency, amount=Decimal(cash)))
        return self

    def level(self, side: Side, price: str, qty: str) -> None:
        level = ((self.x.price(price), self.x.qty(qty)),)
        self.seq += 1
        bids, asks = (level, ()) if side is BUY else ((), level)
        self.event(BookDelta(self.x.id, self.now_ns, self.now_ns, self.seq, self.seq, -1, bids, asks))

    def quote(self, bid: str, bid_qty: str, ask: str, ask_qty: str) -> None:
        def side(price: str, qty: str):
            return ((self.x.price(price), self.x.qty(qty)),) if Decimal(price) else ()

        self.seq += 1
        self.event(BookSnapshot(self.x.id, self.now_ns, self.now_ns, self.seq, side(bid, bid_qty), side(ask, ask_qty)))

    def trade(self, price: str, qty: str, aggressor: Side | None) -> None:
        self.event(
            Trade(self.x.id, self.now_ns, self.now_ns, self.seq, self.x.price(price), self.x.qty(qty), aggressor)
        )

    def phase(self, phase) -> None:
        self.event(PhaseChanged(self.x.id, self.now_ns, self.now_ns, phase))

    def submit(
        self,
        side: Side,
        qty: str,
        price: str | None = None,
        *,
        account: str = "cash",
        tif: TimeInForce = TimeInForce.GTC,
        command_id: str = "",
        post_only: bool = False,
        reduce_only: bool = False,
    ) -> Answer:
        self.commands += 1
        command = SubmitOrder(
            command_id=command_id or f"c{self.commands}",
            account=account,
            instrument=self.x.id,
            side=side,
            ord_type=OrdType.MARKET if price is None else OrdType.LIMIT,
            qty=self.x.qty(qty),
            price=None if price is None else self.x.price(price),
            time_in_force=tif,
            post_only=post_only,
            reduce_only=reduce_only,
            origin="test",
        )
        return self.give(command, f"command:{command.command_id}").answers[0]

    def execution(self, order_id: str, exec_type: ExecType, exec_id: str, last_qty="0", last_price="0", **more):
        """A report made by hand, as any venue might send it."""
        order = self.state.orders[order_id]
        common = {"cl_ord_id": order.cl_ord_ids[-1], "venue_order_id": "V1", "at_ns": self.now_ns, **more}
        self.give(
            ExecutionReport(
                exec_id=exec_id,
                exec_type=exec_type,
                order_id=order_id,
                account=order.account,
                instrument=order.instrument,
                last_qty=self.x.qty(last_qty),
                last_price=Decimal(last_price),
                **common,
            )
        )

    # reading

    def order(self, order_id: str):
        return self.state.orders[order_id]

    def facts(self, kind: type) -> list:
        return [record.fact for record in self.records if isinstance(record.fact, kind)]

    def fills(self, order_id: str = "") -> list[tuple[str, str, str]]:
        """Order, price and quantity as text."""
        return [
            (line.fill.order_id, f"{line.fill.price:f}", self.x.qty_text(line.fill.qty))
            for line in read.fill_lines(self.state, order_id=order_id)
        ]

    def cash(self, account: str = "cash"):
        return account_body(self.state, account, Unpriced(self.trading_day)).cash[0]

    def position(self, account: str = "cash"):
        lines = account_body(self.state, account, self).positions
        return lines[0] if lines else None

    def mark(self, instrument_id):
        state = self.market.states[instrument_id]
        return Mark(self.x.price_decimal(state.last), "last", state.venue_ns) if state.trades else None

    def rate(self, currency, into):
        return None

    def day(self, instrument_id):
        return self.trading_day(instrument_id)


def replayed(records: list[Recorded]) -> DeskState:
    state = DeskState()
    for record in records:
        evolve(state, record)
    return state


def assert_books_balance(state: DeskState) -> None:
    """Laws of ledger and orders that hold after every fact."""
    for account in state.accounts.values():
        totals: dict[str, Decimal] = {}
        for held in account.places.values():
            for asset, amount in held.items():
                totals[asset] = totals.get(asset, Decimal(0)) + amount
        assert not any(totals.values())
        for currency in account.currencies():
            deposits = sum(p.amount for p in account.postings if p.cause is Cause.TRANSFER and p.asset == currency)
            moved = sum(
                p.amount * ((p.target is Place.CASH) - (p.source is Place.CASH))
                for p in account.postings
                if p.cause is not Cause.TRANSFER and p.asset == currency
            )
            assert account.cash(currency) == deposits + moved
        held_back: dict[str, Decimal] = {}
        most: dict[tuple[str, str], Decimal] = {}
        for order_id in account.working:
            order = state.orders[order_id]
            assert order.status is not OrdStatus.HELD or not order.reserve
            key = (order.group or order_id, order.reserve_asset)
            most[key] = max(most.get(key, Decimal(0)), order.reserve)
        for (_, asset), amount in most.items():
            held_back[asset] = held_back.get(asset, Decimal(0)) + amount
        for asset in {*held_back, *account.reserved}:
            assert account.reserved.get(asset, Decimal(0)) == held_back.get(asset, Decimal(0))
        for position in account.positions.values():
            instrument = state.instruments[position.instrument]
            units = account.places[Place.HOLDING][position.instrument]
            assert units == instrument.qty_decimal(abs(position.qty)).copy_sign(position.qty or 1)
    for order in state.orders.values():
        assert order.cum_qty + order.leaves_qty == order.qty + order.overfill_qty
        assert (order.order_id in state.working) == order.status.is_open
        if not order.status.is_open:
            assert order.reserve == 0
