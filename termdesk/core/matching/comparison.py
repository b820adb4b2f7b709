"""The same orders under several profiles, over one recording: what each would have filled, paid and earned.

Requests are taken at the times at which they left, whatever became of the
orders before: what a person or the desk would have done otherwise after other
fills is not known. Profit is that of these orders alone, at the last price.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.matching.fees import FeesOf
from termdesk.core.matching.fidelity import Fidelity
from termdesk.core.model.event import InstrumentDefined, MarketEvent
from termdesk.core.model.execution import BrokerReport, BrokerRequest, ExecutionReport, FeeItem, NewOrderSingle
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Ns
from termdesk.core.model.terms import ExecType, Side
from termdesk.core.venues.schedule import FeeSchedule

_FEED = "recording"


class Sent(NamedTuple):
    """A request and when it left the desk."""

    at_ns: Ns
    request: BrokerRequest


class Holding(msgspec.Struct):
    """What fills of one instrument came to. Mutable; owned by one ``Outcome``."""

    qty: int = 0
    bought: Decimal = Decimal(0)
    sold: Decimal = Decimal(0)
    fees: dict[str, Decimal] = {}

    def book(self, instrument: Instrument, side: Side, qty: int, price: Decimal, fees: Iterable[FeeItem]) -> None:
        """Add a fill."""
        amount = instrument.cash(price, qty, "")
        self.qty += side.sign * qty
        if side is Side.BUY:
            self.bought += amount
        else:
            self.sold += amount
        for item in fees:
            self.fees[item.asset] = self.fees.get(item.asset, Decimal(0)) + item.amount

    def profit(self, instrument: Instrument, mark: int) -> Decimal:
        """Money made at a price, after fees in the instrument's currency."""
        value = instrument.cash(instrument.price_decimal(mark), abs(self.qty), "") if self.qty else Decimal(0)
        gross = self.sold - self.bought + (value if self.qty > 0 else -value)
        return gross - self.fees.get(instrument.currency, Decimal(0))


class Outcome:
    """What one profile made of the orders.

    Attributes:
        filled: Quantity filled by order id.
        fills: How many fills there were.
        holdings: By instrument id.
    """

    def __init__(self) -> None:
        self.filled: dict[str, int] = {}
        self.fills = 0
        self.holdings: dict[str, Holding] = {}

    def book(
        self, order_id: str, instrument: Instrument, side: Side, qty: int, price: Decimal, fees: Iterable[FeeItem]
    ) -> None:
        """Add a fill."""
        self.fills += 1
        self.filled[order_id] = self.filled.get(order_id, 0) + qty
        self.holdings.setdefault(instrument.id, Holding()).book(instrument, side, qty, price, fees)

    def held(self, account: str, instrument_id: str) -> int:
        """Signed position, for the exchange."""
        del account
        holding = self.holdings.get(instrument_id)
        return holding.qty if holding is not None else 0


class Comparison(NamedTuple):
    """Outcomes by profile, over the market as it was at the end of the recording."""

    outcomes: dict[str, Outcome]
    market: Market
    untold: tuple[str, ...]
    """Orders of instruments that the recording did not know when they were sent."""


def compare(
    events: Iterable[MarketEvent],
    sent: Sequence[Sent],
    fees: Callable[[Instrument, Ns], FeeSchedule],
    profiles: Mapping[str, Fidelity],
) -> Comparison:
    """Run the requests over the events under every profile.

    Args:
        events: By receive time; an instrument's events begin with ``InstrumentDefined``.
        sent: By time.
        fees: What was in force for an instrument at a time.
        profiles: By name.
    """
    market, clock = Market(), _Clock()
    runs = [_Run(market, clock.fees(fees), fidelity) for fidelity in profiles.values()]
    untold: dict[str, None] = {}
    for at_ns, event in _in_order(events, sent):
        clock.now_ns = at_ns
        if isinstance(event, BrokerRequest):
            known = market.states.get(event.instrument)
            if known is None or event.order_id in untold:
                untold[event.order_id] = None
                continue
            for run in runs:
                run.send(event, at_ns)
            continue
        state, _ = market.apply(event, _FEED)
        for run in runs:
            run.take(event, state, at_ns)
    for run in runs:
        run.finish(clock.now_ns)
    return Comparison({run.name: run.outcome for run in runs}, market, tuple(untold))


def _in_order(events: Iterable[MarketEvent], sent: Sequence[Sent]) -> Iterator[tuple[Ns, MarketEvent | BrokerRequest]]:
    """Both by time; market events of a moment come first."""
    waiting = iter(sent)
    request = next(waiting, None)
    for event in events:
        while request is not None and request.at_ns < event.recv_ns:
            yield request.at_ns, request.request
            request = next(waiting, None)
        yield event.recv_ns, event
    while request is not None:
        yield request.at_ns, request.request
        request = next(waiting, None)


class _Clock:
    """The time of the run, for fees that change by day."""

    def __init__(self) -> None:
        self.now_ns = 0

    def fees(self, ask: Callable[[Instrument, Ns], FeeSchedule]) -> FeesOf:
        return lambda instrument: ask(instrument, self.now_ns)


class _Run:
    """One profile under way."""

    def __init__(self, market: Market, fees: FeesOf, fidelity: Fidelity) -> None:
        self.name = fidelity.name
        self.outcome = Outcome()
        self._market = market
        self._exchange = SimulatedExchange(market, fees, fidelity, self.outcome.held)
        self._sides: dict[str, Side] = {}

    def send(self, request: BrokerRequest, at_ns: Ns) -> None:
        if isinstance(request, NewOrderSingle):
            self._sides[request.order_id] = request.side
        self._advance(at_ns)
        self._book(self._exchange.on_request(request, at_ns))

    def take(self, event: MarketEvent, state: InstrumentState | None, at_ns: Ns) -> None:
        self._advance(at_ns - 1)
        if state is not None and not isinstance(event, InstrumentDefined):
            self._book(self._exchange.on_event(event, state))  # type: ignore[arg-type]  # the others have no state
            self._advance(at_ns)

    def finish(self, at_ns: Ns) -> None:
        """Let everything arrive that is on its way; it meets the last market."""
        fidelity = self._exchange.fidelity
        self._advance(at_ns + max(0, fidelity.entry_latency_ns) + fidelity.response_latency_ns)

    def _advance(self, to_ns: Ns) -> None:
        exchange = self._exchange
        while (due_ns := exchange.next_deadline()) is not None and due_ns <= to_ns:
            self._book(exchange.on_time(due_ns))

    def _book(self, reports: Iterable[BrokerReport]) -> None:
        for report in reports:
            if isinstance(report, ExecutionReport) and report.exec_type is ExecType.TRADE:
                instrument = self._market.states[report.instrument].instrument
                side = self._sides[report.order_id]
                fill = (instrument, side, report.last_qty, report.last_price, report.fees)
                self.outcome.book(report.order_id, *fill)
