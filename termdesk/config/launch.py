"""How the screen is asked to start: the root options of the command line."""

from __future__ import annotations

from pathlib import Path

import msgspec


class LaunchOptions(msgspec.Struct, frozen=True, kw_only=True):
    """One screen. What is empty or None comes from the configuration."""

    desk: str = ""
    """Name of the desk."""
    feed: str = ""
    """Name of an installed feed."""
    symbols: tuple[str, ...] = ()
    """Instruments to follow."""
    config: Path | None = None
    """Configuration file read after the user's."""
    replay: tuple[Path, ...] = ()
    """Recording to play, on a desk of its own."""
    speed: float | None = None
    """Multiple of the recording's pace; 0 is as fast as possible. None is 1."""
    theme: str = ""
    language: str = ""
    profile: str = ""
    """``auto``, ``full`` or ``low``: what the line to the terminal bears."""
    mouse: bool | None = None
    read_only: bool = False
    """Only look on: the screen sends no command at all."""
    may_start_engine: bool = True
    """False for ``termdesk attach``: show what runs, start nothing."""

    def overrides(self) -> dict[str, object]:
        """Give what was said as overrides of ``load_settings``."""
        given = {
            "desk.name": self.desk,
            "feed.name": self.feed,
            "feed.symbols": list(self.symbols),
            "screen.theme": self.theme,
            "screen.language": self.language,
            "screen.profile": self.profile,
        }
        said: dict[str, object] = {key: value for key, value in given.items() if value}
        return said if self.mouse is None else {**said, "screen.mouse": self.mouse}

    def engine_arguments(self, desk: str) -> list[str]:
        """Give the arguments of ``termdesk engine`` for the engine of this screen.

        Args:
            desk: Name of the desk; the screen has settled it by then.
        """
        words = ["--desk", desk, "--screen-started"]
        words += ["--feed", self.feed] if self.feed else []
        words += ["--symbols", ",".join(self.symbols)] if self.symbols else []
        words += ["--config", str(self.config.absolute())] if self.config else []
        for path in self.replay:
            words += ["--replay", str(path.absolute())]
        if self.speed is not None:
            words += ["--speed", f"{self.speed:g}" if self.speed else "max"]
        return words
