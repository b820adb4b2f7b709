"""The engine's socket: one session per connection, ended with a reason."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from websockets.asyncio.server import Server, ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed

from termdesk.core.model.errors import ProtocolError, Refused
from termdesk.core.model.reason import Reason
from termdesk.core.wire.frames import MAX_FRAME
from termdesk.engine.clock import SystemClock
from termdesk.engine.conflation import Board
from termdesk.engine.meter import Measured, Meter
from termdesk.engine.peer import peer_user
from termdesk.engine.room import Room
from termdesk.engine.session import Session

_LOG = logging.getLogger("termdesk.engine")
_UNSENT = 65_536
"""Bytes that may wait in a connection before its client counts as slow."""


class ClientServer:
    """Takes connections on a unix socket that only this user may open.

    Args:
        on_left: Called after a session ended.
    """

    def __init__(
        self, room: Room, board: Board, clock: SystemClock, meter: Meter, on_left: Callable[[Session], None]
    ) -> None:
        self._room = room
        self._board = board
        self._clock = clock
        self._meter = meter
        self._on_left = on_left
        self._count = 0
        self._connections: set[ServerConnection] = set()
        self._server: Server
        self._path: Path

    async def open(self, path: Path) -> None:
        """Listen. A socket file that a dead engine left is replaced: the desk's lock is ours."""
        _remove(path)
        before = os.umask(0o177)
        try:
            self._server = await unix_serve(
                self._serve,
                str(path),
                compression=None,
                max_size=MAX_FRAME,
                ping_interval=None,
                write_limit=_UNSENT,
                logger=logging.getLogger("termdesk.engine.socket"),
            )
        finally:
            os.umask(before)
        self._path = path

    async def close(self, reason: Reason) -> None:
        """Say goodbye to everyone and remove the socket."""
        self._server.close(close_connections=False)
        _remove(self._path)
        for session in list(self._room.sessions):
            await session.say_goodbye(reason, within_s=0.2)
        for connection in self._connections:
            connection.transport.abort()
        await self._server.wait_closed()

    async def _serve(self, connection: ServerConnection) -> None:
        await Measured(self._attend(connection), self._meter, "clients", self._clock)

    async def _attend(self, connection: ServerConnection) -> None:
        self._count += 1
        self._connections.add(connection)
        user = peer_user(connection.transport.get_extra_info("socket"))
        session = Session(f"s{self._count}", user, connection, self._room)
        try:
            await session.greet()
            self._room.sessions.append(session)
            self._board.subscribers.append(session)
            self._room.presence_changed()
            await session.serve()
        except ConnectionClosed:
            pass
        except ProtocolError as error:
            await session.say_goodbye(Reason("wire.frame", {"detail": str(error)[:300]}))
        except Refused as refused:
            await session.say_goodbye(Reason(refused.code, refused.params))
        finally:
            self._connections.discard(connection)
            if session in self._room.sessions:
                self._room.sessions.remove(session)
                self._board.subscribers.remove(session)
                self._room.presence_changed()
                self._on_left(session)


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()
