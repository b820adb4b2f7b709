"""The engine as its clients see it: what a session, the board and the queries reach."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from termdesk.core.market.market import Market
from termdesk.core.matching.exchanges import Exchanges
from termdesk.core.model.command import Answer, Command, JumpReplay, PauseReplay, SetReplaySpeed, StepReplay, StopEngine
from termdesk.core.model.errors import Refused
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.controls import stops_of
from termdesk.core.trading.state import DeskState
from termdesk.core.wire.frames import PROTOCOL, Welcome
from termdesk.core.wire.queries import Query, Result
from termdesk.core.wire.topics import AccountBody, HealthBody, QueueBody, ScreenLine
from termdesk.engine.clock import SystemClock
from termdesk.engine.controls import Controls
from termdesk.engine.desk import Desk
from termdesk.engine.encoding import Encoding, encoding_of
from termdesk.engine.health import Health
from termdesk.engine.log_tail import LogTail
from termdesk.engine.prices import MarketPrices
from termdesk.engine.queries import Queries, pages
from termdesk.engine.sequencer import Sequencer
from termdesk.engine.session import Session
from termdesk.engine.sharing import Sharing
from termdesk.engine.view import DeskView

CAPABILITIES = ("put", "presence")
"""Frames of clients that came after the first version of the protocol."""


class Room:
    """Reads desk and market for clients and takes their commands. Decides nothing.

    Attributes:
        log: Durable records.
        sharing: What the screens share.
        sessions: Who is attached.
        closing: Whether the engine is about to end; desk commands are refused from then on.
        on_subscribe: Called when someone waits for a first body.
        on_presence: Called when a client came, went, or said how it is attached.
    """

    def __init__(
        self,
        desk: Desk,
        market: Market,
        exchange: Exchanges,
        view: DeskView,
        sequencer: Sequencer,
        controls: Controls,
        health: Health,
        log: LogTail,
        sharing: Sharing,
        clock: SystemClock,
        version: str,
    ) -> None:
        self.log = log
        self.sharing = sharing
        self.sessions: list[Session] = []
        self.closing = False
        self.on_subscribe: Callable[[], None]
        self.on_presence: Callable[[], None]
        self._desk = desk
        self._market = market
        self._exchange = exchange
        self._view = view
        self._sequencer = sequencer
        self._controls = controls
        self._health = health
        self._version = version
        self._started_ns = clock.wall_ns()
        self._queries = Queries(self, market)
        self._durable = asyncio.Event()

    # sessions

    def encoding(self, message: str | bytes) -> Encoding:
        """Give the encoding that a client speaks."""
        return encoding_of(message, self)

    def welcome(self, session: Session) -> Welcome:
        """Make the first frame of the engine."""
        state = self._desk.state
        return Welcome(
            protocol=PROTOCOL,
            engine_version=self._version,
            desk=state.desk,
            mode=state.mode,
            base_currency=state.base_currency,
            actor=session.actor,
            session=session.session,
            cursor=self.log.head,
            desk_ns=self.now_ns(),
            accounts=tuple(state.accounts),
            capabilities=CAPABILITIES,
        )

    def check_account(self, account: str) -> None:
        """Refuse an account that does not exist."""
        accounts = self._desk.state.accounts
        if account not in accounts:
            raise Refused("command.account_unknown", {"account": account, "accounts": ", ".join(accounts)})

    def command(self, command: Command, actor: str, deliver: Callable[[Answer], None]) -> None:
        """Carry out a command of the engine, or queue one of the desk."""
        if isinstance(command, SetReplaySpeed | PauseReplay | StepReplay | JumpReplay | StopEngine):
            deliver(self._controls.carry_out(command))
        elif self.closing:
            deliver(Answer(command_id=command.command_id, accepted=False, code="desk.stopping"))
        else:
            self._desk.expect_answer(command, deliver)
            self._sequencer.put_command(command, actor)

    async def ask(self, query: Query) -> list[Result]:
        """Answer a query behind whatever the loop has to do; what it shows is durable when it leaves."""
        await asyncio.sleep(0)
        result = self._queries.answer(query)
        seq = self._desk.state.seq
        while self._desk.durable_seq < seq and not self._desk.halted:
            self._durable.clear()
            await self._durable.wait()
        return pages(result)

    async def drained(self) -> None:
        """Wait until nothing waits for the journal any more."""
        while not (self._desk.idle or self._desk.halted):
            self._durable.clear()
            await self._durable.wait()

    def subscribed(self) -> None:
        """Someone waits for a first body."""
        self.on_subscribe()

    def presence_changed(self) -> None:
        """A client came, went, or said how it is attached."""
        self.on_presence()

    def log_grew(self) -> None:
        """Durable records were added, or trading halted."""
        self._durable.set()
        for session in self.sessions:
            session.log_grew()

    # scales of JSON clients

    def instrument(self, instrument_id: str) -> Instrument | None:
        """The version in force."""
        return self._view.instrument(instrument_id)

    def order_instrument(self, order_id: str) -> str | None:
        """Instrument of an order."""
        order = self._desk.state.orders.get(order_id)
        return order.instrument if order is not None else None

    # desk and market, read

    @property
    def state(self) -> DeskState:
        """The desk's state."""
        return self._desk.state

    def now_ns(self) -> int:
        """Desk time."""
        return self._sequencer.now_ns()

    def is_durable(self) -> bool:
        """Whether everything in the desk's state may be shown."""
        return self._desk.is_durable()

    def interests(self, account: str) -> set[str]:
        """Instruments that an account holds or has orders in."""
        state = self._desk.state
        held = {position.instrument for position in state.accounts[account].positions.values() if position.qty}
        orders = (state.orders[order_id] for order_id in state.working)
        return held | {order.instrument for order in orders if order.account == account}

    def view_now(self) -> DeskView:
        """The world at this moment."""
        self._view.now_ns = self.now_ns()
        return self._view

    def prices(self) -> MarketPrices:
        """Marks and rates of this moment."""
        return MarketPrices(self._market, self.view_now())

    def waits(self, order_id: str) -> Reason | None:
        """What a working order waits for."""
        order = self._desk.state.orders.get(order_id)
        if order is None or not order.status.is_open:
            return None
        here = self._desk.triggers.waits(order, self._market.states.get(order.instrument))
        return self._exchange.waits(order_id) if here is None else here

    def is_recorded(self, instrument: str, since_ns: int) -> bool:
        """Whether the market data of an instrument since a moment is kept."""
        recorder = self._desk.recorder
        return recorder is not None and recorder.covers(instrument, since_ns)

    def account_body(self, account: str) -> AccountBody | None:
        """Cash and positions."""
        return self._queries.account(account)

    def queue_body(self, account: str) -> QueueBody | None:
        """Queue estimates of an account's orders."""
        lines = self._exchange.queue_lines(account)
        orders = self._desk.state.orders
        named = {orders[line.order_id].instrument for line in lines if line.order_id in orders}
        versions = {name: found.version for name in named if (found := self._view.instrument(name)) is not None}
        return QueueBody(account, versions, lines)

    def health_body(self) -> HealthBody:
        """How the engine is."""
        return self._health.body(
            desk_ns=self.now_ns(),
            replay=self._sequencer.health(),
            halted=self._desk.halted,
            durable_seq=self._desk.durable_seq,
            stops=stops_of(self._desk.state.controls),
            damaged=self.sharing.damaged,
            screens=self._screens,
        )

    def process(self) -> tuple[int, str, int]:
        """Process id, version and start of the engine."""
        return os.getpid(), self._version, self._started_ns

    def _screens(self) -> tuple[ScreenLine, ...]:
        return tuple(
            ScreenLine(each.session, each.actor, each.client, each.screen, each.armed, each.looks_on)
            for each in self.sessions
        )
