"""A client that comes back: reconnect, subscribe again, go on with the log where it was.

Nothing is ever sent twice by itself: topics and the log are asked for again,
because that is safe; a command is not, because only a person knows whether it
is still meant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import Enum
from pathlib import Path

import msgspec

from termdesk.client.asking import Asking
from termdesk.client.connection import EngineClient, PushFrame
from termdesk.core.model.command import Answer, Command
from termdesk.core.model.errors import EngineUnreachable, ProtocolError, Refused
from termdesk.core.wire.frames import Log, Welcome
from termdesk.core.wire.queries import Query, Result
from termdesk.core.wire.shared import Change

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0


class Attachment(Enum):
    """How a session stands with its engine."""

    CONNECTING = "connecting"
    UP = "up"
    DOWN = "down"
    """Lost or not yet found; the session tries again by itself."""
    TURNED_AWAY = "turned_away"
    """The engine refuses this client; trying again is no use."""


class AttachmentChange(msgspec.Struct, frozen=True):
    """A session came up, went down or tries again."""

    state: Attachment
    reason: str = ""
    """Why it is down or turned away."""
    welcome: Welcome | None = None
    """What the engine said, when up."""
    log_restarted: bool = False
    """The engine's log is shorter than what was seen: another journal. Forget what came from it; it comes from 0."""


class Session(Asking):
    """Stays attached to one desk until closed. ``run`` does the work; everything else may be called at any time.

    Args:
        path: The desk's socket.
        client: Name and version of the program.
        screen: Id of the screen, kept across reconnections.
        on_frame: Called for each frame that comes unasked, in order. Log
            records come without holes and never twice, also across
            reconnections.
        on_change: Called when the state changes.
    """

    def __init__(
        self,
        path: Path,
        *,
        client: str,
        screen: str = "",
        on_frame: Callable[[PushFrame], None],
        on_change: Callable[[AttachmentChange], None],
    ) -> None:
        self.path = path
        self.cursor: int | None = None
        """Newest log record handed over; None while the log is not followed."""
        self._client_name = client
        self._screen = screen
        self._on_frame = on_frame
        self._on_change = on_change
        self._topics: dict[str, float] = {}
        self._client: EngineClient | None = None
        self._closed = asyncio.Event()

    async def run(self) -> None:
        """Attach, and again whenever the link is lost, until ``close`` or the engine turns the client away."""
        pauses = _pauses()
        while not self._closed.is_set():
            self._on_change(AttachmentChange(Attachment.CONNECTING))
            try:
                client = await EngineClient.connect(
                    self.path, client=self._client_name, screen=self._screen, on_frame=self._take
                )
            except EngineUnreachable as error:
                self._on_change(AttachmentChange(Attachment.DOWN, str(error)))
            except (Refused, ProtocolError) as error:
                self._on_change(AttachmentChange(Attachment.TURNED_AWAY, str(error)))
                return
            else:
                pauses = _pauses()
                reason = await self._serve(client)
                self._on_change(AttachmentChange(Attachment.DOWN, reason))
            with suppress(TimeoutError):
                async with asyncio.timeout(next(pauses)):
                    await self._closed.wait()

    async def close(self) -> None:
        """End the session; ``run`` returns."""
        self._closed.set()
        if self._client is not None:
            await self._client.close()

    async def subscribe(self, topic: str, rate: float = 30.0) -> None:
        """Ask for a topic, now and after each reconnection."""
        self._topics[topic] = rate
        with suppress(EngineUnreachable):
            await self._up().subscribe(topic, rate)

    async def unsubscribe(self, topic: str) -> None:
        """Ask for no more of a topic."""
        if self._topics.pop(topic, None) is not None:
            with suppress(EngineUnreachable):
                await self._up().unsubscribe(topic)

    async def follow(self, cursor: int) -> None:
        """Follow the log after ``cursor``, now and, from where it was, after each reconnection."""
        self.cursor = cursor
        with suppress(EngineUnreachable):
            await self._up().follow(cursor)

    async def put(self, change: Change) -> None:
        """Change what all screens share, once; see ``EngineClient.put``."""
        await self._up().put(change)

    async def be_present(self, *, armed: bool, looks_on: bool = False) -> None:
        """Tell others how this client is attached; to be said anew after each reconnection."""
        await self._up().be_present(armed=armed, looks_on=looks_on)

    async def do(self, command: Command, within_s: float | None = None) -> Answer:
        """Send a command once; see ``EngineClient.do``. While down it does not leave.

        Raises:
            EngineUnreachable: The link is down; the command did not leave.
            OutcomeUnknown: It left, but its answer never came; ``resend`` asks for the answer.
        """
        return await self._up().do(command, within_s)

    async def resend(self, command: Command, within_s: float | None = None) -> Answer:
        """Send a command again whose outcome is unknown.

        The same command id gives the first answer if the engine had carried it
        out, and carries it out now if not: the person who calls this wants it done.
        """
        return await self._up().do(command, within_s)

    async def _ask(self, query: Query) -> Result:
        return await self._up()._ask(query)

    async def _serve(self, client: EngineClient) -> str:
        """Use a fresh connection until it is lost; gives the reason."""
        self._client = client
        welcome = client.welcome
        restarted = self.cursor is not None and welcome.cursor < self.cursor
        if restarted:
            self.cursor = 0
        self._on_change(AttachmentChange(Attachment.UP, welcome=welcome, log_restarted=restarted))
        try:
            for topic, rate in tuple(self._topics.items()):
                await client.subscribe(topic, rate)
            if self.cursor is not None:
                await client.follow(self.cursor)
            if self._closed.is_set():
                await client.close()
            return await client.wait_lost()
        except EngineUnreachable as error:
            return str(error)
        finally:
            self._client = None
            await client.close()

    def _take(self, frame: PushFrame) -> None:
        if isinstance(frame, Log):
            fresh = tuple(record for record in frame.records if self.cursor is not None and record.seq > self.cursor)
            if not fresh:
                return
            if self.cursor is None or [record.seq for record in fresh] != list(
                range(self.cursor + 1, self.cursor + 1 + len(fresh))
            ):
                raise ProtocolError(f"expected log record {(self.cursor or 0) + 1} next, was {fresh[0].seq}")
            self.cursor = fresh[-1].seq
            frame = Log(records=fresh)
        self._on_frame(frame)

    def _up(self) -> EngineClient:
        if self._client is None:
            raise EngineUnreachable("the engine is not attached")
        return self._client


def _pauses() -> Iterator[float]:
    pause = FIRST_PAUSE_S
    while True:
        yield pause
        pause = min(2 * pause, LONGEST_PAUSE_S)
