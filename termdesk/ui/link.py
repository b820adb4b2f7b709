"""The screen's tie to its engine: finds or starts it, attaches, keeps the store fed, comes back.

Belongs to the app, not to a screen. Everything of the client room is imported
when the link opens, after the first paint.
"""

from __future__ import annotations

import asyncio
import importlib
import subprocess
import time
from collections.abc import Callable, Collection, Sequence, Set
from contextlib import suppress
from typing import TYPE_CHECKING

from termdesk.core.model.command import Answer, Command, StopEngine
from termdesk.core.model.errors import EngineUnreachable, ProtocolError, TermdeskError
from termdesk.core.model.facts import Recorded
from termdesk.core.model.reason import Reason
from termdesk.core.wire.frames import Goodbye, Log, Refusal, Topics
from termdesk.core.wire.notes import NotesQuery
from termdesk.core.wire.queries import ConditionsQuery, FillsQuery, InstrumentsQuery, OrdersQuery
from termdesk.core.wire.shared import Change, ShowInGroup
from termdesk.ui.blotter.kept import EVENTS
from termdesk.ui.store import EngineLink, Store

if TYPE_CHECKING:
    from termdesk.client.attach import AttachmentChange, Session
    from termdesk.client.connection import PushFrame
    from termdesk.config.launch import LaunchOptions
    from termdesk.config.paths import DeskPaths

ANSWER_WITHIN_S = 10.0
"""How long a command may stay unanswered before its outcome counts as unknown."""
STOP_WITHIN_S, STOP_LOOK_S = 5.0, 0.02
"""How long leaving waits for an engine that was asked to stop, and between two looks whether it has."""
SHARED = "view/"
"""Topics of what all screens share."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 30.0
"""Between two looks for new instruments."""


class Link:
    """One desk's link.

    Args:
        store: Fed by frames.
        on_records: Called at once when log records came, with those that are new here.
        on_lost: Called at once when an engine that was attached no longer is.
        first: Command to send once attached.
        clock_ns: Monotonic clock.
        is_read_only: Send no command, whoever asks.
    """

    def __init__(
        self,
        store: Store,
        on_records: Callable[[Sequence[Recorded]], None],
        on_lost: Callable[[], None],
        first: Command | None = None,
        clock_ns: Callable[[], int] = time.monotonic_ns,
        *,
        is_read_only: bool = False,
    ) -> None:
        self.store = store
        self._on_records = on_records
        self._on_lost = on_lost
        self._first = first
        self._clock_ns = clock_ns
        self.is_read_only = is_read_only
        self._session: Session | None = None
        self._engine: subprocess.Popen[bytes] | None = None
        self._wanted: dict[str, float] = {}
        self._wanted_changed = asyncio.Event()
        self._held: dict[str, float] = {}
        self._loading: asyncio.Task[None] | None = None
        self._unsent: dict[tuple[type[Change], str], Change] = {}
        self._presence: dict[str, bool] = {}
        self._told_presence: dict[str, bool] = {}
        self._untold = asyncio.Event()

    @property
    def started_engine(self) -> bool:
        """Whether an engine was started from here and still runs."""
        return self._engine is not None and self._engine.poll() is None

    async def serve(self, options: LaunchOptions, desk: str, screen: str) -> None:
        """Stay attached to a desk until cancelled; starts its engine if it does not run and may be started.

        Whatever goes wrong is shown as the state of the link, never raised.

        Args:
            options: How the engine is started.
            desk: Name of the desk; empty is a new run of a replay, or the only desk that runs.
            screen: Id of this screen.
        """
        self._stand(EngineLink.STARTING if options.may_start_engine else EngineLink.CONNECTING)
        try:
            paths = await asyncio.to_thread(_load_client, desk, bool(options.replay))
            await self._ensure_engine(paths, options)
            await self._attach(paths, screen)
        except TermdeskError as error:
            self._stand(EngineLink.FAILED, str(error))

    async def _ensure_engine(self, paths: DeskPaths, options: LaunchOptions) -> None:
        from termdesk.client.discovery import answers
        from termdesk.client.launch import spawn_engine, wait_for_engine

        if answers(paths.socket) or not options.may_start_engine:
            return
        if self._engine is not None:
            self._engine.poll()  # a killed one is let go
        started = await asyncio.to_thread(spawn_engine, options.engine_arguments(paths.desk), paths)
        self._engine = started.process
        await wait_for_engine(started)

    async def _attach(self, paths: DeskPaths, screen: str) -> None:
        from termdesk.client.attach import Session

        self._session = Session(
            paths.socket,
            client="termdesk screen",
            screen=screen,
            on_frame=self._take,
            on_change=self._changed,
        )
        self._held.clear()
        self._wanted_changed.set()
        topics = asyncio.create_task(self._keep_topics(self._session), name="termdesk-link-topics")
        telling = asyncio.create_task(self._keep_telling(self._session), name="termdesk-link-telling")
        try:
            await self._session.run()
        finally:
            topics.cancel()
            telling.cancel()
            if self._loading is not None:
                self._loading.cancel()
            await self._session.close()
            self._session = None

    def _stand(self, link: EngineLink, detail: str | Reason = "") -> None:
        was_up = self.store.link is EngineLink.UP
        self.store.set_link(link, detail)
        if was_up and link is not EngineLink.UP:
            self._on_lost()

    def _changed(self, change: AttachmentChange) -> None:
        from termdesk.client.attach import Attachment

        states = {
            Attachment.CONNECTING: EngineLink.CONNECTING,
            Attachment.DOWN: EngineLink.LOST,
            Attachment.TURNED_AWAY: EngineLink.FAILED,
        }
        if change.welcome is not None:
            if self._loading is not None:
                self._loading.cancel()
            self.store.attach(change.welcome, self._clock_ns())
            if change.log_restarted:
                self.store.forget_log()
            self._told_presence = {}
            self._untold.set()
            self._loading = asyncio.create_task(self._load(), name="termdesk-link-load")
            return
        is_lost = self.store.link is EngineLink.LOST
        said_why = isinstance(self.store.link_detail, Reason) and change.state is Attachment.DOWN
        if not is_lost or not (change.state is Attachment.CONNECTING or said_why):
            self._stand(states[change.state], change.reason)

    async def _load(self) -> None:
        """Read what topics do not tell; instruments again and again, since a feed may introduce more."""
        session = self._session
        if session is None:
            return
        pause = FIRST_PAUSE_S
        try:
            if session.cursor is None:
                self.store.kept.forget()  # the log comes again where the link was begun anew
                orders, fills = await asyncio.gather(session.ask(OrdersQuery()), session.ask(FillsQuery()))
                self.store.load_orders(orders)
                self.store.load_fills(fills)
                armed = (await session.ask(ConditionsQuery())).conditions
                self.store.armed.load(armed)
                self.store.kept.load_conditions(armed)
                self.store.kept.load_notes((await session.ask(NotesQuery())).notes)
                await session.follow(max(0, self.store.cursor - EVENTS))
            if self._first is not None:
                first, self._first = self._first, None
                await self.do(first)
            while self._session is session:
                self.store.list_instruments((await session.ask(InstrumentsQuery())).instruments)
                self._stand(EngineLink.UP)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)
        except EngineUnreachable:
            return  # the session says so itself and comes back
        except TermdeskError as error:
            self._stand(EngineLink.FAILED, str(error))

    def _take(self, frame: PushFrame) -> None:
        if isinstance(frame, Topics):
            self.store.take_topics(frame, self._clock_ns())
            for update in frame.updates:
                if update.topic not in self._held:
                    self.store.forget(update.topic)  # it was on its way when the topic was let go
        elif isinstance(frame, Log):
            self._on_records(self.store.take_log(frame, self._clock_ns()))
        elif isinstance(frame, Refusal) and frame.topic.startswith(SHARED):
            self.store.take_refusal(frame.reason)
        elif isinstance(frame, Goodbye):
            self._stand(EngineLink.LOST, frame.reason)

    def want(self, topics: set[str], slow: Set[str] = frozenset(), slow_rate: float = 1.0, rate: float = 30.0) -> None:
        """Have exactly these topics from now on: what is seen, and no more.

        Args:
            topics: As fast as the screen draws.
            slow: What is enough to have now and then; one that is in both is fast.
            slow_rate: Times a second of those, at most ``rate``.
            rate: Times a second that the screen draws.
        """
        wanted = dict.fromkeys(slow, min(slow_rate, rate)) | dict.fromkeys(topics, rate)
        if wanted != self._wanted:
            self._wanted = wanted
            self._wanted_changed.set()

    async def _keep_topics(self, session: Session) -> None:
        """Subscribe and unsubscribe as wanted; the session repeats it after a lost link."""
        while True:
            await self._wanted_changed.wait()
            self._wanted_changed.clear()
            for topic in sorted(self._held.keys() - self._wanted.keys()):
                del self._held[topic]
                self.store.forget(topic)
                await session.unsubscribe(topic)
            for topic, rate in sorted(self._wanted.items()):
                if self._held.get(topic) != rate:
                    self._held[topic] = rate
                    await session.subscribe(topic, rate)

    @property
    def unsent(self) -> Collection[Change]:
        """Changes of what all screens share that have not left yet."""
        return self._unsent.values()

    def put(self, change: Change) -> None:
        """Change what all screens share, now or once the engine is back; one that only looks on changes nothing."""
        if not self.is_read_only:
            name = change.group if isinstance(change, ShowInGroup) else change.room
            self._unsent[type(change), name] = change
            self._untold.set()

    def be_present(self, *, armed: bool, looks_on: bool) -> None:
        """Have the engine told how this screen is attached, now and after each reconnection."""
        presence = {"armed": armed, "looks_on": looks_on}
        if presence != self._presence:
            self._presence = presence
            self._untold.set()

    async def _keep_telling(self, session: Session) -> None:
        """Tell what is not told yet; an engine of an older version is told nothing."""
        while True:
            await self._untold.wait()
            self._untold.clear()
            with suppress(EngineUnreachable):  # it is told once attached again
                try:
                    await self._tell(session)
                except ProtocolError:
                    self._unsent.clear()

    async def _tell(self, session: Session) -> None:
        presence = self._presence
        if presence and presence != self._told_presence:
            await session.be_present(**presence)
            self._told_presence = presence
        while self._unsent:
            key, change = next(iter(self._unsent.items()))
            await session.put(change)
            if self._unsent.get(key) is change:
                del self._unsent[key]

    async def do(self, command: Command) -> Answer:
        """Send a command once and wait for its answer.

        Raises:
            EngineUnreachable: It did not leave, or this screen only looks on.
            OutcomeUnknown: It left, but its answer never came. It is not sent again.
        """
        if self.is_read_only:
            raise EngineUnreachable("this screen only looks on")
        if self._session is None:
            raise EngineUnreachable("the engine is not attached")
        return await self._session.do(command, ANSWER_WITHIN_S)

    @property
    def asking(self) -> Session:
        """What to ask queries of.

        Raises:
            EngineUnreachable: There is no link.
        """
        if self._session is None:
            raise EngineUnreachable("the engine is not attached")
        return self._session

    async def stop_engine(self, command_id: str) -> None:
        """Ask the engine to stop, and wait for its end if it was started from here; orders stay in its journal.

        It waits no longer than ``STOP_WITHIN_S`` in all: an engine that hangs stops when it goes on.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_WITHIN_S):
                await self.do(StopEngine(command_id=command_id))
                while self.started_engine:  # noqa: ASYNC110 a process tells no event
                    await asyncio.sleep(STOP_LOOK_S)


def _load_client(desk: str, is_replay: bool) -> DeskPaths:
    """Import what the link needs, and settle the desk; takes a moment, so it runs beside the screen.

    Raises:
        ConfigError: The desk's name breaks the rule for names.
        EngineUnreachable: No desk is named, and not exactly one runs.
    """
    for name in ("websockets.asyncio.client", "termdesk.client.attach", "termdesk.client.launch"):
        importlib.import_module(name)
    from termdesk.client.discovery import running
    from termdesk.config.paths import DeskPaths, new_run

    if desk:
        return DeskPaths.of(desk)
    if is_replay:
        return new_run(time.time_ns())  # noqa: TID251 a run is named by the system clock, before any desk exists
    found = [address.desk for address in running()]
    if len(found) != 1:
        raise EngineUnreachable(f"expected one running desk, found {', '.join(found) or 'none'}; name it with --desk")
    return DeskPaths.of(found[0])
