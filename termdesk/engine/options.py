"""How an engine is asked to start; the command line fills it in, tests make it directly."""

from __future__ import annotations

from pathlib import Path

import msgspec


class EngineOptions(msgspec.Struct, frozen=True, kw_only=True):
    """One engine process. What is empty or None comes from the configuration."""

    desk: str = ""
    """Name of the desk; empty: the configured one, else the name of the mode, and for a replay a new run."""
    feed: str = ""
    """Name of an installed feed; ignored with ``replay``."""
    symbols: tuple[str, ...] = ()
    """Instruments to follow; empty: all that the feed has."""
    seed: int | None = None
    """Seed of what is generated."""
    config: Path | None = None
    """Configuration file instead of the user's."""
    replay: tuple[Path, ...] = ()
    """Recording to play; makes the desk a replay desk."""
    speed: float = 1.0
    """Multiple of the recording's pace; 0 is as fast as possible."""
    paused: bool = False
    """Begin paused."""
    jump_to_ns: int | None = None
    """Play up to this time at full speed first."""
    until_ns: int | None = None
    """The recording ends before the first event after this time."""
    commands: Path | None = None
    """Recorded inputs (JSON lines) to give again at their desk times."""
    exit_at_end: bool = False
    """Stop once the recording and the recorded commands are played."""
    screen_started: bool = False
    """A screen started this engine: by ``engine.idle`` it may stop when the last screen has gone."""

    @property
    def is_replay(self) -> bool:
        """Whether a recording is played."""
        return bool(self.replay)
