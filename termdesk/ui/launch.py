"""Starting the screen: as little as possible before its first paint."""

from __future__ import annotations

import gc
import os

from termdesk.config.launch import LaunchOptions

FRAMES_PER_SECOND = "240"
"""Textual looks for something to paint this often; keys wait at most that long. It rests while nothing changes."""


def run(options: LaunchOptions) -> int:
    """Show the screen until it is left; gives the exit code.

    Raises:
        ConfigError: The configuration or a theme file is wrong.
    """
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)
    gc.disable()  # what is loaded now stays; the app turns it on again after the first frame
    from termdesk.ui.app import TermdeskApp

    app = TermdeskApp(options, offers_guide=not options.read_only)
    app.run(mouse=app.settings.screen.mouse)
    return app.return_code or 0
