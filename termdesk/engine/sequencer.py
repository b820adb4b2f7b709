"""One queue, one total order: what the desk takes next, and at which desk time.

Live and demo desks take inputs in the order of their arrival, each stamped
with the system clock when it arrived. A recording is played by
``engine/replay.py`` behind the same interface.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec
from msgspec.structs import replace

from termdesk.core.model.command import DeskCommand
from termdesk.core.model.event import MarketEvent
from termdesk.core.wire.topics import ReplayHealth
from termdesk.engine.clock import SystemClock
from termdesk.engine.meter import Meter

YIELD_NS = 4_000_000
"""The loop is given back at least this often."""
LONGEST_WAIT_S = 60.0
"""For a time that has to come; the system clock may be set meanwhile."""
SLICE = 128
"""Events taken between two looks at the clock."""
ROOM = 64
"""Inputs that wait, slices of events among them, before sources wait as well."""


class CommandInput(msgspec.Struct, frozen=True):
    """A command as it arrived: stamped, with the user of its connection."""

    at_ns: int
    actor: str
    command: DeskCommand


class Taker(Protocol):
    """What takes the inputs: the desk. None of these waits for anything."""

    def take_event(self, feed: str, event: MarketEvent, now_ns: int) -> None:
        """Take one event of a source."""
        ...

    def take_command(self, item: CommandInput) -> None:
        """Take one command."""
        ...

    def take_durable(self, seq: int, now_ns: int) -> None:
        """Facts up to ``seq`` are durable: let out what rests on them."""
        ...

    def next_deadline(self) -> int | None:
        """When something has to be done without an input."""
        ...

    def take_deadlines(self, to_ns: int) -> None:
        """Do what is due by a time."""
        ...

    @property
    def settled(self) -> bool:
        """Whether no effect on a broker rests in the outbox."""
        ...


class Sequencer(Protocol):
    """The order of inputs and the owner of desk time."""

    def now_ns(self) -> int:
        """Desk time."""
        ...

    def put_command(self, command: DeskCommand, actor: str) -> None:
        """Queue a command with the desk time of its arrival."""
        ...

    def put_durable(self, seq: int) -> None:
        """Queue the writer's word that facts are durable."""
        ...

    def put_call(self, call: Callable[[], None]) -> None:
        """Queue a piece of work of the engine itself, in the same order as everything else."""
        ...

    def health(self) -> ReplayHealth | None:
        """Where a replay is; None for a desk that lives in real time."""
        ...

    def attach(self, desk: Taker) -> None:
        """Name the desk that takes the inputs; comes before everything else."""
        ...

    async def run(self) -> None:
        """Give inputs to the desk until cancelled."""
        ...


class LiveSequencer:
    """``Sequencer`` of real time: arrival order on the system clock."""

    def __init__(self, clock: SystemClock, meter: Meter) -> None:
        self._clock = clock
        self._meter = meter
        self._desk: Taker
        self._queue: deque[Callable[[Taker], None]] = deque()
        self._arrived = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()

    def now_ns(self) -> int:
        """Desk time is the system clock, made monotone."""
        return self._clock.wall_ns()

    def put_events(self, feed: str, events: Sequence[MarketEvent]) -> None:
        """Queue what a source said, in slices so that a large batch does not hold the loop.

        Sources stamp what they hear with the system clock; where desk time is ahead of it, so are the stamps then,
        or a source that speaks would look stale.
        """
        now = self._clock.wall_ns()
        if ahead := self._clock.ahead_ns:
            events = [replace(event, recv_ns=event.recv_ns + ahead) for event in events]
        for start in range(0, len(events), SLICE):
            part = events[start : start + SLICE]

            def take(desk: Taker, part: Sequence[MarketEvent] = part) -> None:
                desk.take_deadlines(now - 1)
                for event in part:
                    desk.take_event(feed, event, now)

            self._put(take)

    async def room(self) -> None:
        """Wait until the desk has nearly caught up; sources do so before they go on.

        One that is read faster than the desk takes would fill the memory, and commands would stand behind all of it.
        """
        await self._has_room.wait()

    def put_command(self, command: DeskCommand, actor: str) -> None:
        """Queue a command."""
        item = CommandInput(self._clock.wall_ns(), actor, command)
        self._put(lambda desk: desk.take_command(item))

    def put_durable(self, seq: int) -> None:
        """Queue the writer's word; what it lets out happens at the desk time of its arrival."""
        now = self._clock.wall_ns()
        self._put(lambda desk: desk.take_durable(seq, now))

    def put_call(self, call: Callable[[], None]) -> None:
        """Queue the engine's own work."""
        self._put(lambda _: call())

    def health(self) -> ReplayHealth | None:
        """Real time is no replay."""
        return None

    def attach(self, desk: Taker) -> None:
        """Name the desk that takes the inputs."""
        self._desk = desk

    async def run(self) -> None:
        """Take inputs as they come, giving the loop back every few milliseconds."""
        while True:
            await self._wait()
            while self._queue:
                self._take_some()
                await asyncio.sleep(0)
            self._arrived.clear()

    async def _wait(self) -> None:
        """Wait for an input, or for the time at which the desk has to do something by itself."""
        due_ns = self._desk.next_deadline()
        if due_ns is None:
            await self._arrived.wait()
            return
        delay_ns = due_ns - self._clock.wall_ns()
        try:
            async with asyncio.timeout(min(LONGEST_WAIT_S, max(0, delay_ns) / 1e9)):
                await self._arrived.wait()
        except TimeoutError:
            self._desk.take_deadlines(self._clock.wall_ns())

    def _take_some(self) -> None:
        queue, clock, desk = self._queue, self._clock, self._desk
        began = now = clock.ticks_ns()
        while queue and now - began < YIELD_NS:
            queue.popleft()(desk)
            now = clock.ticks_ns()
        if len(queue) <= ROOM:
            self._has_room.set()
        self._meter.desk += now - began

    def _put(self, take: Callable[[Taker], None]) -> None:
        self._queue.append(take)
        self._arrived.set()
        if len(self._queue) > ROOM:
            self._has_room.clear()
