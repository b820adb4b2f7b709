"""What a decision may look at besides the desk's own state. Read-only; the engine provides it."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Ns
from termdesk.core.model.posting import Settles
from termdesk.core.model.reason import MarketSeen
from termdesk.core.model.terms import Phase
from termdesk.core.trading.orders.native import Native
from termdesk.core.venues.schedule import FeeSchedule


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits in force for one instrument's source."""

    stale_link_ns: int
    """Silence beyond which its link is stale: the source's heartbeat plus the desk's limit."""
    replay_ended: bool = False
    """The recording that quotes it has been played to its end."""


class View(Protocol):
    """The world at one moment. What a decision used of it is copied into its facts."""

    @property
    def now_ns(self) -> Ns:
        """Desk time."""
        ...

    def instrument(self, instrument_id: str) -> Instrument | None:
        """The version in force, None where it is not known."""
        ...

    def seen(self, instrument_id: str) -> MarketSeen | None:
        """The market now, None where the instrument is not known."""
        ...

    def trading_day(self, instrument_id: str) -> str:
        """ISO date of the venue's day; of the desk for ``""``."""
        ...

    def fees(self, instrument_id: str) -> FeeSchedule:
        """Fees in force on the instrument's trading day."""
        ...

    def buy_cost(self, instrument_id: str, qty: int) -> Decimal | None:
        """Money to take ``qty`` from the visible asks, without fee; what is not visible counts at the last price.

        None where there is no ask. ``SimulatedExchange.buy_cost`` answers it.
        """
        ...

    def settles(self, instrument_id: str) -> Settles | None:
        """When a trade of now is settled; None is at once."""
        ...

    def native(self, broker: str, instrument_id: str) -> Native:
        """What the broker's venue does by itself with orders of the instrument."""
        ...

    def day_end_ns(self, instrument_id: str) -> Ns:
        """When the venue's trading day of now ends for the instrument."""
        ...

    def limits(self, instrument_id: str) -> Limits:
        """Limits in force."""
        ...


NOTHING_SEEN = MarketSeen(
    bid=0, bid_qty=0, ask=0, ask_qty=0, last=0, quote_age_ns=-1, link_age_ns=-1, phase=Phase.UNKNOWN, feed="", at_ns=0
)
"""Stands in facts where nothing was known of the instrument."""


def market_seen(view: View, instrument_id: str) -> MarketSeen:
    """The market now, or ``NOTHING_SEEN``."""
    return view.seen(instrument_id) or NOTHING_SEEN
