"""A crash at every append, every step of a commit and every outgoing request of a scripted session.

The session runs on the real desk, the simulated exchange and a real journal. A crash is what ``kill -9`` leaves: the
journal's folder as it lies. After each one the facts are those of the run that was not interrupted, as far as they
go; what somebody was told is there; and going on under the same command ids sends nothing twice.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from termdesk.adapters.brokers.paper import BROKER
from termdesk.config.settings import Settings
from termdesk.core.market.market import Market
from termdesk.core.model.command import (
    AmendOrder,
    Answer,
    ArmCondition,
    CancelAll,
    CancelOrder,
    DisarmCondition,
    KillSwitch,
    MoveCash,
    SubmitOrder,
)
from termdesk.core.model.condition import LastAtOrAbove, Notify
from termdesk.core.model.event import BookSnapshot, InstrumentDefined, Trade
from termdesk.core.model.facts import ConditionTriggered, OrderCanceled, OrderFilled, OrderReplaced, Recorded
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.terms import Mode, OrdType, Side, TimeInForce
from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.inputs import StopDesk
from termdesk.core.trading.read import restorable
from termdesk.core.trading.state import DeskState
from termdesk.engine import starting, watch
from termdesk.engine.brokers import Brokers
from termdesk.engine.desk import Desk
from termdesk.engine.emergency import EmergencyFile
from termdesk.engine.log_tail import LogTail
from termdesk.engine.sequencer import CommandInput
from termdesk.engine.view import DeskView
from termdesk.journal import Batch, SqliteJournal, open_journal, replayed, taken_snapshot, write_snapshot

ID = "ABC.DEMO"
NOW = 1_700_000_000_000_000_000
ABC = Instrument(
    id=ID,
    name="abc",
    currency="USDT",
    price_decimals=2,
    qty_decimals=2,
    rules=(TradingRule(first_day="", tick=1, lot=1, min_qty=1),),
    detail=Spot(base="ABC"),
)
Step = Any
"""A command, a market event, or one of the words below."""
FLUSH = "flush"
"""Let everything that waits become durable, one commit at a time, and what follows from it."""
SNAPSHOT = "snapshot"


class Crash(BaseException):
    """The process is gone. No ``except Exception`` of the desk may hold it."""


class Moments:
    """Counts the moments at which a process can die, and dies at the chosen one."""

    def __init__(self, dies_at: int | None) -> None:
        self.names: list[str] = []
        self._dies_at = dies_at

    def pass_by(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) - 1 == self._dies_at:
            raise Crash(name)


class Connection:
    """The journal's connection with a moment before and after every statement."""

    def __init__(self, db: Any, moments: Moments) -> None:
        self._db = db
        self._moments = moments

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    def execute(self, sql: str, *values: Any) -> Any:
        return self._at(sql, lambda: self._db.execute(sql, *values))

    def executemany(self, sql: str, rows: Any) -> Any:
        return self._at(sql, lambda: self._db.executemany(sql, rows))

    def _at(self, sql: str, run: Callable[[], Any]) -> Any:
        if sql == "ROLLBACK":
            return run()
        self._moments.pass_by(f"before {sql[:24]}")
        done = run()
        self._moments.pass_by(f"after {sql[:24]}")
        return done


class Waits:
    """``Writer`` whose commits happen when the session says so, all that waits in one."""

    def __init__(self, journal: SqliteJournal, moments: Moments) -> None:
        self._journal = journal
        self._moments = moments
        self._waiting: list[tuple[Batch, Any]] = []

    def submit(self, records: Any, inputs: Any = (), checkpoints: Any = (), on_durable: Any = None) -> None:
        self._moments.pass_by("append")
        self._waiting.append((Batch(records, inputs, checkpoints), on_durable))

    def commit(self) -> bool:
        if not self._waiting:
            return False
        batches = [batch for batch, _ in self._waiting]
        told = self._waiting[-1][1]
        self._waiting.clear()
        self._journal.append(
            Batch(
                [record for batch in batches for record in batch.records],
                [i for batch in batches for i in batch.inputs],
            )
        )
        self._moments.pass_by("durable, nobody told")
        told(self._journal.head)
        return True

    def close(self) -> None:
        """Nothing waits in a thread."""


class Venue:
    """The simulated exchange, seen from outside: what reached it."""

    name = "paper"

    def __init__(self, paper: Any, moments: Moments, sent: Counter[str], durable: Callable[[], set[str]]) -> None:
        self._paper = paper
        self._moments = moments
        self._sent = sent
        self._durable = durable

    def __getattr__(self, name: str) -> Any:
        return getattr(self._paper, name)

    def on_request(self, request: Any, now_ns: int) -> Any:
        self._moments.pass_by(f"before {type(request).__name__}")
        self._sent[request.cl_ord_id] += 1
        assert request.cl_ord_id in self._durable(), "nothing leaves before its intent is durable"
        reports = self._paper.on_request(request, now_ns)
        self._moments.pass_by(f"after {type(request).__name__}")
        return reports


class Clock:
    """One time for all: the facts of two runs are equal to the byte."""

    ahead_ns = 0

    def wall_ns(self) -> int:
        return NOW


def intents(records: list[Recorded]) -> set[str]:
    return {getattr(record.fact, "cl_ord_id", "") for record in records}


class Life:
    """One process: from its start on a folder to its end or crash."""

    def __init__(self, folder: Path, moments: Moments, sent: Counter[str]) -> None:
        self.told: dict[str, Answer] = {}
        self.folder = folder
        self.journal = open_journal(folder, desk="t", mode=Mode.DEMO)
        self.journal._writer = Connection(self.journal._writer, moments)  # type: ignore[assignment]
        market = Market()
        state, _ = replayed(self.journal)
        view = DeskView(market, state.instruments, stale_link_ns=3 * 10**9, played_out=lambda: False)
        paper = BROKER.open(market, view.fees_of, lambda _: "queue")
        view.trade_on(paper.exchange)
        emergency = EmergencyFile(folder)
        self._writer = Waits(self.journal, moments)
        venue: Any = Venue(paper, moments, sent, lambda: intents(self.journal.read(0, 10_000)))
        self.desk = Desk(
            state,
            market,
            Brokers(venue),
            view,
            self._writer,
            LogTail(self.journal),
            Clock(),  # type: ignore[arg-type]
            emergency,
            lambda seq: self.desk.take_durable(seq, NOW),
            lambda: replayed(self.journal)[0],
        )
        if state.opened:
            starting.resume(self.desk, emergency, version="1", broker="paper", at_ns=NOW)
            marks = watch.marks(self.journal)
            paper.restore(restorable(self.desk.state, "paper"), NOW, marks)
            self.desk.triggers.resume(self.desk.state, view, marks)
        else:
            starting.begin(self.desk, Settings(), name="t", mode=Mode.DEMO, seed=1, at_ns=NOW)

    def play(self, steps: list[Step]) -> None:
        for step in steps:
            if step == FLUSH:
                while self._writer.commit():
                    pass
            elif step == SNAPSHOT:
                state, at_ns = replayed(self.journal)
                write_snapshot(self.folder, taken_snapshot(state, at_ns, self.journal.chain_head))
            elif hasattr(step, "command_id"):
                self.desk.expect_answer(step, lambda answer: self.told.setdefault(answer.command_id, answer))
                self.desk.take_command(CommandInput(NOW, "me", step))
            elif isinstance(step, StopDesk):
                self.desk.take_input(step, NOW, "stop")
            else:
                self.desk.take_event("f", step, NOW)

    def end(self) -> None:
        self.journal.close()


def submit(name: str, side: Side, qty: int, price: int | None, **more: Any) -> SubmitOrder:
    more.setdefault("account", "margin")
    ord_type = OrdType.MARKET if price is None else OrdType.LIMIT
    return SubmitOrder(command_id=name, instrument=ID, side=side, ord_type=ord_type, qty=qty, price=price, **more)


def trade(number: int, price: int, qty: int, side: Side) -> Trade:
    return Trade(ID, NOW, NOW, number, price, qty, side)


def market() -> list[Step]:
    return [
        InstrumentDefined(NOW, ABC),
        BookSnapshot(ID, NOW, NOW, 1, ((100, 500), (99, 400)), ((101, 600), (102, 700))),
    ]


def session() -> list[Step]:
    alert = LastAtOrAbove(ID, 101)
    return [
        FLUSH,
        *market(),
        submit("take", Side.BUY, 900, None),
        FLUSH,
        submit("rest", Side.BUY, 100, 100, account="cash"),
        submit("offer", Side.SELL, 300, 101),
        FLUSH,
        ArmCondition(command_id="fires", predicate=alert, action=Notify()),
        ArmCondition(command_id="stays", predicate=LastAtOrAbove(ID, 900), action=Notify()),
        ArmCondition(command_id="gone", predicate=LastAtOrAbove(ID, 901), action=Notify()),
        trade(1, 100, 540, Side.SELL),
        FLUSH,
        SNAPSHOT,
        trade(2, 101, 700, Side.BUY),
        submit("moved", Side.BUY, 50, 98),
        FLUSH,
        AmendOrder(command_id="amend", order_id="O4", qty=80, price=99),
        DisarmCondition(command_id="disarm", condition_id="C3"),
        FLUSH,
        MoveCash(command_id="deposit", account="cash", asset="USDT", amount=Decimal("12.34")),
        submit("poor", Side.BUY, 10**12, 100, account="cash"),
        submit("at-once", Side.SELL, 5_000, 100, time_in_force=TimeInForce.IOC),
        FLUSH,
        CancelOrder(command_id="cancel", order_id="O4"),
        submit("again", Side.BUY, 10, 97),
        FLUSH,
        CancelAll(command_id="all", account="margin"),
        FLUSH,
        KillSwitch(command_id="kill", note="enough", account="cash"),
        FLUSH,
        StopDesk(),
        FLUSH,
    ]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Recorded], list[str]]:
    """Facts of the run that nothing interrupts, and every moment at which it could have died."""
    moments = Moments(None)
    life = Life(tmp_path_factory.mktemp("model") / "t", moments, Counter())
    life.play(session())
    records = life.journal.read(0, 10_000)
    life.end()
    return records, moments.names


def crashed(folder: Path, dies_at: int, sent: Counter[str]) -> Life | None:
    """Play until the chosen moment; gives the life that ended there, None if it ended before it could begin."""
    moments = Moments(dies_at)
    life = Life.__new__(Life)
    try:
        life.__init__(folder, moments, sent)  # type: ignore[misc]
        life.play(session())
    except Crash:
        return life
    raise AssertionError(f"moment {dies_at} never came")


def folded(records: list[Recorded]) -> DeskState:
    state = DeskState()
    for record in records:
        evolve(state, record)
    return state


def test_the_script_does_what_it_is_for(model: tuple[list[Recorded], list[str]]) -> None:
    records, moments = model
    facts = [record.fact for record in records]
    fills = [fact for fact in facts if isinstance(fact, OrderFilled)]
    assert {fill.order_id for fill in fills} >= {"O1", "O2", "O3"}
    state = folded(records)
    assert len([fill for fill in fills if fill.order_id == "O1"]) == 2, "a fill over two levels"
    assert 0 < fills[2].qty < state.orders[fills[2].order_id].qty, "a partial fill at rest"
    for kind in (OrderReplaced, OrderCanceled, ConditionTriggered):
        assert any(isinstance(fact, kind) for fact in facts), kind
    assert {name.split()[0] for name in moments} == {"append", "before", "after", "durable,"}
    assert len(moments) > 150


def check_the_crash(life: Life, records: list[Recorded], dead: Path, sent: Counter[str]) -> None:
    """Hold what lies on the disk against the run that was not interrupted."""
    journal = open_journal(dead, desk="t", mode=Mode.DEMO, read_only=True)
    found = journal.read(0, 10_000)
    assert found == records[: len(found)], "no fact is other, missing or more"
    state = replayed(journal)[0]
    journal.close()
    assert state.snapshot() == folded(found).snapshot()
    for answer in life.told.values():
        assert state.answers[answer.command_id] == answer, "what was acknowledged is there"
    assert set(sent) <= intents(found), "what was sent is there"


def check_going_on(life: Life, dead: Path, sent: Counter[str]) -> None:
    """Start again, ask everything again under its id, and come to rest."""
    again = Life(dead, Moments(None), sent)
    again.play([FLUSH, *market(), FLUSH])
    again.play([step for step in session() if hasattr(step, "command_id") or step == FLUSH])
    for command_id, answer in life.told.items():
        assert again.told[command_id] == answer, "the first answer counts"
    assert max(sent.values(), default=1) == 1, "nothing is sent twice"
    again.play([CancelAll(command_id="end"), FLUSH])
    state = again.desk.state
    assert not again.desk.halted
    assert not state.working
    assert all(not held for account in state.accounts.values() for held in account.reserved.values())
    assert state.snapshot() == replayed(again.journal)[0].snapshot()
    exec_ids = [record.fact.exec_id for record in state.fills]  # type: ignore[union-attr]
    assert len(exec_ids) == len(set(exec_ids)), "no fill is booked twice"
    again.end()


def every_moment(names: list[str]) -> Iterator[int]:
    yield from range(len(names))


def test_a_crash_at_every_append_commit_and_request(model: tuple[list[Recorded], list[str]], tmp_path: Path) -> None:
    records, names = model
    for moment in every_moment(names):
        sent: Counter[str] = Counter()
        folder, dead = tmp_path / f"{moment}" / "t", tmp_path / f"{moment}-dead" / "t"
        life = crashed(folder, moment, sent)
        shutil.copytree(folder, dead)
        try:
            check_the_crash(life, records, dead, sent)
            check_going_on(life, dead, sent)
        except AssertionError as error:
            raise AssertionError(f"crash at moment {moment}, {names[moment]}: {error}") from error
        life.end()
        shutil.rmtree(folder.parent)
        shutil.rmtree(dead.parent)
