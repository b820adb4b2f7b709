"""The same orders under other profiles of the simulated exchange."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, console
from termdesk.cli.journals import Desk, desk_or_only

if TYPE_CHECKING:
    from termdesk.engine.profiles import ProfileComparison

Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account whose orders are compared.")]


@console
def profiles(account: Account, desk: Desk = "", json: o.Json = False) -> int:
    """Run an account's orders over the recorded market under every profile, side by side.

    Takes the desk's journal and the market data that the engine recorded; an
    engine may run meanwhile. Each request is taken at the time at which it
    left. Profit is that of these orders alone, after fees, open positions at
    the last price recorded. "recorded" is what was really booked.
    """
    import msgspec

    from termdesk.config.load import load_settings, settings_files
    from termdesk.config.paths import DeskPaths
    from termdesk.engine.profiles import compare_profiles
    from termdesk.journal import open_journal

    paths = DeskPaths.of(desk_or_only(desk))
    fees = load_settings(settings_files()).fees
    journal = open_journal(paths.folder, desk=paths.desk, mode=None, read_only=True)
    try:
        found = compare_profiles(
            journal, paths.folder, account, {segment: one.commission() for segment, one in fees.items()}
        )
    finally:
        journal.close()
    if json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        _print(found)
    return DONE


def _print(found: ProfileComparison) -> None:
    from termdesk.cli.output import clock_text, print_line, print_table

    rows: list[tuple[object, ...]] = []
    for line in found.lines:
        counts = (line.profile, "yes" if line.is_own else "", line.orders, line.filled, line.part_filled, line.fills)
        money: list[tuple[str | None, ...]] = [
            (one.currency, one.bought, one.sold, one.fees, one.profit) for one in line.money
        ]
        rows += [(*counts, *each) for each in money or [(None,) * 5]]
    print_table("profile own >orders >filled >partly >fills currency >bought >sold >fees >profit", rows)
    for mark in found.marks:
        print_line(f"{mark.instrument} counts at {mark.last}, the last price recorded ({clock_text(mark.at_ns)})")
    if found.not_recorded:
        print_line(f"left out, because no market data was recorded: {', '.join(found.not_recorded)}")
