"""Run scenario files against the real desk; needs no engine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, FAILED, console

if TYPE_CHECKING:
    from termdesk.testing.scenario import ScenarioReport


@console
def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Scenarios in JSON; the file explains its own schema.")],
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="GLOB", help="Only these GROUP/ID; may be repeated.")
    ] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option("--skip", metavar="GLOB", help="Leave out these GROUP/ID, uncounted; may be repeated."),
    ] = None,
    json: o.Json = False,
) -> int:
    """Run scenarios against desk and simulated exchange.

    Ends with 1 if a universal or policy scenario failed, or a universal one is unsupported.
    """
    import msgspec

    from termdesk.testing.scenario import choose_scenarios, read_scenarios, report_on

    report = report_on(choose_scenarios(read_scenarios(file), only or (), skip or ()))
    if json:
        sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    else:
        _print_report(report)
    return DONE if report.is_good else FAILED


def _print_report(report: ScenarioReport) -> None:
    from termdesk.cli.output import print_line, print_table

    groups = [
        (group, tier, tally.passed, tally.failed, tally.unsupported)
        for group, tiers in report.groups.items()
        for tier, tally in tiers.items()
    ]
    totals = [("all", tier, tally.passed, tally.failed, tally.unsupported) for tier, tally in report.tiers.items()]
    print_table("group tier >passed >failed >unsupported", [*groups, *totals])
    for failure in report.failures:
        print_line(f"failed {failure.id}: {'; '.join(failure.differences)}")
    for gap in report.unsupported:
        print_line(f"unsupported {gap.id}: {gap.reason}")
