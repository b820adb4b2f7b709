"""The desk's view of the world: market, venues and limits at one moment. Read-only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from termdesk.adapters.contract import BrokerCapabilities
from termdesk.core import venues
from termdesk.core.market.market import Market
from termdesk.core.matching.exchanges import Exchanges
from termdesk.core.model.errors import Refused
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.posting import Settles
from termdesk.core.model.reason import MarketSeen
from termdesk.core.model.terms import Link
from termdesk.core.trading.orders.native import EVERYTHING, Native
from termdesk.core.trading.view import Limits
from termdesk.core.venues.charges import Commission
from termdesk.core.venues.day_end import day_end
from termdesk.core.venues.schedule import FeeSchedule
from termdesk.core.venues.sessions import phases_of_day
from termdesk.engine.native import native_of


class DeskView:
    """``View`` of the desk, and ``Scales`` of JSON clients' instruments.

    Attributes:
        now_ns: Desk time of the input at hand; the desk sets it.
        heartbeat_ns: Longest silence of each healthy source.
        brokers: What each broker declares, by name; set by whoever loads them.
        listed: Instruments that the desk's facts name, known also before a feed introduces them.
    """

    def __init__(
        self,
        market: Market,
        listed: Mapping[str, Instrument],
        *,
        stale_link_ns: int,
        played_out: Callable[[], bool],
        commissions: Mapping[str, Commission] | None = None,
    ) -> None:
        """Look at a market.

        Args:
            market: Where quotes are.
            listed: First value of ``listed``.
            stale_link_ns: The desk's limit beyond a source's heartbeat.
            played_out: Whether a recording has no more events.
            commissions: By segment, where they are not as the rule books assume.
        """
        self.now_ns = 0
        self.heartbeat_ns: dict[str, int] = {}
        self.brokers: dict[str, BrokerCapabilities] = {}
        self._market = market
        self.listed = listed
        self._stale_link_ns = stale_link_ns
        self._played_out = played_out
        self._commissions = commissions or {}
        self._day = ("", -1, "")
        self._schedules: dict[tuple[str, int, str], FeeSchedule] = {}
        self._settles: dict[tuple[str, int, str], Settles | None] = {}
        self._natives: dict[tuple[str, str, str], Native] = {}
        self._exchange: Exchanges

    def trade_on(self, exchange: Exchanges) -> None:
        """Take costs of market orders from this exchange."""
        self._exchange = exchange

    def instrument(self, instrument_id: str) -> Instrument | None:
        """The version in force."""
        state = self._market.states.get(instrument_id)
        return state.instrument if state is not None else self.listed.get(instrument_id)

    def seen(self, instrument_id: str) -> MarketSeen | None:
        """The market now."""
        return self._market.seen(instrument_id, self.now_ns)

    def trading_day(self, instrument_id: str) -> str:
        """ISO date of the venue's day; without an instrument the UTC date."""
        asked, at_ns, day = self._day
        if asked != instrument_id or at_ns != self.now_ns:
            day = venues.trading_day(instrument_id, self.now_ns)
            self._day = (instrument_id, self.now_ns, day)
        return day

    def fees(self, instrument_id: str) -> FeeSchedule:
        """Fees in force.

        Raises:
            Refused: The instrument or its venue's rules are not known.
        """
        instrument = self.instrument(instrument_id)
        if instrument is None:
            raise Refused("command.instrument_unknown", {"instrument": instrument_id})
        return self.fees_of(instrument)

    def fees_of(self, instrument: Instrument) -> FeeSchedule:
        """Fees in force on the instrument's trading day."""
        key = (instrument.id, instrument.version, self.trading_day(instrument.id))
        found = self._schedules.get(key)
        if found is None:
            commission = self._commissions.get(instrument.segment)
            found = self._schedules[key] = venues.fee_schedule(instrument, key[2], commission)
        return found

    def buy_cost(self, instrument_id: str, qty: int) -> Decimal | None:
        """Money to take ``qty`` from the visible asks."""
        return self._exchange.buy_cost(instrument_id, qty)

    def settles(self, instrument_id: str) -> Settles | None:
        """When a trade of now is settled; None is at once."""
        instrument = self.instrument(instrument_id)
        if instrument is None:
            return None
        key = (instrument_id, instrument.version, self.trading_day(instrument_id))
        if key not in self._settles:
            self._settles[key] = venues.settles(instrument, key[2])
        return self._settles[key]

    def native(self, broker: str, instrument_id: str) -> Native:
        """What the broker declares, as far as the venue has it; a broker that is not loaded has nothing but orders."""
        key = (broker, instrument_id, self.trading_day(instrument_id))
        found = self._natives.get(key)
        if found is None:
            instrument = self.instrument(instrument_id)
            types = venues.order_types(instrument, key[2]) if instrument is not None else None
            phases = phases_of_day(instrument_id, self.now_ns)
            found = self._natives[key] = (
                native_of(self.brokers[broker], types, phases) if broker in self.brokers else EVERYTHING
            )
        return found

    def day_end_ns(self, instrument_id: str) -> int:
        """When the venue's trading day of now ends."""
        return day_end(instrument_id, self.now_ns)

    def limits(self, instrument_id: str) -> Limits:
        """Limits in force for the source that quotes the instrument."""
        state = self._market.states.get(instrument_id)
        stale_ns = self.stale_after_ns(state.feed if state is not None else "")
        feed = self._market.feeds.get(state.feed) if state is not None else None
        ended = self._played_out() or (feed is not None and feed.link is Link.ENDED)
        return Limits(stale_link_ns=stale_ns, replay_ended=ended)

    def stale_after_ns(self, feed: str) -> int:
        """Silence beyond which a source is stale: its heartbeat plus the desk's limit."""
        return self.heartbeat_ns.get(feed, 0) + self._stale_link_ns
