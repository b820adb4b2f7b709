"""Durable facts a second: the journal's writer against plain sqlite3 at one fact per FULL commit, in turns, in one run.

Wall clock, fresh files each round, on the disk that holds ``BENCH_DIR`` (default: the working directory). The plain
side inserts bytes that were encoded before; ours encodes, chains by SHA-256 and moves its mark. Run by hand:
``python tests/bench/bench_journal.py [rounds]``; prints one JSON object. Goals: one waiting caller waits at most 1.4×
as long as for a plain commit, 32 waiting callers get at least 3.5× its facts a second.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec

from termdesk.core.model.facts import DeskOpened, Fact, OrderFilled, Recorded
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.model.terms import Liquidity, Mode, Phase, Side
from termdesk.journal import JournalWriter, open_journal

FACTS, BULK = 300, 50_000
SEEN = MarketSeen(6_100_000, 12, 6_100_100, 7, 6_100_050, 10**6, 10**6, Phase.CONTINUOUS, "demo", 10**18)
FILL = OrderFilled(
    order_id="o-1", exec_id="e-1", account="cash", instrument="BTCUSDT.DEMO", side=Side.BUY, qty=15,
    price=Decimal("61"), amount=Decimal("0.915"), fees=(), liquidity=Liquidity.MAKER, seen=SEEN,
    reason=Reason("fill.queue", {"ahead": "1.20", "traded": "1.35", "filled": "0.15"}),
)  # fmt: skip


def record(seq: int) -> Recorded:
    """Make fact ``seq``: the desk first, fills after it."""
    fact: Fact = DeskOpened(desk="bench", mode=Mode.DEMO, seed=1, base_currency="CNY") if seq == 1 else FILL
    return Recorded(seq=seq, at_ns=seq, wall_ns=seq, trading_day="2026-11-20", cause="report:e-1", actor="x", fact=fact)


def plain(folder: Path) -> dict[str, float]:
    """One INSERT per FULL commit."""
    db = sqlite3.connect(folder / "plain.sqlite", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE fact (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
    body, waits = msgspec.msgpack.encode(record(2)), []
    for seq in range(1, FACTS + 1):
        began = time.perf_counter()
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO fact VALUES (?, ?)", (seq, body))
        db.execute("COMMIT")
        waits.append(time.perf_counter() - began)
    db.close()
    return measured(FACTS / sum(waits), waits)


def ours(folder: Path, callers: int) -> dict[str, float]:
    """``callers`` threads that each wait until their fact is durable before they submit the next."""
    journal = open_journal(folder / "desk", desk="bench", mode=Mode.DEMO)
    writer = JournalWriter(journal, lambda error: os.abort())
    numbers, order, waits = iter(range(1, 10**9)), threading.Lock(), list[float]()

    def call() -> None:
        durable = threading.Lock()
        durable.acquire()
        for _ in range(FACTS // 4 if callers > 1 else FACTS):
            began = time.perf_counter()
            with order:
                writer.submit([record(next(numbers))], on_durable=lambda _: durable.release())
            durable.acquire()
            waits.append(time.perf_counter() - began)

    threads = [threading.Thread(target=call) for _ in range(callers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    writer.close()
    journal.close()
    return measured(len(waits) / took, waits)


def bulk(folder: Path) -> dict[str, float]:
    """A burst without waiting, then opening and verifying what it left."""
    journal = open_journal(folder / "desk", desk="bench", mode=Mode.DEMO)
    writer = JournalWriter(journal, lambda error: os.abort())
    facts = [record(seq) for seq in range(1, BULK + 1)]
    began = time.perf_counter()
    for fact in facts:
        writer.submit([fact])
    writer.close()
    wrote = time.perf_counter() - began
    journal.close()
    began = time.perf_counter()
    open_journal(folder / "desk", desk="bench", mode=Mode.DEMO).close()
    return {"per_s": BULK / wrote, "verified_per_s": BULK / (time.perf_counter() - began)}


def measured(per_s: float, waits: list[float]) -> dict[str, float]:
    """Rate, and percentiles of the wait in microseconds."""
    ordered = sorted(waits)
    return {
        "per_s": per_s,
        "p50_us": ordered[len(ordered) // 2] * 1e6,
        "p99_us": ordered[len(ordered) * 99 // 100] * 1e6,
    }


CASES: dict[str, Callable[[Path], dict[str, float]]] = {
    "plain_one_per_commit": plain,
    "journal_1_caller": lambda folder: ours(folder, 1),
    "journal_32_callers": lambda folder: ours(folder, 32),
    "journal_burst": bulk,
}


def main() -> None:
    """Run every case once per round, in shuffled order, and print medians and ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in CASES}
    for _ in range(rounds):
        for name in random.sample(list(CASES), len(CASES)):
            with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR", ".")) as folder:
                taken[name].append(CASES[name](Path(folder).absolute()))
    medians = {
        name: {key: round(statistics.median(one[key] for one in many), 1) for key in many[0]}
        for name, many in taken.items()
    }
    base = medians["plain_one_per_commit"]
    ratios = {
        "wait_1_caller": round(medians["journal_1_caller"]["p50_us"] / base["p50_us"], 2),
        "facts_32_callers": round(medians["journal_32_callers"]["per_s"] / base["per_s"], 2),
        "facts_burst": round(medians["journal_burst"]["per_s"] / base["per_s"], 1),
    }
    size = len(msgspec.msgpack.encode(record(2)))
    sys.stdout.write(
        json.dumps({"rounds": rounds, "fact_bytes": size, "medians": medians, "ratios_to_plain": ratios}) + "\n"
    )


if __name__ == "__main__":
    main()
