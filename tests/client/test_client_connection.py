from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from fake_engine import WELCOME, FakeEngine, Peer

from termdesk.client import EngineClient, PushFrame
from termdesk.core.model.command import Answer, CancelOrder
from termdesk.core.model.errors import EngineUnreachable, OutcomeUnknown, ProtocolError, Refused
from termdesk.core.model.reason import Reason
from termdesk.core.wire import frames as f
from termdesk.core.wire.queries import InstrumentsQuery, OrdersQuery, OrdersResult, StatusQuery

CANCEL = CancelOrder(command_id="c1", order_id="o1")
GOODBYE = f.Goodbye(reason=Reason("desk.halted", {"detail": "test"}))


async def idle(peer: Peer) -> None:
    await peer.socket.wait_closed()


async def test_connect_gives_the_welcome(engine: FakeEngine) -> None:
    engine.scripts = [idle]
    client = await EngineClient.connect(engine.path, client="test")
    assert client.welcome == WELCOME
    await client.close()
    assert client.lost


async def test_connect_to_nobody_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(EngineUnreachable, match="no engine answers"):
        await EngineClient.connect(tmp_path / "none.sock", client="test")


async def test_connect_to_a_silent_engine_gives_up_in_time(tmp_path: Path) -> None:
    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    done = asyncio.Event()
    server = await asyncio.start_unix_server(silent, tmp_path / "s.sock")
    with pytest.raises(EngineUnreachable, match=r"within 0.05 s"):
        await EngineClient.connect(tmp_path / "s.sock", client="test", within_s=0.05)
    done.set()
    server.close()


async def test_another_protocol_version_is_told(engine: FakeEngine) -> None:
    engine.scripts = [idle]
    engine.welcome = f.Welcome(**{name: getattr(WELCOME, name) for name in WELCOME.__struct_fields__} | {"protocol": 9})
    with pytest.raises(ProtocolError, match="protocol 9"):
        await EngineClient.connect(engine.path, client="test")


async def test_frames_that_come_unasked_arrive_in_order(engine: FakeEngine) -> None:
    pushed = [f.Topics(desk_ns=n, updates=()) for n in range(5)]
    refusal = f.Refusal(request_id=0, topic="quote/X.Y", reason=Reason("symbol.unknown", {}))

    async def script(peer: Peer) -> None:
        assert await peer.hear() == f.Subscribe(topic="quote/X.Y", rate=5.0)
        assert await peer.hear() == f.FollowLog(cursor=7)
        await peer.say(*pushed, refusal, GOODBYE)

    engine.scripts = [script]
    seen: list[PushFrame] = []
    client = await EngineClient.connect(engine.path, client="test", on_frame=seen.append)
    await client.subscribe("quote/X.Y", 5.0)
    await client.follow(7)
    assert "desk.halted" in await client.wait_lost()
    assert seen == [*pushed, refusal, GOODBYE]


async def test_pages_are_joined_and_belong_to_their_request(engine: FakeEngine) -> None:
    async def script(peer: Peer) -> None:
        first, second = await peer.hear(), await peer.hear()
        assert isinstance(first, f.Ask)
        assert isinstance(second, f.Ask)
        reply = OrdersResult(orders=(), cursor=4)
        await peer.say(
            f.Reply(request_id=second.request_id, page=0, more=True, result=reply),
            f.Refusal(request_id=first.request_id, topic="", reason=Reason("symbol.unknown", {"symbol": "X"})),
            f.Reply(request_id=second.request_id, page=1, more=False, result=OrdersResult(orders=(), cursor=5)),
        )
        await idle(peer)

    engine.scripts = [script]
    client = await EngineClient.connect(engine.path, client="test")
    instruments, orders = await asyncio.gather(
        client.ask(InstrumentsQuery(("X",))), client.ask(OrdersQuery()), return_exceptions=True
    )
    assert isinstance(instruments, Refused)
    assert (instruments.code, instruments.params) == ("symbol.unknown", {"symbol": "X"})
    assert orders == OrdersResult(orders=(), cursor=5)
    await client.close()


async def test_a_query_given_up_is_cancelled_at_the_engine(engine: FakeEngine) -> None:
    heard: asyncio.Queue[f.ClientFrame] = asyncio.Queue()

    async def script(peer: Peer) -> None:
        heard.put_nowait(await peer.hear())
        heard.put_nowait(await peer.hear())

    engine.scripts = [script]
    client = await EngineClient.connect(engine.path, client="test")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await client.ask(StatusQuery())
    ask = await heard.get()
    assert isinstance(ask, f.Ask)
    assert await heard.get() == f.CancelAsk(request_id=ask.request_id)
    await client.close()


async def test_a_lost_link_fails_queries_and_leaves_the_command_unknown(engine: FakeEngine) -> None:
    async def script(peer: Peer) -> None:
        await peer.hear()
        await peer.hear()
        peer.socket.transport.abort()

    engine.scripts = [script]
    client = await EngineClient.connect(engine.path, client="test")
    answers = await asyncio.gather(client.ask(StatusQuery()), client.do(CANCEL), return_exceptions=True)
    assert [type(answer) for answer in answers] == [EngineUnreachable, OutcomeUnknown]
    assert "c1" in str(answers[1])
    with pytest.raises(EngineUnreachable, match="was not sent"):
        await client.do(CANCEL)


async def test_a_command_without_an_answer_in_time_is_unknown_and_may_be_sent_again(engine: FakeEngine) -> None:
    async def script(peer: Peer) -> None:
        assert await peer.hear() == await peer.hear() == f.Do(command=CANCEL)
        await peer.say(f.Answered(answer=Answer(command_id="c1", accepted=True)))
        await idle(peer)

    engine.scripts = [script]
    client = await EngineClient.connect(engine.path, client="test")
    with pytest.raises(OutcomeUnknown):
        await client.do(CANCEL, within_s=0.05)
    assert (await client.do(CANCEL)).accepted
    await client.close()


async def test_a_garbled_frame_ends_the_link_with_its_reason(engine: FakeEngine) -> None:
    async def script(peer: Peer) -> None:
        await peer.socket.send(b"\xc1")
        await idle(peer)

    engine.scripts = [script]
    client = await EngineClient.connect(engine.path, client="test")
    assert "msgpack" in await client.wait_lost()


async def test_a_fault_of_the_receiver_ends_the_link_and_is_not_swallowed(engine: FakeEngine) -> None:
    async def script(peer: Peer) -> None:
        await peer.say(GOODBYE)
        await idle(peer)

    def broken(_: PushFrame) -> None:
        raise RuntimeError("broken receiver")

    engine.scripts = [script]
    client = await EngineClient.connect(engine.path, client="test", on_frame=broken)
    with pytest.raises(RuntimeError, match="broken receiver"):
        await client.wait_lost()
