"""An engine that puts what a terminal would obey, or a parser of markup, into every text that it sends."""

from __future__ import annotations

import asyncio
import re
import sys
import threading
import types
import typing
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
from websockets.asyncio.server import ServerConnection, unix_serve

from termdesk.core.model import facts
from termdesk.core.model.command import Answer
from termdesk.core.model.facts import Recorded
from termdesk.core.wire import frames as f
from termdesk.core.wire import queries as q
from termdesk.core.wire.codec import decode_client_frame, encode_engine_frame

sys.path.append(str(Path(__file__).parents[1] / "ui"))
import desk_cases as desk

PAYLOADS = (
    "\x1b[6n\x9b6n\x1b]52;c;ZXZpbA==\x07[/]",
    "[@click=app.bell]\x07\x00\u202e\u2066\x1b[2J",
    "=1+1\x1b]0;owned\x07\x1bP1$r0m\x1b\\\x9d0;owned\x9c\x90q\x9c",
    "\u200b\ufeffe\u0301\u0301\u0301\x1bc\r\n\x08[red]{0}%s",
    "@+-" + "宽" * 300 + "\x1b]52;c;AAAA",
    "\x1b_Gq\x1b\\\x1b^x\x1b\\\x85\x8d\x1b[?1049l\x1b[>4;2m",
)
"""Each begins with another kind, since a narrow cell shows no more than the beginning."""
DATE = re.compile(r"\d{4}-\d\d-\d\d")


def poisoned(value: Any, turn: int = 0) -> Any:
    """Give a message whose texts are hostile; equal texts stay equal, dates and what is empty stay."""
    if isinstance(value, str) and not isinstance(value, Enum):
        if not value or DATE.fullmatch(value):
            return value
        return PAYLOADS[(crc32(value.encode()) + turn) % len(PAYLOADS)] + value
    if isinstance(value, msgspec.Struct):
        changed = {name: poisoned(getattr(value, name), turn) for name in value.__struct_fields__}
        return type(value)(**changed)
    if isinstance(value, tuple):
        return tuple(poisoned(one, turn) for one in value)
    if isinstance(value, Mapping):
        return {poisoned(key, turn): poisoned(one, turn) for key, one in value.items()}
    return value


def example(kind: Any) -> Any:
    """Make a value of a type, its texts not empty."""
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return example(typing.get_args(kind)[0])
    if origin in (typing.Union, types.UnionType):
        return example(typing.get_args(kind)[0])
    if origin is tuple:
        kinds = [one for one in typing.get_args(kind) if one is not Ellipsis]
        return tuple(map(example, kinds))
    if origin in (dict, Mapping):
        key, one = typing.get_args(kind)
        return {example(key): example(one)}
    if origin is typing.Literal:
        return typing.get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind, include_extras=True)
        return kind(**{name: _field(name, hints[name]) for name in kind.__struct_fields__})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    plain = {str: "word", int: 1, bool: True, Decimal: Decimal(1), float: 1.0, type(None): None}
    return plain[kind]


def _field(name: str, kind: Any) -> Any:
    known = {"instrument": desk.MOUTAI.id, "account": "cash", "order_id": "O1", "code": "risk.trading_state"}
    if name in known and kind is str:
        return known[name]
    return "2026-11-18" if kind is str and (name.endswith(("day", "date")) or name == "first_day") else example(kind)


def records(after: int) -> tuple[Recorded, ...]:
    """Give one record of every kind of fact, numbered on."""
    kinds = typing.get_args(facts.Fact)
    stamps = {"at_ns": desk.NOW, "wall_ns": desk.NOW, "trading_day": "2026-11-18", "cause": "start", "actor": "someone"}
    return tuple(Recorded(seq=after + 1 + number, fact=example(kind), **stamps) for number, kind in enumerate(kinds))


class HostileEngine:
    """Serves the desk of ``desk_cases``, poisoned, on a socket until closed.

    Args:
        socket: Where.
        turn: By how much the payloads are turned on.
    """

    def __init__(self, socket: Path, turn: int) -> None:
        self._socket = socket
        self._turn = turn
        self.asked: set[type] = set()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    def __enter__(self) -> HostileEngine:
        self._socket.parent.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self) -> None:
        self._done = asyncio.Event()
        async with unix_serve(self._handle, str(self._socket), compression=None):
            self._ready.set()
            await self._done.wait()
        late = asyncio.all_tasks() - {asyncio.current_task()}
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _handle(self, socket: ServerConnection) -> None:
        async def say(frame: f.EngineFrame) -> None:
            await socket.send(encode_engine_frame(poisoned(frame, self._turn)))

        async def tell() -> None:
            """A desk whose clock stands still is never stale."""
            while True:
                await say(desk.everything())
                await asyncio.sleep(0.5)

        decode_client_frame(await socket.recv(decode=False))
        await socket.send(encode_engine_frame(self._welcome()))
        telling = asyncio.create_task(tell())
        try:
            await self._answer(socket, say)
        finally:
            telling.cancel()

    async def _answer(self, socket: ServerConnection, say: Callable[[f.EngineFrame], Awaitable[None]]) -> None:
        async for message in socket:
            assert isinstance(message, bytes)
            frame = decode_client_frame(message)
            match frame:
                case f.FollowLog(cursor=cursor):
                    await say(f.Log(records=records(cursor)))
                case f.Do(command=command):
                    params = {"state": "halted", "actor": "someone", "note": "a note"}
                    answer = poisoned(
                        Answer(command_id="", accepted=False, code="risk.trading_state", params=params), self._turn
                    )
                    honest = msgspec.structs.replace(answer, command_id=command.command_id, code="risk.trading_state")
                    await socket.send(encode_engine_frame(f.Answered(answer=honest)))
                case f.Ask(request_id=number, query=query):
                    self.asked.add(type(query))
                    await say(f.Reply(request_id=number, page=0, more=False, result=result_of(query)))
                case _:
                    pass

    def _welcome(self) -> f.Welcome:
        """The desk's own name is the user's."""
        return msgspec.structs.replace(poisoned(desk.welcome(), self._turn), desk="demo")


def result_of(query: q.Query) -> q.Result:
    """Give what the desk of ``desk_cases`` answers."""
    match query:
        case q.InstrumentsQuery():
            return q.InstrumentsResult((desk.MOUTAI, desk.BITCOIN))
        case q.OrdersQuery():
            return desk.orders()
        case q.FillsQuery():
            return q.FillsResult(fills=(desk.fill(),), cursor=5)
        case _:
            named = type(query).__name__.replace("Query", "Result")
            return typing.cast("q.Result", example(getattr(q, named)))
