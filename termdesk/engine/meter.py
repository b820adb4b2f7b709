"""Measured time by part of the engine: who costs what."""

from __future__ import annotations

from collections.abc import Awaitable, Generator
from typing import Any, Generic, TypeVar

from termdesk.engine.clock import SystemClock

T = TypeVar("T")


class Meter:
    """Nanoseconds that the loop spent for each part since the last reading.

    Attributes:
        feeds: Receiving and decoding.
        desk: Market state, simulated exchange, turns.
        clients: Conflation, encoding, sockets.
    """

    __slots__ = ("_clock", "_others", "_ticks", "clients", "desk", "feeds")

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock
        self.feeds = self.desk = self.clients = 0
        self._ticks = clock.ticks_ns()
        self._others = clock.process_cpu_ns() - clock.loop_cpu_ns()

    def shares(self) -> dict[str, float]:
        """Share of one core by part since the last call; must be called in the loop's thread.

        ``journal`` is the CPU time of every other thread: the writer is the only one at work.
        """
        ticks = self._clock.ticks_ns()
        others = self._clock.process_cpu_ns() - self._clock.loop_cpu_ns()
        spent = max(1, ticks - self._ticks)
        parts = {
            "feeds": self.feeds,
            "desk": self.desk,
            "journal": max(0, others - self._others),
            "clients": self.clients,
        }
        self._ticks, self._others = ticks, others
        self.feeds = self.desk = self.clients = 0
        return {name: round(ns / spent, 4) for name, ns in parts.items()}


class Measured(Generic[T]):
    """Awaits something and adds the time of its own steps, not of its waiting, to one part of a meter."""

    def __init__(self, awaitable: Awaitable[T], meter: Meter, part: str, clock: SystemClock) -> None:
        self._awaitable = awaitable
        self._meter = meter
        self._part = part
        self._clock = clock

    def __await__(self) -> Generator[Any, Any, T]:
        inner = self._awaitable.__await__()
        value: Any = None
        error: BaseException | None = None
        while True:
            began = self._clock.ticks_ns()
            try:
                waited_for = inner.send(value) if error is None else inner.throw(error)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            finally:
                spent = self._clock.ticks_ns() - began
                setattr(self._meter, self._part, getattr(self._meter, self._part) + spent)
            error = None
            try:
                value = yield waited_for
            except BaseException as e:  # noqa: BLE001  # cancellation too belongs to the awaited, not to the meter
                error = e
