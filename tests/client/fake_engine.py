"""A real websocket server on a unix socket that plays the engine's part as a test scripts it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from websockets.asyncio.server import ServerConnection

from termdesk.core.model.terms import Mode
from termdesk.core.wire.codec import decode_client_frame, encode_engine_frame
from termdesk.core.wire.frames import PROTOCOL, ClientFrame, EngineFrame, Hello, Welcome

WELCOME = Welcome(
    protocol=PROTOCOL,
    engine_version="0.1.0",
    desk="demo",
    mode=Mode.DEMO,
    base_currency="CNY",
    actor="tester",
    session="s1",
    cursor=0,
    desk_ns=1,
    accounts=("cash",),
)


class Peer:
    """The engine's end of one connection."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket

    async def say(self, *frames: EngineFrame) -> None:
        for frame in frames:
            await self.socket.send(encode_engine_frame(frame))

    async def hear(self) -> ClientFrame:
        data = await self.socket.recv()
        assert isinstance(data, bytes)
        return decode_client_frame(data)


Script = Callable[[Peer], Awaitable[None]]


class FakeEngine:
    """Serves one script per connection, in order; the last one again and again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.scripts: list[Script] = []
        self.connections = 0
        self.welcome = WELCOME

    async def handle(self, socket: ServerConnection) -> None:
        peer = Peer(socket)
        assert isinstance(await peer.hear(), Hello)
        await peer.say(self.welcome)
        script = self.scripts[min(self.connections, len(self.scripts) - 1)]
        self.connections += 1
        await script(peer)
