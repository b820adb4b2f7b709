"""The system clock, made monotone. The only place of the engine that reads clocks."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Time for the engine's shells; the pure rooms get it as an argument."""

    def wall_ns(self) -> int:
        """Nanoseconds UTC; never goes back while the process lives."""
        ...

    def ticks_ns(self) -> int:
        """Nanoseconds from an arbitrary start, for durations."""
        ...


class SystemClock:
    """``Clock`` of the machine. A step back of the system clock holds the time until it has caught up."""

    def __init__(self) -> None:
        self._newest = 0

    def wall_ns(self) -> int:
        """Nanoseconds UTC, never less than before."""
        now = time.time_ns()  # noqa: TID251  # this is the clock
        if now > self._newest:
            self._newest = now
        return self._newest

    def at_least(self, ns: int) -> None:
        """Do not give a time before ``ns`` from here on: desk time never goes back inside a journal."""
        self._newest = max(self._newest, ns)

    def ticks_ns(self) -> int:
        """Nanoseconds of the monotonic clock."""
        return time.perf_counter_ns()

    def loop_cpu_ns(self) -> int:
        """CPU nanoseconds of the calling thread."""
        return time.thread_time_ns()

    def process_cpu_ns(self) -> int:
        """CPU nanoseconds of the whole process."""
        return time.process_time_ns()
