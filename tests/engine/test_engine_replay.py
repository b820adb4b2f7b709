"""A replay desk: its controls, and the same facts from the same inputs at any speed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from engine_process import Attached, journalled
from market_lines import INSTRUMENT, START_NS
from websockets.asyncio.client import unix_connect

from termdesk.core.model.command import (
    AmendOrder,
    CancelAll,
    CancelOrder,
    JumpReplay,
    PauseReplay,
    SetReplaySpeed,
    StepReplay,
    SubmitOrder,
)
from termdesk.core.model.facts import OrderAccepted, OrderFilled
from termdesk.core.model.facts import Recorded as Record
from termdesk.core.model.terms import Link, OrdStatus, OrdType, Side, TimeInForce
from termdesk.core.wire.codec import encode_client_frame
from termdesk.core.wire.frames import PROTOCOL, FollowLog, Hello, Subscribe
from termdesk.core.wire.queries import BookQuery, InstrumentsQuery, OrdersQuery, StatusQuery

HEALTH = "engine/health"


def order(command_id: str, instrument: str, side: Side, price: int | None, qty: int, **more: Any) -> SubmitOrder:
    ord_type = OrdType.MARKET if price is None else OrdType.LIMIT
    account = more.pop("account", "margin")
    return SubmitOrder(
        command_id=command_id,
        account=account,
        instrument=instrument,
        side=side,
        ord_type=ord_type,
        qty=qty,
        price=price,
        **more,
    )


async def replay_health(attached: Attached, ready: Any) -> Any:
    return (await attached.topic(HEALTH, lambda body: ready(body.replay))).replay


async def events_taken(attached: Attached) -> int:
    return (await attached.client.ask(StatusQuery())).health.feeds[0].events


async def test_a_paused_replay_stands_still_steps_and_jumps(start, recording: Path) -> None:
    attached = await start("replay-a", replay=(recording,), paused=True).attach()
    await attached.client.subscribe(HEALTH)
    first = await replay_health(attached, lambda replay: replay.paused)
    assert (first.ended, first.first_ns) == (False, START_NS)
    at_first = await attached.client.ask(StatusQuery())
    assert at_first.health.desk_ns == START_NS
    assert (await attached.client.do(StepReplay(command_id="1", events=10))).accepted
    await attached.topic(HEALTH, lambda body: body.feeds and body.feeds[0].events == 10)
    assert (await attached.client.do(JumpReplay(command_id="2", to_ns=START_NS + 2 * 10**9))).accepted
    await attached.topic(HEALTH, lambda body: body.desk_ns == START_NS + 2 * 10**9)
    behind = await attached.client.do(JumpReplay(command_id="3", to_ns=START_NS + 10**9))
    assert (behind.accepted, behind.code) == (False, "command.jump_backwards")
    assert await events_taken(attached) == await events_taken(attached), "paused again after the jump"
    for speed in (-1.0, float("nan"), float("inf"), 1e-300):
        assert (await attached.client.do(SetReplaySpeed(command_id="s", speed=speed))).code == "number.invalid"
    assert (await attached.client.do(StepReplay(command_id="n", events=0))).code == "number.invalid"
    assert (await attached.client.do(SetReplaySpeed(command_id="4", speed=0))).accepted
    assert (await attached.client.do(PauseReplay(command_id="5", paused=False))).accepted
    await replay_health(attached, lambda replay: replay.ended)
    stepped = await attached.client.do(StepReplay(command_id="6"))
    assert stepped.code == "command.step_not_paused"
    late = await attached.client.do(order("7", INSTRUMENT, Side.BUY, None, 100_000_000))
    assert late.code == "risk.replay_ended"
    assert attached.topics[HEALTH].feeds[0].link is Link.ENDED


async def test_a_command_of_a_paused_replay_is_carried_out_at_the_time_that_stands(start, recording: Path) -> None:
    attached = await start("replay-b", replay=(recording,), paused=True).attach()
    await attached.client.do(JumpReplay(command_id="j", to_ns=START_NS + 10**9))
    await attached.client.subscribe(HEALTH)
    await attached.topic(HEALTH, lambda body: body.desk_ns == START_NS + 10**9)
    answer = await attached.client.do(order("c", INSTRUMENT, Side.BUY, 9_000, 100_000_000))
    assert answer.accepted, answer
    await attached.fact(OrderAccepted)
    stamps = {record.at_ns for record in attached.records if record.cause != "start"}
    assert stamps == {START_NS + 10**9}


async def test_an_interrupted_replay_goes_on_where_it_was_and_fills_nothing_twice(start, recording: Path) -> None:
    engine = start("replay-c", replay=(recording,), paused=True)
    attached = await engine.attach()
    await attached.client.do(JumpReplay(command_id="j", to_ns=START_NS + 10**9))
    await attached.client.subscribe(HEALTH)
    await attached.topic(HEALTH, lambda body: body.desk_ns == START_NS + 10**9)
    await attached.client.do(order("market", INSTRUMENT, Side.BUY, None, 100_000_000))
    resting = await attached.client.do(order("rest", INSTRUMENT, Side.BUY, 9_000, 100_000_000))
    await attached.fact(OrderAccepted, order_id=resting.order_ids[0])
    fills = attached.facts(OrderFilled)
    engine.kill()
    attached = await start("replay-c", replay=(recording,), speed=0).attach()
    await attached.client.subscribe(HEALTH)
    await replay_health(attached, lambda replay: replay.ended)
    orders = {line.order_id: line for line in (await attached.client.ask(OrdersQuery())).orders}
    assert orders[resting.order_ids[0]].status is OrdStatus.NEW
    assert attached.facts(OrderFilled) == fills
    stamps = [record.at_ns for record in attached.records]
    assert stamps == sorted(stamps), "desk time never goes back inside a journal"


# the same inputs give the same facts


async def trade_by_hand(attached: Attached, instrument: str) -> None:
    """Type what a person might: join the touch, take, amend, cancel, err."""
    instruments = (await attached.client.ask(InstrumentsQuery())).instruments
    unit = 10 ** instruments[0].qty_decimals
    await attached.client.subscribe(f"book/{instrument}?depth=5", 60.0)
    await attached.topic(f"book/{instrument}?depth=5", lambda body: body.valid)
    last: dict[str, str] = {}
    for number in range(24):
        book = (await attached.client.ask(BookQuery(instrument, 5))).book
        bid, ask = book.bids[0][0], book.asks[0][0]
        name = f"c{number}"
        command: Any = (
            order(name, instrument, Side.BUY, bid, unit // 100),
            order(name, instrument, Side.SELL, ask, unit // 50),
            order(name, instrument, Side.BUY, None, unit // 10),
            order(name, instrument, Side.SELL, bid, unit // 5, time_in_force=TimeInForce.IOC),
            order(name, instrument, Side.BUY, book.bids[-1][0], unit // 100, account="cash"),
            order(name, instrument, Side.SELL, ask, 10**6 * unit),
            AmendOrder(command_id=name, order_id=last.get("4", "O1"), price=bid),
            CancelOrder(command_id=name, order_id=last.get("1", "O1")),
        )[number % 8]
        answer = await attached.client.do(command)
        last[str(number % 8)] = answer.order_ids[0] if answer.order_ids else "O1"
        await attached.until(lambda: attached.frames.clear() is None, 1)
        await next_topics(attached)
    await attached.client.do(CancelAll(command_id="all", account="margin"))


async def next_topics(attached: Attached) -> None:
    """Let the market move a little: three more frames."""
    seen = len(attached.frames)
    try:
        await attached.until(lambda: len(attached.frames) >= seen + 3, 0.4)
    except TimeoutError:
        return


async def freeze_a_client(path: Path) -> Any:
    """Attach a client that asks for everything and never reads a byte after the welcome."""
    frozen = await unix_connect(str(path), "ws://localhost/", compression=None, max_queue=1)
    await frozen.send(encode_client_frame(Hello(protocol=PROTOCOL, client="frozen")))
    await frozen.recv()
    for topic in (f"book/{INSTRUMENT}?depth=100", f"tape/{INSTRUMENT}", HEALTH):
        await frozen.send(encode_client_frame(Subscribe(topic=topic, rate=60.0)))
    await frozen.send(encode_client_frame(FollowLog(cursor=0)))
    return frozen


def but_wall(records: list[Record]) -> list[Record]:
    return [msgspec.structs.replace(record, wall_ns=0) for record in records]


async def record_session(start: Any, tmp_path: Path, instrument: str, **options: Any) -> tuple[list[Record], Path]:
    """Trade by hand on a replay, to its end; gives the facts and the inputs as a file."""
    engine = start("replay-hand", exit_at_end=True, **options)
    attached = await engine.attach()
    await trade_by_hand(attached, instrument)
    assert await asyncio.to_thread(engine.ended) == 0, engine.stderr
    records, inputs = journalled(engine.paths)
    commands = tmp_path / "commands.jsonl"
    commands.write_bytes(msgspec.json.Encoder().encode_lines(inputs))
    return records, commands


async def rerun(start: Any, home: Path, monkeypatch: Any, speed: float, **options: Any) -> list[Record]:
    """Play the recorded inputs again in a home of their own, with a client that reads and one that does not."""
    here = home / f"at-{speed:g}"
    here.mkdir()
    monkeypatch.setenv("TERMDESK_HOME", str(here))
    engine = start("replay-hand", at=here, exit_at_end=True, speed=speed, paused=True, **options)
    reading = await engine.attach()
    await reading.client.subscribe(f"book/{INSTRUMENT}?depth=10", 60.0)
    frozen = await freeze_a_client(engine.paths.socket)
    await reading.client.do(PauseReplay(command_id="go", paused=False))
    code = await asyncio.to_thread(engine.ended)
    assert code == 0, engine.stderr
    frozen.transport.abort()
    return journalled(engine.paths)[0]


async def check_determinism(
    start: Any, home: Path, monkeypatch: Any, instrument: str, speed: float, **what: Any
) -> None:
    records, commands = await record_session(start, home, instrument, speed=speed, **what)
    kinds = {type(record.fact).__name__ for record in records}
    assert {"OrderFilled", "OrderAccepted", "OrderCanceled", "CommandRefused"} <= kinds, kinds
    for again in (1.0, 100.0, 0.0):
        facts = await rerun(start, home, monkeypatch, again, commands=commands, **what)
        assert but_wall(facts) == but_wall(records), f"at speed {again:g}"


async def test_a_session_gives_the_same_facts_at_any_speed(start, home: Path, monkeypatch, recording: Path) -> None:
    await check_determinism(start, home, monkeypatch, INSTRUMENT, 1.0, replay=(recording,))


async def test_a_session_on_a_real_recording_gives_the_same_facts(
    start, home: Path, monkeypatch, shared_data: Path
) -> None:
    recording = shared_data / "binance_spot" / "btcusdt_20240808.gz"
    until_ns = 1_723_161_253_937_085_768 + 5 * 10**9
    await check_determinism(start, home, monkeypatch, "BTCUSDT.BINANCE", 1.0, replay=(recording,), until_ns=until_ns)


@pytest.mark.parametrize("line", ['{"at_ns": 1}', "no json", '{"at_ns":1,"actor":"a","command":{"type":"dance"}}'])
async def test_recorded_commands_that_are_none_are_named_by_line(start, home: Path, recording: Path, line: str) -> None:
    commands = home / "bad.jsonl"
    commands.write_text(f"\n{line}\n", encoding="utf-8")
    engine = start("replay-bad", replay=(recording,), commands=commands)
    assert engine.ended() == 1
    assert "bad.jsonl:2" in engine.stderr
