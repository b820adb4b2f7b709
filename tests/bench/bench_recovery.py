"""What durability costs a running desk, and how fast it comes back; against plain sqlite3 commits of the same run.

Wall clock, fresh files each round, on the disk that holds ``BENCH_DIR`` (default: the working directory). Run by hand:
``python tests/bench/bench_recovery.py [rounds]``; prints one JSON object. Goals: from a command to the durable word of
the simulated exchange p50 at most 4× and p99 at most 3× one plain commit (it takes two); the loop is late by at most
5 ms in 99 of 100 looks while another process hammers the disk; at least 40,000 facts a second from the bytes to the
state, hashes checked; a start from a snapshot and 10,000 facts after it in at most 1 s.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench_journal import measured
from msgspec.structs import replace

from termdesk.config.settings import Settings
from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.event import BookSnapshot, InstrumentDefined
from termdesk.core.model.facts import OrderAccepted, Recorded
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.terms import Mode, OrdType, Side
from termdesk.engine.assembly import Parts, Plan, assemble
from termdesk.engine.clock import SystemClock
from termdesk.engine.meter import Meter
from termdesk.engine.options import EngineOptions
from termdesk.journal import Batch, open_journal, replayed, taken_snapshot, write_snapshot

ORDERS, LOOKS, FACTS, TAIL = 300, 1_500, 30_000, 10_000
ID = "ABC.DEMO"
ABC = Instrument(
    id=ID, name="abc", currency="USDT", price_decimals=2, qty_decimals=2,
    rules=(TradingRule(first_day="", tick=1, lot=1, min_qty=1),), detail=Spot(base="ABC"),
)  # fmt: skip


def assembled(home: Path) -> Parts:
    """Put a whole engine together, with its journal on the disk."""
    os.environ["TERMDESK_HOME"] = str(home)
    clock = SystemClock()
    plan = Plan(
        options=EngineOptions(desk="bench"), settings=Settings(), clock=clock, meter=Meter(clock), version="bench",
        stop=lambda: None,
    )  # fmt: skip
    return assemble(plan)


def market(parts: Parts, seq: int) -> None:
    """Say the price again, so that it is not stale."""
    now = parts.sequencer.now_ns()
    events: list[Any] = [BookSnapshot(ID, now, now, seq, ((10_000, 500),), ((10_100, 600),))]
    parts.sequencer.put_events("demo", [InstrumentDefined(now, ABC), *events] if seq == 1 else events)  # type: ignore[union-attr]


def order(name: str) -> SubmitOrder:
    """A small buy far from the market."""
    return SubmitOrder(
        command_id=name, account="cash", instrument=ID, side=Side.BUY, ord_type=OrdType.LIMIT, qty=1, price=9_000
    )


class Desk:
    """An engine whose loop runs, one order at a time."""

    def __init__(self, home: Path) -> None:
        self.parts = assembled(home)
        self._came: asyncio.Future[None] | None = None
        self._seen = 0
        self._orders = 0
        told = self.parts.desk.on_log

        def grew() -> None:
            told()
            while page := self.parts.room.log.page(self._seen):
                self._seen = page[-1].seq
                if (
                    self._came is not None
                    and not self._came.done()
                    and any(type(record.fact) is OrderAccepted for record in page)
                ):
                    self._came.set_result(None)
                    self._came = None

        self.parts.desk.on_log = grew

    async def waits(self, orders: int, between: Callable[[], None] = lambda: None) -> list[float]:
        """Seconds from each command to the durable word of the exchange; ``between`` is called before each."""
        running = asyncio.create_task(self.parts.sequencer.run())
        waits = []
        for _ in range(orders):
            self._orders += 1
            market(self.parts, self._orders)
            await asyncio.sleep(0.002)
            between()
            self._came = came = asyncio.get_running_loop().create_future()
            began = time.perf_counter()
            self.parts.sequencer.put_command(order(f"c{self._orders}"), "bench")
            await asyncio.wait_for(came, 10)
            waits.append(time.perf_counter() - began)
        running.cancel()
        return waits

    def close(self) -> None:
        """End it without a word."""
        self.parts.writer.close()
        self.parts.journal.close()


def to_the_exchange_and_back(folder: Path) -> dict[str, float]:
    """From a command to the durable word of the simulated exchange, and plain commits in turns with it."""
    db = sqlite3.connect(folder / "plain.sqlite", isolation_level=None)
    for sql in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE fact (seq INTEGER, bytes BLOB)"):
        db.execute(sql)
    commits: list[float] = []

    def commit() -> None:
        began = time.perf_counter()
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO fact VALUES (?, ?)", (1, bytes(434)))
        db.execute("COMMIT")
        commits.append(time.perf_counter() - began)

    async def run() -> list[float]:
        desk = Desk(folder)
        try:
            return await desk.waits(ORDERS, commit)
        finally:
            desk.close()

    waits = asyncio.run(run())
    db.close()
    plain = {f"plain_{key}": value for key, value in measured(1.0, commits).items() if key != "per_s"}
    return measured(len(waits) / sum(waits), waits) | plain


def hammer(folder: str) -> None:
    """Write and sync without end."""
    block = os.urandom(1 << 20)
    with Path(folder, "hammer").open("wb", buffering=0) as file:
        while True:
            file.seek(0)
            for _ in range(8):
                file.write(block)
            os.fsync(file.fileno())


def lag(folder: Path, *, hammered: bool) -> dict[str, float]:
    """How late the loop wakes while orders are made durable one after another."""
    other = multiprocessing.get_context("spawn").Process(target=hammer, args=(str(folder),), daemon=True)
    late: list[float] = []

    async def look() -> None:
        loop = asyncio.get_running_loop()
        while len(late) < LOOKS:
            due = loop.time() + 0.002
            await asyncio.sleep(0.002)
            late.append(max(0.0, loop.time() - due))

    async def trade(desk: Desk) -> None:
        while len(late) < LOOKS:
            await desk.waits(20)

    async def run() -> None:
        desk = Desk(folder)
        try:
            await asyncio.gather(look(), trade(desk))
        finally:
            desk.close()

    if hammered:
        other.start()
        time.sleep(1.0)
    try:
        asyncio.run(run())
    finally:
        if hammered:
            other.kill()
            other.join()
    return measured(1.0, late)


def many(count: int) -> list[Recorded]:
    """Facts of orders that are submitted, accepted and filled, after the opening of a desk that a demo made."""
    import shutil

    from termdesk.core.model.facts import OrderFilled, OrderSubmitted

    sample = Path(__file__).parents[1] / "journal/samples/336ab26"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(sample, Path(name, "replay-sample")))
        journal = open_journal(folder, desk="replay-sample", mode=Mode.REPLAY, read_only=True)
        facts = journal.read(0, 1_000)
        journal.close()
    kinds = (OrderSubmitted, OrderAccepted, OrderFilled)
    mine = [next(r for r in facts if type(r.fact) is kind and r.fact.order_id == "O2") for kind in kinds]  # type: ignore[union-attr]
    found = facts[:8]
    number = 0
    while len(found) < count:
        number += 1
        name = f"X{number}"
        ids = {"order_id": name, "command_id": name, "cl_ord_id": f"{name}.1", "venue_cl_ord_id": f"{name}.1"}
        for step, record in enumerate(mine):
            known: Any = record.fact
            changed = {key: value for key, value in ids.items() if key in known.__struct_fields__}
            if step:
                changed["exec_id"] = f"{name}-{step}"
            if step == 2:
                changed["qty"] = 100_000_000
            found.append(replace(record, seq=len(found) + 1, fact=replace(known, **changed)))
    return found[:count]


def stored(folder: Path, facts: list[Recorded]) -> None:
    """Append facts to the journal in a folder."""
    journal = open_journal(folder, desk="replay-sample", mode=Mode.REPLAY)
    for first in range(0, len(facts), 1_000):
        journal.append(Batch(facts[first : first + 1_000]))
    journal.close()


def started(folder: Path) -> float:
    """Seconds from the files to the state."""
    began = time.perf_counter()
    journal = open_journal(folder, desk="replay-sample", mode=Mode.REPLAY)
    replayed(journal)
    took = time.perf_counter() - began
    journal.close()
    return took


def replay(folder: Path) -> dict[str, float]:
    """All facts from the bytes to the state, and a start from a snapshot with facts after it."""
    facts = many(FACTS + TAIL)
    stored(folder / "desk", facts[:FACTS])
    whole = started(folder / "desk")
    journal = open_journal(folder / "desk", desk="replay-sample", mode=Mode.REPLAY)
    state, at_ns = replayed(journal)
    write_snapshot(folder / "desk", taken_snapshot(state, at_ns, journal.chain_head))
    journal.close()
    stored(folder / "desk", facts[FACTS:])
    return {"facts_per_s": FACTS / whole, "start_s": started(folder / "desk")}


CASES: dict[str, Callable[[Path], dict[str, float]]] = {
    "command_to_acknowledgement": to_the_exchange_and_back,
    "loop_late": lambda folder: lag(folder, hammered=False),
    "loop_late_hammered": lambda folder: lag(folder, hammered=True),
    "replay": replay,
}


def main() -> None:
    """Run every case in turns and print medians and ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in CASES}
    for _ in range(rounds):
        for name, case in CASES.items():
            with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR", ".")) as folder:
                taken[name].append(case(Path(folder).absolute()))
    medians = {
        name: {key: round(statistics.median(one[key] for one in many), 4) for key in many[0]}
        for name, many in taken.items()
    }
    ack = medians["command_to_acknowledgement"]
    ratios = {key: round(ack[key] / ack[f"plain_{key}"], 2) for key in ("p50_us", "p99_us")}
    sys.stdout.write(json.dumps({"rounds": rounds, "medians": medians, "acknowledgement_to_plain": ratios}) + "\n")


if __name__ == "__main__":
    main()
