"""Keys of a replay: pause, step, speed, jump."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from termdesk.core.model.command import JumpReplay, PauseReplay, SetReplaySpeed, StepReplay
from termdesk.core.wire.topics import ReplayHealth
from termdesk.ui.lines.format import clock
from termdesk.ui.news import News
from termdesk.ui.orders.entry import new_command_id

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

SPEEDS = (1.0, 10.0, 100.0, 0.0)
"""Steps of the speed keys; 0 is as fast as possible."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME = re.compile(r"(?:(\d{4})-(\d\d)-(\d\d)[ T])?(\d{1,2}):(\d\d)(?::(\d\d))?")


def next_speed(speed: float, by: int) -> float:
    """Give the next faster (1) or slower (-1) speed."""
    order = [step or float("inf") for step in SPEEDS]
    now = speed or float("inf")
    if by > 0:
        higher = [step for step in order if step > now]
        chosen = higher[0] if higher else now
    else:
        lower = [step for step in order if step < now]
        chosen = lower[-1] if lower else now
    return 0.0 if chosen == float("inf") else chosen


def typed_time(text: str, now_ns: int, offset_s: int) -> int | None:
    """Read ``HH:MM``, ``HH:MM:SS``, with a date before it or on the day of ``now_ns``; None if it is no time.

    Args:
        text: As typed, at ``offset_s`` seconds east of Greenwich.
        now_ns: Desk time.
        offset_s: Of the reader.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    today = _EPOCH + timedelta(seconds=now_ns // 10**9 + offset_s)
    year, month, day, hour, minute, second = match.groups(default="")
    try:
        moment = datetime(
            int(year or today.year),
            int(month or today.month),
            int(day or today.day),
            int(hour),
            int(minute),
            int(second or 0),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    return ((moment - _EPOCH) // timedelta(seconds=1) - offset_s) * 10**9


class Playing:
    """The hand on the replay of one screen."""

    def __init__(self, screen: TradeScreen) -> None:
        self.screen = screen

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Give what each action of the registry does here."""
        return {
            "replay.pause": self.pause,
            "replay.step": lambda: self._command(StepReplay(command_id=new_command_id())),
            "replay.slower": lambda: self.speed(-1),
            "replay.faster": lambda: self.speed(1),
            "replay.jump": self.ask_jump,
        }

    def pause(self) -> None:
        """Hold the replay, or let it go on."""
        replay = self._replay
        if replay is not None:
            self._command(PauseReplay(command_id=new_command_id(), paused=not replay.paused))

    def speed(self, by: int) -> None:
        """Play at the next speed."""
        replay = self._replay
        if replay is not None:
            self._command(SetReplaySpeed(command_id=new_command_id(), speed=next_speed(replay.speed, by)))

    def ask_jump(self) -> None:
        """Ask for a time, then jump there."""
        screen = self.screen
        now = clock(screen.desk_ns, screen.idiom.offset_s)
        screen.ask_line(screen.said.tr("dialog.jump", now=now), now, self.jump)

    def jump(self, text: str | None) -> None:
        """Jump forwards; backwards needs a new run, which is asked for."""
        screen, said = self.screen, self.screen.said
        if not text:
            return
        to_ns = typed_time(text, screen.desk_ns, screen.idiom.offset_s)
        if to_ns is None:
            screen.say(News(said.tr("news.no_time", text=text), "danger"))
        elif to_ns >= screen.desk_ns:
            self._command(JumpReplay(command_id=new_command_id(), to_ns=to_ns))
        else:
            choices = (("y", said.tr("dialog.new_run"), "yes"), ("n", said.tr("dialog.stay"), "no"))
            screen.ask(
                said.tr("dialog.backwards", to=text), choices, lambda answer: self._run_anew(answer == "yes", to_ns)
            )

    def _run_anew(self, wanted: bool, to_ns: int) -> None:
        if wanted:
            self.screen.desk.run_anew(to_ns)

    def _command(self, command: SetReplaySpeed | PauseReplay | StepReplay | JumpReplay) -> None:
        self.screen.entry.sending.command(command)

    @property
    def _replay(self) -> ReplayHealth | None:
        health = self.screen.store.health
        return health.replay if health else None
