"""A desk on the simulated exchange without engine and disk: time is what the caller says, facts are durable at once."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from termdesk.adapters.brokers.paper import PaperBroker
from termdesk.core.market.market import Market
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.matching.fidelity import Fidelity
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import (
    BarClosed,
    BookDelta,
    BookSnapshot,
    InstrumentDefined,
    InstrumentEvent,
    Level,
    OrderAdded,
    OrderMatched,
    OrderRemoved,
    PhaseChanged,
    Trade,
)
from termdesk.core.model.execution import BrokerReport, BrokerRequest, NewOrderSingle, OrderCancelRequest
from termdesk.core.model.facts import Recorded
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.posting import Settles
from termdesk.core.model.reason import MarketSeen
from termdesk.core.model.terms import AccountKind, Link, Mode, Overfill, Phase, Side
from termdesk.core.model.venue import BrokerLink, BrokerRules, VenueRequest, VenueSnapshot
from termdesk.core.trading import read
from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.inputs import DepositCash, DeskInput, OpenAccount, OpenDesk, ResumeDesk
from termdesk.core.trading.orders.deadlines import due, next_deadline
from termdesk.core.trading.orders.native import EVERYTHING, Native
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.orders.watching import TriggerWatch
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.turn import Stamp, Turn, turn
from termdesk.core.trading.view import Limits
from termdesk.core.venues.delivery import settles
from termdesk.core.venues.schedule import FeeSchedule
from termdesk.engine.native import native_of

ACCOUNT = "a"
PAPER, VENUE = "paper", "venue"
"""Brokers: the simulated exchange, and a venue of which only reports are told."""

_FEED = "scenario"
_DAY = "2026-01-05"
_NO_LIMIT_NS = _NEVER_NS = 1 << 62
ANY_QTY = 1 << 50
"""Displayed where a size is not told."""


class Bench:
    """One desk with one account on one instrument; also the desk's ``View``.

    Attributes:
        now_ns: Desk time; set by the caller.
        venue_ns: When the present step happened at the venue; set by the caller, earlier where it is told late.
        day: Trading day; set by the caller.
        natively: What the venue does by itself; set by the caller.
        closes_ns: When the trading day ends; set by the caller.
        broker: Where its orders go.
        sent: Requests that left the desk, in order.
        records: Every fact, in order.
    """

    def __init__(
        self,
        instrument: Instrument,
        fees: FeeSchedule,
        *,
        kind: AccountKind,
        cash: str,
        broker: str,
        fidelity: Fidelity,
        on_bars: bool,
        overfill: Overfill = Overfill.REFUSE,
    ) -> None:
        """Open the desk; ``on_bars`` says that nothing but bars will be told of the instrument."""
        self.now_ns = self.venue_ns = 1
        self.natively = native_of(PaperBroker.capabilities, None) if broker == PAPER else EVERYTHING
        self.closes_ns = _NEVER_NS
        self._fidelity = fidelity
        self.day = _DAY
        self.listed = instrument
        self.market = Market()
        self.records: list[Recorded] = []
        self.sent: list[VenueRequest] = []
        self._fees = fees
        self.broker = broker
        self._overfill = overfill
        self._seq = 0
        self._trades = 0
        self._public: dict[str, tuple[int, Side, int]] = {}
        self.market.apply(InstrumentDefined(self.now_ns, instrument), _FEED)
        self.market.states[instrument.id].on_bars = on_bars
        self._begin(DeskState())
        self.book((), ())
        self.give(OpenDesk(desk="scenario", mode=Mode.PAPER, seed=0, base_currency=instrument.currency))
        self.give(OpenAccount(account=ACCOUNT, kind=kind, broker=broker))
        if Decimal(cash):
            self.give(DepositCash(account=ACCOUNT, asset=instrument.currency, amount=Decimal(cash)))
        if broker == VENUE:
            self.link(Link.UP)
            self.give(VenueSnapshot(broker=VENUE, accounts=(ACCOUNT,), at_ns=self.now_ns))
            self.sent.clear()

    # the view

    def instrument(self, instrument_id: str) -> Instrument | None:
        """The one instrument."""
        return self.market.instruments.get(instrument_id)

    def seen(self, instrument_id: str) -> MarketSeen | None:
        """The market now."""
        return self.market.seen(instrument_id, self.now_ns)

    def trading_day(self, instrument_id: str) -> str:
        """The day that the scenario is at."""
        del instrument_id
        return self.day

    def fees(self, instrument_id: str) -> FeeSchedule:
        """Fees of the scenario."""
        del instrument_id
        return self._fees

    def buy_cost(self, instrument_id: str, qty: int) -> Decimal | None:
        """As the exchange says."""
        return self.exchange.buy_cost(instrument_id, qty)

    def settles(self, instrument_id: str) -> Settles | None:
        """As the instrument says."""
        return settles(self.listed, self.trading_day(instrument_id))

    def native(self, broker: str, instrument_id: str) -> Native:
        """As set by the caller."""
        del broker, instrument_id
        return self.natively

    def day_end_ns(self, instrument_id: str) -> int:
        """As set by the caller."""
        del instrument_id
        return self.closes_ns

    def limits(self, instrument_id: str) -> Limits:
        """No source is ever stale."""
        del instrument_id
        return Limits(stale_link_ns=_NO_LIMIT_NS)

    # inputs

    def give(self, given: DeskInput) -> Turn:
        """Let the desk take one input, and the broker what comes of it."""
        done = turn(self.state, self, given, Stamp(self.now_ns, self.now_ns, "scenario", "scenario"))
        self.records += done.records
        met = self.watch.follow(done.records, self.state, self, self.market.states)
        for request in done.effects:
            self.sent.append(request)
            if self.broker == PAPER and isinstance(request, BrokerRequest):
                self._report(self.exchange.on_request(request, self.now_ns))
        for trigger in met:
            self.give(trigger)
        return done

    def link(self, link: Link) -> None:
        """Say that the connection to the venue outside came up or broke."""
        rules = BrokerRules(absent_after_ns=0, overfill=self._overfill)
        self.give(BrokerLink(broker=VENUE, at_ns=self.now_ns, link=link, rules=rules))

    def event(self, event: InstrumentEvent) -> None:
        """Let market, exchange and desk take one market event."""
        state, touched = self.market.apply(event, _FEED)
        if state is not None:
            self._report(self.exchange.on_event(event, state))
            for trigger in self.watch.on_event(state, touched):
                self.give(trigger)
            self._settle()

    def advance(self, to_ns: int) -> None:
        """Move desk time on, doing what falls due on the way; it never goes back."""
        while (due_ns := self.exchange.next_deadline()) is not None and due_ns <= to_ns:
            self.expire(due_ns - 1)
            self.now_ns = max(self.now_ns, due_ns)
            self._report(self.exchange.on_time(self.now_ns))
        self.expire(to_ns - 1)
        self.now_ns = max(self.now_ns, to_ns)

    def expire(self, to_ns: int) -> None:
        """Do what the desk has to do by itself up to a time; market events of that very moment come before it."""
        while (met := due(self.state, to_ns)) is not None:
            self.now_ns = max(self.now_ns, next_deadline(self.state) or 0)
            self.give(met)

    def restart(self, *, clean: bool) -> None:
        """Begin again from the recorded facts, as an engine does on its journal."""
        state = DeskState()
        for record in self.records:
            evolve(state, record)
        # The engine keeps these beside the journal as they move.
        marks = (*self.exchange.marks(), *self.watch.marks())
        self._begin(state)
        self.watch.resume(state, self, marks)
        self.give(ResumeDesk(clean=clean, engine_version="", simulated=(PAPER,)))
        self.exchange.restore(read.restorable(self.state, PAPER), self.now_ns, marks)

    def book(self, bids: tuple[Level, ...], asks: tuple[Level, ...]) -> None:
        """Replace the whole book."""
        self._seq += 1
        self.event(BookSnapshot(self.listed.id, *self._stamps(), self._seq, bids, asks))

    def level(self, side: Side, price: int, qty: int) -> None:
        """Set one level; 0 removes it."""
        self._seq += 1
        level = ((price, qty),)
        bids, asks = (level, ()) if side is Side.BUY else ((), level)
        self.event(BookDelta(self.listed.id, *self._stamps(), self._seq, self._seq, -1, bids, asks))

    def phase(self, phase: Phase) -> None:
        """Begin another phase of the session."""
        self.event(PhaseChanged(self.listed.id, *self._stamps(), phase))

    def trigger_of(self, order: Order) -> tuple[int | None, bool]:
        """Where an order's trigger stands, and whether it follows the market, wherever it is watched."""
        found = self.watch.trigger_of(order) or self.exchange.trigger_of(order.order_id)
        return (order.trigger_price, order.triggered) if found is None else found

    def trade(self, price: int, qty: int, aggressor: Side | None) -> None:
        """Print a public trade."""
        self._trades += 1
        self.event(Trade(self.listed.id, *self._stamps(), self._trades, price, qty, aggressor))

    def add_public(self, name: str, side: Side, price: int, qty: int) -> None:
        """Enter someone's order into an order-by-order book."""
        self._seq += 1
        number = len(self._public) + 1
        self._public[name] = number, side, price
        self.event(OrderAdded(self.listed.id, *self._stamps(), self._seq, number, side, price, qty))

    def match_public(self, name: str, qty: int) -> None:
        """Trade someone's order with an order of nobody's that came for it."""
        self._seq += 1
        self._trades += 1
        number, side, price = self._public[name]
        buy, sell = (number, 0) if side is Side.BUY else (0, number)
        stamps = (*self._stamps(), self._seq)
        self.event(OrderMatched(self.listed.id, *stamps, self._trades, price, qty, side.opposite, buy, sell))

    def remove_public(self, name: str, qty: int | None) -> None:
        """Take ``qty`` of someone's order off an order-by-order book; None is all that is left of it."""
        self._seq += 1
        number, side, _ = self._public[name]
        if qty is None:
            orders = self.market.states[self.listed.id].orders
            qty = sum(left for known, _, left in orders.open(side) if known == number)
        self.event(OrderRemoved(self.listed.id, *self._stamps(), self._seq, number, side, qty))

    def last(self, price: int) -> None:
        """Tell a last price and nothing else; where it stands in for the book, that comes first."""
        if self._fidelity.last_as_book:
            self.book(((price, ANY_QTY),), ((price, ANY_QTY),))
        self.trade(price, 0, None)

    def bar(self, bar: Bar, end_ns: int) -> None:
        """Deliver a bar that closed at ``end_ns``, perhaps late."""
        self.event(BarClosed(self.listed.id, end_ns, self.now_ns, bar))

    # what was sent

    def submissions(self, order_id: str) -> int:
        """How often an order was sent."""
        return sum(isinstance(one, NewOrderSingle) and one.order_id == order_id for one in self.sent)

    def cancels(self, order_id: str) -> int:
        """How often its cancel was sent."""
        return sum(isinstance(one, OrderCancelRequest) and one.order_id == order_id for one in self.sent)

    def _stamps(self) -> tuple[int, int]:
        """Time of an event at the venue and here."""
        return self.venue_ns, self.now_ns

    def _begin(self, state: DeskState) -> None:
        self.state = state
        self.watch = TriggerWatch()
        self.exchange = SimulatedExchange(self.market, lambda _: self._fees, self._fidelity, self._held)

    def _held(self, account: str, instrument_id: str) -> int:
        position = self.state.accounts[account].position(instrument_id)
        return position.qty if position is not None else 0

    def _settle(self) -> None:
        """Let the exchange go on with what is due now."""
        while (due_ns := self.exchange.next_deadline()) is not None and due_ns <= self.now_ns:
            self._report(self.exchange.on_time(self.now_ns))

    def _report(self, reports: Iterable[BrokerReport]) -> None:
        for report in reports:
            self.give(report)
