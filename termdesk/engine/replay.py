"""The sequencer of a recording: one heap ordered by (time, class, sequence), played at a pace.

Pace and pause only delay when the next item is taken. The next one is taken
only when the broker effects of the last have left the outbox, and desk time
stands still meanwhile, so neither the disk nor the speed decides what fills.
Broker reports of the simulated exchange are taken inside the item that
caused them; a deadline comes after the events and before the commands of its
time, and has that time. After the last event time stands still.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from itertools import islice

from termdesk.adapters.contract import Recording
from termdesk.core.model.command import DeskCommand
from termdesk.core.model.errors import Refused
from termdesk.core.model.event import MarketEvent
from termdesk.core.wire.topics import ReplayHealth
from termdesk.engine.clock import SystemClock
from termdesk.engine.meter import Meter
from termdesk.engine.sequencer import YIELD_NS, CommandInput, Taker

LOOKAHEAD = 64
"""Events decoded at a time."""
LAG_NS = 100_000_000
"""A replay further behind its pace than this (wall time) gives up catching up."""
SLOWEST, FASTEST = 0.001, 1_000_000.0
FOREVER_NS = 2**63 - 1


class ReplaySequencer:
    """``Sequencer`` of a recording.

    Attributes:
        first_ns: Stamp of the first event; desk time begins here.
        at_end: Set once everything was played and its effects have left.
    """

    def __init__(
        self,
        recording: Recording,
        clock: SystemClock,
        meter: Meter,
        *,
        commands: Iterable[CommandInput] = (),
        speed: float = 1.0,
        paused: bool = False,
        until_ns: int | None = None,
    ) -> None:
        self._name = recording.name
        self._events = recording.events()
        self._clock = clock
        self._meter = meter
        self._until_ns = FOREVER_NS if until_ns is None else until_ns
        self._ahead: deque[MarketEvent] = deque()
        self._exhausted = False
        self._heap: list[tuple[int, int, CommandInput]] = []
        self._given = 0
        self._desk: Taker
        self._attached = False
        self._changed = asyncio.Event()
        self._speed = speed
        self._paused = paused
        self._steps = 0
        self._fast_until_ns = 0
        self._waiting = True
        self.at_end = asyncio.Event()
        self.first_ns = self._next_event_ns() or 0
        self._position = self.first_ns
        self._anchor = (self._position, clock.ticks_ns())
        for item in commands:
            self._push(item)

    # what people ask of it

    def now_ns(self) -> int:
        """Desk time: the last item's, moved on by the pace up to the next item, standing still in between."""
        if not self._running():
            return self._position
        pending = self._next_ns()
        if pending is None:
            return self._position
        return max(self._position, min(self._paced_ns(), pending))

    def put_command(self, command: DeskCommand, actor: str) -> None:
        """Put a typed command on the heap at the desk time of its arrival, behind all that has the same time."""
        self._push(CommandInput(self.now_ns(), actor, command))
        self._changed.set()

    def put_durable(self, seq: int) -> None:
        """Let out what rests on durable facts; desk time stands still while effects are on their way."""
        self._desk.take_durable(seq, self._position)
        self._changed.set()

    def put_call(self, call: Callable[[], None]) -> None:
        """Do the engine's own work now: between two items."""
        call()
        self._changed.set()

    def set_speed(self, speed: float) -> None:
        """Play at a multiple of the recording's pace; 0 is as fast as possible.

        Raises:
            Refused: The speed is neither 0 nor between ``SLOWEST`` and ``FASTEST``.
        """
        if not (speed == 0 or SLOWEST <= speed <= FASTEST):
            raise Refused("number.invalid", {"value": f"{speed:g}"})
        self._hold()
        self._speed = speed
        self._changed.set()

    def pause(self, *, paused: bool) -> None:
        """Hold, or go on."""
        self._hold()
        self._paused = paused
        self._changed.set()

    def step(self, events: int) -> None:
        """Play the next market events of a paused recording.

        Raises:
            Refused: It is not paused, or ``events`` is not above 0.
        """
        if events < 1:
            raise Refused("number.invalid", {"value": str(events)})
        if not self._paused:
            raise Refused("command.step_not_paused")
        self._steps += events
        self._changed.set()

    def jump(self, to_ns: int) -> None:
        """Play to a time at full speed, then at the pace before.

        Raises:
            Refused: The time lies behind.
        """
        now = self.now_ns()
        if to_ns < now:
            raise Refused("command.jump_backwards", {"to": str(to_ns), "now": str(now)})
        self._fast_until_ns = to_ns
        self._changed.set()

    def health(self) -> ReplayHealth:
        """Where the replay is."""
        return ReplayHealth(self._speed, self._paused, self.ended, self.first_ns, self._position if self.ended else 0)

    @property
    def played_out(self) -> bool:
        """Whether every event was taken; commands go on being taken at the last one's time."""
        return self._next_event_ns() is None

    @property
    def ended(self) -> bool:
        """Whether every event and every queued command was taken."""
        return self._next_event_ns() is None and not self._heap

    # playing

    def attach(self, desk: Taker) -> None:
        """Name the desk that takes the inputs."""
        self._desk = desk
        self._attached = True

    async def run(self) -> None:
        """Play until cancelled; an ended recording goes on taking commands."""
        desk = self._desk
        self._waiting = False
        self._anchor = (self._position, self._clock.ticks_ns())
        while True:
            await self._settle(desk)
            self._land()
            delay_ns = self._delay_ns()
            if delay_ns is None or delay_ns > 0:
                if self.ended:
                    self.at_end.set()
                await self._sleep(delay_ns)
                continue
            self._play(desk)
            await asyncio.sleep(0)

    def warm(self, take: Callable[[str, MarketEvent], None], to_ns: int) -> None:
        """Give every event up to a time to ``take`` instead of the desk: what a resumed run has seen before."""
        while (at_ns := self._next_event_ns()) is not None and at_ns <= to_ns:
            take(self._name, self._ahead.popleft())
        self._position = max(self._position, to_ns)

    def _play(self, desk: Taker) -> None:
        """Take what is due for a few milliseconds, or until an effect is on its way."""
        began = self._clock.ticks_ns()
        decoding = self._meter.feeds
        while True:
            self._take_next(desk)
            if not desk.settled or self._clock.ticks_ns() - began > YIELD_NS:
                break
            delay_ns = self._delay_ns()
            if delay_ns is None or delay_ns > 0:
                break
        self._catch_up()
        self._meter.desk += self._clock.ticks_ns() - began - (self._meter.feeds - decoding)

    def _take_next(self, desk: Taker) -> None:
        event_ns = self._next_event_ns()
        due_ns = self._due_ns()
        if due_ns is not None and (event_ns is None or due_ns < event_ns):
            self._position = max(self._position, due_ns)
            desk.take_deadlines(self._position)
            return
        if event_ns is not None and (not self._heap or event_ns <= self._heap[0][0]):
            self._position = max(self._position, event_ns)
            self._steps = max(0, self._steps - 1)
            desk.take_event(self._name, self._ahead.popleft(), self._position)
            return
        at_ns, _, item = heappop(self._heap)
        self._position = max(self._position, at_ns)
        desk.take_command(item)

    async def _settle(self, desk: Taker) -> None:
        """Wait until no broker effect rests in the outbox; desk time stands still meanwhile."""
        self._waiting = True
        while not desk.settled:
            self._changed.clear()
            await self._changed.wait()
        self._waiting = False

    async def _sleep(self, delay_ns: int | None) -> None:
        self._changed.clear()
        if delay_ns is None:
            await self._changed.wait()
            return
        try:
            async with asyncio.timeout(delay_ns / 1e9):
                await self._changed.wait()
        except TimeoutError:
            return

    def _delay_ns(self) -> int | None:
        """Wall time until the next item may be taken; None while nothing is to be taken at all."""
        at_ns = self._next_ns()
        if at_ns is None:
            return None
        if self._fast_until_ns >= at_ns or self._steps or (self._heap and self._heap[0][0] <= self._position):
            return 0
        if self._paused:
            return None
        if self._speed <= 0:
            return 0
        return max(0, int((at_ns - self._paced_ns()) / self._speed))

    def _land(self) -> None:
        """End a jump once nothing at or before its time is left; desk time is then the time asked for."""
        at_ns = self._next_ns()
        if self._fast_until_ns and (at_ns is None or at_ns > self._fast_until_ns):
            if at_ns is not None:
                self._position = max(self._position, self._fast_until_ns)
            self._fast_until_ns = 0
            self._anchor = (self._position, self._clock.ticks_ns())

    def _running(self) -> bool:
        return not (self._waiting or self._paused or self._speed <= 0 or self._fast_until_ns > self._position)

    def _paced_ns(self) -> int:
        desk_ns, ticks_ns = self._anchor
        return desk_ns + int((self._clock.ticks_ns() - ticks_ns) * self._speed)

    def _hold(self) -> None:
        """Fix desk time where it is and count the pace from here."""
        self._position = self.now_ns()
        self._anchor = (self._position, self._clock.ticks_ns())

    def _catch_up(self) -> None:
        """Give up what can't be caught up with, after jumps, at full speed, or where the machine is too slow."""
        at_ns = self._next_ns()
        behind = at_ns is not None and self._paced_ns() - at_ns > LAG_NS * max(self._speed, 1e-9)
        if behind or self._position > self._paced_ns():
            self._anchor = (self._position, self._clock.ticks_ns())

    def _push(self, item: CommandInput) -> None:
        self._given += 1
        heappush(self._heap, (item.at_ns, self._given, item))

    def _next_ns(self) -> int | None:
        times = (self._next_event_ns(), self._heap[0][0] if self._heap else None, self._due_ns())
        return min((at_ns for at_ns in times if at_ns is not None), default=None)

    def _due_ns(self) -> int | None:
        """When the desk has something to do by itself, if time gets there: it ends with events and commands."""
        due_ns = self._desk.next_deadline() if self._attached else None
        if due_ns is None:
            return None
        if self._next_event_ns() is None and not (self._heap and due_ns <= self._heap[0][0]):
            return None
        return due_ns if not self._heap or due_ns <= self._heap[0][0] else None

    def _next_event_ns(self) -> int | None:
        if not self._ahead:
            if self._exhausted:
                return None
            began = self._clock.ticks_ns()
            self._ahead.extend(islice(self._events, LOOKAHEAD))
            self._meter.feeds += self._clock.ticks_ns() - began
            if not self._ahead:
                self._exhausted = True
                return None
        at_ns = self._ahead[0].recv_ns
        return at_ns if at_ns <= self._until_ns else None
