"""What the author of a broker gives to the suite: a venue that does what a case asks of it."""

from __future__ import annotations

from typing import Protocol

from termdesk.adapters.contract import Broker
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Side
from termdesk.testing.venue.faults import Fault

ACCOUNT = "a"
"""The account of every case."""


class VenueControl(Protocol):
    """A venue under control; a fresh one for each case. Prices and quantities are text."""

    instrument: Instrument
    faults: frozenset[Fault]
    """What it can let go wrong; a case that needs more does not apply, and says so."""
    is_remote: bool
    """Whether there is a link that can break and a venue that goes on without the desk."""

    async def start(self) -> None:
        """Begin."""
        ...

    async def stop(self) -> None:
        """End, and leave nothing running."""
        ...

    def open(self) -> Broker:
        """Give a broker for ``ACCOUNT`` with short time limits, as a new process would have it."""
        ...

    def arm(self, fault: Fault) -> None:
        """Let a fault strike once."""
        ...

    async def quote(self, bid: str, ask: str, qty: str) -> None:
        """Replace the public book by one level a side."""
        ...

    async def trade(self, price: str, qty: str, aggressor: Side) -> None:
        """Print a public trade."""
        ...

    async def cut(self) -> None:
        """Break the link without a word."""
        ...

    async def place_elsewhere(self, side: Side, qty: str, price: str) -> str:
        """Place an order of the same account past the desk; gives the venue's id."""
        ...

    def received(self, client_id: str) -> int:
        """How often the venue was asked to place an order under a client id."""
        ...

    def position(self) -> int:
        """Signed scaled quantity that the venue holds for the account."""
        ...
