"""Real engine processes for tests: forked from a server that has everything imported, killed when asked."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from termdesk.client import EngineClient
from termdesk.client.discovery import answers
from termdesk.config.paths import DeskPaths
from termdesk.core.model.facts import Recorded
from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.state import DeskState
from termdesk.core.wire.frames import Log, Topics
from termdesk.engine.options import EngineOptions
from termdesk.journal import DeskInput, open_journal

WITHIN_S = 20.0
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "termdesk.engine.main",
        "termdesk.adapters.feeds.demo",
        "termdesk.adapters.feeds.replay",
        "termdesk.adapters.brokers.paper",
    ]
)


def _child(home: str, options: EngineOptions, file_bytes: int | None) -> None:
    from termdesk.engine.main import run_engine

    os.environ["TERMDESK_HOME"] = home
    sys.stderr = Path(home, "stderr.txt").open("a", buffering=1, encoding="utf-8")  # noqa: SIM115 - for the process
    if file_bytes is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    sys.exit(run_engine(options))


class EngineProcess:
    """One engine. ``home`` must be ``$TERMDESK_HOME`` of the test too."""

    def __init__(self, home: Path, options: EngineOptions, *, file_bytes: int | None = None) -> None:
        self.home = home
        self.paths = DeskPaths.of(options.desk)
        self.process = _FORKS.Process(target=_child, args=(str(home), options, file_bytes))
        self.process.start()

    @property
    def stderr(self) -> str:
        return (self.home / "stderr.txt").read_text(encoding="utf-8")

    async def ready(self) -> EngineProcess:
        async with asyncio.timeout(WITHIN_S):
            while not answers(self.paths.socket):
                assert self.process.is_alive(), self.stderr
                await asyncio.sleep(0.005)
        return self

    async def attach(self, **more: Any) -> Attached:
        await self.ready()
        return await Attached.to(self.paths.socket, **more)

    def kill(self) -> None:
        self.process.kill()
        self.process.join(WITHIN_S)

    def terminate(self) -> int | None:
        self.process.terminate()
        return self.ended()

    def ended(self) -> int | None:
        self.process.join(WITHIN_S)
        return self.process.exitcode


class Attached:
    """A client that keeps what it was sent and lets a test wait for something in it."""

    def __init__(self) -> None:
        self.client: EngineClient
        self.records: list[Recorded] = []
        self.topics: dict[str, Any] = {}
        """Newest body of each topic."""
        self.first: dict[str, Any] = {}
        """First body of each topic."""
        self.frames: deque[Any] = deque(maxlen=1000)
        self._news = asyncio.Event()

    @classmethod
    async def to(cls, path: Path, *, follow: int | None = 0, screen: str = "") -> Attached:
        attached = cls()
        attached.client = await EngineClient.connect(path, client="test", screen=screen, on_frame=attached._take)
        if follow is not None:
            await attached.client.follow(follow)
        return attached

    def _take(self, frame: Any) -> None:
        self.frames.append(frame)
        if isinstance(frame, Log):
            self.records.extend(frame.records)
        elif isinstance(frame, Topics):
            for update in frame.updates:
                self.topics[update.topic] = update.body
                self.first.setdefault(update.topic, update.body)
        self._news.set()

    async def until(self, what: Callable[[], Any], within_s: float = WITHIN_S) -> Any:
        """Wait until ``what()`` is true, looked at after every frame."""
        async with asyncio.timeout(within_s):
            while not (found := what()):
                self._news.clear()
                await self._news.wait()
        return found

    def facts(self, kind: type) -> list[Any]:
        return [record.fact for record in self.records if isinstance(record.fact, kind)]

    async def fact(self, kind: type, **fields: object) -> Any:
        """Wait for a fact of a kind with these fields."""

        def matching() -> Any:
            found = [f for f in self.facts(kind) if all(getattr(f, n) == v for n, v in fields.items())]
            return found[0] if found else None

        return await self.until(matching)

    async def topic(self, name: str, ready: Callable[[Any], Any] = lambda _: True) -> Any:
        """Wait for a body of a topic."""
        return await self.until(lambda: self.topics[name] if name in self.topics and ready(self.topics[name]) else None)


def journalled(paths: DeskPaths) -> tuple[list[Recorded], list[DeskInput]]:
    """Facts and inputs of a desk, read beside or after its engine."""
    journal = open_journal(paths.folder, desk=paths.desk, mode=None, read_only=True)
    try:
        return journal.read(0, 10**6), journal.inputs(0, 10**6)
    finally:
        journal.close()


def folded(records: list[Recorded]) -> DeskState:
    state = DeskState()
    for record in records:
        evolve(state, record)
    return state
