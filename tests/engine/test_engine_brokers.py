"""Accounts on brokers outside the engine: a real engine process, a real socket, and imports that must not happen."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest
from engine_process import WITHIN_S

from termdesk.core.model.command import CancelOrder, SubmitOrder
from termdesk.core.model.event import BookSnapshot, InstrumentDefined
from termdesk.core.model.facts import (
    BrokerLinkChanged,
    BrokerReconciled,
    OrderAccepted,
    OrderAdopted,
    OrderCanceled,
    OrderFilled,
    OrderSubmitted,
    OutcomeUnknown,
)
from termdesk.core.model.terms import Link, OrdType, Side
from termdesk.core.wire.queries import InstrumentsQuery, OrdersQuery
from termdesk.testing.venue import Fault, Venue, VenueServer

BTC = "BTCUSDT.DEMO"


@pytest.fixture
async def venue():
    server = VenueServer(Venue(), "secret")
    await server.open()
    yield server
    await server.close()


def configured(home, server, **more: object):
    file = home / "config.toml"
    lines = [
        "[accounts.far]",
        'kind = "margin"',
        'broker = "simvenue"',
        'deposits = { USDT = "1000000" }',
        "[brokers.simvenue]",
        f'url = "ws://127.0.0.1:{server.port}"',
        'token = "secret"',
        "answer_within_ms = 300",
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def order(command_id: str, side: Side, qty: int, price: int) -> SubmitOrder:
    return SubmitOrder(
        command_id=command_id,
        account="far",
        instrument=BTC,
        side=side,
        ord_type=OrdType.LIMIT,
        qty=qty,
        price=price,
    )


async def listed(attached, server):
    """The instrument of the desk, listed at the venue with a book of its own."""
    found = (await attached.client.ask(InstrumentsQuery((BTC,)))).instruments[0]
    tick = found.rules[0].tick
    price = found.price("60000") // tick * tick
    lot = found.rules[0].lot
    server.venue.take(InstrumentDefined(1, found))
    server.venue.take(BookSnapshot(BTC, 2, 2, 1, ((price - tick, 1000 * lot),), ((price + tick, 1000 * lot),)))
    return found, price, tick, lot


async def test_an_account_trades_at_a_venue_over_a_socket_through_faults_kill_and_restart(start, home, venue) -> None:
    config = configured(home, venue)
    engine = start(desk="far", feed="demo", symbols=("BTCUSDT",), config=config)
    one = await engine.attach()
    await one.fact(BrokerReconciled)
    found, price, tick, lot = await listed(one, venue)
    resting = (await one.client.do(order("c1", Side.BUY, 10 * lot, price - 5 * tick))).order_ids[0]
    await one.fact(OrderAccepted, order_id=resting)
    venue.venue.faults.arm(Fault.DISCONNECT_AFTER)
    lost = (await one.client.do(order("c2", Side.BUY, 3 * lot, price + tick))).order_ids[0]
    await one.fact(OutcomeUnknown, order_id=lost)
    filled = await one.fact(OrderFilled, order_id=lost)
    assert (filled.qty, filled.inferred) == (3 * lot, False)
    engine.kill()
    await venue_says(venue, resting, found)
    again = start(desk="far", feed="demo", symbols=("BTCUSDT",), config=config)
    two = await again.attach()
    await two.fact(OrderFilled, order_id=resting)
    adopted = await two.fact(OrderAdopted)
    await two.until(lambda: len(two.facts(BrokerReconciled)) == 3)
    lines = {line.order_id: line for line in (await two.client.ask(OrdersQuery())).orders}
    assert lines[adopted.order_id].origin == "external"
    assert lines[resting].cum_qty == 4 * lot
    for order_id in (resting, adopted.order_id):
        assert (await two.client.do(CancelOrder(command_id=f"x{order_id}", order_id=order_id))).accepted
        await two.fact(OrderCanceled, order_id=order_id)
    assert len(venue.venue.received) == len(set(venue.venue.received)) == 3
    assert next(fact.link for fact in two.facts(BrokerLinkChanged)) is Link.DOWN
    again.terminate()


async def venue_says(server, order_id: str, found) -> None:
    """Meanwhile: a part of the resting order is filled, and another order comes from elsewhere."""
    from termdesk.adapters.brokers.simvenue.messages import New

    mine = next(one for one in server.venue.orders.values() if one.new.client_id.endswith(f"-{order_id}.1"))
    server.venue.execute(mine.key, 4 * found.rules[0].lot, mine.price)
    qty = found.qty_text(found.rules[0].lot)
    elsewhere = New(
        client_id="web-1",
        account="far",
        symbol=found.id,
        side="buy",
        ord_type="limit",
        time_in_force="gtc",
        qty=qty,
        price=found.price_text(mine.price),
    )
    server.venue.new(elsewhere)


async def test_orders_are_refused_while_the_venue_is_away_and_quotes_go_on(start, home, venue) -> None:
    config = configured(home, venue)
    await venue.close()
    one = await start(desk="far", feed="demo", symbols=("BTCUSDT",), config=config).attach()
    found = (await one.client.ask(InstrumentsQuery((BTC,)))).instruments[0]
    price = found.price("60000") // found.rules[0].tick * found.rules[0].tick
    refused = await one.client.do(order("c1", Side.BUY, found.rules[0].lot, price))
    assert (refused.accepted, refused.code) == (False, "risk.broker_down")
    await venue.open()
    await one.fact(BrokerReconciled)
    await listed(one, venue)
    assert (await one.client.do(order("c2", Side.BUY, found.rules[0].lot, price))).accepted


async def test_what_the_venue_lacks_waits_in_the_engine_also_after_a_restart(start, home, venue) -> None:
    config = configured(home, venue)
    engine = start(desk="far", feed="demo", symbols=("BTCUSDT",), config=config)
    one = await engine.attach()
    await one.fact(BrokerReconciled)
    found, *_ = await listed(one, venue)
    far_off = found.price("1000") // found.rules[0].tick * found.rules[0].tick
    stop = SubmitOrder(
        command_id="c1",
        account="far",
        instrument=BTC,
        side=Side.SELL,
        ord_type=OrdType.STOP,
        qty=found.rules[0].lot,
        trigger_price=far_off,
    )
    answer = await one.client.do(stop)
    assert answer.accepted, answer
    assert (await one.fact(OrderSubmitted)).emulated
    engine.kill()
    two = await start(desk="far", feed="demo", symbols=("BTCUSDT",), config=config).attach()
    await two.until(lambda: len(two.facts(BrokerReconciled)) == 2)
    assert not two.facts(OutcomeUnknown)
    assert not venue.venue.received
    assert (await two.client.do(CancelOrder(command_id="x", order_id=answer.order_ids[0]))).accepted
    await two.fact(OrderCanceled)


LIVE = """
    raise SystemExit("a live broker was imported on a desk that is not live")
"""

ENGINE = """
    import asyncio, json, sys, threading, time
    from pathlib import Path
    from termdesk.config.paths import DeskPaths
    from termdesk.client.discovery import answers
    from termdesk.engine.main import run_engine
    from termdesk.engine.options import EngineOptions

    given = json.loads(sys.argv[1])
    given["replay"] = tuple(map(Path, given.get("replay", ())))
    given["config"] = Path(given["config"]) if "config" in given else None
    options = EngineOptions(**given)

    def look():
        while not answers(DeskPaths.of(options.desk).socket):
            time.sleep(0.01)
        print(json.dumps(sorted(name for name in sys.modules if "realmoney" in name or "simvenue" in name)), flush=True)
        import os, signal
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=look, daemon=True).start()
    sys.exit(run_engine(options))
"""


@pytest.fixture
def live_broker(tmp_path):
    """A distribution with a live broker under ``termdesk.brokers``, on the path of a process that asks for it."""
    site = tmp_path / "site"
    info = site / "realmoney-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "realmoney.py").write_text(textwrap.dedent(LIVE), encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: realmoney\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[termdesk.brokers]\nrealmoney = realmoney:BROKER\n", encoding="utf-8")
    return site


def engine_of(site, home, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(ENGINE), json.dumps(options)],
        env={"PYTHONPATH": str(site), "TERMDESK_HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=2 * WITHIN_S,
        check=False,
    )


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("demo", {"feed": "demo", "symbols": ["BTCUSDT"]}),
        ("paper", {"feed": "load"}),
        ("replay", {"replay": "recording", "paused": True}),
    ],
)
def test_no_desk_that_is_not_live_imports_a_live_broker(live_broker, home, recording, mode, options) -> None:
    if mode == "replay":
        options = {**options, "replay": [str(recording)]}
    done = engine_of(live_broker, home, desk=f"x{mode}", **options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def test_an_account_on_a_live_broker_is_refused_without_importing_it(live_broker, home) -> None:
    config = home / "config.toml"
    config.write_text('[accounts.a]\nkind = "cash"\nbroker = "realmoney"\n', encoding="utf-8")
    done = engine_of(live_broker, home, desk="x", feed="demo", config=str(config))
    assert done.returncode == 1
    assert "trades on simulated brokers only: paper, simvenue; realmoney is not one of them" in done.stderr
    assert "was imported" not in done.stderr


def test_the_table_of_a_broker_is_checked(home, live_broker) -> None:
    config = home / "config.toml"
    text = '[accounts.a]\nkind = "cash"\nbroker = "simvenue"\n[brokers.simvenue]\nport = 1\n'
    config.write_text(text, encoding="utf-8")
    done = engine_of(live_broker, home, desk="x", feed="demo", config=str(config))
    assert "[brokers.simvenue]" in done.stderr
    assert "port" in done.stderr
