"""Deadlines in the order of inputs: after the market events of their moment and before its commands."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from termdesk.core.model.command import CancelAll
from termdesk.core.model.event import FeedLink
from termdesk.core.model.terms import Link
from termdesk.engine.clock import SystemClock
from termdesk.engine.meter import Meter
from termdesk.engine.replay import ReplaySequencer
from termdesk.engine.sequencer import CommandInput, LiveSequencer


class Taking:
    """A desk that has things to do at given times and notes what it takes, and when."""

    settled = True

    def __init__(self, *due_ns: int) -> None:
        self.due = sorted(due_ns)
        self.taken: list[tuple[str, int]] = []
        self.done = asyncio.Event()

    def next_deadline(self) -> int | None:
        return self.due[0] if self.due else None

    def take_deadlines(self, to_ns: int) -> None:
        while self.due and self.due[0] <= to_ns:
            self.taken.append(("deadline", self.due.pop(0)))
            self.done.set()

    def take_event(self, feed: str, event: Any, now_ns: int) -> None:
        self.taken.append(("event", now_ns))

    def take_command(self, item: CommandInput) -> None:
        self.taken.append(("command", item.at_ns))


class Played:
    name = "played"

    def events(self) -> Any:
        return (FeedLink("played", at_ns, Link.UP) for at_ns in (10, 20, 20, 40))


@pytest.mark.parametrize("speed", [0.0, 1_000_000.0])
async def test_a_replay_takes_a_deadline_at_its_own_time(speed: float) -> None:
    clock = SystemClock()
    typed = CommandInput(20, "a", CancelAll(command_id="c"))
    sequencer = ReplaySequencer(Played(), clock, Meter(clock), commands=[typed], speed=speed)  # type: ignore[arg-type]
    desk = Taking(20, 30, 50)
    sequencer.attach(desk)  # type: ignore[arg-type]
    running = asyncio.create_task(sequencer.run())
    async with asyncio.timeout(5):
        await sequencer.at_end.wait()
    running.cancel()
    assert desk.taken == [
        ("event", 10),
        ("event", 20),
        ("event", 20),
        ("deadline", 20),
        ("command", 20),
        ("deadline", 30),
        ("event", 40),
    ]
    assert desk.due == [50]


async def test_a_live_desk_does_what_is_due_although_nothing_arrives() -> None:
    clock = SystemClock()
    sequencer = LiveSequencer(clock, Meter(clock))
    desk = Taking(clock.wall_ns() + 20_000_000)
    sequencer.attach(desk)  # type: ignore[arg-type]
    running = asyncio.create_task(sequencer.run())
    async with asyncio.timeout(5):
        await desk.done.wait()
    running.cancel()
    assert [kind for kind, _ in desk.taken] == ["deadline"]
