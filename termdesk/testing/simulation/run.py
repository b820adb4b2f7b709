"""Whole runs: a seed, a number of events, and whether everything held."""

from __future__ import annotations

import msgspec

from termdesk.testing.simulation.checks import replay_is_equal, the_far_venue_is_believed, violations
from termdesk.testing.simulation.world import World

_EVERY = 500
"""Events between two looks at everything."""


class Simulation(msgspec.Struct, frozen=True, kw_only=True):
    """What one seed came to."""

    seed: int
    events: int
    facts: int
    crashes: int
    orders: int
    fills: int
    violations: tuple[str, ...] = ()


def simulate(seed: int, events: int) -> Simulation:
    """Run one seed; ends at the first violation."""
    world = World(seed)
    found: list[str] = []
    done = 0
    while done < events and not found:
        world.step()
        done += 1
        if done % _EVERY == 0:
            found += violations(world)
    if not found:
        restless = world.settle()
        found += [*restless, *violations(world), *replay_is_equal(world), *the_far_venue_is_believed(world)]
    state = world.desk.state
    return Simulation(
        seed=seed,
        events=done,
        facts=state.seq,
        crashes=world.count["crash"],
        orders=len(state.orders),
        fills=len(state.fills),
        violations=tuple(found[:20]),
    )
