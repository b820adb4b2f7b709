"""Link groups, workspaces and presence: shared by all clients of an engine, kept beside the journal, never trusted."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from engine_process import Attached
from websockets.asyncio.client import unix_connect

from termdesk.core.model.errors import ProtocolError
from termdesk.core.wire.codec import decode_engine_frame, encode_client_frame
from termdesk.core.wire.frames import PROTOCOL, Hello, Refusal, Welcome
from termdesk.core.wire.shared import MOST_ROOMS, ArrangeRoom, Leaf, ShowInGroup, Split
from termdesk.engine.shared_file import SHARED_FILE

BTC, ETH, MAOTAI = "BTCUSDT.DEMO", "ETHUSDT.DEMO", "600519.DEMO"
TREE = Split("row", (Leaf("watchlist", 40), Split("column", (Leaf("ladders", weight=2), Leaf("tape")))))


async def listed(attached: Attached) -> None:
    """Wait until the feed has introduced its instruments."""
    for name in (BTC, ETH, MAOTAI):
        await attached.client.subscribe(f"quote/{name}")
        await attached.topic(f"quote/{name}")


async def sharing(path: Path, screen: str = "") -> Attached:
    attached = await Attached.to(path, screen=screen)
    await listed(attached)
    for topic in ("view/links", "view/workspaces", "engine/health"):
        await attached.client.subscribe(topic)
        await attached.topic(topic)
    return attached


def groups(body: Any) -> dict[str, str]:
    return {line.group: line.instrument for line in body.groups}


async def until_kept(file: Path, holds: Any) -> None:
    def is_kept() -> bool:
        return file.exists() and holds(json.loads(file.read_text()))

    async with asyncio.timeout(10):
        while not is_kept():  # noqa: ASYNC110 a file has no event
            await asyncio.sleep(0.01)


async def test_what_one_client_chooses_the_other_is_told_with_who_chose_it(start) -> None:
    engine = await start().ready()
    first, second = await sharing(engine.paths.socket), await sharing(engine.paths.socket)
    assert first.topics["view/links"].revision == 0
    assert "put" in first.client.welcome.capabilities
    await first.client.put(ShowInGroup("A", ETH))
    body = await second.topic("view/links", lambda body: body.groups)
    (line,) = body.groups
    assert (line.group, line.instrument, line.revision) == ("A", ETH, 1)
    assert (line.session, line.actor) == (first.client.welcome.session, first.client.welcome.actor)
    await second.client.put(ShowInGroup("B", BTC))
    await second.client.put(ShowInGroup("A", MAOTAI))
    body = await first.topic("view/links", lambda body: body.revision == 3)
    assert groups(body) == {"A": MAOTAI, "B": BTC}
    assert {line.session for line in body.groups} == {second.client.welcome.session}


async def test_every_client_ends_with_the_last_writer_whatever_crossed_on_the_way(start) -> None:
    engine = await start().ready()
    clients = [await sharing(engine.paths.socket) for _ in range(3)]
    for turn in range(40):
        client = clients[turn % 3].client
        await client.put(ShowInGroup("AB"[turn % 2], (BTC, ETH, MAOTAI)[turn % 3]))
    bodies = [await each.topic("view/links", lambda body: body.revision == 40) for each in clients]
    assert bodies[0] == bodies[1] == bodies[2]


async def test_arrangements_are_shared_and_can_be_given_back(start) -> None:
    engine = await start().ready()
    first, second = await sharing(engine.paths.socket), await sharing(engine.paths.socket)
    await first.client.put(ArrangeRoom("trade wide", TREE))
    body = await second.topic("view/workspaces", lambda body: body.rooms)
    assert [(line.room, line.arrangement) for line in body.rooms] == [("trade wide", TREE)]
    await second.client.put(ArrangeRoom("trade wide", None))
    body = await first.topic("view/workspaces", lambda body: body.revision == 2)
    assert [(line.room, line.arrangement) for line in body.rooms] == [("trade wide", None)]


@pytest.mark.parametrize("ends", ["kill", "stop"])
async def test_what_is_shared_survives_the_engine_and_is_no_fact(start, ends: str) -> None:
    engine = await start().ready()
    attached = await sharing(engine.paths.socket)
    await attached.client.put(ShowInGroup("A", ETH))
    await attached.client.put(ArrangeRoom("trade wide", TREE))
    await attached.topic("view/workspaces", lambda body: body.rooms)
    file = engine.paths.folder / SHARED_FILE
    if ends == "kill":
        await until_kept(file, lambda found: found["links"][1] == found["workspaces"][1] == 1)
        engine.kill()
    else:
        assert await asyncio.to_thread(engine.terminate) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not any(b"trade wide" in found.read_bytes() for found in engine.paths.folder.glob("journal.sqlite*"))
    again = await sharing((await start().ready()).paths.socket)
    assert groups(again.topics["view/links"]) == {"A": ETH}
    assert again.topics["view/links"].groups[0].session == "", "sessions of this engine are named alike"
    assert again.topics["view/workspaces"].rooms[0].arrangement == TREE
    await again.client.put(ShowInGroup("A", BTC))
    await again.topic("view/links", lambda body: body.revision == 2)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[" * 5_000,
        b'{"links": [["links", 1, [["A", "\\u001b]52;c;AAAA\\u0007", 1, "s1", "ada"]]]]}',
        b'["links", 1, [["A", "' + b"x" * 100 + b'", 1, "s1", "ada"]]]',
        b'{"links": ["links", 1, [["A", "\\u001b[2J", 1, "s1", "ada"]]]}',
        b'{"workspaces": ["workspaces", 1, [["trade wide", {"type": "poem"}, 1, "s1", "ada"]]]}',
    ],
)
async def test_a_damaged_file_counts_as_none_and_is_logged_once(start, home: Path, text: bytes) -> None:
    folder = home / "state" / "desks" / "demo"
    folder.mkdir(parents=True, mode=0o700)
    (folder / SHARED_FILE).write_bytes(text)
    engine = await start().ready()
    attached = await sharing(engine.paths.socket)
    assert attached.topics["view/links"].revision == 0
    assert attached.topics["view/workspaces"].revision == 0
    assert engine.stderr.count("is not readable") == 1
    assert folder.joinpath(f"{SHARED_FILE}.damaged").read_bytes() == text, "what is written next takes nothing away"
    told = await attached.topic("engine/health")
    assert told.damaged == str(folder / f"{SHARED_FILE}.damaged"), "screens say so"
    await attached.client.put(ShowInGroup("A", ETH))
    await attached.topic("view/links", lambda body: body.revision == 1)


async def test_a_folder_that_takes_no_file_is_told_once_and_stops_nothing(start, home: Path) -> None:
    folder = home / "state" / "desks" / "demo"
    (folder / SHARED_FILE).mkdir(parents=True)
    folder.chmod(0o700)
    engine = await start().ready()
    attached = await sharing(engine.paths.socket)
    for name in (ETH, BTC):
        await attached.client.put(ShowInGroup("A", name))
    await attached.topic("view/links", lambda body: body.revision == 2)
    assert await asyncio.to_thread(engine.terminate) == 0
    assert engine.stderr.count("can't be written") == 1


def deep(levels: int) -> Any:
    node: Any = Leaf("chart")
    for _ in range(levels):
        node = Split("row", (node,))
    return node


REFUSED = {
    "a small letter": ShowInGroup("a", BTC),
    "no group": ShowInGroup("", BTC),
    "no instrument": ShowInGroup("A", ""),
    "an unknown one": ShowInGroup("A", "NOTHING.DEMO"),
    "an escape sequence": ShowInGroup("A", "\x1b]52;c;bm90aGluZw==\x07"),
    "a long id": ShowInGroup("A", "x" * 5_000),
    "no room": ArrangeRoom("", TREE),
    "markup": ArrangeRoom("[red]trade", TREE),
    "a long room": ArrangeRoom("r" * 41, TREE),
    "a direction mark": ArrangeRoom("trade", Leaf("\u202echart")),
    "a pane twice": ArrangeRoom("trade", Split("row", (Leaf("chart"), Leaf("chart")))),
    "no parts": ArrangeRoom("trade", Split("row", ())),
    "too many panes": ArrangeRoom("trade", Split("row", tuple(Leaf(f"p{n}") for n in range(17)))),
    "too deep": ArrangeRoom("trade", deep(9)),
    "negative cells": ArrangeRoom("trade", Leaf("chart", -1)),
    "no weight": ArrangeRoom("trade", Leaf("chart", 0, 0)),
    "much weight": ArrangeRoom("trade", Leaf("chart", 0, 10**9)),
}


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
async def test_a_change_that_makes_no_sense_is_refused_and_changes_nothing(start, change: Any) -> None:
    attached = await sharing((await start().ready()).paths.socket)
    await attached.client.put(change)
    refusal = await attached.until(lambda: next((f for f in attached.frames if isinstance(f, Refusal)), None))
    assert refusal.topic == ("view/links" if isinstance(change, ShowInGroup) else "view/workspaces")
    assert refusal.reason.code in ("wire.frame", "command.instrument_unknown")
    assert len(str(refusal.reason.params)) < 300
    await attached.client.put(ShowInGroup("A", BTC))
    assert groups(await attached.topic("view/links", lambda body: body.revision)) == {"A": BTC}


async def test_rooms_are_no_more_than_the_limit(start) -> None:
    attached = await sharing((await start().ready()).paths.socket)
    for number in range(MOST_ROOMS + 1):
        await attached.client.put(ArrangeRoom(f"room {number}", Leaf("chart")))
    await attached.until(lambda: any(isinstance(frame, Refusal) for frame in attached.frames))
    body = await attached.topic("view/workspaces", lambda body: body.revision == MOST_ROOMS)
    assert len(body.rooms) == MOST_ROOMS


async def test_an_arrangement_deeper_than_any_stack_ends_only_its_own_connection(start) -> None:
    engine = await start().ready()
    attached = await Attached.to(engine.paths.socket)
    async with unix_connect(str(engine.paths.socket), "ws://localhost/", compression=None) as socket:
        await socket.send(encode_client_frame(Hello(protocol=PROTOCOL, client="deep")))
        assert isinstance(decode_engine_frame(await socket.recv()), Welcome)
        inner = b"\x83\xa4type\xa5split\xa4axis\xa3row\xa5parts\x91" * 5_000 + b"\x82\xa4type\xa4pane\xa4pane\xa1x"
        outer = b"\x82\xa4type\xa3put\xa6change\x83\xa4type\xacarrange_room\xa4room\xa1x\xabarrangement"
        await socket.send(outer + inner)
        goodbye = decode_engine_frame(await socket.recv())
        assert goodbye.reason.code == "wire.frame"
    async with unix_connect(str(engine.paths.socket), "ws://localhost/", compression=None) as socket:
        await socket.send(json.dumps({"type": "hello", "protocol": PROTOCOL, "client": "deep"}))
        await socket.recv()
        inner = '{"type":"split","axis":"row","parts":[' * 300 + "]}" * 300
        await socket.send('{"type":"put","change":{"type":"arrange_room","room":"x","arrangement":' + inner + "}}")
        assert json.loads(await socket.recv())["type"] == "refusal"
    await attached.client.subscribe("view/workspaces")
    assert (await attached.topic("view/workspaces")).revision == 0


async def test_a_program_in_json_puts_and_is_told(start) -> None:
    engine = await start().ready()
    attached = await sharing(engine.paths.socket)
    async with unix_connect(str(engine.paths.socket), "ws://localhost/", compression=None) as socket:
        await socket.send(json.dumps({"type": "hello", "protocol": PROTOCOL, "client": "script"}))
        await socket.recv()
        await socket.send(json.dumps({"type": "subscribe", "topic": "view/workspaces"}))
        await socket.recv()
        leaf = {"type": "pane", "pane": "chart"}
        split = {"type": "split", "axis": "column", "parts": [leaf, {"type": "pane", "pane": "tape", "cells": 9}]}
        change = {"type": "arrange_room", "room": "watch wide", "arrangement": split}
        await socket.send(json.dumps({"type": "put", "change": change}))
        (update,) = json.loads(await socket.recv())["updates"]
        assert update["body"]["rooms"][0]["arrangement"]["parts"][1] == {
            "type": "pane",
            "pane": "tape",
            "cells": 9,
            "weight": 1,
        }
    body = await attached.topic("view/workspaces", lambda body: body.rooms)
    assert body.rooms[0].arrangement == Split("column", (Leaf("chart"), Leaf("tape", 9)))


async def test_others_see_at_once_who_is_attached_and_whether_armed(start) -> None:
    engine = await start().ready()
    watching = await sharing(engine.paths.socket, screen="pts/1")
    trading = await Attached.to(engine.paths.socket, screen="pts/2")

    def line(body: Any) -> Any:
        return next((one for one in body.screens if one.session == trading.client.welcome.session), None)

    seen = line(await watching.topic("engine/health", line))
    assert (seen.screen, seen.armed, seen.looks_on) == ("pts/2", None, None), "what was not told is unknown"
    for armed, looks_on in ((False, False), (True, False), (False, True)):
        await trading.client.be_present(armed=armed, looks_on=looks_on)
        told = await watching.topic("engine/health", lambda body, armed=armed: line(body).armed is armed)
        assert line(told).looks_on is looks_on
    await trading.client.close()
    await watching.topic("engine/health", lambda body: line(body) is None)


async def test_names_that_would_move_the_cursor_are_made_safe_where_they_enter(start) -> None:
    engine = await start().ready()
    watching = await sharing(engine.paths.socket)
    hostile = await Attached.to(engine.paths.socket, screen="\x1b[2Jpts\u202e/9\n" + "x" * 100)
    body = await watching.topic("engine/health", lambda body: len(body.screens) == 2)
    (line,) = [one for one in body.screens if one.session == hostile.client.welcome.session]
    assert line.screen.isprintable()
    assert len(line.screen) <= 80


async def test_a_client_does_not_send_what_an_older_engine_would_take_for_a_fault(start) -> None:
    attached = await Attached.to((await start().ready()).paths.socket)
    attached.client.welcome = Welcome(
        **{name: getattr(attached.client.welcome, name) for name in Welcome.__struct_fields__ if name != "capabilities"}
    )
    for send in (attached.client.put(ShowInGroup("A", BTC)), attached.client.be_present(armed=True)):
        with pytest.raises(ProtocolError, match="update it"):
            await send
    assert not attached.client.lost
