"""What an order costs does not grow with the orders that work already: calls are counted, not time."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

import pytest
from trading_world import BUY, SELL, World, share

from termdesk.core.model.terms import AccountKind, ExecType

FEW, MANY = 5, 105


def calls_of(act: Callable[[], object]) -> int:
    """How many functions, also built-in ones, are called."""
    count = 0

    def profile(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    gc.disable()  # a collection in between calls whoever listens to it
    sys.setprofile(profile)
    try:
        act()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


def desk(resting: int, kind: AccountKind) -> World:
    world = World(share(lot="1"), hold_requests=True).open(("cash", kind, "100000000"))
    world.quote("10.00", "100000", "10.01", "100000")
    for number in range(resting):
        sells = kind is AccountKind.MARGIN and number % 2
        away = number % 50 / 100
        world.submit(SELL if sells else BUY, "1", f"{11 + away if sells else 9 - away:.2f}")
        world.execution(f"O{number + 1}", ExecType.NEW, f"N{number}")
    return world


def life(world: World, side: object, price: str) -> None:
    """One order from its command to its only fill."""
    assert world.submit(side, "2", price).accepted
    name = f"O{len(world.state.orders)}"
    world.execution(name, ExecType.NEW, f"{name}-new")
    world.execution(name, ExecType.TRADE, f"{name}-fill", last_qty="2", last_price=price)
    assert world.order(name).leaves_qty == 0


def costs(resting: int, kind: AccountKind) -> list[int]:
    """Calls of an order that opens and of one that closes."""
    world = desk(resting, kind)
    for _ in range(2):
        life(world, BUY, "10.01")
        life(world, SELL, "10.00")
    return [calls_of(lambda: life(world, BUY, "10.01")), calls_of(lambda: life(world, SELL, "10.00"))]


@pytest.mark.parametrize("kind", list(AccountKind))
def test_an_order_costs_the_same_besides_many_working_ones(kind: AccountKind) -> None:
    few, many = costs(FEW, kind), costs(MANY, kind)
    # Ordered lists are searched by halves in C, which is no call more; counts of a day turn up once.
    assert all(abs(more - less) <= 5 for less, more in zip(few, many, strict=True)), (few, many)
