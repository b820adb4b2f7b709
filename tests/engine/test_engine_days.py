"""A real engine first closes the trading days that ended while it was off."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import test_engine_faults
from test_engine_faults import ID, Bench

from termdesk.config.paths import DeskPaths
from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.terms import Mode, OrdStatus, OrdType, Side, TimeInForce
from termdesk.core.wire.queries import DaysQuery, OrdersQuery, StatementQuery
from termdesk.engine.clock import SystemClock
from termdesk.journal import SynchronousWriter, open_journal

DAY_NS = 86_400 * 10**9


def order(command_id: str, tif: TimeInForce, price: int = 50, expire_ns: int | None = None) -> SubmitOrder:
    return SubmitOrder(
        command_id=command_id,
        account="cash",
        instrument=ID,
        side=Side.BUY,
        ord_type=OrdType.LIMIT,
        qty=100,
        price=price,
        time_in_force=tif,
        expire_ns=expire_ns,
    )


async def test_a_week_off_is_closed_day_by_day_at_the_start(home: Path, start, monkeypatch) -> None:
    then = SystemClock().wall_ns() - 8 * DAY_NS
    monkeypatch.setattr(test_engine_faults, "NOW", then)
    past = Bench(home)
    names = {
        name: past.do(command).order_ids[0]
        for name, command in {
            "filled": order("c0", TimeInForce.GTC, 101),
            "day": order("c1", TimeInForce.DAY),
            "gtc": order("c2", TimeInForce.GTC),
            "gtd": order("c3", TimeInForce.GTD, expire_ns=then + 3 * DAY_NS),
            "later": order("c4", TimeInForce.GTD, expire_ns=then + 300 * DAY_NS),
        }.items()
    }
    balance = past.desk.state.accounts["cash"].cash("USDT")
    paths = DeskPaths.of("t")
    paths.make()
    journal = open_journal(paths.folder, desk="t", mode=Mode.DEMO)
    SynchronousWriter(journal).submit(past.journal.read(0, 1000), [], [], lambda _: None)
    journal.close()
    engine = await start(desk="t").ready()
    attached = await engine.attach()
    lines = {line.order_id: line.status for line in (await attached.client.ask(OrdersQuery(archived=True))).orders}
    assert {name: lines[order_id] for name, order_id in names.items()} == {
        "filled": OrdStatus.FILLED,
        "day": OrdStatus.EXPIRED,
        "gtc": OrdStatus.NEW,
        "gtd": OrdStatus.EXPIRED,
        "later": OrdStatus.NEW,
    }
    present = (await attached.client.ask(OrdersQuery())).orders
    assert {line.order_id for line in present} == {names["gtc"], names["later"]}
    records = [json.loads(line) for line in told("journal", "export", "--desk", "t").splitlines()]
    kinds = [record["fact"]["type"].partition(".")[0] for record in records]
    assert kinds.count("day_closed") in (7, 8, 9)
    assert kinds.count("order_expired") == 2
    assert kinds.index("desk_resumed") < kinds.index("order_expired") < kinds.index("day_closed")
    found = (await attached.client.ask(DaysQuery())).days
    assert [(line.venue, line.missed) for line in found] == [("DEMO", True)]
    first = next(record["fact"]["day"] for record in records if record["fact"]["type"] == "day_closed.1")
    made = await attached.client.ask(StatementQuery(first, "cash"))
    assert made.accounts[0].positions[0].qty == 100
    assert [cash.closing for cash in made.accounts[0].cash if cash.asset == "USDT"] == [balance]
    page = told("day", "statement", first, "--format", "html", "--desk", "t").decode()
    assert ID in page
    assert str(balance.normalize()) in page
    await attached.client.close()


def told(*words: str) -> bytes:
    return subprocess.run([sys.executable, "-m", "termdesk", *words], check=True, capture_output=True).stdout
