"""Copying text: to the terminal's clipboard by OSC 52, and always to a file, since not every terminal listens."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from termdesk.ui.blotter.export import safe, write_export
from termdesk.ui.lines.idiom import Row
from termdesk.ui.news import News

if TYPE_CHECKING:
    from termdesk.ui.screens.trade import TradeScreen

FILE = "clipboard.txt"
LONGEST = 74_000
"""Bytes that terminals take by OSC 52 (xterm and its kin stop at 100,000 of base64)."""


def lines_of(rows: Iterable[Row]) -> list[str]:
    """Give painted rows as plain lines, their cells parted by tabs, empty ones left out."""
    lines = []
    for row in rows:
        cells = [safe(cell[0]) for cell in row if cell[0].strip()]
        if cells:
            lines.append("\t".join(cells))
    return lines


def copy(screen: TradeScreen, lines: list[str]) -> Path | None:
    """Copy lines and say where they are; None where nothing was to copy or the file failed."""
    said = screen.said
    if not lines:
        screen.say(News(said.tr("news.nothing_to_copy"), "warning"))
        return None
    text = "\n".join("\t".join(safe(cell) for cell in line.split("\t")) for line in lines)
    if len(text.encode()) <= LONGEST:
        screen.app.copy_to_clipboard(text)
    try:
        path = write_export(FILE, text + "\n")
    except OSError as error:
        screen.say(News(said.tr("news.not_written", why=error.strerror or str(error)), "danger"))
        return None
    screen.say(News(said.tr("news.copied", lines=len(lines), path=path)))
    return path
