"""Clients of one engine: they never hold it or each other up, and the protocol is kept to the letter."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from engine_process import Attached, journalled
from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.exceptions import ConnectionClosed

from termdesk.core.model.command import CancelAll, SubmitOrder
from termdesk.core.model.facts import CancelAllDone, OrderSubmitted
from termdesk.core.model.terms import OrdType, Side
from termdesk.core.wire.codec import decode_engine_frame, encode_client_frame
from termdesk.core.wire.frames import MAX_FRAME, PROTOCOL, FollowLog, Goodbye, Hello, Refusal, Subscribe
from termdesk.core.wire.queries import OrdersQuery

BTC = "BTCUSDT.DEMO"


@asynccontextmanager
async def raw(path: Path) -> AsyncIterator[ClientConnection]:
    async with asyncio.timeout(20), unix_connect(str(path), "ws://localhost/", compression=None) as socket:
        yield socket


async def hear(socket: ClientConnection) -> Any:
    message = await socket.recv()
    assert isinstance(message, bytes)
    assert len(message) <= MAX_FRAME
    return decode_engine_frame(message)


def far_buy(number: int, price: int = 5_000_000) -> SubmitOrder:
    return SubmitOrder(
        command_id=f"c{number}",
        account="margin",
        instrument=BTC,
        side=Side.BUY,
        ord_type=OrdType.LIMIT,
        qty=1,
        price=price,
    )


async def ready_to_trade(attached: Attached) -> None:
    await attached.client.subscribe(f"quote/{BTC}")
    await attached.topic(f"quote/{BTC}", lambda body: body.bid and body.ask and body.last)


async def test_a_client_that_never_reads_delays_nobody(start) -> None:
    engine = await start().ready()
    frozen = await unix_connect(str(engine.paths.socket), "ws://localhost/", compression=None, max_queue=1)
    await frozen.send(encode_client_frame(Hello(protocol=PROTOCOL, client="frozen")))
    await frozen.recv()
    for topic in (f"book/{BTC}?depth=100", f"tape/{BTC}", f"quote/{BTC}", "engine/health"):
        await frozen.send(encode_client_frame(Subscribe(topic=topic, rate=60.0)))
    await frozen.send(encode_client_frame(FollowLog(cursor=0)))
    attached = await Attached.to(engine.paths.socket)
    await ready_to_trade(attached)
    await attached.client.subscribe("engine/health")
    for number in range(300):
        async with asyncio.timeout(2):
            assert (await attached.client.do(far_buy(number))).accepted
    await attached.until(lambda: len(attached.facts(OrderSubmitted)) == 300, 5)
    health = await attached.topic("engine/health", lambda body: len(body.screens) == 2)
    assert {screen.client for screen in health.screens} == {"frozen", "test"}
    assert health.loop_lag_ms < 500
    frozen.transport.abort()


async def test_the_log_goes_on_from_a_cursor_and_misses_nothing(start) -> None:
    engine = start()
    attached = await engine.attach()
    await ready_to_trade(attached)
    for number in range(150):
        await attached.client.do(far_buy(number))
    await attached.client.close()
    away = attached.records[-1].seq
    other = await Attached.to(engine.paths.socket, follow=None)
    await other.client.do(CancelAll(command_id="all"))
    back = await Attached.to(engine.paths.socket, follow=away)
    await back.fact(CancelAllDone, command_id="all")
    await back.until(lambda: len([f for f in back.records if "cancel" in f.fact.__struct_config__.tag]) >= 300)
    seqs = [record.seq for record in attached.records + back.records]
    assert seqs == list(range(1, len(seqs) + 1))
    assert journalled(engine.paths)[0][: len(seqs)] == attached.records + back.records


async def test_a_long_answer_comes_in_pages_that_fit(start) -> None:
    engine = start()
    attached = await engine.attach()
    await ready_to_trade(attached)
    note = "n" * 2_000
    for number in range(120):
        assert (await attached.client.do(replace(far_buy(number), note=note))).accepted
    orders = await attached.client.ask(OrdersQuery(account="margin"))
    assert [order.order_id for order in orders.orders] == [f"O{n}" for n in range(1, 121)]
    async with raw(engine.paths.socket) as socket:
        await socket.send(json.dumps({"type": "hello", "protocol": PROTOCOL, "client": "json"}))
        await socket.recv()
        await socket.send(json.dumps({"type": "ask", "request_id": 1, "query": {"type": "orders"}}))
        pages = []
        while not pages or pages[-1]["more"]:
            message = await socket.recv()
            assert len(message) <= MAX_FRAME
            pages.append(json.loads(message))
        assert [page["page"] for page in pages] == list(range(len(pages)))
        assert sum(len(page["result"]["orders"]) for page in pages) == 120
        assert len(pages) > 1


async def test_records_with_long_texts_come_in_frames_that_fit(start) -> None:
    engine = start()
    attached = await engine.attach()
    await ready_to_trade(attached)
    for number in range(60):
        order = replace(far_buy(number), note="\x01" * 3_900)
        assert (await attached.client.do(order)).accepted
    async with raw(engine.paths.socket) as socket:
        await socket.send(json.dumps({"type": "hello", "protocol": PROTOCOL, "client": "json"}))
        await socket.recv()
        await socket.send(json.dumps({"type": "follow_log", "cursor": 0}))
        seqs: list[int] = []
        while len(seqs) < attached.records[-1].seq:
            message = await socket.recv()
            assert len(message.encode()) <= MAX_FRAME
            seqs += [record["seq"] for record in json.loads(message)["records"]]
        assert seqs == list(range(1, len(seqs) + 1))
        await socket.send(json.dumps({"type": "ask", "request_id": 1, "query": {"type": "orders"}}))
        more = True
        while more:
            message = await socket.recv()
            assert len(message.encode()) <= MAX_FRAME
            more = json.loads(message).get("more", True)


async def test_a_command_without_an_id_or_with_too_much_text_is_refused(start) -> None:
    attached = await start().attach()
    await ready_to_trade(attached)
    for order in (replace(far_buy(1), command_id=""), replace(far_buy(2), note="n" * 5_000)):
        answer = await attached.client.do(order)
        assert (answer.accepted, answer.code) == (False, "wire.frame")
    assert (await attached.client.ask(OrdersQuery())).orders == ()


async def test_a_cursor_that_no_record_has_is_refused(start) -> None:
    engine = start()
    attached = await engine.attach()
    await attached.client.follow(10**6)
    refusal = await attached.until(lambda: [f for f in attached.frames if isinstance(f, Refusal)])
    assert refusal[0].reason.code == "wire.frame"
    assert "1000000" in refusal[0].reason.params["detail"]


async def test_a_program_trades_in_json(start) -> None:
    engine = await start().ready()
    await ready_to_trade(await engine.attach())
    async with raw(engine.paths.socket) as socket:

        async def say(**frame: Any) -> None:
            await socket.send(json.dumps(frame))

        async def next_of(kind: str) -> Any:
            while (frame := json.loads(await socket.recv()))["type"] != kind:
                pass
            return frame

        await say(type="hello", protocol=PROTOCOL, client="script")
        assert (await next_of("welcome"))["mode"] == "demo"
        await say(type="subscribe", topic=f"book/{BTC}?depth=2")
        body = (await next_of("topics"))["updates"][0]["body"]
        assert len(body["bids"]) == 2
        assert "." in body["bids"][0][0]
        await say(type="follow_log", cursor=0)
        order = {"type": "submit_order", "command_id": "j1", "account": "cash", "instrument": BTC}
        order |= {"side": "buy", "ord_type": "limit", "qty": "0.00100", "price": body["asks"][1][0]}
        await say(type="do", command=order)
        answer = (await next_of("answered"))["answer"]
        assert (answer["command_id"], answer["accepted"]) == ("j1", True)
        facts: list[Any] = []
        while "order_filled.1" not in [fact["type"] for fact in facts]:
            facts += [record["fact"] for record in (await next_of("log"))["records"]]
        await say(type="do", command=order | {"command_id": "j2", "qty": "0.000001"})
        answer = (await next_of("answered"))["answer"]
        assert (answer["accepted"], answer["code"]) == (False, "number.decimals")
        await say(type="subscribe", topic="nothing/there")
        assert (await next_of("refusal"))["reason"]["code"] == "topic.unknown"


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (encode_client_frame(FollowLog(cursor=0)), "wire.frame"),
        (encode_client_frame(Hello(protocol=99, client="new")), "wire.protocol"),
        (b"\xff\x00", "wire.frame"),
    ],
)
async def test_a_broken_start_is_answered_with_the_reason(start, first: bytes, code: str) -> None:
    engine = await start().ready()
    async with raw(engine.paths.socket) as socket:
        await socket.send(first)
        goodbye = await hear(socket)
        assert isinstance(goodbye, Goodbye)
        assert goodbye.reason.code == code
        with pytest.raises(ConnectionClosed):
            await socket.recv()
    assert (await engine.attach()).client.welcome.desk == "demo"


async def test_a_frame_in_the_other_encoding_ends_the_connection(start) -> None:
    engine = await start().ready()
    async with raw(engine.paths.socket) as socket:
        await socket.send(encode_client_frame(Hello(protocol=PROTOCOL, client="x")))
        await hear(socket)
        await socket.send("{}")
        assert (await hear(socket)).reason.code == "wire.frame"


async def test_what_does_not_exist_is_refused_by_name(start) -> None:
    attached = await start().attach()
    await attached.client.subscribe("account/nobody")
    refusal = await attached.until(lambda: next((f for f in attached.frames if isinstance(f, Refusal)), None))
    assert (refusal.topic, refusal.reason.code) == ("account/nobody", "command.account_unknown")


async def test_an_engine_ends_also_with_clients_that_said_nothing_or_read_nothing(start) -> None:
    engine = await start().ready()
    async with raw(engine.paths.socket), raw(engine.paths.socket) as mute:
        await mute.send(encode_client_frame(Hello(protocol=PROTOCOL, client="mute")))
        assert await asyncio.to_thread(engine.terminate) == 0


async def test_an_engine_that_a_screen_started_ends_with_its_last_screen(start) -> None:
    engine = start(screen_started=True)
    await engine.ready()
    attached = await Attached.to(engine.paths.socket, screen="screen-1")
    await ready_to_trade(attached)
    await attached.client.close()
    assert await asyncio.to_thread(engine.ended) == 0


async def test_it_stays_while_an_order_works(start) -> None:
    engine = start(screen_started=True)
    await engine.ready()
    attached = await Attached.to(engine.paths.socket, screen="screen-1")
    await ready_to_trade(attached)
    await attached.client.do(far_buy(1))
    await attached.client.close()
    watching = await Attached.to(engine.paths.socket)
    await watching.client.subscribe("engine/health")
    begun = (await watching.topic("engine/health")).desk_ns
    await watching.topic("engine/health", lambda body: body.desk_ns > begun + 4 * 10**9)
    assert engine.process.is_alive()
