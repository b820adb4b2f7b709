"""What the benchmark of the workstation makes of what it saw; it measures by hand only."""

from __future__ import annotations

from typing import Any

import pytest
from bench_workstation import LONGEST_S, delivered, echoes


class Typed:
    """A screen that echoes at once, except every tenth key never."""

    def __init__(self, silent: int = 10) -> None:
        self.silent = silent
        self.keys = 0

    def drain(self, seconds: float) -> None:
        pass

    def type(self, data: bytes) -> float:
        self.keys += data.isdigit()
        return 1.0

    def until_line(self, mark: str, timeout: float) -> float | None:
        return None if self.keys % self.silent == 0 else 1.005


def test_echo_that_did_not_come_counts_with_its_wait() -> None:
    screen: Any = Typed()
    told = echoes(screen, 100)
    assert told["missed"] == 10
    assert told["echo_p50_ms"] == pytest.approx(5)
    assert told["echo_p95_ms"] == told["echo_p99_ms"] == LONGEST_S * 1e3 == 2_000


def test_screen_that_never_echoes_ends_the_measurement() -> None:
    screen: Any = Typed(silent=1)
    with pytest.raises(SystemExit):
        echoes(screen, 10)


def test_updates_are_those_that_reached_the_engine_between_its_stamps() -> None:
    assert delivered((1_000, 5 * 10**9), (199_000, 15 * 10**9)) == 19_800
