"""Commands that need no engine: replay a recording headless, look into a journal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, BadUsage, console

Desk = Annotated[str, typer.Option("--desk", metavar="NAME", help="Desk whose journal; the only one if left out.")]


@console
def replay(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recordings: Binance streams, Level-2 days.")],
    bars: Annotated[bool, typer.Option("--bars", help="Tell the 1 m bars too.")] = False,
    json: o.Json = False,
) -> int:
    """Play recordings at full speed without a screen and tell what they came to."""
    import msgspec

    from termdesk.adapters.feeds.replay.summary import summarise
    from termdesk.cli.output import print_line, print_table

    summary = summarise(files, bars=bars)
    if json:
        sys.stdout.write(msgspec.json.encode(summary).decode() + "\n")
        return DONE
    for part in summary.instruments or (summary,):
        told = msgspec.to_builtins(part)
        rows = told.pop("bars", [])
        told.pop("instruments", None)
        print_table("what >value", told.items())
        if bars:
            print_table("time >open >high >low >close >volume >trades", [[row[name] for name in _BAR] for row in rows])
    print_line(f"{summary.lines} lines in {summary.seconds} s")
    return DONE


_BAR = ("time", "open", "high", "low", "close", "volume", "trades")


@console
def verify(desk: Desk = "", json: o.Json = False) -> int:
    """Check the whole chain of a desk's journal; an engine may hold it meanwhile."""
    from termdesk.cli.output import print_json, print_line
    from termdesk.cli.shapes import JournalShape
    from termdesk.config.paths import DeskPaths
    from termdesk.journal import open_journal

    paths = DeskPaths.of(_desk(desk))
    journal = open_journal(paths.folder, desk=paths.desk, mode=None, read_only=True)
    try:
        mode = journal.opened.mode if journal.opened else None
        shape = JournalShape(desk=paths.desk, mode=mode, facts=journal.head, file=str(paths.journal))
    finally:
        journal.close()
    if json:
        print_json(shape)
    else:
        print_line(f"{shape.file}: {shape.facts} facts, the chain verifies")
    return DONE


@console
def export(
    desk: Desk = "",
    after: Annotated[int, typer.Option("--after", metavar="SEQ", help="Only facts above this number.")] = 0,
) -> int:
    """Write a desk's journal as JSON lines, a fact a line."""
    from termdesk.config.paths import DeskPaths
    from termdesk.journal import open_journal
    from termdesk.journal.export import export_facts

    paths = DeskPaths.of(_desk(desk))
    journal = open_journal(paths.folder, desk=paths.desk, mode=None, read_only=True)
    try:
        export_facts(journal, sys.stdout.buffer, after)
        sys.stdout.buffer.flush()
    finally:
        journal.close()
    return DONE


def _desk(desk: str) -> str:
    from termdesk.config.paths import list_desks

    if desk:
        return desk
    found = [paths.desk for paths in list_desks() if paths.journal.exists()]
    if len(found) != 1:
        raise BadUsage(f"choose a desk with --desk; there are: {', '.join(found) or 'none'}")
    return found[0]
