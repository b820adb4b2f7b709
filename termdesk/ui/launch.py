"""Starting the screen: as little as possible before its first paint."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

from termdesk.config.launch import LaunchOptions
from termdesk.core.model.errors import ConfigError
from termdesk.ui.terminal import fault_of

if TYPE_CHECKING:
    from termdesk.ui.app import TermdeskApp

FRAMES_PER_SECOND = "240"
"""Textual looks for something to paint this often; keys wait at most that long. It rests while nothing changes."""
ENDED_BY = (signal.SIGINT, signal.SIGTERM)
"""Signals that end the screen in order, with the terminal given back; a terminal that has gone needs no order."""


def run(options: LaunchOptions) -> int:
    """Show the screen until it is left; gives the exit code, 128 and its number for a signal.

    Raises:
        ConfigError: The configuration or a theme file is wrong, or this terminal can't show a screen.
    """
    fault = fault_of(os.environ, is_terminal=sys.stdin.isatty() and sys.stderr.isatty())
    if fault:
        raise ConfigError(fault)
    if not os.environ.get("TEXTUAL_DRIVER"):
        for name in ("COLUMNS", "LINES"):  # exported by some shells: the size at the start for ever
            os.environ.pop(name, None)
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)
    gc.disable()  # what is loaded now stays; the app turns it on again after the first frame
    from termdesk.ui.app import TermdeskApp
    from termdesk.ui.keys.reports import read_all_reports

    read_all_reports()
    app = TermdeskApp(options, offers_guide=not options.read_only)
    asyncio.run(_shown(app))
    return app.return_code or 0


async def _shown(app: TermdeskApp) -> None:
    loop = asyncio.get_running_loop()
    for number in ENDED_BY:
        loop.add_signal_handler(number, app.exit, None, 128 + number)
    await app.run_async(mouse=app.settings.screen.mouse)
