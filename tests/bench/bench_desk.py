"""CPU of the desk without a disk: a whole order life, and a market event that moves nothing.

A life is submit, gate, the venue's acceptance, one fill and its postings, with the journal in memory; the venue's
words are made beforehand, so matching is not counted. An event that moves nothing goes through the engine's desk with
market and exchange replaced by ones that cost nothing. Process CPU, lowest of the rounds. Run by hand:
``python tests/bench/bench_desk.py [rounds]``; prints one JSON object. Goals: a life <= 40 us, an event <= 1 us.
"""

from __future__ import annotations

import json
import sys
import time
from decimal import Decimal
from typing import Any, cast

from termdesk.adapters.brokers.paper import PaperBroker
from termdesk.core.market.market import Market
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.event import BookSnapshot, InstrumentDefined, Trade
from termdesk.core.model.execution import ExecutionReport, FeeItem
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.terms import AccountKind, ExecType, Liquidity, Mode, OrdType, Side
from termdesk.core.trading.inputs import DepositCash, OpenAccount, OpenDesk
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.turn import Stamp, turn
from termdesk.engine.desk import Desk
from termdesk.engine.log_tail import LogTail
from termdesk.engine.view import DeskView
from termdesk.journal import Batch, MemoryJournal, SynchronousWriter

LIVES, EVENTS = 1_000, 100_000
START_NS = 1_767_580_000_000_000_000
PAIR = Instrument(
    id="BTCUSDT.DEMO",
    name="pair",
    currency="USDT",
    price_decimals=2,
    qty_decimals=4,
    rules=(TradingRule("", 1, 1, 1),),
    detail=Spot(base="BTC"),
)
FEES = (FeeItem("commission", "USDT", Decimal("0.10")),)


def world() -> tuple[Market, DeskView, SimulatedExchange]:
    """A market with one quoted pair, and a view on it."""
    market = Market()
    market.apply(InstrumentDefined(START_NS, PAIR), "bench")
    bids, asks = ((9_999, 10_000_000),), ((10_001, 10_000_000),)
    market.apply(BookSnapshot(PAIR.id, START_NS, START_NS, 1, bids, asks), "bench")
    view = DeskView(market, {}, stale_link_ns=1 << 62, played_out=lambda: False)
    exchange = SimulatedExchange(market, view.fees_of)
    view.trade_on(exchange)
    view.now_ns = START_NS
    return market, view, exchange


def opened(view: DeskView, journal: MemoryJournal) -> DeskState:
    """A desk with one account."""
    state = DeskState()
    for given in (
        OpenDesk(desk="bench", mode=Mode.PAPER, seed=0, base_currency="USDT"),
        OpenAccount(account="a", kind=AccountKind.MARGIN, broker="paper"),
        DepositCash(account="a", asset="USDT", amount=Decimal(10**9)),
    ):
        done = turn(state, view, given, Stamp(START_NS, START_NS, "start", "bench"))
        journal.append(Batch(done.records))
    return state


def said(order: int, kind: ExecType) -> ExecutionReport:
    """The venue's word."""
    is_fill = kind is ExecType.TRADE
    return ExecutionReport(
        exec_id=f"O{order}-{kind.value}",
        exec_type=kind,
        order_id=f"O{order}",
        cl_ord_id=f"O{order}.1",
        venue_order_id=f"S-O{order}",
        account="a",
        instrument=PAIR.id,
        at_ns=START_NS,
        qty=1_000,
        price=10_001,
        last_qty=1_000 if is_fill else 0,
        last_price=Decimal("100.01") if is_fill else Decimal(0),
        liquidity=Liquidity.TAKER if is_fill else None,
        fees=FEES if is_fill else (),
    )


def life(rounds: int) -> float:
    """Microseconds of a whole order life."""
    best = float("inf")
    for _ in range(rounds):
        _, view, _ = world()
        journal = MemoryJournal()
        state = opened(view, journal)
        inputs: list[Any] = []
        for order in range(1, LIVES + 1):
            side = Side.BUY if order % 2 else Side.SELL
            inputs += [
                SubmitOrder(
                    command_id=f"c{order}",
                    account="a",
                    instrument=PAIR.id,
                    side=side,
                    ord_type=OrdType.LIMIT,
                    qty=1_000,
                    price=10_001 if side is Side.BUY else 9_999,
                ),
                said(order, ExecType.NEW),
                said(order, ExecType.TRADE),
            ]
        began = time.process_time_ns()
        for given in inputs:
            done = turn(state, view, given, Stamp(START_NS, START_NS, "bench", "bench"))
            journal.append(Batch(done.records))
        best = min(best, (time.process_time_ns() - began) / LIVES / 1_000)
        assert len(state.fills) == LIVES, len(state.fills)
    return best


def event(rounds: int) -> float:
    """Microseconds of a market event that moves nothing, within the desk."""
    market, view, exchange = world()
    journal = MemoryJournal()
    desk: Desk

    def durable(seq: int) -> None:
        desk.take_durable(seq, START_NS)

    still = market.states[PAIR.id]
    nothing: list[Any] = []
    quiet_market, quiet_broker = cast("Any", _Quiet(still, 0)), cast("Any", PaperBroker(exchange))
    quiet_broker.on_event = lambda event, state: nothing
    desk = Desk(
        DeskState(), quiet_market, quiet_broker, view, SynchronousWriter(journal), LogTail(journal),
        cast("Any", None), cast("Any", None), durable, DeskState,
    )  # fmt: skip
    trade = Trade(PAIR.id, START_NS, START_NS, 1, 10_000, 1, None)
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time_ns()
        for _ in range(EVENTS):
            desk.take_event("bench", trade, START_NS)
        best = min(best, (time.process_time_ns() - began) / EVENTS / 1_000)
    assert journal.head == 0
    return best


class _Quiet:
    """A market that says what it always says."""

    def __init__(self, state: object, touched: int) -> None:
        self.states = {PAIR.id: state}
        self._said = (state, touched)

    def apply(self, event: object, feed: str) -> tuple[object, int]:
        """Give the same again."""
        return self._said


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    print(json.dumps({"life_us": round(life(count), 1), "event_us": round(event(count), 3), "rounds": count}))
