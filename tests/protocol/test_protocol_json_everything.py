from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, unix_connect

from termdesk.config.paths import DeskPaths

BTC = "BTCUSDT.DEMO"
DECIMAL = re.compile(r"-?\d+(\.\d+)?")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z")

ORDER = {
    "type": "submit_order",
    "command_id": "j-1",
    "account": "cash",
    "instrument": BTC,
    "side": "buy",
    "ord_type": "limit",
    "qty": "0.01",
    "price": "1000.00",
}
TOPICS = {
    f"quote/{BTC}": "quote",
    f"book/{BTC}?depth=3": "book",
    f"tape/{BTC}": "tape",
    f"bars/{BTC}/1m": "bars",
    f"study/{BTC}/1m/macd": "study",
    "account/cash": "account",
    "queue/cash": "queue",
    "engine/health": "health",
}
QUERIES: dict[str, dict[str, Any]] = {
    "instruments": {},
    "orders": {},
    "fills": {},
    "accounts": {},
    "conditions": {},
    "book": {"instrument": BTC},
    "quote": {"instrument": BTC},
    "why": {"order_id": "O1"},
    "preview": {"order": ORDER},
    "preview_amend": {"amend": {"command_id": "p", "order_id": "O1", "qty": "2"}},
    "status": {},
}


class Json:
    """A connection that speaks JSON."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, kind: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def hear(self, kind: str) -> dict[str, Any]:
        while (frame := json.loads(await self.socket.recv()))["type"] != kind:
            pass
        return frame

    async def greet(self) -> None:
        await self.say("hello", protocol=1, client="test")
        await self.hear("welcome")


async def test_every_topic_query_and_record_is_told_in_json(demo_engine: DeskPaths) -> None:
    async with asyncio.timeout(20), unix_connect(str(demo_engine.socket), "ws://localhost/") as socket:
        engine = Json(socket)
        await engine.greet()
        await engine.say("do", command=ORDER)
        assert (await engine.hear("answered"))["answer"]["order_ids"] == ["O1"]
        bodies: dict[str, Any] = {}
        for topic in TOPICS:
            await engine.say("subscribe", topic=topic)
        while set(bodies) < set(TOPICS):
            for update in (await engine.hear("topics"))["updates"]:
                bodies[update["topic"]] = update["body"]
        assert {topic: body["type"] for topic, body in bodies.items()} == TOPICS
        (bid, qty), *_ = bodies[f"book/{BTC}?depth=3"]["bids"]
        assert DECIMAL.fullmatch(bid)
        assert DECIMAL.fullmatch(qty)
        assert STAMP.fullmatch(bodies[f"quote/{BTC}"]["recv_ns"])
        for number, (kind, fields) in enumerate(QUERIES.items(), 1):
            await engine.say("ask", request_id=number, query={"type": kind, **fields})
            reply = await engine.hear("reply")
            assert (reply["request_id"], reply["result"]["type"]) == (number, kind.removesuffix("_amend"))
        await engine.say("follow_log", cursor=0)
        tags = set()
        while "order_accepted.1" not in tags:
            tags |= {record["fact"]["type"] for record in (await engine.hear("log"))["records"]}
        assert {"desk_opened.1", "account_opened.1", "order_submitted.1"} <= tags


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        ({"type": "subscribe", "topic": "weather/today"}, "refusal"),
        ({"type": "subscribe", "topic": f"book/{BTC}?depth=1000"}, "refusal"),
        ({"type": "ask", "request_id": 3, "query": {"type": "weather"}}, "refusal"),
        ({"type": "do", "command": {**ORDER, "pirce": "1"}}, "answered"),
        ({"type": "do", "command": {**ORDER, "price": 61000}}, "answered"),
    ],
)
async def test_a_wrong_frame_is_refused_and_the_link_goes_on(
    demo_engine: DeskPaths, frame: dict[str, Any], kind: str
) -> None:
    async with asyncio.timeout(20), unix_connect(str(demo_engine.socket), "ws://localhost/") as socket:
        engine = Json(socket)
        await engine.greet()
        await engine.say(**{"kind" if key == "type" else key: value for key, value in frame.items()})
        told = await engine.hear(kind)
        assert told.get("reason") or not told["answer"]["accepted"]
        await engine.say("ask", request_id=9, query={"type": "status"})
        assert (await engine.hear("reply"))["request_id"] == 9


async def test_text_that_is_no_json_ends_the_link_with_its_reason(demo_engine: DeskPaths) -> None:
    async with asyncio.timeout(20), unix_connect(str(demo_engine.socket), "ws://localhost/") as socket:
        engine = Json(socket)
        await engine.greet()
        await socket.send("{nonsense")
        assert (await engine.hear("goodbye"))["reason"]["code"]
