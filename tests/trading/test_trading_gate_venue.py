"""The gate holds orders to the rule book of their venue: cage, lots, largest order, daily limits."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from trading_world import BUY, SELL, World, share

from termdesk.adapters.feeds.sse_l2.decode import ShanghaiDecoder
from termdesk.core.model.codes import CODES
from termdesk.core.model.event import DayReference
from termdesk.core.model.terms import AccountKind, Phase


class OnDay(World):
    """Its trading day is the one of its clock."""

    def trading_day(self, instrument_id):
        return datetime.fromtimestamp(self.now_ns // 10**9, UTC).date().isoformat()


def desk(name: str, day: str = "2026-11-20", **listing) -> World:
    world = OnDay(msgspec.structs.replace(share(lot="1"), id=name, **listing))
    world.now_ns = int(datetime.fromisoformat(f"{day}T02:00:00").replace(tzinfo=UTC).timestamp()) * 10**9
    world.open(("m", AccountKind.MARGIN, "1000000000"))
    world.phase(Phase.CONTINUOUS)
    world.quote("11.24", "5000", "11.25", "5000")
    return world


def code(world: World, side, qty: str, price: str | None) -> str:
    answer = world.submit(side, qty, price, account="m")
    assert answer.accepted or set(answer.params) == set(CODES[answer.code])
    return answer.code


@pytest.mark.parametrize(("side", "inside", "outside"), [(BUY, "11.47", "11.48"), (SELL, "11.02", "11.01")])
def test_the_cage_of_continuous_trading(side, inside, outside) -> None:
    world = desk("600519.SSE")
    answer = world.submit(side, "100", outside, account="m")
    assert (answer.code, answer.params) == ("risk.cage", {"price": outside, "bound": inside})
    assert code(world, side, "100", inside) == ""


def test_the_cage_binds_neither_auctions_nor_other_venues() -> None:
    world = desk("600519.SSE")
    world.phase(Phase.OPENING_AUCTION)
    assert code(world, BUY, "100", "12.00") == ""
    assert code(desk("600519.DEMO"), BUY, "100", "12.00") == ""
    assert code(desk("600519.SSE", day="2022-11-18"), BUY, "100", "12.00") == ""


@pytest.mark.parametrize(
    ("name", "qty", "refusal"),
    [
        ("600519.SSE", "150", "risk.lot"),
        ("600519.SSE", "50", "risk.min_qty"),
        ("688981.SSE", "199", "risk.min_qty"),
        ("688981.SSE", "201", ""),
        ("300750.SZSE", "150", "risk.lot"),
    ],
)
def test_lots_are_the_boards(name, qty, refusal) -> None:
    assert code(desk(name), BUY, qty, "11.25") == refusal


@pytest.mark.parametrize(
    ("name", "price", "most"),
    [
        ("600519.SSE", "11.25", 1_000_000),
        ("688981.SSE", "11.25", 100_000),
        ("688981.SSE", None, 50_000),
        ("300750.SZSE", "11.25", 300_000),
        ("300750.SZSE", None, 150_000),
    ],
)
def test_the_largest_order_is_the_boards(name, price, most) -> None:
    world = desk(name)
    answer = world.submit(BUY, str(most + 100), price, account="m")
    assert (answer.code, answer.params) == ("risk.venue_max_qty", {"qty": str(most + 100), "max": str(most)})
    assert code(world, BUY, str(most), price) == ""


def test_a_recorded_share_of_known_standing_is_held_to_its_ten_percent() -> None:
    listed = ShanghaiDecoder(date(2023, 2, 1)).instrument("600519.SSE")
    world = OnDay(listed)
    world.now_ns = int(datetime.fromisoformat("2023-02-01T02:00:00").replace(tzinfo=UTC).timestamp()) * 10**9
    world.open(("m", AccountKind.MARGIN, "1000000000"))
    world.quote("1832.35", "500", "1832.40", "500")
    world.event(DayReference(listed.id, world.now_ns, world.now_ns, listed.price("1832.31")))
    words = {"low": "1649.08", "high": "2015.54"}
    for price in ("2015.55", "1649.07"):
        answer = world.submit(BUY, "100", price, account="m")
        assert (answer.code, answer.params) == ("risk.price_limit", {"price": price, **words})
    assert code(world, BUY, "100", "2015.54") == ""
    assert code(world, SELL, "100", "1649.08") != "risk.price_limit"
