"""What leaves for one client: answers, log, topics and replies, each in its turn. Nobody waits for it.

Answers go first, then the log, then the latest of the topics, then replies to
queries. A client that does not take its topics keeps the marks and misses
frames; one that lets the log grow far beyond its cursor, or leaves its
answers unread, is let go.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from termdesk.core.model.errors import ProtocolError
from termdesk.core.model.facts import Recorded
from termdesk.core.wire.frames import MAX_FRAME, EngineFrame, Log, Reply
from termdesk.engine.conflation import Body
from termdesk.engine.encoding import Encoding
from termdesk.engine.log_tail import LogTail

_LOG = logging.getLogger("termdesk.engine")

BEHIND = 20_000
"""A client that takes nothing while the log grows this far beyond its cursor is let go."""
UNREAD = 1_000
"""Answers that a client may leave unread."""


class Outlet:
    """The way out of one connection."""

    def __init__(self, name: str, socket: ServerConnection, encoding: Encoding, log: LogTail) -> None:
        self._name = name
        self._socket = socket
        self._encoding = encoding
        self._log = log
        self._cursor: int | None = None
        self._prompt: deque[str | bytes] = deque()
        self._topics: deque[str | bytes] = deque()
        self._replies: deque[str | bytes] = deque()
        self._wake = asyncio.Event()
        self._emptied = asyncio.Event()
        self._sending = False

    @property
    def takes_topics(self) -> bool:
        """Whether the client has taken the last topics frame."""
        return not self._topics and not self._sending

    def send(self, frame: EngineFrame) -> None:
        """Queue an urgent frame. Never raises: the desk delivers its answers from inside a turn."""
        if len(self._prompt) >= UNREAD:
            self.cut(f"leaves {UNREAD} answers unread")
            return
        try:
            self._prompt.append(self._encoding.frame(frame))
        except ProtocolError as error:
            self.cut(str(error))
        self._wake.set()

    def send_topics(self, desk_ns: int, updates: list[tuple[str, Body]]) -> None:
        """Queue news; called only while ``takes_topics``. Never raises."""
        try:
            self._topics.extend(self._encoding.topics(desk_ns, updates))
        except ProtocolError as error:
            self.cut(str(error))
        self._wake.set()

    async def send_reply(self, reply: Reply) -> None:
        """Queue a page of an answer behind everything that is more urgent.

        Raises:
            ProtocolError: It can't be shown in the client's encoding.
        """
        self._replies.append(self._encoding.frame(reply))
        self._wake.set()
        await asyncio.sleep(0)

    def follow(self, cursor: int) -> None:
        """Send every durable record after a cursor from here on."""
        self._cursor = max(0, cursor)
        self._wake.set()

    def log_grew(self) -> None:
        """There are new durable records."""
        if self._cursor is None:
            return
        if self._sending and self._log.head - self._cursor > BEHIND:
            self.cut(f"takes nothing and is more than {BEHIND} records behind")
        self._wake.set()

    async def drained(self) -> None:
        """Wait until everything has left; a client that takes nothing makes this wait for ever."""
        while self._sending or self._wake.is_set():
            self._emptied.clear()
            await self._emptied.wait()

    def cut(self, why: str) -> None:
        """End the connection at once; the client takes nothing that could tell it."""
        _LOG.warning("client %s is let go: %s", self._name, why)
        self._socket.transport.abort()

    async def run(self) -> None:
        """Send what waits until the connection closes.

        Raises:
            ProtocolError: A record can't be shown in the client's encoding.
        """
        while True:
            message = self._next()
            if message is None:
                self._wake.clear()
                self._emptied.set()
                await self._wake.wait()
                continue
            self._sending = True
            try:
                await self._socket.send(message)
            except ConnectionClosed:
                return
            finally:
                self._sending = False

    def _next(self) -> str | bytes | None:
        if self._prompt:
            return self._prompt.popleft()
        if self._cursor is not None:
            records = self._log.page(self._cursor)
            if records:
                return self._log_frame(records)
        if self._topics:
            return self._topics.popleft()
        return self._replies.popleft() if self._replies else None

    def _log_frame(self, records: Sequence[Recorded]) -> str | bytes:
        """Encode as many records as the largest frame takes; one alone always fits."""
        frame = self._encoding.frame(Log(records=tuple(records)))
        while _length(frame) > MAX_FRAME and len(records) > 1:
            records = records[: len(records) // 2]
            frame = self._encoding.frame(Log(records=tuple(records)))
        self._cursor = records[-1].seq
        return frame


def _length(frame: str | bytes) -> int:
    return len(frame if isinstance(frame, bytes) else frame.encode())
