"""Orders for a call auction only: which ones the gate takes, and when."""

from __future__ import annotations

import msgspec
import pytest
from trading_world import BUY, SELL, World, share

from termdesk.adapters.brokers.paper import PaperBroker
from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.terms import AccountKind, OrdType, Phase, TimeInForce
from termdesk.core.venues.sessions import phases_of_day
from termdesk.engine.native import native_of

OPEN, CLOSE = TimeInForce.AT_OPEN, TimeInForce.AT_CLOSE
NOON_NS = 1_675_224_000_000_000_000
"""2023-02-01 12:00 in Shanghai."""


@pytest.fixture
def world() -> World:
    world = World(share(lot="1"))
    world.natively = native_of(PaperBroker.capabilities, None)
    world.open(("m", AccountKind.MARGIN, "1000000"))
    world.quote("11.24", "5000", "11.25", "5000")
    return world


def code(world: World, side, price, tif, **terms) -> str:
    return world.submit(side, "10", price, account="m", tif=tif, **terms).code


@pytest.mark.parametrize(
    ("phase", "at_open", "at_close"),
    [
        (Phase.PRE_OPEN, "", ""),
        (Phase.OPENING_AUCTION, "", ""),
        (Phase.CONTINUOUS, "risk.phase", ""),
        (Phase.BREAK, "risk.phase", ""),
        (Phase.CLOSING_AUCTION, "risk.phase", ""),
        (Phase.CLOSED, "risk.phase", "risk.phase"),
    ],
)
def test_the_auction_must_still_come(world, phase, at_open, at_close) -> None:
    world.phase(phase)
    assert (code(world, BUY, "11.00", OPEN), code(world, BUY, "11.00", CLOSE)) == (at_open, at_close)


def test_an_auction_takes_plain_orders_only(world) -> None:
    command = SubmitOrder(
        command_id="s", account="m", instrument=world.x.id, side=SELL, ord_type=OrdType.STOP, qty=10, origin="test"
    )
    stop = msgspec.structs.replace(command, time_in_force=CLOSE, trigger_price=1100)
    assert world.give(stop).answers[0].code == "risk.misplaced"
    assert code(world, BUY, "11.00", CLOSE, post_only=True) == "risk.misplaced"


def test_a_market_order_that_opens_needs_a_price_for_what_it_holds_back(world) -> None:
    world.phase(Phase.PRE_OPEN)
    world.quote("11.24", "5000", "0", "0")
    assert code(world, BUY, None, OPEN) == "risk.no_market"


def test_a_venue_without_the_auction_does_not_take_them() -> None:
    def times(instrument: str) -> frozenset:
        return native_of(PaperBroker.capabilities, None, phases_of_day(instrument, NOON_NS)).times_in_force

    assert {OPEN, CLOSE} <= times("600519.SSE")
    assert not {OPEN, CLOSE} & times("BTCUSDT.BINANCE")
    assert {OPEN, CLOSE} <= times("X.NOWHERE"), "what is not known stops nothing"
