"""The call auction against a naive reference that tries every price, worked examples, and a recorded day."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.matching.auction import AuctionRule, Cross, allocate, uncross
from termdesk.core.model.terms import Side
from termdesk.core.venues.rows import AuctionTie

SHANGHAI = AuctionRule(AuctionTie.MIDDLE, 1)
LEVELS = st.lists(st.tuples(st.integers(1, 14), st.integers(1, 5)), max_size=8)


def shenzhen(reference: int, tick: int = 1) -> AuctionRule:
    return AuctionRule(AuctionTie.NEAREST, tick, reference)


def demand(bids, price: int) -> int:
    return sum(qty for limit, qty in bids if limit >= price)


def supply(asks, price: int) -> int:
    return sum(qty for limit, qty in asks if limit <= price)


def fair_prices(bids, asks, prices) -> list[int]:
    """By the three conditions, one price after the other."""

    def volume(price: int) -> int:
        return min(demand(bids, price), supply(asks, price))

    most = max(map(volume, range(20)))
    return [
        price
        for price in prices
        if most
        and volume(price) == most
        and demand(bids, price + 1) <= most
        and supply(asks, price - 1) <= most
        and most in (demand(bids, price), supply(asks, price))
    ]


def least(bids, asks, prices) -> list[int]:
    apart = {price: abs(demand(bids, price) - supply(asks, price)) for price in prices}
    return [price for price in prices if apart[price] == min(apart.values())]


@given(LEVELS, LEVELS)
def test_shanghai_takes_the_middle_of_the_order_prices_that_leave_least(bids, asks) -> None:
    found = uncross(bids, asks, SHANGHAI)
    prices = sorted({price for price, _ in [*bids, *asks]})
    left = least(bids, asks, fair_prices(bids, asks, prices))
    if not left:
        assert found is None
        return
    middle = (Decimal(left[0]) + Decimal(left[-1])) / 2
    assert found is not None
    assert found.price == int(middle + Decimal("0.5"))


@given(LEVELS, LEVELS, st.integers(1, 14))
def test_shenzhen_takes_the_tick_that_leaves_least_and_is_nearest(bids, asks, reference) -> None:
    found = uncross(bids, asks, shenzhen(reference))
    left = least(bids, asks, fair_prices(bids, asks, range(20)))
    if not left:
        assert found is None
        return
    nearest = min(abs(price - reference) for price in left)
    assert found is not None
    assert found.price in left
    assert abs(found.price - reference) == nearest


@given(LEVELS, LEVELS, st.sampled_from([SHANGHAI, shenzhen(7)]))
def test_the_most_trades_nobody_pays_more_than_his_limit_and_nothing_crossing_is_left(bids, asks, rule) -> None:
    found = uncross(bids, asks, rule)
    most = max(min(demand(bids, price), supply(asks, price)) for price in range(20))
    if found is None:
        assert most == 0
        return
    assert found.volume == most
    assert found.surplus == demand(bids, found.price) - supply(asks, found.price)
    bought = allocate(bids, Side.BUY, found.price, found.volume)
    sold = allocate(asks, Side.SELL, found.price, found.volume)
    assert sum(bought) == sum(sold) == most
    for levels, got, side in ((bids, bought, Side.BUY), (asks, sold, Side.SELL)):
        for (limit, qty), part in zip(levels, got, strict=True):
            assert 0 <= part <= qty
            assert not part or (limit - found.price) * side.sign >= 0
            assert part == qty or (limit - found.price) * side.sign <= 0
    rest_bids = [limit for (limit, qty), part in zip(bids, bought, strict=True) if qty > part]
    rest_asks = [limit for (limit, qty), part in zip(asks, sold, strict=True) if qty > part]
    assert max(rest_bids, default=0) < min(rest_asks, default=99)


@given(LEVELS, LEVELS, st.sampled_from([SHANGHAI, shenzhen(7)]), st.randoms())
def test_orders_and_levels_come_to_the_same_in_any_order(bids, asks, rule, random) -> None:
    split = [(price, 1) for price, qty in bids for _ in range(qty)]
    random.shuffle(split)
    assert uncross(split, asks[::-1], rule) == uncross(bids, asks, rule)


@given(LEVELS, LEVELS, st.sampled_from([SHANGHAI, shenzhen(7)]), st.sampled_from([2, 5, 10]))
def test_a_coarser_tick_scales_the_price(bids, asks, rule, tick) -> None:
    scaled = AuctionRule(rule.tie, tick, rule.reference * tick)
    plain = uncross(bids, asks, rule)
    found = uncross([(p * tick, q) for p, q in bids], [(p * tick, q) for p, q in asks], scaled)
    assert (found and (found.price, found.volume)) == (plain and (plain.price * tick, plain.volume))


def test_a_price_is_served_in_the_order_of_arrival() -> None:
    orders = [(1002, 500), (1005, 300), (1002, 400)]
    assert allocate(orders, Side.BUY, 1002, 900) == [500, 300, 100]
    assert allocate(orders, Side.BUY, 1003, 900) == [0, 300, 0]
    assert allocate([(998, 200), (1002, 50), (1000, 400)], Side.SELL, 1000, 500) == [200, 0, 300]


BIDS, ASKS = ((1005, 300), (1002, 500), (1000, 400)), ((998, 200), (1000, 400), (1002, 500))


@pytest.mark.parametrize("rule", [SHANGHAI, shenzhen(990), shenzhen(1010)])
def test_worked_example(rule) -> None:
    assert uncross(BIDS, ASKS, rule) == Cross(1002, 800, -300)


@pytest.mark.parametrize(
    ("rule", "price"),
    [
        (SHANGHAI, 1003),
        (shenzhen(990), 1000),
        (shenzhen(1001), 1001),
        (shenzhen(1010), 1005),
        (shenzhen(0), None),
    ],
)
def test_the_two_exchanges_part_where_several_prices_are_equally_good(rule, price) -> None:
    found = uncross([(1005, 100)], [(1000, 100)], rule)
    assert (found and found.price) == price


def test_shenzhen_looks_between_order_prices_where_less_is_left() -> None:
    bids, asks = [(1000, 5), (1010, 5)], [(1000, 5), (1010, 5)]
    assert uncross(bids, asks, shenzhen(1000)) == Cross(1001, 5, 0)
    assert uncross(bids, asks, shenzhen(1004)) == Cross(1004, 5, 0)
    assert uncross(bids, asks, SHANGHAI) == Cross(1005, 5, 0)


@pytest.mark.parametrize("rule", [SHANGHAI, shenzhen(1000)])
def test_nothing_trades_without_a_counterpart(rule) -> None:
    assert uncross([], [], rule) is None
    assert uncross([(1000, 5)], [], rule) is None
    assert uncross([(999, 5)], [(1000, 5)], rule) is None


@pytest.fixture(scope="module")
def recorded_day(shared_data: Path):
    folder = zipfile.ZipFile(shared_data / "ashare_l2/600519_20230201.zip")

    def rows(name: str):
        with folder.open(f"20230201/{name}.csv") as file:
            return list(csv.DictReader(io.TextIOWrapper(file, "utf-8")))

    return rows("entrust"), rows("trade")


def cents(text: str) -> int:
    return round(Decimal(text) * 100)


def resting(orders, trades, until: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Every order that stood when an auction ended, oldest first, as the exchange's two tables tell."""
    standing: dict[tuple[str, str], list[int]] = {}
    happened = [(int(row["BizIndex"]), "order", row) for row in orders if row["OrderTime"] < until]
    happened += [(int(row["BizIndex"]), "trade", row) for row in trades if row["TradTime"] < until]
    for _, kind, row in sorted(happened, key=lambda item: item[0]):
        if kind == "trade":
            numbers = {"S": row["TradeBuyNo"], "B": row["TradeSellNo"], "N": None}
            passive = {"S": "B", "B": "S"}.get(row["TradeBSFlag"])
            pairs = [(passive, numbers[row["TradeBSFlag"]])] if passive else []
            pairs = pairs or [("B", row["TradeBuyNo"]), ("S", row["TradeSellNo"])]
            for key in pairs:
                if key in standing:
                    standing[key][1] -= int(row["TradVolume"])
            continue
        key = (row["OrderBSFlag"], row["OrderNO"])
        if row["OrderType"] == "A":
            standing[key] = [cents(row["OrderPrice"]), int(row["Balance"])]
        else:
            standing.pop(key, None)
    sides = {"B": [], "S": []}
    for (side, _), (price, qty) in standing.items():
        sides[side].append((price, qty))
    return sides["B"], sides["S"]


@pytest.mark.parametrize(("until", "flag_time"), [("09:25:00.000", "09:25"), ("15:00:00.000", "15:00")])
def test_the_recorded_auctions_of_a_shanghai_share(recorded_day, until: str, flag_time: str) -> None:
    orders, trades = recorded_day
    auction = [row for row in trades if row["TradeBSFlag"] == "N" and row["TradTime"].startswith(flag_time)]
    bids, asks = resting(orders, trades, until)
    found = uncross(bids, asks, SHANGHAI)
    assert found is not None
    assert {cents(row["TradPrice"]) for row in auction} == {found.price}
    assert sum(int(row["TradVolume"]) for row in auction) == found.volume
    assert allocate(bids, Side.BUY, found.price, found.volume).count(0) == len(bids) - len(
        {row["TradeBuyNo"] for row in auction}
    )
