"""One simulated exchange per profile in use, behind one face: each account's orders go to its own.

Accounts of different profiles never see what each other took.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState
from termdesk.core.matching.bar_pit import PositionOf
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.matching.expiry import DayEnd
from termdesk.core.matching.fees import FeesOf
from termdesk.core.matching.fidelity import PROFILES, QUEUE
from termdesk.core.matching.restored import RestoredOrder
from termdesk.core.matching.watch import TriggerMark
from termdesk.core.model.event import InstrumentEvent
from termdesk.core.model.execution import BrokerReport, BrokerRequest
from termdesk.core.model.reason import Reason
from termdesk.core.wire.topics import QueueLine

ProfileOf = Callable[[str], str]
"""Name of an account's profile; one that is not known, or empty, is the default."""


class Exchanges:
    """Every simulated exchange of a desk."""

    def __init__(
        self,
        market: Market,
        fees: FeesOf,
        profile_of: ProfileOf | None = None,
        position: PositionOf | None = None,
        day_end: DayEnd | None = None,
    ) -> None:
        """Begin without orders; arguments as for ``SimulatedExchange``."""
        self._market = market
        self._fees = fees
        self._profile_of = profile_of
        self._position = position
        self._day_end = day_end
        self._default = self._made(QUEUE.name)
        self._by_name = {QUEUE.name: self._default}
        self._all: tuple[SimulatedExchange, ...] = (self._default,)

    def on_event(self, event: InstrumentEvent, state: InstrumentState) -> list[BrokerReport]:
        """Let every exchange take an event."""
        if len(self._all) == 1:
            return self._default.on_event(event, state)
        return [report for exchange in self._all for report in exchange.on_event(event, state)]

    def on_request(self, request: BrokerRequest, now_ns: int) -> list[BrokerReport]:
        """Hand a request to the exchange of its account."""
        return self._of(request.account).on_request(request, now_ns)

    def next_deadline(self) -> int | None:
        """When ``on_time`` is due."""
        if len(self._all) == 1:
            return self._default.next_deadline()
        return min((due for one in self._all if (due := one.next_deadline()) is not None), default=None)

    def on_time(self, now_ns: int) -> list[BrokerReport]:
        """Do what is due by now."""
        return [
            report
            for one in self._all
            if (due := one.next_deadline()) is not None and due <= now_ns
            for report in one.on_time(now_ns)
        ]

    def restore(self, orders: Iterable[RestoredOrder], now_ns: int, marks: Iterable[TriggerMark] = ()) -> None:
        """Take up orders from before a restart, oldest first."""
        known = tuple(marks)
        for order in orders:
            self._of(order.new.account).restore((order,), now_ns, known)

    def marks(self) -> tuple[TriggerMark, ...]:
        """Watch state of orders that wait for a trigger."""
        return tuple(mark for one in self._all for mark in one.marks())

    def trigger_of(self, order_id: str) -> tuple[int | None, bool] | None:
        """Where a waiting order's trigger stands now; None for other orders."""
        return next((found for one in self._all if (found := one.trigger_of(order_id)) is not None), None)

    def queue_lines(self, account: str) -> tuple[QueueLine, ...]:
        """Queue estimates of an account's resting orders."""
        return self._of(account).queue_lines(account)

    def waits(self, order_id: str) -> Reason | None:
        """Why a resting order does not trade now; None for an order that does not rest here."""
        return next((found for one in self._all if (found := one.waits(order_id)) is not None), None)

    def buy_cost(self, instrument_id: str, qty: int) -> Decimal | None:
        """Money to take ``qty`` from the asks, as the default profile sees them."""
        return self._default.buy_cost(instrument_id, qty)

    def _of(self, account: str) -> SimulatedExchange:
        name = self._profile_of(account) if self._profile_of is not None else ""
        found = self._by_name.get(name)
        if found is None:
            if name not in PROFILES:
                return self._default
            found = self._by_name[name] = self._made(name)
            self._all = tuple(self._by_name.values())
        return found

    def _made(self, name: str) -> SimulatedExchange:
        return SimulatedExchange(self._market, self._fees, PROFILES[name], self._position, self._day_end)
