"""One attached client: its frames in, its frames out. The engine never waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Protocol

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from termdesk.core.model.command import Answer, Command
from termdesk.core.model.errors import ProtocolError, Refused
from termdesk.core.model.reason import Reason
from termdesk.core.model.text import sanitise
from termdesk.core.wire.frames import (
    PROTOCOL,
    Answered,
    Ask,
    CancelAsk,
    ClientFrame,
    Do,
    FollowLog,
    Goodbye,
    Hello,
    Presence,
    Put,
    Refusal,
    Reply,
    Subscribe,
    Unsubscribe,
    Welcome,
)
from termdesk.core.wire.json_frames import FrameRefused
from termdesk.core.wire.queries import Query, Result
from termdesk.core.wire.shared import ShowInGroup
from termdesk.core.wire.texts import fault_of
from termdesk.core.wire.topic_names import AccountTopic, LinksTopic, QueueTopic, Topic, WorkspacesTopic, parse_topic
from termdesk.engine.conflation import Body
from termdesk.engine.encoding import Encoding
from termdesk.engine.log_tail import LogTail
from termdesk.engine.outlet import Outlet
from termdesk.engine.sharing import Sharing
from termdesk.engine.subscription import Subscription

_LOG = logging.getLogger("termdesk.engine")


class Room(Protocol):
    """What a session reaches of the engine."""

    log: LogTail
    sharing: Sharing

    def encoding(self, message: str | bytes) -> Encoding:
        """Give the encoding that a client speaks, by its first message."""
        ...

    def welcome(self, session: Session) -> Welcome:
        """Make the first frame of the engine."""
        ...

    def check_account(self, account: str) -> None:
        """Refuse an account that does not exist."""
        ...

    def command(self, command: Command, actor: str, deliver: Callable[[Answer], None]) -> None:
        """Carry out a command; ``deliver`` is called with its one answer."""
        ...

    def ask(self, query: Query) -> Awaitable[list[Result]]:
        """Answer a query in pages."""
        ...

    def subscribed(self) -> None:
        """Someone waits for a first body."""
        ...

    def presence_changed(self) -> None:
        """A client said how it is attached."""
        ...


class Session:
    """A connection from its hello to its end.

    Attributes:
        session: Id given by the engine.
        actor: User of the peer's process.
        subscriptions: By the name that the client used.
        armed: What the client says of itself, None before it does; so with ``looks_on``. To be shown, no more.
    """

    def __init__(self, session: str, actor: str, socket: ServerConnection, room: Room) -> None:
        self.session = session
        self.actor = actor
        self.client = ""
        self.screen = ""
        self.armed: bool | None = None
        self.looks_on: bool | None = None
        self.subscriptions: dict[str, Subscription] = {}
        self._socket = socket
        self._room = room
        self._outlet: Outlet
        self._asks: dict[int, asyncio.Task[None]] = {}
        self._encoding: Encoding
        self._take: dict[type[ClientFrame], Callable[[Any], None]] = {
            Subscribe: self._subscribe,
            Unsubscribe: self._unsubscribe,
            FollowLog: self._follow,
            Ask: self._ask,
            CancelAsk: self._cancel_ask,
            Do: self._do,
            Put: self._put,
            Presence: self._be_present,
        }

    # life

    async def greet(self) -> None:
        """Exchange hello and welcome.

        Raises:
            ProtocolError: The first frame is no hello.
            Refused: The client speaks another protocol.
            ConnectionClosed: It went away.
        """
        message = await self._socket.recv()
        self._encoding = self._room.encoding(message)
        hello = self._encoding.decode(message)
        if not isinstance(hello, Hello):
            raise ProtocolError(f"expected hello, was {type(hello).__name__}")
        if hello.protocol != PROTOCOL:
            raise Refused("wire.protocol", {"engine": str(PROTOCOL), "client": str(hello.protocol)})
        self.client, self.screen = sanitise(hello.client, 80), sanitise(hello.screen, 80)
        name = f"{self.session} ({self.client})"
        self._outlet = Outlet(name, self._socket, self._encoding, self._room.log)
        await self._socket.send(self._encoding.frame(self._room.welcome(self)))

    async def serve(self) -> None:
        """Take frames until the client goes; a frame that breaks the protocol ends the connection."""
        writer = asyncio.create_task(self._outlet.run(), name=f"{self.session}-writer")
        writer.add_done_callback(self._ended)
        try:
            async for message in self._socket:
                try:
                    frame = self._encoding.decode(message)
                except FrameRefused as refused:
                    self._outlet.send(refused.reply)
                    continue
                take = self._take.get(type(frame))
                if take is None:
                    raise ProtocolError(f"{type(frame).__name__} is no frame for after the welcome")
                take(frame)
        finally:
            for task in (writer, *self._asks.values()):
                task.cancel()
            with suppress(asyncio.CancelledError, ConnectionClosed):
                await writer

    async def say_goodbye(self, reason: Reason, within_s: float = 1.0) -> None:
        """Tell the client why the connection ends, if it still listens, and end it."""
        with suppress(ConnectionClosed, TimeoutError):
            async with asyncio.timeout(within_s):
                encoding = getattr(self, "_encoding", None) or self._room.encoding(b"")
                await self._socket.send(encoding.frame(Goodbye(reason=reason)))
                await self._socket.close()
                return
        self._socket.transport.abort()

    # as conflation and log see it

    @property
    def takes_topics(self) -> bool:
        """Whether the client has taken the last topics frame."""
        return self._outlet.takes_topics

    def send_topics(self, desk_ns: int, updates: list[tuple[str, Body]]) -> None:
        """Queue news; called only while ``takes_topics``."""
        self._outlet.send_topics(desk_ns, updates)

    def log_grew(self) -> None:
        """There are new durable records."""
        self._outlet.log_grew()

    async def drained(self) -> None:
        """Wait until everything has left; a client that takes nothing makes this wait for ever."""
        await self._outlet.drained()

    # in

    def _subscribe(self, frame: Subscribe) -> None:
        try:
            topic = parse_topic(frame.topic)
            self._check_topic(topic)
        except Refused as refused:
            self._refuse(refused, topic=frame.topic)
            return
        known = self.subscriptions.get(frame.topic)
        if known is not None and known.rate != frame.rate:
            known.rate = frame.rate
        else:
            self.subscriptions[frame.topic] = Subscription(frame.topic, topic, frame.rate)
        self._room.subscribed()

    def _check_topic(self, topic: Topic) -> None:
        if isinstance(topic, AccountTopic | QueueTopic):
            self._room.check_account(topic.account)

    def _unsubscribe(self, frame: Unsubscribe) -> None:
        self.subscriptions.pop(frame.topic, None)

    def _follow(self, frame: FollowLog) -> None:
        head = self._room.log.head
        if frame.cursor > head:
            detail = f"cursor: expected at most {head}, the newest record here, was {frame.cursor}"
            self._refuse(Refused("wire.frame", {"detail": detail}))
            return
        self._outlet.follow(frame.cursor)

    def _do(self, frame: Do) -> None:
        fault = fault_of(frame.command)
        if fault is not None:
            given = Answer(
                command_id=frame.command.command_id, accepted=False, code="wire.frame", params={"detail": fault}
            )
            self._outlet.send(Answered(answer=given))
            return
        self._room.command(frame.command, self.actor, lambda answer: self._outlet.send(Answered(answer=answer)))

    def _put(self, frame: Put) -> None:
        try:
            self._room.sharing.put(frame.change, self.session, self.actor)
        except Refused as refused:
            topic = LinksTopic() if isinstance(frame.change, ShowInGroup) else WorkspacesTopic()
            self._refuse(refused, topic=str(topic))

    def _be_present(self, frame: Presence) -> None:
        if (frame.armed, frame.looks_on) != (self.armed, self.looks_on):
            self.armed, self.looks_on = frame.armed, frame.looks_on
            self._room.presence_changed()

    def _ask(self, frame: Ask) -> None:
        self._cancel_ask(CancelAsk(request_id=frame.request_id))
        task = asyncio.create_task(self._answer(frame), name=f"{self.session}-ask-{frame.request_id}")
        self._asks[frame.request_id] = task
        task.add_done_callback(lambda done: self._asked(frame.request_id, done))

    def _asked(self, request_id: int, task: asyncio.Task[None]) -> None:
        if self._asks.get(request_id) is task:
            del self._asks[request_id]
        self._ended(task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """End the connection when one of its tasks failed: a client must not wait for ever."""
        if not task.cancelled() and (fault := task.exception()) is not None:
            _LOG.error("client %s (%s)", self.session, self.client, exc_info=fault)
            self._outlet.cut(str(fault))

    def _cancel_ask(self, frame: CancelAsk) -> None:
        task = self._asks.pop(frame.request_id, None)
        if task is not None:
            task.cancel()

    async def _answer(self, frame: Ask) -> None:
        """Answer one query, a page at a time, behind everything that is more urgent."""
        try:
            pages = await self._room.ask(frame.query)
        except Refused as refused:
            self._refuse(refused, request_id=frame.request_id)
            return
        for number, result in enumerate(pages):
            reply = Reply(request_id=frame.request_id, page=number, more=number + 1 < len(pages), result=result)
            await self._outlet.send_reply(reply)

    def _refuse(self, refused: Refused, *, request_id: int = 0, topic: str = "") -> None:
        reason = Reason(refused.code, refused.params)
        self._outlet.send(Refusal(request_id=request_id, topic=topic, reason=reason))
