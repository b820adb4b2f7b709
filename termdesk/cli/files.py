"""Commands on recordings, which need no engine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, console


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
