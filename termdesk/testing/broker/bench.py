"""A desk for one case: the real decisions and the engine's own route, with facts that are durable at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from decimal import Decimal

from termdesk.core.matching.fidelity import QUEUE
from termdesk.core.model.command import AmendOrder, Answer, CancelOrder, SubmitOrder
from termdesk.core.model.facts import AlertRaised
from termdesk.core.model.terms import AccountKind, Link, OrdStatus, OrdType, Side
from termdesk.core.model.venue import VenueReport
from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.inputs import DeskInput, ResumeDesk
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.turn import Turn
from termdesk.core.trading.venue.unknown import unanswered
from termdesk.core.venues.schedule import flat
from termdesk.engine.brokers import Route
from termdesk.testing.broker.control import VenueControl
from termdesk.testing.scenario.bench import ACCOUNT, Bench

WITHIN_S = 15.0


class ConformanceDesk(Bench):
    """One desk on one broker. Every fact is recorded; ``restart`` begins again from them."""

    def __init__(self, control: VenueControl) -> None:
        self._news = asyncio.Event()
        self._control = control
        self._route: Route | None = None
        self._task: asyncio.Task[None] | None = None
        self._commands = 0
        x = control.instrument
        super().__init__(
            x,
            flat(x.currency, Decimal(0), Decimal(0)),
            kind=AccountKind.MARGIN,
            cash="1e12",
            broker=control.open().name,
            fidelity=QUEUE,
            on_bars=False,
        )
        self.quote("99.00", "101.00", "1000")

    def quote(self, bid: str, ask: str, qty: str) -> None:
        """What the desk sees of the market; the gate looks at it, fills do not."""
        x = self.listed
        self.book(((x.price(bid), x.qty(qty)),), ((x.price(ask), x.qty(qty)),))

    def give(self, given: DeskInput) -> Turn:
        """Let the desk take one input, and the route what comes of it."""
        self.now_ns = max(self.now_ns, time.monotonic_ns())
        done = super().give(given)
        if self._route is not None:
            for request in done.effects:
                for report in self._route.on_request(request, self.now_ns):
                    self.give(report)
        self._news.set()
        return done

    # life

    async def connect(self) -> None:
        """Start the route and wait until the venue's word was taken in whole."""
        self._route = Route(
            self._control.open(),
            self._put,
            self._now,
            lambda name: unanswered(self.state, name),
            lambda: self.market.instruments,
        )
        self.give(self._route.link(Link.DOWN, "not connected yet"))
        self._task = asyncio.create_task(self._route.run())
        await self.until(self.is_reconciled)

    async def disconnect(self) -> None:
        """End the route as a process that dies ends it: without a word to the desk."""
        task, self._task, self._route = self._task, None, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def begin_again(self) -> None:
        """Die, come back from the recorded facts, connect."""
        await self.disconnect()
        state = DeskState()
        for record in self.records:
            evolve(state, record)
        self.state = state
        self.give(ResumeDesk(clean=False, engine_version="", simulated=()))
        await self.connect()

    def is_reconciled(self) -> bool:
        """Whether new orders may leave."""
        return self.state.brokers[self.broker].reconciled

    # orders

    def submit(self, side: Side, qty: str, price: str | None) -> str:
        """Send an order; gives its id."""
        command = SubmitOrder(
            command_id=self._command_id(),
            account=ACCOUNT,
            instrument=self.listed.id,
            side=side,
            ord_type=OrdType.MARKET if price is None else OrdType.LIMIT,
            qty=self.listed.qty(qty),
            price=None if price is None else self.listed.price(price),
        )
        return self._accepted(self.give(command)).order_ids[0]

    def cancel(self, order_id: str) -> None:
        """Ask for an order to be taken off."""
        self._accepted(self.give(CancelOrder(command_id=self._command_id(), order_id=order_id)))

    def amend(self, order_id: str, *, qty: str | None = None, price: str | None = None) -> None:
        """Ask for new terms."""
        x = self.listed
        command = AmendOrder(
            command_id=self._command_id(),
            order_id=order_id,
            qty=None if qty is None else x.qty(qty),
            price=None if price is None else x.price(price),
        )
        self._accepted(self.give(command))

    def order(self, order_id: str) -> Order:
        """An order as the desk knows it."""
        return self.state.orders[order_id]

    async def status(self, order_id: str, *statuses: OrdStatus) -> Order:
        """Wait until an order stands in one of these."""
        await self.until(lambda: self.order(order_id).status in statuses, lambda: str(self.order(order_id).status))
        return self.order(order_id)

    async def until(self, what: Callable[[], bool], told: Callable[[], str] = lambda: "") -> None:
        """Wait until something is so, looked at after every input.

        Raises:
            AssertionError: It did not come to be in time.
        """
        try:
            async with asyncio.timeout(WITHIN_S):
                while not what():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"waited {WITHIN_S:g} s in vain, it is {told()}; alerts {self.alerts()}") from None

    def alerts(self) -> list[str]:
        """Codes of what was to be looked at."""
        return [record.fact.reason.code for record in self.records if isinstance(record.fact, AlertRaised)]

    def position(self) -> int:
        """Signed scaled quantity that the desk booked."""
        return self.state.accounts[ACCOUNT].qty(self.listed.id)

    def _put(self, reports: Sequence[VenueReport]) -> None:
        for report in reports:
            self.give(report)

    def _now(self) -> int:
        self.now_ns = max(self.now_ns, time.monotonic_ns())
        return self.now_ns

    def _command_id(self) -> str:
        self._commands += 1
        return f"c{self._commands}"

    def _accepted(self, done: Turn) -> Answer:
        answer = done.answers[0]
        assert answer.accepted, f"the desk refused: {answer.code} {answer.params}"
        return answer
