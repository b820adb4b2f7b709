"""Trades on a demo desk knowing only docs/protocol.md: JSON text frames on the engine's unix socket."""

import asyncio
import json
import sys

from websockets.asyncio.client import unix_connect

BTC = "BTCUSDT.DEMO"


async def trade(path: str) -> dict:
    async with unix_connect(path, "ws://localhost/") as engine:

        async def say(kind: str, **fields: object) -> None:
            await engine.send(json.dumps({"type": kind, **fields}))

        async def hear(kind: str, wanted=lambda frame: True) -> dict:
            async for text in engine:
                frame = json.loads(text)
                if frame["type"] == kind and wanted(frame):
                    return frame
            raise SystemExit(f"the engine closed before it said {kind}")

        async def record(tag: str, order_id: str) -> dict:
            def names(fact: dict) -> bool:
                return fact["type"] == tag and fact.get("order_id") == order_id

            log = await hear("log", lambda frame: any(names(each["fact"]) for each in frame["records"]))
            return next(each["fact"] for each in log["records"] if names(each["fact"]))

        async def do(kind: str, command_id: str, **fields: object) -> dict:
            await say("do", command={"type": kind, "command_id": command_id, **fields})
            return (await hear("answered"))["answer"]

        await say("hello", protocol=1, client="independent 1.0")
        welcome = await hear("welcome")
        await say("subscribe", topic=f"quote/{BTC}", rate=10)
        quote = (await hear("topics"))["updates"][0]["body"]
        await say("follow_log", cursor=welcome["cursor"])
        order = {"account": welcome["accounts"][0], "instrument": BTC, "side": "buy", "qty": "0.01"}
        far = f"{float(quote['bid']) * 0.9:.2f}"
        resting = await do("submit_order", "i-1", ord_type="limit", price=far, **order)
        again = await do("submit_order", "i-1", ord_type="limit", price=far, **order)
        (resting_id,) = resting["order_ids"]
        await do("cancel_order", "i-2", order_id=resting_id)
        canceled = await record("order_canceled.1", resting_id)
        taking = await do("submit_order", "i-3", ord_type="market", **order)
        filled = await record("order_filled.1", taking["order_ids"][0])
        wrong = await do("submit_order", "i-4", ord_type="limit", price="1.001", **order)
        await say("ask", request_id=1, query={"type": "accounts", "account": order["account"]})
        account = (await hear("reply"))["result"]["accounts"][0]
        told = {"resting": resting, "again": again, "canceled": canceled, "filled": filled, "wrong": wrong}
        return {**told, "positions": account["positions"], "mode": welcome["mode"]}


sys.stdout.write(json.dumps(asyncio.run(trade(sys.argv[1]))))
