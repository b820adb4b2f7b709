"""A desk in a world of chance: what happens next, in one order, out of one seed.

The desk is the engine's own, with its outbox; around it everything is
simulated: time, prices, the person, the disk. A crash takes the process: the
desk, its exchange and what was not durable are gone, and a new desk starts on
what the disk holds.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import cast

import msgspec

from termdesk.adapters.brokers.paper import PaperBroker
from termdesk.core.market.market import Market
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.model.command import Answer
from termdesk.core.model.errors import JournalError
from termdesk.core.model.execution import BrokerReport, BrokerRequest
from termdesk.core.model.terms import AccountKind, Mode
from termdesk.core.trading.inputs import DepositCash, OpenAccount, OpenDesk, ResumeDesk
from termdesk.core.trading.read import restorable
from termdesk.core.trading.state import DeskState
from termdesk.engine.clock import SystemClock
from termdesk.engine.desk import Desk
from termdesk.engine.emergency import Asked, EmergencyFile, Note
from termdesk.engine.log_tail import LogTail
from termdesk.engine.sequencer import CommandInput
from termdesk.engine.starting import replayed
from termdesk.engine.view import DeskView
from termdesk.testing.simulation import prices
from termdesk.testing.simulation.disk import Disk, SlowWriter
from termdesk.testing.simulation.trader import Trader

START_NS = 1_767_575_400_000_000_000
"""2026-01-05 09:30 in Shanghai."""
MS = 1_000_000
ACCOUNTS = {"cash": AccountKind.CASH, "margin": AccountKind.MARGIN}
_BROKER = "paper"


class Faults(msgspec.Struct, frozen=True):
    """Which faults a run has; each run draws its own set."""

    crash: bool
    torn: bool
    disk_full: bool
    link: bool
    slow_disk: bool


class World:
    """Everything outside the desk, and the desk of the moment.

    Attributes:
        now_ns: Desk time.
        disk: What outlives a crash.
        told: Every answer that somebody was given while the disk worked, by command id.
        sent: Every request that reached the venue, by ``cl_ord_id``, with how often.
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
        self._tapes = [prices.Tape(one, self.rng) for one in prices.instruments()]
        self._trader = Trader(self.rng, prices.instruments(), tuple(ACCOUNTS))
        self._start()

    # the person, the market, the disk and chance

    def step(self) -> None:
        """Let the next thing happen."""
        if self._heap and self._heap[0][0] <= self.now_ns:
            heapq.heappop(self._heap)[2]()
            return
        self._pass_time()
        chance = self.rng.random()
        for share, act in self._acts:
            if chance < share:
                act()
                return
        self._trade_on()

    def settle(self) -> None:
        """No more faults and no more commands: let the disk and everything under way come to rest."""
        self.disk.space = 1 << 62
        if self.desk.halted:
            self._crash()
        for _ in range(100):
            self._commit()
            self.now_ns += 10 * MS
            while self._heap:
                self.now_ns = max(self.now_ns, self._heap[0][0])
                heapq.heappop(self._heap)[2]()
            if self.desk.idle and not self._writer.waiting:
                return
        raise AssertionError("the desk does not come to rest")

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
        state, newest = replayed(self.disk)
        self.now_ns = max(self.now_ns, newest)
        market = Market()
        self.view = DeskView(market, state.instruments, stale_link_ns=3_000 * MS, played_out=lambda: False)
        broker = PaperBroker(SimulatedExchange(market, self.view.fees_of))
        self.broker = broker
        self.view.trade_on(broker.exchange)
        self._writer = SlowWriter(self.disk, self._failed)
        self.desk = Desk(
            state,
            market,
            _Watched(broker, self),
            self.view,
            self._writer,
            LogTail(self.disk),
            cast("SystemClock", _Clock(self)),
            cast("EmergencyFile", _Notes(self)),
            self._durable,
            lambda: replayed(self.disk)[0],
        )
        self._begin(state)
        self._link_up_first()

    def _begin(self, state: DeskState) -> None:
        desk, at = self.desk, self.now_ns
        if state.opened:
            desk.take_reports(self._noted, at)
            self._noted: list[BrokerReport] = []
            clean = not state.running
            desk.take_input(ResumeDesk(clean=clean, engine_version="simulated", simulated=(_BROKER,)), at, "start")
            self.broker.restore(restorable(desk.state, _BROKER), at)
            return
        self._noted = []
        desk.take_input(OpenDesk(desk="simulated", mode=Mode.PAPER, seed=0, base_currency="CNY"), at, "start")
        for name, kind in ACCOUNTS.items():
            desk.take_input(OpenAccount(account=name, kind=kind, broker=_BROKER), at, "start")
            for asset in ("CNY", "USDT"):
                desk.take_input(DepositCash(account=name, asset=asset, amount=Decimal(3_000_000)), at, "start")

    def _link_up_first(self) -> None:
        for tape in self._tapes:
            self._event(tape.defined(self.now_ns))
        self._link_up()

    def _event(self, event: object) -> None:
        self.desk.take_event(prices.FEED, event, self.now_ns)  # type: ignore[arg-type]

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
        self.sent[request.cl_ord_id] += 1
        if not self.desk.halted and not self.disk.holds(request.cl_ord_id):
            self.undurable.append(request.cl_ord_id)

    def note(self, report: BrokerReport) -> None:
        """The emergency file takes a report down."""
        self._noted.append(report)


class _Watched(PaperBroker):
    """A broker that tells the world what reaches it."""

    def __init__(self, broker: PaperBroker, world: World) -> None:
        super().__init__(broker.exchange)
        self._world = world

    def on_request(self, request: BrokerRequest, now_ns: int) -> list[BrokerReport]:
        self._world.take_request(request)
        return super().on_request(request, now_ns)


class _Clock:
    def __init__(self, world: World) -> None:
        self._world = world

    def wall_ns(self) -> int:
        return self._world.now_ns


class _Notes:
    """The emergency file, on a disk of its own that never fails."""

    def __init__(self, world: World) -> None:
        self._world = world

    def note(self, note: Note) -> bool:
        if not isinstance(note, Asked):
            self._world.note(note)
        return True
