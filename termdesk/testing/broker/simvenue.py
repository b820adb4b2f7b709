"""The simulated venue under the suite's control."""

from __future__ import annotations

from termdesk.adapters.brokers.simvenue import messages as m
from termdesk.adapters.brokers.simvenue.client import SimVenueBroker, SimVenueSettings
from termdesk.core.model.event import BookSnapshot, InstrumentDefined, Trade
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Side
from termdesk.testing.broker.control import ACCOUNT
from termdesk.testing.venue.faults import Fault
from termdesk.testing.venue.server import VenueServer
from termdesk.testing.venue.store import Venue

_TOKEN = "conformance"


class SimVenueControl:
    """``VenueControl`` over a real socket on this machine."""

    faults = frozenset(Fault)
    is_remote = True

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.venue = Venue()
        self.server = VenueServer(self.venue, _TOKEN)
        self._seq = 0
        self._elsewhere = 0

    async def start(self) -> None:
        """Listen."""
        await self.server.open()
        self.venue.take(InstrumentDefined(1, self.instrument))

    async def stop(self) -> None:
        """End every connection."""
        await self.server.close()

    def open(self) -> SimVenueBroker:
        """Give a broker that waits a quarter of a second for an answer."""
        url = f"ws://127.0.0.1:{self.server.port}"
        return SimVenueBroker(SimVenueSettings(url=url, token=_TOKEN, answer_within_ms=250), (ACCOUNT,))

    def arm(self, fault: Fault) -> None:
        """Let a fault strike once."""
        self.venue.faults.arm(fault)

    async def quote(self, bid: str, ask: str, qty: str) -> None:
        """Replace the public book."""
        x, at_ns = self.instrument, self._next()
        sides = (((x.price(price), x.qty(qty)),) for price in (bid, ask))
        self.venue.take(BookSnapshot(x.id, at_ns, at_ns, self._seq, *sides))
        await self.server.flush()

    async def trade(self, price: str, qty: str, aggressor: Side) -> None:
        """Print a public trade."""
        x, at_ns = self.instrument, self._next()
        self.venue.take(Trade(x.id, at_ns, at_ns, self._seq, x.price(price), x.qty(qty), aggressor))
        await self.server.flush()

    async def cut(self) -> None:
        """Break the link."""
        self.server.cut()

    async def place_elsewhere(self, side: Side, qty: str, price: str) -> str:
        """Place an order with a client id of someone else's program."""
        self._elsewhere += 1
        told = m.New(
            client_id=f"web-{self._elsewhere}",
            account=ACCOUNT,
            symbol=self.instrument.id,
            side=side.value,
            ord_type="limit",
            time_in_force="gtc",
            qty=qty,
            price=price,
        )
        self.venue.new(told)
        await self.server.flush()
        return list(self.venue.orders.values())[-1].venue_id

    def received(self, client_id: str) -> int:
        """How often an order arrived."""
        return self.venue.received.count(client_id)

    def position(self) -> int:
        """What the venue holds."""
        return self.venue.qty(ACCOUNT, self.instrument.id)

    def _next(self) -> int:
        self._seq += 1
        return self._seq * 1_000_000
