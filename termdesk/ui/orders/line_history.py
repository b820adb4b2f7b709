"""Where sent lines are kept between two starts of the screen: one text file, a line each, read by its owner only."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from termdesk.config.paths import places
from termdesk.ui.orders.command_line import LONGEST_HISTORY

_OWNER_ONLY = 0o600


def read() -> list[str]:
    """Give the lines that were kept, oldest first; a file that can't be read counts as none."""
    try:
        lines = _file().read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return [line for line in lines if line.strip() and line.isprintable()][-LONGEST_HISTORY:]


def write(lines: Iterable[str]) -> None:
    """Keep the lines; without a place to write they live as long as the screen."""
    with suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        made = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
        with os.fdopen(made, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)


def _file() -> Path:
    return places().state / "lines.txt"
