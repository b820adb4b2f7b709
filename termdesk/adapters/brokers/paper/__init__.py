"""Paper broker: a route to the simulated exchange, on whichever feed runs.

It lives in the engine's own turn instead of behind a queue, because it must
see every market event before the desk does; so its methods answer with
reports at once.
"""

from __future__ import annotations

from collections.abc import Iterable

from termdesk.adapters.contract import BrokerCapabilities
from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState
from termdesk.core.matching.bar_pit import PositionOf
from termdesk.core.matching.exchanges import Exchanges, ProfileOf
from termdesk.core.matching.fees import FeesOf
from termdesk.core.matching.restored import RestoredOrder
from termdesk.core.matching.watch import TriggerMark
from termdesk.core.model.event import InstrumentEvent
from termdesk.core.model.execution import BrokerReport, BrokerRequest
from termdesk.core.model.terms import OrdType, TriggerBy


class PaperBroker:
    """A broker whose venue is the simulated exchange. Trades no real money and reaches no network."""

    name = "paper"
    capabilities = BrokerCapabilities(
        ord_types=tuple(each.value for each in OrdType),
        times_in_force=("gtc", "ioc", "fok", "gtd", "at_open", "at_close"),
        trigger_bys=tuple(each.value for each in TriggerBy),
        iceberg=True,
        replace="in_place",
        lookup_by_client_id=False,
        simulated=True,
    )

    def __init__(self, exchange: Exchanges) -> None:
        self.exchange = exchange

    def on_event(self, event: InstrumentEvent, state: InstrumentState) -> list[BrokerReport]:
        """Let the venue see a market event that ``state`` has taken already."""
        return self.exchange.on_event(event, state)

    def on_request(self, request: BrokerRequest, now_ns: int) -> list[BrokerReport]:
        """Hand over one durable request."""
        return self.exchange.on_request(request, now_ns)

    def next_deadline(self) -> int | None:
        """When the venue has something to do by itself."""
        return self.exchange.next_deadline()

    def on_time(self, now_ns: int) -> list[BrokerReport]:
        """Let the venue do what is due by now."""
        return self.exchange.on_time(now_ns)

    def restore(self, orders: Iterable[RestoredOrder], now_ns: int, marks: Iterable[TriggerMark] = ()) -> None:
        """Take up the working orders of a journal, with where their triggers stood, before anything else happens."""
        self.exchange.restore(orders, now_ns, marks)


class PaperBrokerFactory:
    """Entry point of group ``termdesk.brokers``."""

    name = PaperBroker.name
    capabilities = PaperBroker.capabilities

    def open(
        self, market: Market, fees: FeesOf, profile_of: ProfileOf | None = None, position: PositionOf | None = None
    ) -> PaperBroker:
        """Make a broker on a market.

        Args:
            market: Every public market.
            fees: What is in force for an instrument.
            profile_of: How an account's fills are simulated; None takes the default for all.
            position: What an account holds.
        """
        return PaperBroker(Exchanges(market, fees, profile_of, position))


BROKER = PaperBrokerFactory()
