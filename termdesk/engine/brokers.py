"""Routes to brokers: found by name, imported only where the desk may, each with a queue and a task of its own.

The simulated exchange inside the engine answers at once. A route outside
takes requests whose facts are durable, sends each once, and says what it
knows: what provably never left, what got no answer, and when the link broke.
It never sends anything again.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import entry_points
from typing import Any

import msgspec

from termdesk.adapters.brokers.paper import PaperBroker
from termdesk.adapters.contract import Broker, BrokerFactory, BrokerSession, NotSent
from termdesk.core.model.errors import AdapterError, ConfigError
from termdesk.core.model.execution import BrokerReport, BrokerRequest
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Link, Mode
from termdesk.core.model.venue import (
    BrokerLink,
    SnapshotRequest,
    TellInstrument,
    TransportError,
    VenueReport,
    VenueRequest,
    VenueSnapshot,
)
from termdesk.engine.feeds import load_adapter
from termdesk.engine.questions import Questions

_LOG = logging.getLogger("termdesk.engine")

GROUP = "termdesk.brokers"
SIMULATED = "termdesk.brokers.simulated"
"""Names in ``GROUP`` that reach no real venue; read without importing any of them."""

FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 30.0
STEADY_S = 60.0
"""A link that held so long begins with the shortest pause again."""
LOOK_S = 0.25
ASK_AGAIN_S = 1.0


def load_broker(mode: Mode, name: str) -> Any:  # noqa: ANN401  # the paper broker has a factory of its own kind
    """Import a broker; on a desk that is not live only one that is registered as simulated.

    Raises:
        AdapterError: None of this name is installed, or the desk may not import it.
    """
    if mode is not Mode.LIVE:
        allowed = sorted({PaperBroker.name, *entry_points(group=SIMULATED).names})
        if name not in allowed:
            raise AdapterError(
                f"a {mode.value} desk trades on simulated brokers only: {', '.join(allowed)}; {name} is not one of them"
            )
    factory = load_adapter(GROUP, name)
    if mode is not Mode.LIVE and not factory.capabilities.simulated:
        raise AdapterError(f"a {mode.value} desk trades on simulated brokers only, {name} says it is none")
    return factory


def open_broker(mode: Mode, name: str, tables: Mapping[str, Mapping[str, Any]], accounts: Sequence[str]) -> Broker:
    """Open a broker outside the engine with its table of the configuration.

    Raises:
        AdapterError: It can't be imported or opened.
        ConfigError: Its table does not fit.
    """
    factory: BrokerFactory = load_broker(mode, name)
    if mode is Mode.REPLAY:
        raise AdapterError(f"a replay desk trades on paper only: {name} lives in another time")
    try:
        settings = msgspec.convert(dict(tables.get(name, {})), factory.settings, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"[brokers.{name}]: {error}") from None
    return factory.open(settings, accounts)


class Route:
    """One broker outside the engine.

    Args:
        broker: Connected and connected again.
        put: Takes what it says, in order.
        now_ns: Desk time.
        ask: What the desk still has to ask it.
        instruments: Those that the desk knows, by id.
        review_s: After so long on a steady link the venue is asked for everything again; 0 never does.
    """

    def __init__(
        self,
        broker: Broker,
        put: Callable[[Sequence[VenueReport]], None],
        now_ns: Callable[[], int],
        ask: Callable[[str], Sequence[VenueRequest]],
        instruments: Callable[[], Mapping[str, Instrument]],
        review_s: float = 0,
    ) -> None:
        self.name = broker.name
        self.rules = broker.capabilities.rules()
        self._broker = broker
        self._put = put
        self._now_ns = now_ns
        self._ask = ask
        self._instruments = instruments
        self._answer_within_ns = broker.capabilities.answer_within_ns
        self._up = False
        self._queue: deque[VenueRequest] = deque()
        self._news = asyncio.Event()
        self._waiting: deque[tuple[int, BrokerRequest]] = deque()
        self._questions = Questions()
        self._review_s = review_s
        self._everything: tuple[float, SnapshotRequest] | None = None
        self._told: dict[str, int] = {}

    def link(self, link: Link, detail: str) -> BrokerLink:
        """Say how the link is."""
        return BrokerLink(broker=self.name, at_ns=self._now_ns(), link=link, detail=detail, rules=self.rules)

    def on_request(self, request: VenueRequest, now_ns: int) -> list[VenueReport]:
        """Queue a request whose facts are durable; without a link it provably never leaves."""
        if not self._up:
            return [lost(request, now_ns, "no link", left=False)] if isinstance(request, BrokerRequest) else []
        self._queue.append(request)
        self._news.set()
        return []

    async def run(self) -> None:
        """Keep the link up until cancelled, with pauses that grow and are told apart by chance."""
        loop, wait_s = asyncio.get_running_loop(), FIRST_WAIT_S
        while True:
            began = loop.time()
            detail = await self._live()
            self._end(detail)
            if loop.time() - began > STEADY_S:
                wait_s = FIRST_WAIT_S
            await asyncio.sleep(random.uniform(0, wait_s))  # spreads desks, guards nothing
            wait_s = min(LONGEST_WAIT_S, wait_s * 2)

    async def _live(self) -> str:
        """Live through one connection; gives why it ended."""
        try:
            session = await self._broker.connect()
        except Exception as error:  # noqa: BLE001  # whatever an adapter dies of is a lost link, not the engine's end
            return f"{type(error).__name__}: {error}"[:200]
        self._told.clear()
        try:
            # What the venue says at once may be about any of them.
            await self._tell(session, tuple(self._instruments().values()))
        except Exception as error:  # noqa: BLE001  # as above
            await self._close(session)
            return f"{type(error).__name__}: {error}"[:200]
        self._up, self._everything = True, None
        self._put([self.link(Link.UP, "")])
        works = [asyncio.create_task(work) for work in (self._send_all(session), self._hear(session), self._look())]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            fault = next(iter(done)).exception()
            return "the venue closed the connection" if fault is None else f"{type(fault).__name__}: {fault}"[:200]
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)
            await self._close(session)

    async def _close(self, session: BrokerSession) -> None:
        try:
            await session.close()
        except Exception:  # noqa: BLE001  # an adapter that can not even end must not end the engine
            _LOG.exception("broker %s: closing its session failed", self.name)

    def _end(self, detail: str) -> None:
        """What was queued never left; of what was sent nobody knows."""
        now_ns = self._now_ns()
        was_up, self._up = self._up, False
        never = [lost(one, now_ns, detail, left=False) for one in self._queue if isinstance(one, BrokerRequest)]
        unknown = [lost(one, now_ns, detail, left=True) for _, one in self._waiting]
        self._queue.clear()
        self._waiting.clear()
        self._questions.clear()
        if was_up:
            _LOG.error("broker %s: link down: %s", self.name, detail)
            self._put([*unknown, *never, self.link(Link.DOWN, detail)])
        else:
            _LOG.warning("broker %s: no link: %s", self.name, detail)

    async def _send_all(self, session: BrokerSession) -> None:
        while True:
            while self._queue:
                await self._tell_instruments(session, self._queue[0])
                await self._send(session, self._queue.popleft())
            self._news.clear()
            await self._news.wait()

    async def _send(self, session: BrokerSession, request: VenueRequest) -> None:
        now_ns = self._now_ns()
        self._questions.ask(request, now_ns)
        if isinstance(request, SnapshotRequest):
            self._everything = asyncio.get_running_loop().time(), request
        elif isinstance(request, BrokerRequest):
            self._waiting.append((now_ns + self._answer_within_ns, request))
        try:
            await session.send(request)
        except NotSent as error:
            if isinstance(request, BrokerRequest):
                self._waiting.pop()
                self._put([lost(request, now_ns, str(error), left=False)])

    async def _tell_instruments(self, session: BrokerSession, request: VenueRequest) -> None:
        """Tell the instrument of a request before it, and all there are before a question about everything."""
        known = self._instruments()
        if isinstance(request, SnapshotRequest):
            named: Iterable[Instrument] = tuple(known.values())
        else:
            named = (known[request.instrument],) if request.instrument in known else ()
        await self._tell(session, named)

    async def _tell(self, session: BrokerSession, named: Iterable[Instrument]) -> None:
        for instrument in named:
            if self._told.get(instrument.id) != instrument.version:
                self._told[instrument.id] = instrument.version
                await session.send(TellInstrument(instrument=instrument))

    async def _hear(self, session: BrokerSession) -> None:
        async for batch in session.reports():
            self._put([self._questions.dated(report) for report in batch])

    def _review(self, now_ns: int) -> None:
        """Ask for everything again now and then: a report that was lost in silence is found so."""
        if not self._review_s or self._everything is None:
            return
        asked_at, request = self._everything
        if asyncio.get_running_loop().time() - asked_at >= self._review_s:
            self._everything = None
            self.on_request(request, now_ns)

    async def _look(self) -> None:
        """Now and then: what got no answer in time, and what has to be asked again."""
        pauses = 0
        while True:
            await asyncio.sleep(LOOK_S)
            pauses += 1
            now_ns = self._now_ns()
            late: list[VenueReport] = []
            while self._waiting and self._waiting[0][0] <= now_ns:
                late.append(lost(self._waiting.popleft()[1], now_ns, "time-out", left=True))
            if late:
                self._put(late)
            self._review(now_ns)
            if pauses * LOOK_S >= ASK_AGAIN_S:
                pauses = 0
                for question in self._ask(self.name):
                    self.on_request(question, now_ns)


class Brokers:
    """Every broker of a desk behind one door: the simulated exchange inside, and routes outside.

    Attributes:
        paper: The simulated exchange of the engine.
        routes: By name.
        broker_of: Broker of an account; set once the desk has a state.
    """

    def __init__(self, paper: PaperBroker) -> None:
        self.paper = paper
        self.routes: dict[str, Route] = {}
        self.broker_of: Callable[[str], str] = lambda _: paper.name
        self.on_event = paper.on_event

    def on_request(self, request: VenueRequest, now_ns: int) -> Sequence[VenueReport]:
        """Hand over one durable request; gives what is known of it at once."""
        name = request.broker if isinstance(request, SnapshotRequest) else self.broker_of(request.account)
        route = self.routes.get(name)
        if route is not None:
            return route.on_request(request, now_ns)
        if name == self.paper.name and isinstance(request, BrokerRequest):
            return self.paper.on_request(request, now_ns)
        return [lost(request, now_ns, f"no broker {name}", left=False)] if isinstance(request, BrokerRequest) else []

    def name_of(self, report: VenueReport) -> str:
        """Who says it."""
        if isinstance(report, VenueSnapshot | BrokerLink):
            return report.broker
        return self.broker_of(report.account)


def cause_of(report: VenueReport) -> str:
    """What facts that follow from a report are caused by."""
    if isinstance(report, BrokerReport):
        return f"report:{report.exec_id}"
    if isinstance(report, VenueSnapshot | BrokerLink):
        return f"broker:{report.broker}"
    return f"broker:{report.order_id}"


def outside(names: Iterable[str], paper: str) -> list[str]:
    """Names of brokers outside the engine, each once."""
    return sorted({name for name in names if name != paper})


def lost(request: BrokerRequest, now_ns: int, detail: str, *, left: bool) -> TransportError:
    """Say that a request got no answer; ``left`` is false only where it provably never left."""
    return TransportError(
        order_id=request.order_id,
        cl_ord_id=request.cl_ord_id,
        account=request.account,
        at_ns=now_ns,
        left=left,
        detail=detail,
    )
