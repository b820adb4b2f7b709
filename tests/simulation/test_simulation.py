"""Worlds of chance: what must hold does, a broken desk is found, and a seed is its own reproduction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from termdesk.core.model.facts import OrderFilled
from termdesk.core.trading import evolve
from termdesk.testing.simulation import simulate
from termdesk.testing.simulation.disk import Disk
from termdesk.testing.simulation.far import FarVenue
from termdesk.testing.simulation.world import World
from termdesk.testing.venue.store import Venue


@pytest.mark.parametrize("seed", range(1, 21))
def test_everything_holds_in_a_world_of_faults(seed: int) -> None:
    done = simulate(seed, 3_000)
    assert done.violations == ()
    assert done.facts > 0


def test_a_cancel_that_a_slice_could_not_follow_is_refused_for_the_whole() -> None:
    assert simulate(52, 5_000).violations == ()


def test_the_same_seed_gives_the_same_facts() -> None:
    def facts() -> list[Any]:
        world = World(7)
        for _ in range(3_000):
            world.step()
        return world.disk.read(0, 1 << 30)

    assert facts() == facts()


def test_the_worlds_reach_fills_crashes_and_torn_entries() -> None:
    worlds = [World(seed) for seed in range(1, 9)]
    for world in worlds:
        for _ in range(2_500):
            world.step()
    assert sum(len(world.desk.state.fills) for world in worlds) > 200
    assert sum(world.count["crash"] for world in worlds) > 10
    assert sum(world.disk.torn for world in worlds) > 0


def test_a_fill_that_is_booked_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    book: Callable[..., None] = evolve._EVOLVE[OrderFilled]

    def twice(state: Any, record: Any, fact: Any) -> None:
        book(state, record, fact)
        if record.seq % 7 == 0:
            book(state, record, fact)

    monkeypatch.setitem(evolve._EVOLVE, OrderFilled, twice)
    assert any(simulate(seed, 3_000).violations for seed in range(1, 4))


def test_an_answer_that_a_crash_forgets_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    reopen = Disk.reopen

    def forgetful(disk: Disk) -> None:
        del disk._entries[-1:]
        reopen(disk)

    monkeypatch.setattr(Disk, "reopen", forgetful)
    assert any(simulate(seed, 3_000).violations for seed in range(1, 6))


def test_a_request_that_leaves_before_its_fact_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Disk, "holds", lambda disk, cl_ord_id: disk.head % 2 == 0)
    assert any("durable" in found for found in simulate(3, 3_000).violations)


def test_an_order_that_the_far_venue_gets_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    receive = FarVenue.receive

    def twice(far: FarVenue, frame: bytes) -> None:
        receive(far, frame)
        if b"client_id" in frame and b"new" in frame:
            far.venue.received += far.venue.received[-1:]

    monkeypatch.setattr(FarVenue, "receive", twice)
    assert any("more than once" in found for found in simulate(1, 3_000).violations)


def test_an_execution_that_the_desk_never_books_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    qty = Venue.qty
    monkeypatch.setattr(Venue, "qty", lambda venue, account, symbol: qty(venue, account, symbol) + 1)
    assert any("at the venue" in found for found in simulate(2, 2_000).violations)


@pytest.mark.long
def test_a_million_events_over_two_hundred_worlds() -> None:
    assert [done for seed in range(1, 201) if (done := simulate(seed, 5_000)).violations] == []
