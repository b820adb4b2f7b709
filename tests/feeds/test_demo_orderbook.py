from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from termdesk.adapters.feeds.demo.orderbook import HalfBook


def asks(*orders: tuple[int, int]) -> HalfBook:
    half = HalfBook(-1)
    for price, qty in orders:
        half.add(price, qty)
    return half


def test_the_best_price_trades_first_and_at_one_price_the_oldest_order() -> None:
    half = asks((101, 5), (100, 3), (100, 4), (102, 9))
    assert half.take(9, keep=0) == [(100, 3), (100, 4), (101, 2)]
    assert half.levels() == [(101, 3), (102, 9)]
    assert len(half) == 2


def test_a_market_order_leaves_the_kept_levels_alone() -> None:
    half = asks((100, 3), (101, 5))
    assert half.take(100, keep=1) == [(100, 3)]
    assert half.levels() == [(101, 5)]


def test_the_last_order_of_a_kept_level_is_not_cancelled() -> None:
    half = asks((100, 3))
    assert half.cancel_any(Random(1), keep=1) is None
    assert half.cancel_best(keep=1) is None
    half.add(100, 4)
    assert half.cancel_best(keep=1) == 100
    assert half.levels() == [(100, 3)]


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["add", "any", "best", "take"]), st.integers(90, 110), st.integers(1, 20)), max_size=80
)


@given(sign=st.sampled_from([1, -1]), actions=ACTIONS, seed=st.integers(0, 99))
def test_levels_are_always_the_sum_of_their_orders(sign: int, actions: list[tuple[str, int, int]], seed: int) -> None:
    half, rng, total = HalfBook(sign), Random(seed), 0
    half.add(100, 10)
    total += 10
    for action, price, qty in actions:
        before = {price: half.total(price) for price, _ in half.levels()}
        if action == "add":
            half.add(price, qty)
            total += qty
        elif action == "take":
            total -= sum(size for _, size in half.take(qty, keep=1))
        else:
            gone = half.cancel_any(rng, keep=1) if action == "any" else half.cancel_best(keep=1)
            total -= 0 if gone is None else before[gone] - half.total(gone)
        prices = [price * sign for price, _ in half.levels()]
        assert prices == sorted(set(prices), reverse=True)
        assert half.best == half.levels()[0][0]
        assert sum(size for _, size in half.levels()) == total
        assert half.depth == len(prices) >= 1
        assert all(size > 0 for _, size in half.levels())
