"""The system clock, made monotone. The only place of the engine that reads clocks."""

from __future__ import annotations

import time


class SystemClock:
    """Time of the machine for the engine's shells; the pure rooms get it as an argument.

    After a step back of the system clock time goes on at half its pace until it is met.

    Attributes:
        ahead_ns: How far this time is ahead of the system clock, as of the last look; 0 as a rule.
    """

    def __init__(self) -> None:
        self.ahead_ns = 0
        self._newest = 0
        self._ticks = time.perf_counter_ns()

    def wall_ns(self) -> int:
        """Nanoseconds UTC, never less than before."""
        system, ticks = time.time_ns(), time.perf_counter_ns()  # noqa: TID251  # this is the clock
        self._newest = max(system, self._newest + (ticks - self._ticks) // 2)
        self._ticks = ticks
        self.ahead_ns = self._newest - system
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
