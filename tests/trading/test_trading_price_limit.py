"""The gate holds orders to the day's price limits where they are certain, and only there."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from trading_world import BUY, SELL, World, share

from termdesk.core.model.codes import CODES
from termdesk.core.model.command import AmendOrder
from termdesk.core.model.event import DayReference
from termdesk.core.model.instrument import Standing
from termdesk.core.model.terms import AccountKind

ORDINARY = (Standing(first_day=""),)


def desk(
    name: str = "600519.SSE", *, day: str = "2026-11-20", first_day: str = "2001-08-27", standings=ORDINARY
) -> World:
    """A long listed share that is quoted at 10.00 in the morning of a trading day."""
    listed = msgspec.structs.replace(share(lot="1"), id=name, first_day=first_day, standings=standings)
    world = World(listed)
    world.now_ns = int(datetime.fromisoformat(f"{day}T02:00:00").replace(tzinfo=UTC).timestamp()) * 10**9
    world.open(("margin", AccountKind.MARGIN, "1000000"))
    world.quote("10.00", "500", "10.01", "500")
    return world


def told(world: World, prev_close: str) -> World:
    world.event(DayReference(world.x.id, world.now_ns, world.now_ns, world.x.price(prev_close)))
    return world


def answer(world: World, side, price: str) -> tuple[str, dict[str, str]]:
    given = world.submit(side, "100", price, account="margin")
    return ("", {}) if given.accepted else (given.code, given.params)


def test_a_price_outside_the_limits_is_refused_with_the_limits() -> None:
    world = told(desk(), "10.03")
    limits = {"low": "9.03", "high": "11.03"}
    for side in (BUY, SELL):
        for price in ("11.04", "9.02"):
            code, params = answer(world, side, price)
            assert (code, params) == ("risk.price_limit", {"price": price, **limits})
            assert set(params) == set(CODES[code])


@pytest.mark.parametrize("price", ["11.03", "9.03", "10.00"])
def test_a_price_at_the_limits_passes(price: str) -> None:
    assert answer(told(desk(), "10.03"), BUY, price) == ("", {})


def test_a_market_order_has_no_price_to_hold_to_the_limits() -> None:
    assert told(desk(), "10.03").submit(BUY, "100", account="margin").accepted


@pytest.mark.parametrize(
    "world",
    [
        desk(),
        told(desk(first_day=""), "10.03"),
        told(desk(standings=()), "10.03"),
        told(desk(first_day="2026-11-18"), "10.03"),
        told(desk("600519.DEMO"), "10.03"),
        told(desk("600519.LOAD"), "10.03"),
        told(desk("600519.BINANCE"), "10.03"),
    ],
    ids=["no previous close", "listing day unknown", "standing unknown", "third day", "DEMO", "LOAD", "BINANCE"],
)
def test_what_is_not_known_stops_nothing(world: World) -> None:
    assert answer(world, BUY, "99.00") == ("", {})


def test_a_previous_close_of_an_earlier_day_counts_for_nothing() -> None:
    world = told(desk(day="2026-11-19"), "10.03")
    world.now_ns += 24 * 3600 * 10**9
    world.quote("10.00", "500", "10.01", "500")
    assert world.seen(world.x.id).prev_close == 0
    assert answer(world, BUY, "99.00") == ("", {})
    assert answer(told(world, "20.00"), BUY, "99.00")[0] == "risk.price_limit"


def test_an_amend_is_held_to_the_limits_too() -> None:
    world = told(desk(), "10.03")
    assert world.submit(BUY, "100", "9.50", account="margin").accepted
    amended = world.give(AmendOrder(command_id="a", order_id="O1", price=world.x.price("11.04"))).answers[0]
    assert amended.code == "risk.price_limit"
