"""A breach of the books is found with the fact that did it, and named with its numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from trading_world import BUY, SELL, World, share

from termdesk.core.model.errors import InvariantBroken
from termdesk.core.model.posting import Place
from termdesk.core.model.terms import AccountKind
from termdesk.core.trading import turn as turning
from termdesk.core.trading.invariants import check, check_all


@pytest.fixture
def world() -> World:
    world = World(share(lot="1")).open(("cash", AccountKind.CASH, "100000"))
    world.quote("10.00", "1000", "10.01", "1000")
    world.submit(BUY, "300", "10.01")
    world.submit(SELL, "100", "10.00")
    world.submit(BUY, "100", "9.90")
    check_all(world.state)
    return world


def corrupt_sum(world: World) -> None:
    world.state.accounts["cash"].places[Place.FEES]["CNY"] += Decimal("0.01")


def corrupt_units(world: World) -> None:
    world.state.accounts["cash"].position(world.x.id).qty += 1


def corrupt_lots(world: World) -> None:
    world.state.accounts["cash"].position(world.x.id).lots[0].qty -= 1


def corrupt_quantities(world: World) -> None:
    world.state.orders["O1"].cum_qty += 1


def corrupt_reserve(world: World) -> None:
    world.state.orders["O1"].reserve = Decimal(5)


def corrupt_working(world: World) -> None:
    del world.state.working["O3"]


def corrupt_reserved(world: World) -> None:
    world.state.accounts["cash"].reserved["CNY"] -= Decimal("0.01")


CORRUPTIONS = {
    "places.sum": corrupt_sum,
    "position.units": corrupt_units,
    "position.lots": corrupt_lots,
    "order.quantities": corrupt_quantities,
    "order.reserve": corrupt_reserve,
    "order.working": corrupt_working,
    "account.reserved": corrupt_reserved,
}


@pytest.mark.parametrize("invariant", CORRUPTIONS)
def test_adding_up_finds_every_corruption(world, invariant) -> None:
    CORRUPTIONS[invariant](world)
    with pytest.raises(InvariantBroken) as broken:
        check_all(world.state)
    assert broken.value.invariant == invariant
    assert broken.value.numbers


@pytest.mark.parametrize("invariant", ["places.sum", "position.units", "position.lots"])
def test_the_next_fill_finds_it_and_is_named(world, invariant) -> None:
    CORRUPTIONS[invariant](world)
    with pytest.raises(InvariantBroken) as broken:
        world.submit(SELL, "50", "10.00")
    assert broken.value.invariant == invariant
    assert broken.value.tag == "order_filled.1"
    assert broken.value.seq == world.state.seq
    assert str(world.state.seq) in str(broken.value)


@pytest.mark.parametrize("by", ["cash", "units"])
def test_a_limit_order_never_makes_a_cash_account_owe(world, by) -> None:
    account = world.state.accounts["cash"]
    if by == "cash":
        for place, left in ((Place.CASH, Decimal(1)), (Place.OUTSIDE, Decimal(0))):
            moved = account.places[place]["CNY"] - left
            account.places[place]["CNY"] = left
            account.places[Place.MARKET]["CNY"] += moved
        with pytest.raises(InvariantBroken, match="cash_account"):
            world.trade("9.89", "5000", SELL)
        return
    world.submit(SELL, "200", "10.02")
    account.position(world.x.id).qty = 100
    account.position(world.x.id).lots[0].qty = 100
    account.places[Place.HOLDING][world.x.id] = Decimal(100)
    account.places[Place.MARKET][world.x.id] = Decimal(-100)
    with pytest.raises(InvariantBroken, match="cash_account"):
        world.trade("10.03", "5000", BUY)


def test_a_sound_desk_is_left_alone(world) -> None:
    before = world.state.snapshot()
    for record in world.records:
        if record.seq == world.state.seq:
            check(world.state, record)
    check_all(world.state)
    assert world.state.snapshot() == before


def test_every_fact_is_looked_at(world, monkeypatch) -> None:
    seen = []
    monkeypatch.setattr(turning, "check", lambda _, record: seen.append(record.seq))
    before = world.state.seq
    world.submit(BUY, "10", "10.01")
    assert seen == list(range(before + 1, world.state.seq + 1))
