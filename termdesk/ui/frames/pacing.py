"""How often market data is drawn: no faster than the line takes the bytes, and no faster than drawing takes. Pure.

Keys, orders and messages never wait for any of this; what they send is
charged all the same, and market data waits the longer for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import Enum

SLOWER = (15, 8, 4, 2, 1)
"""Frames a second that are tried one after the other where the asked ones can't be held."""
WINDOW_NS = 1_000_000_000
"""How long a rate is looked at before it is judged."""
CALM_WINDOWS, MOST_CALM_WINDOWS = 2, 32
"""Windows with room in a row before the next faster rate is tried; twice as many where the last try failed."""
ROOM_FOR_FASTER = 0.7
"""Share of the allowance that a window with room uses at most; a faster rate costs less than its share more."""
BURST_S = 0.25
"""Seconds of the allowance that may be saved up."""
UNDER_WAY = 6
"""Writes of two frames; more of them wait only for a line that does not take them."""
_SLACK = 0.25
"""Share of a period by which a timer may be early."""


class Why(Enum):
    """Why fewer frames are drawn than were asked for."""

    NONE = "none"
    BYTES = "bytes"
    DRAWING = "drawing"


def begins_low(profile: str, environment: Mapping[str, str]) -> bool:
    """Whether a screen begins in the low-bandwidth profile.

    ``auto`` is low over SSH, since nothing tells a fast line from a slow one
    before it is too late. mosh begins by SSH and keeps its variables, and tmux
    takes them over from whoever attached when the window was opened.
    """
    is_remote = any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY"))
    return profile == "low" or (profile == "auto" and is_remote)


class Budget:
    """An allowance of bytes a second, as a bucket that fills steadily and may be overdrawn.

    Whoever sends only while there is room sends, over any time T, at most the
    rate times T, the burst, and what went over with the last piece. What others
    send beyond a second's allowance is forgiven, so that nobody waits longer for it.

    Args:
        bytes_s: The allowance; 0 is no limit.
    """

    def __init__(self, bytes_s: int) -> None:
        self.bytes_s = bytes_s
        self._burst = bytes_s * BURST_S
        self._level = self._burst
        self._at_ns: int | None = None

    def charge(self, sent: int) -> None:
        """Take off what was sent, whoever sent it."""
        self._level = max(self._level - sent, min(self._level, -float(self.bytes_s)))

    def room(self, now_ns: int) -> float:
        """Give what may be sent now; below 0 it is owed."""
        if not self.bytes_s:
            return math.inf
        if self._at_ns is not None:
            self._level = min(self._burst, self._level + self.bytes_s * max(0, now_ns - self._at_ns) / 1e9)
        self._at_ns = now_ns
        return self._level


class Pace:
    """Frames a second of market data: as many as were asked for, or the next lower rate that can be held.

    Args:
        fps: Frames a second that were asked for.
        bytes_s: Allowance of the line; 0 is no limit.

    Attributes:
        fps: Frames a second now.
        why: Why that is less than was asked for.
    """

    def __init__(self, fps: int, bytes_s: int = 0) -> None:
        self._steps = (fps, *(slower for slower in SLOWER if slower < fps))
        self._step = 0
        self._calm, self._calm_needed, self._held = 0, CALM_WINDOWS, 0
        self._rose = False
        self._budget = Budget(bytes_s)
        self._sent: int | None = None
        self._due_ns = 0
        self._window = _Window(0)
        self._spent_ns = 0
        self.why = Why.NONE

    @property
    def fps(self) -> int:
        """Frames a second now."""
        return self._steps[self._step]

    @property
    def is_lowered(self) -> bool:
        """Whether that is less than was asked for."""
        return self._step > 0

    @property
    def _faster(self) -> int:
        return self._steps[max(0, self._step - 1)]

    def limit(self, bytes_s: int) -> None:
        """Change the allowance; the pace begins anew."""
        self._budget = Budget(bytes_s)
        self._step, self._calm, self._calm_needed, self.why = 0, 0, CALM_WINDOWS, Why.NONE

    def took(self, spent_ns: int) -> None:
        """Note time that went into drawing."""
        self._spent_ns += spent_ns

    def begin(self, now_ns: int, sent: int, backlog: int) -> float | None:
        """Give the bytes that market data may cost in this tick; None before its time.

        Args:
            now_ns: Monotonic clock.
            sent: Bytes that were ever sent.
            backlog: Writes that the terminal has not taken yet; some are always under way.
        """
        period_ns = 1_000_000_000 // self.fps
        self._settle(now_ns, sent, period_ns)
        room = self._budget.room(now_ns)
        if self.is_lowered:  # else whoever asks comes as often as was asked for
            if now_ns < self._due_ns - period_ns * _SLACK:
                return None
            self._due_ns = max(self._due_ns + period_ns, now_ns + period_ns // 2)
        self._window.ticks += 1
        return 0 if backlog > UNDER_WAY else room

    def waited(self) -> None:
        """Note that something could not be drawn for lack of room."""
        self._window.waited += 1

    def _settle(self, now_ns: int, sent: int, period_ns: int) -> None:
        """Account for what happened since the last tick, and judge the rate when its window is over."""
        fresh = sent - self._sent if self._sent is not None else 0
        self._sent = sent
        self._budget.charge(fresh)
        window = self._window
        window.sent += fresh
        if self._spent_ns:
            window.overran += self._spent_ns > period_ns
            window.dear += self._spent_ns * self._faster > 1_000_000_000 * ROOM_FOR_FASTER
            self._spent_ns = 0
        if now_ns - window.began_ns >= WINDOW_NS:
            if window.ticks > 1:
                self._judge(window)
            self._window = _Window(now_ns)

    def _judge(self, window: _Window) -> None:
        """Go a step down at once, and try the faster one when there was room long enough."""
        self._held += 1
        for why, count in ((Why.DRAWING, window.overran), (Why.BYTES, window.waited)):
            if count * 3 > window.ticks:
                if self._step + 1 < len(self._steps):
                    if self._rose:
                        has_failed = self._held <= CALM_WINDOWS
                        self._calm_needed = (
                            min(MOST_CALM_WINDOWS, 2 * self._calm_needed) if has_failed else CALM_WINDOWS
                        )
                    self._to(self._step + 1, why)
                self._calm = 0
                return
        if not self._step:
            return
        allowed = self._budget.bytes_s
        has_bytes = not window.waited and (not allowed or window.sent <= allowed * ROOM_FOR_FASTER)
        # Half as many as would lower it again: a dear frame now and then, as that of every second, holds nothing up.
        has_room = has_bytes and window.dear * 6 <= self._faster
        self._calm = self._calm + 1 if has_room else 0
        if self._calm >= self._calm_needed:
            self._to(self._step - 1, self.why if self._step > 1 else Why.NONE)

    def _to(self, step: int, why: Why) -> None:
        self._rose = step < self._step
        self._step, self.why = step, why
        self._calm = self._held = 0


class _Window:
    """What happened while one rate was looked at."""

    def __init__(self, began_ns: int) -> None:
        self.began_ns = began_ns
        self.ticks = self.waited = self.overran = self.sent = self.dear = 0


class Turns:
    """Panes that wait to be drawn. The urgent go first, but the longer one waits the more urgent it gets.

    Costs are what a pane's drawings sent before, the newer counting more.
    """

    def __init__(self) -> None:
        self._since: dict[str, int] = {}
        self._cost: dict[str, float] = {}

    @property
    def waiting(self) -> bool:
        """Whether any pane waits."""
        return bool(self._since)

    def wait(self, names: Iterable[str], now_ns: int) -> None:
        """Let panes wait; those that do already go on waiting."""
        for name in names:
            self._since.setdefault(name, now_ns)

    def order(self, urgency: dict[str, int], now_ns: int) -> list[str]:
        """Give who waits, the most urgent first; panes without an urgency have gone and are dropped."""
        self._since = {name: since for name, since in self._since.items() if name in urgency}
        return sorted(self._since, key=lambda name: -urgency[name] * (now_ns - self._since[name] + WINDOW_NS // 100))

    def done(self, name: str) -> None:
        """Let a pane wait no more."""
        self._since.pop(name, None)

    def cost(self, name: str) -> float:
        """Give the bytes that drawing a pane is expected to cost."""
        return self._cost.get(name, 0.0)

    def learn(self, spent: dict[str, int]) -> None:
        """Take what drawings cost."""
        for name, sent in spent.items():
            self._cost[name] = 0.7 * self._cost.get(name, sent) + 0.3 * sent
