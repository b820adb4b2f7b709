"""Standard output of console commands: a table for people, or one JSON value for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from termdesk.cli.shapes import Shape
from termdesk.core.model.text import sanitise

PIPED_COLUMNS = 250
"""Width of tables that are not shown on a terminal, so that no line breaks."""


def print_json(value: Shape | Sequence[Shape]) -> None:
    """Print one JSON value on one line."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def print_line(text: str) -> None:
    """Print a line; text from outside in it becomes harmless."""
    sys.stdout.write(sanitise(text, 1000) + "\n")


def print_table(columns: str, rows: Iterable[Sequence[object]], *, empty: str = "none") -> None:
    """Print an aligned table.

    Args:
        columns: Names split by spaces; one that begins with ``>`` is aligned to the right.
        rows: A value a column; None is shown as a dash. Text from outside is never read as markup.
        empty: Said where there are no rows.
    """
    titles = [(name.removeprefix(">"), name.startswith(">")) for name in columns.split()]
    print_titled_table(titles, rows, empty=empty)


def print_titled_table(
    titles: Sequence[tuple[str, bool]], rows: Iterable[Sequence[object]], *, empty: str = "none"
) -> None:
    """Print an aligned table under titles of any text, each with whether its column is aligned to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    lines = [[Text("-" if cell is None else sanitise(str(cell))) for cell in row] for row in rows]
    if not lines:
        print_line(empty)
        return
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    for title, is_right in titles:
        table.add_column(Text(title), justify="right" if is_right else "left")
    for line in lines:
        table.add_row(*line)
    Console(width=None if sys.stdout.isatty() else PIPED_COLUMNS, highlight=False).print(table)


def clock_text(ns: int) -> str:
    """Write a time of day with its date in UTC, to the millisecond; 0 is a dash."""
    if not ns:
        return "-"
    return datetime.fromtimestamp(ns // 10**9, UTC).strftime("%Y-%m-%d %H:%M:%S") + f".{ns // 10**6 % 1000:03d}Z"
