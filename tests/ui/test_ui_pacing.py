from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.ui.frames.pacing import BURST_S, CALM_WINDOWS, Budget, Pace, Turns, Why, begins_low

MS, SECOND = 1_000_000, 1_000_000_000
LARGEST = 3_000


class Line:
    """A pace whose ticks come by themselves, and what was sent at each of them."""

    def __init__(self, fps: int = 30, bytes_s: int = 0) -> None:
        self.pace = Pace(fps, bytes_s)
        self.now_ns, self.sent = 10**12, 0
        self.frames = 0

    def tick(self, size: int, *, backlog: int = 0, took_ns: int = 0) -> bool:
        """Draw a frame of a size if it may be drawn; gives whether it was."""
        self.now_ns += SECOND // 30
        room = self.pace.begin(self.now_ns, self.sent, backlog)
        if room is None:
            return False
        if room <= 0:
            self.pace.waited()
            return False
        self.sent += size
        self.frames += 1
        self.pace.took(took_ns)
        return True

    def run(self, seconds: float, size: int, **how: int) -> int:
        """Tick for a while; gives how many frames were drawn."""
        return sum(self.tick(size, **how) for _ in range(int(seconds * 30)))


@given(
    st.integers(2_000, 50_000),
    st.lists(st.tuples(st.integers(0, 400 * MS), st.integers(0, LARGEST)), min_size=1, max_size=60),
)
def test_no_window_of_time_sends_more_than_its_share_the_burst_and_one_piece(
    bytes_s: int, asked: list[tuple[int, int]]
) -> None:
    budget, now_ns = Budget(bytes_s), 0
    sent: list[tuple[int, int]] = []
    for pause, size in asked:
        now_ns += pause
        if budget.room(now_ns) > 0:
            budget.charge(size)
            sent.append((now_ns, size))
    for first in range(len(sent)):
        for last in range(first, len(sent)):
            seconds = (sent[last][0] - sent[first][0]) / 1e9
            most = bytes_s * (seconds + BURST_S) + LARGEST
            assert sum(size for _, size in sent[first : last + 1]) <= most + 1


def test_nobody_waits_longer_than_a_second_for_what_keys_sent() -> None:
    budget = Budget(10_000)
    budget.room(0)
    budget.charge(10**9)
    assert budget.room(SECOND // 2) <= 0
    assert budget.room(SECOND + MS) > 0


def test_without_an_allowance_there_is_always_room() -> None:
    budget = Budget(0)
    budget.charge(10**9)
    assert budget.room(5) == math.inf


def test_the_asked_rate_is_held_while_there_is_room() -> None:
    line = Line(bytes_s=32_000)
    assert line.run(5, size=700) == 150
    assert (line.pace.fps, line.pace.why, line.pace.is_lowered) == (30, Why.NONE, False)


def test_the_rate_falls_until_the_allowance_is_kept_and_the_reason_is_told() -> None:
    line = Line(bytes_s=32_000)
    line.run(4, size=3_000)
    before = line.sent
    line.run(10, size=3_000)
    assert (line.sent - before) / 10 <= 32_000 * 1.02
    assert line.pace.fps in (8, 15)
    assert line.pace.why is Why.BYTES


def test_the_rate_rises_again_when_there_is_room() -> None:
    line = Line(bytes_s=32_000)
    line.run(6, size=8_000)
    assert line.pace.fps < 8
    line.run(2 + 6 * (CALM_WINDOWS + 1), size=300)
    assert (line.pace.fps, line.pace.why) == (30, Why.NONE)


def test_a_rate_that_can_not_be_held_is_tried_ever_more_seldom() -> None:
    """Frames that cost too much at 15 and little at 8."""
    line, tries, before = Line(bytes_s=32_000), [], 30
    for tick in range(30 * 120):
        fps = line.pace.fps
        line.tick(4_000 if fps > 8 else 1_000)
        if fps > before:
            tries.append(tick)
        before = fps
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses[0] < pauses[-1]


def test_a_terminal_that_takes_nothing_gets_no_market_data() -> None:
    line = Line()
    assert line.run(1, size=100, backlog=30) == 0
    line.run(2, size=100, backlog=30)
    assert line.pace.why is Why.BYTES
    assert line.tick(100) or line.run(1, size=100) > 0


def test_drawing_that_takes_longer_than_its_frame_goes_down_to_15_and_8() -> None:
    line, seen = Line(), []
    for _ in range(150):
        line.tick(100, took_ns=100 * MS)
        seen.append(line.pace.fps)
    assert list(dict.fromkeys(seen)) == [30, 15, 8]
    assert line.pace.why is Why.DRAWING
    line.run(2 + 3 * (CALM_WINDOWS + 1), size=100, took_ns=2 * MS)
    assert (line.pace.fps, line.pace.why) == (30, Why.NONE)


def test_a_slow_frame_every_second_holds_no_lower_rate() -> None:
    line = Line()
    line.run(2, size=100, took_ns=100 * MS)
    assert line.pace.is_lowered
    seconds: set[int] = set()
    for _ in range(30 * 12):
        second = line.now_ns // SECOND
        if line.tick(100, took_ns=5 * MS if second in seconds else 60 * MS):
            seconds.add(second)
    assert (line.pace.fps, line.pace.why) == (30, Why.NONE)


def test_slow_frames_hold_a_lower_rate() -> None:
    line = Line()
    line.run(1.2, size=100, took_ns=40 * MS)
    assert line.pace.fps == 15
    line.run(20, size=100, took_ns=40 * MS)
    assert line.pace.fps == 15


def test_one_slow_frame_lowers_nothing() -> None:
    line = Line()
    for tick in range(90):
        line.tick(100, took_ns=200 * MS if tick == 40 else 2 * MS)
    assert not line.pace.is_lowered


@given(st.lists(st.sampled_from(["ladder", "tape", "chart"]), min_size=1, max_size=3, unique=True))
def test_who_waits_is_named_the_urgent_first(names: list[str]) -> None:
    turns, urgency = Turns(), {"ladder": 16, "tape": 2, "chart": 1}
    turns.wait(names, 0)
    assert turns.order(urgency, MS) == sorted(names, key=lambda name: -urgency[name])


def test_a_starved_pane_gets_its_turn() -> None:
    """One pane is drawn a tick, and the ladder wants every one of them."""
    turns, drawn = Turns(), []
    for tick in range(90):
        now_ns = tick * SECOND // 30
        turns.wait(("ladder", "chart"), now_ns)
        drawn.append(turns.order({"ladder": 16, "chart": 1}, now_ns)[0])
        turns.done(drawn[-1])
    assert drawn.count("chart") >= 3
    assert drawn.count("ladder") > 60


def test_a_pane_that_has_gone_waits_no_more() -> None:
    turns = Turns()
    turns.wait(("ladder-2", "tape"), 0)
    assert turns.order({"tape": 2}, MS) == ["tape"]
    turns.done("tape")
    assert not turns.waiting


@pytest.mark.parametrize(
    ("profile", "environment", "is_low"),
    [
        ("auto", {}, False),
        ("auto", {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}, True),
        ("auto", {"SSH_TTY": "/dev/pts/1"}, True),
        ("full", {"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}, False),
        ("low", {}, True),
    ],
)
def test_a_screen_begins_low_over_ssh_or_when_told(profile: str, environment: dict[str, str], is_low: bool) -> None:
    assert begins_low(profile, environment) is is_low
