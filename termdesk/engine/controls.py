"""Commands to the engine itself: pace of a replay, and its end. They change no desk state and are not recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from termdesk.core.model.command import (
    Answer,
    EngineCommand,
    JumpReplay,
    PauseReplay,
    SetReplaySpeed,
    StepReplay,
    StopEngine,
)
from termdesk.core.model.errors import Refused
from termdesk.core.model.terms import Mode
from termdesk.engine.replay import ReplaySequencer
from termdesk.engine.sequencer import Sequencer


class Controls:
    """Carries out engine commands at once.

    Args:
        sequencer: Whose pace is set, if it plays a recording.
        mode: Named in refusals.
        stop: Begins the engine's end.
    """

    def __init__(self, sequencer: Sequencer, mode: Mode, stop: Callable[[], None]) -> None:
        self._replay = sequencer if isinstance(sequencer, ReplaySequencer) else None
        self._mode = mode
        self._stop = stop
        self._carry: dict[type[EngineCommand], Callable[[Any], None]] = {
            SetReplaySpeed: lambda command: self._player().set_speed(command.speed),
            PauseReplay: lambda command: self._player().pause(paused=command.paused),
            StepReplay: lambda command: self._player().step(command.events),
            JumpReplay: lambda command: self._player().jump(command.to_ns),
            StopEngine: lambda _: self._stop(),
        }

    def carry_out(self, command: EngineCommand) -> Answer:
        """Do it and give the answer."""
        try:
            self._carry[type(command)](command)
        except Refused as refused:
            return Answer(command_id=command.command_id, accepted=False, code=refused.code, params=dict(refused.params))
        return Answer(command_id=command.command_id, accepted=True)

    def _player(self) -> ReplaySequencer:
        if self._replay is None:
            raise Refused("command.not_replay", {"mode": self._mode.value})
        return self._replay
