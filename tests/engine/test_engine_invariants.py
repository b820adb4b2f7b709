"""Books that do not add up halt trading, visibly, and name the fact; quotes go on and nothing of it is stored."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from test_engine_faults import ID, NOW, Bench

from termdesk.core.model.event import Trade
from termdesk.core.model.facts import OrderFilled
from termdesk.core.model.posting import Place
from termdesk.core.model.terms import Side
from termdesk.core.trading.invariants import check_all


def test_a_breach_halts_trading_names_the_fact_and_keeps_the_word_of_the_venue(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.do(bench.buy("c1"))
    bench.desk.state.accounts["cash"].places[Place.OUTSIDE]["USDT"] += Decimal(1)
    seq = bench.desk.state.seq
    bench.desk.take_event("f", Trade(ID, NOW, NOW, 1, 99, 10_000, Side.SELL), NOW)
    assert bench.desk.halted.startswith(f"places.sum does not hold after fact {seq + 1} (order_filled.1): cash, USDT")
    assert bench.do(bench.buy("c2")).code == "desk.halted"
    stored = bench.journal.read(0, 1000)
    assert not any(isinstance(record.fact, OrderFilled) for record in stored)
    check_all(bench.desk.state)
    assert bench.emergency.left or any(tmp_path.iterdir())
    bench.desk.take_event("f", Trade(ID, NOW, NOW, 2, 98, 7, Side.SELL), NOW)
    assert bench.market.states[ID].last == 98


def test_books_that_do_not_add_up_halt_at_the_start(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.desk.inspect()
    assert not bench.desk.halted
    bench.desk.state.accounts["cash"].reserved["USDT"] = Decimal(5)
    bench.desk.inspect()
    assert bench.desk.halted.startswith("account.reserved does not hold after the facts so far: cash, USDT, 5, 0")
