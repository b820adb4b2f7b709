"""The venue on a websocket: log-in, frames in, executions out, and connections that break when they are told to."""

from __future__ import annotations

import hmac

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from termdesk.adapters.brokers.simvenue import messages as m
from termdesk.testing.venue.faults import Fault
from termdesk.testing.venue.store import Venue

HOST = "127.0.0.1"
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(m.ToVenue)
_LARGEST_FRAME = 1_000_000


class VenueServer:
    """Serves one venue to its members on this machine.

    Attributes:
        port: Where it listens once it is open.
    """

    def __init__(self, venue: Venue, token: str = "") -> None:
        self.venue = venue
        self.port = 0
        self._token = token
        self._server: Server
        self._sessions: dict[ServerConnection, tuple[str, ...]] = {}
        self._out: list[tuple[ServerConnection, m.FromVenue]] = []
        venue.tell = self._tell

    async def open(self, port: int = 0) -> None:
        """Listen; 0 takes a free port."""
        self._server = await serve(
            self._member, HOST, port or self.port, compression=None, max_size=_LARGEST_FRAME, ping_interval=None
        )
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def close(self) -> None:
        """End every connection and stop listening; the venue keeps what it knows."""
        self._server.close()
        await self._server.wait_closed()

    @property
    def members(self) -> int:
        """How many are logged in."""
        return len(self._sessions)

    async def flush(self) -> None:
        """Send what the venue has said since; call it after changing the market or an order by hand."""
        waiting, self._out = self._out, []
        for connection, told in waiting:
            try:
                await connection.send(_ENCODER.encode(told))
            except ConnectionClosed:
                continue

    def cut(self) -> None:
        """Break every connection without a word."""
        for connection in list(self._sessions):
            connection.transport.abort()

    async def _member(self, connection: ServerConnection) -> None:
        try:
            if not await self._let_in(connection):
                return
            async for frame in connection:
                await self._frame(connection, frame if isinstance(frame, bytes) else frame.encode())
        except (ConnectionClosed, msgspec.DecodeError):
            return
        finally:
            self._sessions.pop(connection, None)

    async def _let_in(self, connection: ServerConnection) -> bool:
        login = _DECODER.decode(await connection.recv(decode=False))
        if not isinstance(login, m.Login) or not hmac.compare_digest(login.token.encode(), self._token.encode()):
            await connection.send(_ENCODER.encode(m.Refusal("wrong token")))
            return False
        self._sessions[connection] = login.accounts
        await connection.send(_ENCODER.encode(m.Welcome("simulated venue")))
        return True

    async def _frame(self, connection: ServerConnection, frame: bytes) -> None:
        told = _DECODER.decode(frame)
        faults = self.venue.faults
        is_order = isinstance(told, m.New | m.Cancel | m.Replace)
        if is_order and faults.strikes(Fault.LOST_REQUEST):
            return
        if is_order and faults.strikes(Fault.DISCONNECT_BEFORE):
            connection.transport.abort()
            return
        breaks = is_order and faults.strikes(Fault.DISCONNECT_AFTER)
        answer = self.venue.hear(told)
        if breaks:
            self._out.clear()
            connection.transport.abort()
            return
        if answer is not None:
            self._out.append((connection, answer))
        await self.flush()

    def _tell(self, execution: m.Execution) -> None:
        for connection, accounts in self._sessions.items():
            if execution.account in accounts:
                self._out.append((connection, execution))
