"""Starting the screen: as little as possible before its first paint."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

FRAMES_PER_SECOND = "240"
"""Textual looks for something to paint this often; keys wait at most that long. It rests while nothing changes."""


class ScreenOptions(msgspec.Struct, frozen=True, kw_only=True):
    """One screen on one desk. What is empty comes from the configuration."""

    desk: str
    """Name of the desk to attach to."""
    engine: tuple[str, ...] | None = None
    """Arguments of ``termdesk engine`` (without ``--desk``) if the desk does not run yet; None only attaches."""
    config: Path | None = None
    """Configuration file beside the user's."""
    language: str = ""
    theme: str = ""


def run(options: ScreenOptions) -> int:
    """Show the screen until it is left; gives the exit code.

    Raises:
        ConfigError: The configuration or a theme file is wrong.
    """
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)
    from termdesk.ui.app import TermdeskApp

    app = TermdeskApp(options)
    app.run(mouse=app.settings.mouse)
    return app.return_code or 0
