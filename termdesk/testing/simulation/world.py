"""A desk in a world of chance: what happens next, in one order, out of one seed.

The desk is the engine's own, with its outbox; around it everything is
simulated: time, prices, the person, the disk. A crash takes the process: the
desk, its exchange and what was not durable are gone, and a new desk starts on
what the disk holds.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random
from typing import cast

import msgspec

from termdesk.adapters.brokers.paper import PaperBroker
from termdesk.adapters.brokers.simvenue.client import CAPABILITIES, NAME
from termdesk.core.market.market import Market
from termdesk.core.matching.exchanges import Exchanges
from termdesk.core.model.command import Answer
from termdesk.core.model.errors import JournalError
from termdesk.core.model.event import FeedLink, MarketEvent
from termdesk.core.model.execution import BrokerReport, BrokerRequest, OrderCancelRequest
from termdesk.core.model.terms import AccountKind, Link, Mode, OrdStatus
from termdesk.core.model.venue import VenueReport
from termdesk.core.trading.inputs import DepositCash, OpenAccount, OpenDesk, ResumeDesk
from termdesk.core.trading.read import restorable
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.unknown import unanswered
from termdesk.engine import starting
from termdesk.engine.brokers import Brokers, Route
from termdesk.engine.clock import SystemClock
from termdesk.engine.desk import Desk
from termdesk.engine.emergency import Asked, EmergencyFile, Note
from termdesk.engine.log_tail import LogTail
from termdesk.engine.sequencer import CommandInput
from termdesk.engine.view import DeskView
from termdesk.testing.simulation import far, prices
from termdesk.testing.simulation.disk import Disk, SlowWriter
from termdesk.testing.simulation.trader import Trader

START_NS = 1_767_575_400_000_000_000
"""2026-01-05 09:30 in Shanghai."""
MS = 1_000_000
ACCOUNTS = {
    "cash": (AccountKind.CASH, "paper"),
    "margin": (AccountKind.MARGIN, "paper"),
    "far": (AccountKind.MARGIN, NAME),
}
"""Kind and broker by name."""
_PAPER = "paper"
_LOOK_NS = 1_000 * MS
_REST = 400
"""Looks within which everything must have come to rest once nothing fails any more."""


class Faults(msgspec.Struct, frozen=True):
    """Which faults a run has; each run draws its own set."""

    crash: bool
    torn: bool
    disk_full: bool
    link: bool
    slow_disk: bool
    network: bool
    venue: bool


class World:
    """Everything outside the desk, and the desk of the moment.

    Attributes:
        now_ns: Desk time.
        disk: What outlives a crash.
        told: Every answer that somebody was given while the disk worked, by command id.
        sent: Every request that can trade and reached the near venue, by ``cl_ord_id``, with how often. A cancel may
            come again: one that went out while nothing could be written is asked for anew after a start.
        undurable: Requests that reached the venue before the fact they rest on was durable.
        count: What happened, by kind.
    """

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.faults = Faults(*(self.rng.random() < 0.6 for _ in Faults.__struct_fields__))
        self.now_ns = START_NS
        self.disk = Disk()
        self.told: dict[str, Answer] = {}
        self.sent: Counter[str] = Counter()
        self.undurable: list[str] = []
        self.count: Counter[str] = Counter()
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._order = 0
        self._life = 0
        self._looked_ns = 0
        self._notes: list[Note] = []
        self._tapes = [prices.Tape(one, self.rng) for one in prices.instruments()]
        self.far = far.FarVenue(self.rng, self._later, lambda: self.now_ns)
        self._trader = Trader(self.rng, prices.instruments(), tuple(ACCOUNTS))
        self._start()

    # the person, the market, the disk and chance

    def step(self) -> None:
        """Let the next thing happen."""
        if self._heap and self._heap[0][0] <= self.now_ns:
            heapq.heappop(self._heap)[2]()
            return
        self._pass_time()
        self.desk.take_deadlines(self.now_ns)
        self._look()
        chance = self.rng.random()
        for share, act in self._acts:
            if chance < share:
                act()
                return
        self._trade_on()

    def settle(self) -> tuple[str, ...]:
        """No more faults and no more commands: let disk, network and everything under way come to rest.

        Returns:
            What does not within ``_REST`` looks.
        """
        self.disk.space = 1 << 62
        self.far.venue.faults.clear()
        if self.desk.halted:
            self._crash()
        self.route.disconnect()
        self.route.connect()
        for _ in range(_REST):
            self._commit()
            self.now_ns += 500 * MS
            while self._heap and self._heap[0][0] <= self.now_ns:
                heapq.heappop(self._heap)[2]()
            self.desk.take_deadlines(self.now_ns)
            self._look()
            if self._rests():
                return ()
        return (f"the desk does not come to rest: {sorted(self._doubts())}",)

    def _rests(self) -> bool:
        is_whole = self.desk.state.brokers[NAME].reconciled
        return is_whole and self.desk.idle and not self._writer.waiting and not self._heap and not self._doubts()

    def _doubts(self) -> set[str]:
        """Orders at the far venue of which something is asked or under way."""
        state = self.desk.state
        return {
            name
            for name in state.working
            if state.accounts[state.orders[name].account].broker == NAME
            and (state.orders[name].in_flight or state.orders[name].status is not OrdStatus.NEW)
            and state.orders[name].status is not OrdStatus.HELD
        }

    def _pass_time(self) -> None:
        chance = self.rng.random()
        if chance < 0.0005:
            self.now_ns += self.rng.randint(1, 80) * 3_600_000 * MS
        elif chance < 0.3:
            self.now_ns += self.rng.randint(1, 2_000) * MS
        else:
            self.now_ns += self.rng.randint(0, 3) * MS

    def _trade_on(self) -> None:
        self.count["market"] += 1
        self._event(self.rng.choice(self._tapes).next(self.now_ns))

    def _command(self) -> None:
        self.count["command"] += 1
        command = self._trader.next(self.desk.state, self.now_ns)
        self.desk.expect_answer(command, self._tell)
        self.desk.take_command(CommandInput(self.now_ns, "trader", command))

    def _commit(self) -> None:
        if not self._writer.waiting:
            return
        self.count["commit"] += 1
        called = self._writer.commit()
        if called is None:
            return
        head, life = self.disk.head, self._life
        delay = self.rng.randint(0, 40) * MS if self.faults.slow_disk else 0
        self._later(delay, lambda: called(head) if life == self._life else None)

    def _chaos(self) -> None:
        chance = self.rng.random()
        if self.faults.venue:
            self.far.strike()
        if self.faults.network and chance > 0.7:
            self.route.disconnect()
            self._later(self.rng.randint(1, 5_000) * MS, self.route.connect)
        if self.faults.crash and chance < 0.4:
            self._crash()
        elif self.faults.torn and chance < 0.6 and self._writer.waiting:
            self._writer.commit(cut=self.rng.random())
            self._crash()
        elif self.faults.disk_full and chance < 0.7:
            self.disk.space = self.rng.randint(0, 2_000)
        elif self.faults.link:
            self._event(prices.link(self.now_ns, is_up=False))
            self._later(self.rng.randint(10, 9_000) * MS, self._link_up)
        if self.desk.halted and self.rng.random() < 0.5:
            self._crash()

    _acts: tuple[tuple[float, Callable[[], None]], ...]

    def _link_up(self) -> None:
        self._event(prices.link(self.now_ns, is_up=True))
        for tape in self._tapes:
            self._event(tape.snapshot(self.now_ns))

    def _crash(self) -> None:
        self.count["crash"] += 1
        self._heap.clear()
        self.disk.space = 1 << 62
        self.disk.reopen()
        self._start()

    # the desk

    def _start(self) -> None:
        self._life += 1
        self._acts = ((0.12, self._command), (0.3, self._commit), (0.303, self._chaos))
        state, newest = starting.replayed(self.disk)
        self.now_ns = max(self.now_ns, newest)
        market = Market()
        self.view = DeskView(market, state.instruments, stale_link_ns=3_000 * MS, played_out=lambda: False)
        exchanges = Exchanges(
            market,
            self.view.fees_of,
            lambda account: self.desk.state.accounts[account].fidelity,
            lambda account, name: self.desk.state.accounts[account].qty(name),
        )
        paper = _Watched(exchanges, self)
        self.view.trade_on(exchanges)
        self.view.brokers[paper.name] = paper.capabilities
        self.view.brokers[NAME] = CAPABILITIES
        brokers = Brokers(paper)
        self.route = far.FarRoute(
            self.far,
            self.rng,
            self._later,
            lambda: self.now_ns,
            self._hear,
            lambda name: unanswered(self.desk.state, name),
            lambda: self.desk.state.instruments,
        )
        brokers.routes[NAME] = cast("Route", self.route)
        self.far.route = None
        self._writer = SlowWriter(self.disk, self._failed)
        self.desk = Desk(
            state,
            market,
            brokers,
            self.view,
            self._writer,
            LogTail(self.disk),
            cast("SystemClock", _Clock(self)),
            cast("EmergencyFile", self),
            self._durable,
            lambda: starting.replayed(self.disk)[0],
        )
        self._begin(state, paper)
        for tape in self._tapes:
            self._event(tape.defined(self.now_ns))
        self._link_up()
        self._later(self.rng.randint(1, 3_000) * MS, self.route.connect)

    def _begin(self, state: DeskState, paper: PaperBroker) -> None:
        desk, at = self.desk, self.now_ns
        unconnected = self.route.link(Link.DOWN, "not connected yet")
        if state.opened:
            desk.take_reports([unconnected], at)
            notes, self._notes = self._notes, []
            desk.take_reports([note for note in notes if not isinstance(note, Asked)], at)
            clean = not state.running
            desk.take_input(ResumeDesk(clean=clean, engine_version="simulated", simulated=(_PAPER,)), at, "start")
            paper.restore(restorable(desk.state, _PAPER), at)
            desk.triggers.resume(desk.state, self.view, ())
            starting.ask_again(desk, cast("EmergencyFile", _Asked(notes)), at)
            return
        desk.take_input(OpenDesk(desk="simulated", mode=Mode.PAPER, seed=0, base_currency="CNY"), at, "start")
        for name, (kind, broker) in ACCOUNTS.items():
            desk.take_input(OpenAccount(account=name, kind=kind, broker=broker), at, "start")
            for asset in ("CNY", "USDT"):
                desk.take_input(DepositCash(account=name, asset=asset, amount=Decimal(3_000_000)), at, "start")
        desk.take_reports([unconnected], at)

    def _look(self) -> None:
        if self.now_ns - self._looked_ns >= _LOOK_NS:
            self._looked_ns = self.now_ns
            self.route.look()
            self.far.venue.flush()

    def _hear(self, reports: Sequence[VenueReport]) -> None:
        self.desk.take_reports(reports, self.now_ns)

    def _event(self, event: MarketEvent) -> None:
        if not isinstance(event, FeedLink):
            self.far.venue.take(event)
        self.desk.take_event(prices.FEED, event, self.now_ns)

    def _durable(self, seq: int) -> None:
        self.desk.take_durable(seq, self.now_ns)

    def _failed(self, error: JournalError) -> None:
        life = self._life
        self._later(0, lambda: self.desk.fail(str(error)) if life == self._life else None)

    def _later(self, after_ns: int, act: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._heap, (self.now_ns + after_ns, self._order, act))

    def _tell(self, answer: Answer) -> None:
        if not self.desk.halted:
            self.told[answer.command_id] = answer

    def take_request(self, request: BrokerRequest) -> None:
        """A request reaches the venue."""
        self.count["request"] += 1
        if not isinstance(request, OrderCancelRequest):
            self.sent[request.cl_ord_id] += 1
        if not self.desk.halted and not self.disk.holds(request.cl_ord_id):
            self.undurable.append(request.cl_ord_id)

    def note(self, note: Note) -> bool:
        """The emergency file takes a note down."""
        self._notes.append(note)
        return True


class _Watched(PaperBroker):
    """A broker that tells the world what reaches it."""

    def __init__(self, exchange: Exchanges, world: World) -> None:
        super().__init__(exchange)
        self._world = world

    def on_request(self, request: BrokerRequest, now_ns: int) -> list[BrokerReport]:
        self._world.take_request(request)
        return super().on_request(request, now_ns)


class _Clock:
    def __init__(self, world: World) -> None:
        self._world = world

    def wall_ns(self) -> int:
        return self._world.now_ns


class _Asked:
    """What the emergency file held of commands."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self.asked = [note for note in notes if isinstance(note, Asked)]
