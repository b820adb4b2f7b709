"""A disk that refuses: trading halts and says why, quotes go on, and what only reduces risk still reaches the broker.

Each fault is real and happens under a running engine: a small file system that is full, a limit on the size of files,
a journal that was made immutable.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engine_process import Attached, EngineProcess, journalled

from termdesk.core.model.command import CancelAll, CancelOrder, KillSwitch, SubmitOrder
from termdesk.core.model.facts import OrderAccepted
from termdesk.core.model.terms import OrdStatus, OrdType, Side
from termdesk.core.wire.queries import OrdersQuery
from termdesk.engine.options import EngineOptions

BTC = "BTCUSDT.DEMO"
IS_ROOT = os.getuid() == 0
FOLDER = "state/desks/demo"
Fault = Callable[[Path], None]


def buy(command_id: str, price: int) -> SubmitOrder:
    return SubmitOrder(
        command_id=command_id,
        account="cash",
        instrument=BTC,
        side=Side.BUY,
        ord_type=OrdType.LIMIT,
        qty=10,
        price=price,
    )


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file system of its own for the engine's home."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = (
        IS_ROOT
        and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], check=False).returncode == 0
    )
    if not mounted:
        pytest.skip("mounting a small file system needs to be root with the right to mount")
    monkeypatch.setenv("TERMDESK_HOME", str(place))
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(home: Path) -> None:
    """Leave no byte free."""
    with (home / "ballast").open("wb", buffering=0) as ballast:
        size = 65_536
        while size:
            try:
                ballast.write(bytes(size))
            except OSError:
                size //= 2


def immutable(home: Path, on: str = "+i") -> None:
    """Let nobody write the journal any more, not even who has it open."""
    files = [str(home / FOLDER / name) for name in ("journal.sqlite", "journal.sqlite-wal")]
    subprocess.run(["chattr", on, *files], check=True)


@pytest.fixture
def may_be_immutable(home: Path) -> Iterator[None]:
    probe = home / "probe"
    probe.touch()
    works = IS_ROOT and shutil.which("chattr") and not subprocess.run(["chattr", "+i", probe], check=False).returncode
    if not works:
        pytest.skip("making a file immutable needs to be root on a file system that can")
    subprocess.run(["chattr", "-i", probe], check=True)
    yield
    immutable(home, "-i")


async def two_resting(attached: Attached) -> tuple[list[str], int]:
    """Place two orders far below; gives their ids and the price."""
    await attached.client.subscribe(f"quote/{BTC}", 60.0)
    await attached.client.subscribe("engine/health")
    price = (await attached.topic(f"quote/{BTC}", lambda body: body.bid and body.last)).bid * 8 // 10
    names = []
    for number in range(3):
        answer = await attached.client.do(buy(f"rest{number}", price))
        names += answer.order_ids
        await attached.fact(OrderAccepted, order_id=answer.order_ids[0])
    return names, price


async def halted(attached: Attached, price: int) -> int:
    """Trade until trading halts; gives how many orders were accepted before."""
    for number in range(5_000):
        answer = await attached.client.do(buy(f"c{number}", price))
        if not answer.accepted:
            assert answer.code == "desk.halted", answer
            return number
    raise AssertionError("trading never halted")


async def only_what_reduces_risk_goes_on(attached: Attached, names: list[str], price: int) -> None:
    await attached.topic("engine/health", lambda body: body.halted)
    stamp = attached.topics[f"quote/{BTC}"].recv_ns
    await attached.topic(f"quote/{BTC}", lambda body: body.recv_ns > stamp)
    assert (await attached.client.do(CancelOrder(command_id="one", order_id=names[0]))).accepted
    killed = await attached.client.do(KillSwitch(command_id="kill", note="the disk is full", account="cash"))
    assert killed.accepted, killed
    assert (await attached.client.do(CancelAll(command_id="all"))).accepted
    assert (await attached.client.do(buy("more", price))).code == "desk.halted"
    orders = (await attached.client.ask(OrdersQuery())).orders
    assert {order.status for order in orders if order.order_id in names} == {OrdStatus.CANCELED}


async def the_next_start_has_all_of_it(start: Callable[..., EngineProcess], names: list[str], accepted: int) -> None:
    engine = start()
    attached = await engine.attach()
    orders = {order.order_id: order for order in (await attached.client.ask(OrdersQuery())).orders}
    assert {orders[name].status for name in names} == {OrdStatus.CANCELED}, "the emergency file was reconciled"
    assert len(orders) >= len(names) + accepted, "nothing acknowledged is lost"
    await attached.client.subscribe(f"quote/{BTC}", 60.0)
    quote = await attached.topic(f"quote/{BTC}", lambda body: body.bid and body.last)
    refused = await attached.client.do(buy("after", quote.bid * 8 // 10))
    assert (refused.accepted, refused.code) == (False, "risk.trading_state"), "the kill switch outlives the engine"
    engine.terminate()
    causes = [record.cause for record in journalled(engine.paths)[0]]
    assert "command:kill" in causes


async def test_a_full_disk(small_disk: Path) -> None:
    started: list[EngineProcess] = []

    def start() -> EngineProcess:
        started.append(EngineProcess(small_disk, EngineOptions(desk="demo")))
        return started[-1]

    try:
        attached = await start().attach()
        names, price = await two_resting(attached)
        fill(small_disk)
        accepted = await halted(attached, price)
        await only_what_reduces_risk_goes_on(attached, names, price)
        started[0].kill()
        (small_disk / "ballast").unlink()
        await the_next_start_has_all_of_it(start, names, accepted)
    finally:
        for engine in started:
            engine.kill()


async def test_a_file_that_may_not_grow(start: Callable[..., EngineProcess]) -> None:
    engine = start(file_bytes=300_000)
    attached = await engine.attach()
    names, price = await two_resting(attached)
    accepted = await halted(attached, price)
    await only_what_reduces_risk_goes_on(attached, names, price)
    engine.kill()
    await the_next_start_has_all_of_it(start, names, accepted)


@pytest.mark.usefixtures("may_be_immutable")
async def test_a_journal_that_becomes_read_only(start: Callable[..., EngineProcess], home: Path) -> None:
    engine = start()
    attached = await engine.attach()
    names, price = await two_resting(attached)
    immutable(home)
    accepted = await halted(attached, price)
    await only_what_reduces_risk_goes_on(attached, names, price)
    engine.kill()
    immutable(home, "-i")
    await the_next_start_has_all_of_it(start, names, accepted)
