"""The paper broker under the suite's control: a venue inside the engine, without a link that could break."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal

from termdesk.adapters.brokers.paper import BROKER, PaperBroker
from termdesk.core.market.market import Market
from termdesk.core.model.event import BookSnapshot, InstrumentDefined, InstrumentEvent, Trade
from termdesk.core.model.execution import BrokerReport, BrokerRequest, NewOrderSingle
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Side
from termdesk.core.model.venue import SnapshotRequest, ToBroker, VenueReport, VenueSnapshot
from termdesk.core.venues.schedule import flat
from termdesk.testing.venue.faults import Fault

_FEED = "venue"


class PaperSession:
    """The paper broker behind a queue, as a route wants it."""

    def __init__(self, control: PaperControl) -> None:
        self._control = control
        self._told: asyncio.Queue[Sequence[VenueReport]] = asyncio.Queue()

    async def send(self, message: ToBroker) -> None:
        """Hand a message over."""
        if isinstance(message, SnapshotRequest):
            self._told.put_nowait([VenueSnapshot(broker=message.broker, accounts=message.accounts, at_ns=0)])
        elif isinstance(message, BrokerRequest):
            self.tell(self._control.request(message))

    async def reports(self) -> AsyncIterator[Sequence[VenueReport]]:
        """Give what the exchange says."""
        while True:
            yield await self._told.get()

    async def close(self) -> None:
        """There is nothing to close."""

    def tell(self, reports: Sequence[BrokerReport]) -> None:
        """Queue what the exchange said."""
        if reports:
            self._told.put_nowait(reports)


class PaperRoute:
    """The paper broker as a broker outside would be."""

    name = f"{PaperBroker.name}_route"
    """Another one than that of the exchange inside every desk."""
    capabilities = PaperBroker.capabilities

    def __init__(self, control: PaperControl) -> None:
        self._control = control

    async def connect(self) -> PaperSession:
        """Give the one session."""
        self._control.session = PaperSession(self._control)
        return self._control.session


class PaperControl:
    """``VenueControl`` of the simulated exchange inside the engine: nothing gets lost on a way of no length."""

    faults: frozenset[Fault] = frozenset()
    is_remote = False

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.session: PaperSession
        self._market = Market()
        fees = flat(instrument.currency, Decimal(0), Decimal(0))
        self._broker = BROKER.open(self._market, lambda _: fees, lambda _: "")
        self._position = 0
        self._received: list[str] = []
        self._sides: dict[str, Side] = {}
        self._seq = 0

    async def start(self) -> None:
        """List the instrument."""
        self._market.apply(InstrumentDefined(1, self.instrument), _FEED)

    async def stop(self) -> None:
        """There is nothing to end."""

    def open(self) -> PaperRoute:
        """Give the broker."""
        return PaperRoute(self)

    def arm(self, fault: Fault) -> None:
        """No fault is declared, so none is asked for."""
        raise AssertionError(f"the paper broker has no {fault.value}")

    async def quote(self, bid: str, ask: str, qty: str) -> None:
        """Replace the public book."""
        x = self.instrument
        sides = (((x.price(price), x.qty(qty)),) for price in (bid, ask))
        self._seq += 1
        self._take(BookSnapshot(x.id, self._seq, self._seq, self._seq, *sides))

    async def trade(self, price: str, qty: str, aggressor: Side) -> None:
        """Print a public trade."""
        x = self.instrument
        self._seq += 1
        self._take(Trade(x.id, self._seq, self._seq, self._seq, x.price(price), x.qty(qty), aggressor))

    async def cut(self) -> None:
        """There is no link."""
        raise AssertionError("the paper broker has no link")

    async def place_elsewhere(self, side: Side, qty: str, price: str) -> str:
        """Nobody else trades in these accounts."""
        raise AssertionError(f"nobody else could {side.value} {qty} @ {price} on paper")

    def received(self, client_id: str) -> int:
        """How often an order arrived."""
        return self._received.count(client_id)

    def position(self) -> int:
        """What was executed."""
        return self._position

    def request(self, request: BrokerRequest) -> Sequence[BrokerReport]:
        """Hand a request to the exchange, and count what comes of it."""
        if isinstance(request, NewOrderSingle):
            self._received.append(request.venue_cl_ord_id)
            self._sides[request.order_id] = request.side
        return self._counted(self._broker.on_request(request, self._seq))

    def _take(self, event: InstrumentEvent) -> None:
        state, _ = self._market.apply(event, _FEED)
        if state is not None:
            reports = self._counted(self._broker.on_event(event, state))
            if reports:
                self.session.tell(reports)

    def _counted(self, reports: Sequence[BrokerReport]) -> Sequence[BrokerReport]:
        for report in reports:
            self._position += self._sides[report.order_id].sign * getattr(report, "last_qty", 0)
        return reports
