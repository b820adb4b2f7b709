"""Run the desk in simulated worlds; needs no engine."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from termdesk.cli import options as o
from termdesk.cli.failure import DONE, FAILED, console

if TYPE_CHECKING:
    from termdesk.testing.simulation import Simulation


@console
def simulate(
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The world; the same seed gives the same run.")] = 1,
    events: Annotated[int, typer.Option("--events", metavar="M", min=1, help="Events of each world.")] = 5_000,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="K", min=1, help="How many worlds, from the seed on upwards.")
    ] = 1,
    json: o.Json = False,
) -> int:
    """Run desk, journal and simulated venues through worlds of chance and faults.

    Ends with 1 and names the seed where something did not hold that always must.
    """
    import msgspec

    from termdesk.testing.simulation import simulate as run

    runs = []
    with _silence():
        for each in range(seed, seed + seeds):
            done = run(each, events)
            runs.append(done)
            if not json:
                _print(done)
            if done.violations:
                break
    if json:
        sys.stdout.write(msgspec.json.encode(runs).decode() + "\n")
    return FAILED if any(done.violations for done in runs) else DONE


@contextmanager
def _silence() -> Iterator[None]:
    """Leave out what the engine of a simulated world logs: its faults are meant."""
    logger = logging.getLogger("termdesk")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


def _print(done: Simulation) -> None:
    from termdesk.cli.output import print_line

    print_line(
        f"seed {done.seed}: {done.events} events, {done.facts} facts, {done.orders} orders, {done.fills} fills, "
        f"{done.crashes} crashes"
    )
    for found in done.violations:
        print_line(f"seed {done.seed}: {found}")
