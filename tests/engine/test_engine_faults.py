"""Faults inside the desk's own turn: trading halts visibly, quotes go on, the state stays that of the facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from termdesk.adapters.brokers.paper import BROKER, PaperBroker
from termdesk.config.settings import Settings
from termdesk.core.market.market import Market
from termdesk.core.model.command import Answer, CancelAll, SubmitOrder
from termdesk.core.model.event import BookSnapshot, InstrumentDefined, Trade
from termdesk.core.model.facts import DeskOpened, OrderSubmitted
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.terms import Mode, OrdStatus, OrdType, Side
from termdesk.core.trading.state import DeskState
from termdesk.engine import starting
from termdesk.engine.brokers import Brokers
from termdesk.engine.clock import SystemClock
from termdesk.engine.desk import Desk
from termdesk.engine.emergency import EmergencyFile
from termdesk.engine.log_tail import LogTail
from termdesk.engine.sequencer import CommandInput
from termdesk.engine.view import DeskView
from termdesk.journal import MemoryJournal, SynchronousWriter

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


class Bench:
    """A desk on a journal in memory that is durable at once."""

    def __init__(self, folder: Path, broker: Any = None) -> None:
        self.market = Market()
        self.journal = MemoryJournal()
        state = DeskState()
        view = DeskView(self.market, state.instruments, stale_link_ns=3 * 10**9, played_out=lambda: False)
        paper = BROKER.open(self.market, view.fees_of, lambda _: "queue")
        view.trade_on(paper.exchange)
        self.emergency = EmergencyFile(folder)
        self.emergency.reserve()
        self.desk = Desk(
            state,
            self.market,
            Brokers(broker(paper) if broker is not None else paper),
            view,
            SynchronousWriter(self.journal),
            LogTail(self.journal),
            SystemClock(),
            self.emergency,
            lambda seq: self.desk.take_durable(seq, NOW),
            lambda: starting.replayed(self.journal)[0],
        )
        starting.begin(self.desk, Settings(), name="t", mode=Mode.DEMO, seed=1, at_ns=NOW)
        self.desk.take_event("f", InstrumentDefined(NOW, ABC), NOW)
        self.desk.take_event("f", BookSnapshot(ID, NOW, NOW, 1, ((100, 500),), ((101, 600),)), NOW)
        self.answers: list[Answer] = []

    def do(self, command: Any) -> Answer:
        self.desk.expect_answer(command, self.answers.append)
        self.desk.take_command(CommandInput(NOW, "me", command))
        return self.answers[-1]

    def buy(self, command_id: str, price: int = 100) -> SubmitOrder:
        return SubmitOrder(
            command_id=command_id,
            account="cash",
            instrument=ID,
            side=Side.BUY,
            ord_type=OrdType.LIMIT,
            qty=100,
            price=price,
        )

    def facts(self) -> list[Any]:
        return [record.fact for record in self.journal.read(0, 1_000)]


class BreaksOnTrade:
    """A broker with a fault: the first trade that it sees breaks it."""

    name = PaperBroker.name

    def __init__(self, paper: PaperBroker) -> None:
        self._paper = paper

    def on_event(self, event: Any, state: Any) -> Any:
        if isinstance(event, Trade):
            raise KeyError("a fault of the program")
        return self._paper.on_event(event, state)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._paper, name)


def test_a_fault_in_a_turn_halts_trading_and_quotes_go_on(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BreaksOnTrade)
    assert bench.do(bench.buy("c1")).accepted
    bench.desk.take_event("f", Trade(ID, NOW, NOW, 1, 100, 5, Side.SELL), NOW)
    assert "KeyError" in bench.desk.halted
    assert bench.do(bench.buy("c2")).code == "desk.halted"
    bench.desk.take_event("f", BookSnapshot(ID, NOW, NOW, 2, ((99, 500),), ((101, 600),)), NOW)
    assert bench.market.states[ID].bid == 99
    assert bench.desk.state.snapshot() == starting.replayed(bench.journal)[0].snapshot()
    assert bench.do(CancelAll(command_id="c3")).accepted
    assert [order.status for order in bench.desk.state.orders.values()] == [OrdStatus.CANCELED]
    noted = EmergencyFile(tmp_path)
    assert len(noted.left) == 1, "the next start hears of the cancel"
    assert [asked.command.command_id for asked in noted.asked] == ["c3"], "and of who asked for it"


def test_an_input_that_breaks_off_half_way_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path)
    monkeypatch.setattr("termdesk.engine.desk.turn", broken_turn)
    before = bench.facts()
    assert bench.do(bench.buy("c1")).code == "desk.halted"
    assert bench.desk.state.orders == {}
    assert bench.facts() == before


def broken_turn(state: DeskState, *_: Any) -> Any:
    state.orders["ghost"] = None  # type: ignore[assignment]
    raise RuntimeError("half-way")


def test_a_disk_that_is_full_halts_trading_by_the_writers_word(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    assert bench.do(bench.buy("c1")).accepted
    bench.desk.fail("no space left on device")
    assert bench.do(bench.buy("c2")).params == {"detail": "no space left on device"}
    kinds = [type(fact) for fact in bench.facts()]
    assert kinds[0] is DeskOpened
    assert kinds.count(OrderSubmitted) == 1


def test_a_damaged_line_of_the_emergency_file_loses_only_itself(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.do(bench.buy("c1"))
    bench.desk.fail("disk")
    bench.do(CancelAll(command_id="c2"))
    file = tmp_path / "emergency.jsonl"
    file.write_bytes(b"{broken\n" + file.read_bytes())
    assert len(EmergencyFile(tmp_path).left) == 1
