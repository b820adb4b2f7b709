"""Where sent lines are kept between two starts of the screen: one text file, a line each, read by its owner only."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from termdesk.config.paths import places
from termdesk.config.whole_file import write_whole
from termdesk.ui.orders.command_line import LONGEST_HISTORY

_OWNER_ONLY = 0o600
_LOST = "\ufffd"
"""Stands for bytes that are no text."""


def read() -> list[str]:
    """Give the lines that were kept, oldest first, without damaged ones; a file that can't be read counts as none."""
    try:
        lines = _file().read_bytes().decode(errors="replace").splitlines()
    except OSError:
        return []
    return [line for line in lines if line.strip() and line.isprintable() and _LOST not in line][-LONGEST_HISTORY:]


def write(lines: Iterable[str]) -> None:
    """Keep the lines; without a place to write they live as long as the screen."""
    with suppress(OSError):
        write_whole(_file(), "".join(f"{line}\n" for line in lines).encode(), mode=_OWNER_ONLY)


def _file() -> Path:
    return places().state / "lines.txt"
