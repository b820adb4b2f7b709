"""One engine process: from options to a clean end."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from importlib.metadata import version
from typing import Any

from termdesk.config.load import load_settings, settings_files
from termdesk.config.settings import Settings
from termdesk.core.model.errors import TermdeskError
from termdesk.core.model.reason import Reason
from termdesk.core.trading.inputs import StopDesk
from termdesk.engine import watch
from termdesk.engine.assembly import Parts, Plan, assemble
from termdesk.engine.clock import SystemClock
from termdesk.engine.feeds import Supervised
from termdesk.engine.meter import Meter
from termdesk.engine.options import EngineOptions
from termdesk.engine.replay import ReplaySequencer
from termdesk.engine.sequencer import LiveSequencer
from termdesk.engine.server import ClientServer
from termdesk.engine.session import Session

_LOG = logging.getLogger("termdesk.engine")

_DRAIN_S = 2.0
"""Longest wait for what still rests in the outbox when the engine ends."""
_LAST_WORDS_S = 0.3
"""Longest wait for clients to take the last records."""
_GRACE_S = 3.0
"""A screen that comes back within this time finds its engine still there."""


def run_engine(options: EngineOptions) -> int:
    """Run an engine in the foreground until it is stopped.

    Returns:
        Exit code: 0 after a clean end, 1 when it could not start; the reason
        is on stderr then.
    """
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("termdesk.engine.socket").setLevel(logging.WARNING)
    try:
        settings = load_settings(settings_files(options.config), _overrides(options))
        asyncio.run(Engine(options, settings).run())
    except TermdeskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _overrides(options: EngineOptions) -> dict[str, object]:
    given = {"feed.name": options.feed, "feed.symbols": list(options.symbols)}
    return {key: value for key, value in given.items() if value}


class Engine:
    """Life of one engine: start, run until asked to stop, end cleanly."""

    def __init__(self, options: EngineOptions, settings: Settings) -> None:
        self._options = options
        self._settings = settings
        self._clock = SystemClock()
        self._meter = Meter(self._clock)
        self._stop = asyncio.Event()
        self._parts: Parts
        self._server: ClientServer

    async def run(self) -> None:
        """Run to the end.

        Raises:
            TermdeskError: It could not start.
        """
        plan = Plan(
            options=self._options,
            settings=self._settings,
            clock=self._clock,
            meter=self._meter,
            version=version("termdesk"),
            stop=self._stop.set,
        )
        parts = self._parts = assemble(plan)
        self._server = ClientServer(parts.room, parts.board, self._clock, self._meter, self._left)
        try:
            with suppress(NotImplementedError):
                for number in (signal.SIGTERM, signal.SIGINT):
                    asyncio.get_running_loop().add_signal_handler(number, self._stop.set)
            await self._live(parts)
        finally:
            parts.writer.close()
            parts.journal.close()
            parts.shared_file.close()
            if parts.desk.recorder is not None:
                parts.desk.recorder.close()

    async def _live(self, parts: Parts) -> None:
        works = [asyncio.create_task(work) for work in self._works(parts)]
        opening, stopping = asyncio.create_task(self._open(parts)), asyncio.create_task(self._stop.wait())
        try:
            phases: tuple[asyncio.Task[Any], ...] = (opening, stopping)
            for phase in phases:
                done, _ = await asyncio.wait([phase, *works], return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            await self._drain(parts)
        finally:
            for task in (opening, stopping, *works):
                task.cancel()
            await asyncio.gather(opening, stopping, *works, return_exceptions=True)
        await self._end(parts)

    async def _open(self, parts: Parts) -> None:
        """Let clients in once the start is durable."""
        await parts.room.drained()
        if not parts.desk.halted:
            parts.emergency.reserve()
        await self._server.open(parts.paths.socket)
        _LOG.info("desk %s (%s) listens on %s", parts.paths.desk, parts.source.mode.value, parts.paths.socket)
        gc.collect()
        gc.freeze()

    def _works(self, parts: Parts) -> list[Coroutine[Any, Any, None]]:
        works = [
            *(route.run() for route in parts.routes),
            parts.sequencer.run(),
            parts.board.run(),
            parts.health.run(),
            parts.shared_file.run(),
            self._save(parts),
        ]
        if isinstance(parts.sequencer, LiveSequencer):
            feed = parts.source.live(parts.known)
            supervised = Supervised(
                lambda: parts.source.live(watch.known(parts.market)),
                parts.sequencer.put_events,
                parts.sequencer.room,
                self._clock,
                self._meter,
            )
            works += [supervised.run(feed), parts.keeper.run()]
        if isinstance(parts.sequencer, ReplaySequencer) and self._options.exit_at_end:
            works.append(self._stop_at_end(parts.sequencer))
        return works

    async def _save(self, parts: Parts) -> None:
        """Save watch state a few times a second while the market moves; a replay plays it again instead."""
        while isinstance(parts.sequencer, LiveSequencer):
            await asyncio.sleep(watch.PERIOD_S)
            parts.desk.take_checkpoints(parts.watch.collect(parts.sequencer.now_ns()))
        await asyncio.Event().wait()

    async def _stop_at_end(self, sequencer: ReplaySequencer) -> None:
        await sequencer.at_end.wait()
        self._stop.set()
        await asyncio.Event().wait()

    async def _drain(self, parts: Parts) -> None:
        """Refuse new commands and wait until nothing rests in the outbox."""
        parts.room.closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_S):
                await parts.room.drained()

    async def _end(self, parts: Parts) -> None:
        """Save watch state, record the stop, let clients have the last records, say goodbye."""
        now_ns = parts.sequencer.now_ns()
        if not parts.desk.halted:
            if isinstance(parts.sequencer, LiveSequencer):
                parts.desk.take_checkpoints(parts.watch.collect(now_ns, everything=True))
            parts.desk.take_input(StopDesk(), now_ns, "stop")
            parts.writer.close()
            parts.keeper.stopped(parts.desk.state, now_ns)
            parts.desk.take_durable(parts.journal.head, now_ns)
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_S):
                await asyncio.gather(*(session.drained() for session in parts.room.sessions))
        await self._server.close(Reason("desk.stopping"))
        _LOG.info("desk %s ended", parts.paths.desk)

    def _left(self, session: Session) -> None:
        """A client went: where a screen started this engine and nothing is left to do, it may end."""
        if session.screen and self._options.screen_started and self._settings.engine.idle == "stop":
            asyncio.get_running_loop().call_later(_GRACE_S, self._stop_if_idle)

    def _stop_if_idle(self) -> None:
        room = self._parts.room
        if not (room.sessions or room.state.working or room.state.conditions):
            self._stop.set()
