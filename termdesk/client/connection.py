"""One connection to an engine: subscribe, follow, ask, command.

A connection lives once; coming back after a lost link is ``attach.Session``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from termdesk.client.asking import Asking
from termdesk.client.pages import join_pages
from termdesk.core.model.command import Answer, Command
from termdesk.core.model.errors import EngineUnreachable, OutcomeUnknown, ProtocolError, Refused
from termdesk.core.wire.codec import decode_engine_frame, encode_client_frame
from termdesk.core.wire.frames import (
    MAX_FRAME,
    PROTOCOL,
    Answered,
    Ask,
    CancelAsk,
    ClientFrame,
    Do,
    EngineFrame,
    FollowLog,
    Goodbye,
    Hello,
    Log,
    Presence,
    Put,
    Refusal,
    Reply,
    Subscribe,
    Topics,
    Unsubscribe,
    Welcome,
)
from termdesk.core.wire.queries import Query, Result
from termdesk.core.wire.shared import Change

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection
    from websockets.exceptions import ConnectionClosed

PushFrame = Topics | Log | Refusal | Goodbye
"""Frames that come unasked, in the engine's order."""

GENEROUS_FRAME = 16 * MAX_FRAME
"""Largest frame that is read; an engine of a later version may send larger ones than ours does."""

CLOSE_WITHIN_S = 0.5
"""How long closing waits for the engine's goodbye; one that hangs holds nobody up."""


class EngineClient(Asking):
    """A connection that has been welcomed. Made by ``connect``; belongs to one event loop."""

    def __init__(self, socket: ClientConnection, welcome: Welcome, on_frame: Callable[[PushFrame], None]) -> None:
        self.welcome = welcome
        """What the engine said first."""
        self._socket = socket
        self._on_frame = on_frame
        self._lost = ""
        self._last_request = 0
        self._asked: dict[int, tuple[list[Result], asyncio.Future[Result]]] = {}
        self._commanded: dict[str, asyncio.Future[Answer]] = {}
        self._reader = asyncio.create_task(self._read(), name="termdesk-client-reader")

    @classmethod
    async def connect(
        cls,
        path: Path,
        *,
        client: str,
        screen: str = "",
        on_frame: Callable[[PushFrame], None] | None = None,
        within_s: float = 5.0,
    ) -> EngineClient:
        """Connect to the engine on a unix socket and exchange hello and welcome.

        Args:
            path: The socket.
            client: Name and version of the program that connects.
            screen: Id of the screen; a screen that comes back uses the same.
            on_frame: Called for each frame that comes unasked, in order, in the
                event loop; it must not block. Without it they are dropped.
            within_s: Seconds until the engine must have answered.

        Raises:
            EngineUnreachable: Nobody answers there.
            ProtocolError: The engine speaks another protocol version.
            Refused: The engine turned the client away.
        """
        from websockets.asyncio.client import unix_connect
        from websockets.exceptions import WebSocketException

        try:
            async with asyncio.timeout(within_s):
                socket = await unix_connect(
                    str(path),
                    "ws://localhost/",
                    compression=None,
                    max_size=GENEROUS_FRAME,
                    user_agent_header=None,
                    close_timeout=CLOSE_WITHIN_S,
                )
                try:
                    hello = Hello(protocol=PROTOCOL, client=client, screen=screen)
                    await socket.send(encode_client_frame(hello))
                    welcome = _welcome(decode_engine_frame(_binary(await socket.recv())))
                except BaseException:
                    await socket.close()
                    raise
        except TimeoutError:
            raise EngineUnreachable(f"no answer within {within_s:g} s on {path}") from None
        except (OSError, WebSocketException) as error:
            raise EngineUnreachable(f"no engine answers on {path}: {error}") from None
        return cls(socket, welcome, on_frame or _drop)

    @property
    def lost(self) -> str:
        """Why the link is no more; empty while it lives."""
        return self._lost

    async def subscribe(self, topic: str, rate: float = 30.0) -> None:
        """Ask for a topic at most ``rate`` times a second; a refusal comes as a ``Refusal`` frame."""
        await self._send(Subscribe(topic=topic, rate=rate))

    async def unsubscribe(self, topic: str) -> None:
        """Ask for no more of a topic; frames under way may still come."""
        await self._send(Unsubscribe(topic=topic))

    async def follow(self, cursor: int) -> None:
        """Ask for every durable record after ``cursor``, then each new one."""
        await self._send(FollowLog(cursor=cursor))

    async def put(self, change: Change) -> None:
        """Change what all screens share; a refusal comes as a ``Refusal`` frame.

        Raises:
            EngineUnreachable: The link is down; the change did not leave.
            ProtocolError: The engine is of a version that knows no such frame.
        """
        self._need("put")
        await self._send(Put(change=change))

    async def be_present(self, *, armed: bool, looks_on: bool = False) -> None:
        """Tell others how this client is attached; see ``put`` for errors."""
        self._need("presence")
        await self._send(Presence(armed=armed, looks_on=looks_on))

    def _need(self, capability: str) -> None:
        if capability not in self.welcome.capabilities:
            raise ProtocolError(f"the engine {self.welcome.engine_version} takes no {capability!r}: update it")

    async def _ask(self, query: Query) -> Result:
        self._last_request += 1
        request_id = self._last_request
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._asked[request_id] = ([], answer)
        try:
            await self._send(Ask(request_id=request_id, query=query))
            return await answer
        except asyncio.CancelledError:
            with suppress(EngineUnreachable):
                await self._send(CancelAsk(request_id=request_id))
            raise
        finally:
            self._asked.pop(request_id, None)

    async def do(self, command: Command, within_s: float | None = None) -> Answer:
        """Send a command once and wait for its one answer, which may be a refusal.

        Sending the same command again, here or on a later connection, is safe:
        the engine knows its ``command_id`` and gives the first answer.

        Args:
            command: What to carry out.
            within_s: Seconds to wait; None waits as long as the link lives.

        Raises:
            EngineUnreachable: The link was down already; the command did not leave.
            OutcomeUnknown: The command left, but link or time was over before the answer.
        """
        command_id = command.command_id
        if self._lost:
            raise EngineUnreachable(f"the command was not sent: {self._lost}")
        answer = self._commanded.get(command_id)
        if answer is None:
            answer = self._commanded[command_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(within_s):
                await self._send(Do(command=command))
                return await asyncio.shield(answer)
        except EngineUnreachable as error:
            raise OutcomeUnknown(command_id, str(error)) from None
        except TimeoutError:
            raise OutcomeUnknown(command_id, f"no answer within {within_s:g} s") from None
        finally:
            if answer.done():
                self._commanded.pop(command_id, None)

    async def close(self) -> None:
        """Close the link. Whatever still waits fails as with a lost link."""
        await self._socket.close()
        await self._reader

    async def wait_lost(self) -> str:
        """Wait until the link is no more and say why."""
        await asyncio.shield(self._reader)
        return self._lost

    async def _send(self, frame: ClientFrame) -> None:
        from websockets.exceptions import ConnectionClosed

        if self._lost:
            raise EngineUnreachable(self._lost)
        try:
            await self._socket.send(encode_client_frame(frame))
        except ConnectionClosed as error:
            raise EngineUnreachable(_closed(error)) from None

    async def _read(self) -> None:
        from websockets.exceptions import ConnectionClosed

        reason = ""
        try:
            while True:
                reason = self._take(decode_engine_frame(_binary(await self._socket.recv()))) or reason
        except ConnectionClosed as error:
            self._end(reason or _closed(error))
        except ProtocolError as error:
            self._end(str(error))
        except BaseException as error:  # a fault of `on_frame` must end the waiters, then surface in `close`
            self._end(f"{type(error).__name__}: {error}")
            raise
        finally:
            await self._socket.close()

    def _take(self, frame: EngineFrame) -> str:
        """Hand a frame to whoever waits for it; gives the reason when the engine says goodbye."""
        match frame:
            case Topics() | Log():
                self._on_frame(frame)
            case Reply():
                self._take_page(frame)
            case Answered():
                waiting = self._commanded.get(frame.answer.command_id)
                if waiting is not None and not waiting.done():
                    waiting.set_result(frame.answer)
            case Refusal():
                asked = self._asked.get(frame.request_id)
                if asked is None:
                    self._on_frame(frame)
                elif not asked[1].done():
                    asked[1].set_exception(Refused(frame.reason.code, frame.reason.params))
            case Goodbye():
                self._on_frame(frame)
                return f"the engine closed the link: {frame.reason.code} {frame.reason.params}"
            case Welcome():
                raise ProtocolError("expected one welcome, was a second")
        return ""

    def _take_page(self, frame: Reply) -> None:
        asked = self._asked.get(frame.request_id)
        if asked is None:
            return
        pages, answer = asked
        pages.append(frame.result)
        if not frame.more and not answer.done():
            answer.set_result(join_pages(pages))

    def _end(self, reason: str) -> None:
        self._lost = reason
        for _, reply in self._asked.values():
            _fail(reply, reason)
        for answer in self._commanded.values():
            _fail(answer, reason)


def _fail(future: asyncio.Future[Answer] | asyncio.Future[Result], reason: str) -> None:
    if not future.done():
        future.set_exception(EngineUnreachable(reason))
        future.exception()  # marks it as seen: a waiter that has gone must not make asyncio complain


WENT_AWAY = "the engine went away without a word"


def _closed(error: ConnectionClosed) -> str:
    """Say how a link ended; without a word is how a killed engine ends it."""
    if error.rcvd is None:
        return WENT_AWAY
    return f"the engine closed the link: {error.rcvd.reason or error.rcvd.code}"


def _binary(message: str | bytes) -> bytes:
    if isinstance(message, str):
        raise ProtocolError("expected a binary frame of the engine, was text")
    return message


def _welcome(frame: EngineFrame) -> Welcome:
    if isinstance(frame, Goodbye | Refusal):
        raise Refused(frame.reason.code, frame.reason.params)
    if not isinstance(frame, Welcome):
        raise ProtocolError(f"expected a welcome, was {type(frame).__name__}")
    if frame.protocol != PROTOCOL:
        raise ProtocolError(
            f"the engine speaks protocol {frame.protocol}, this client {PROTOCOL}: update the older one"
        )
    return frame


def _drop(frame: PushFrame) -> None:
    """Take a frame nobody asked for."""
