"""Which armed price conditions a trade fires."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.conditions.price_index import PriceIndex
from termdesk.core.model.condition import LastAtOrAbove, LastAtOrBelow, Predicate

X = "600519.DEMO"


def test_a_touch_satisfies_both_directions() -> None:
    index = PriceIndex()
    index.arm("up", LastAtOrAbove(X, 100))
    index.arm("down", LastAtOrBelow(X, 100))
    assert index.satisfied(X, 100) == ["up", "down"]
    assert index.satisfied(X, 101) == ["up"]
    assert index.satisfied(X, 99) == ["down"]
    assert index.satisfied("000001.DEMO", 100) == []


def test_arming_an_id_again_replaces_it() -> None:
    index = PriceIndex()
    index.arm("a", LastAtOrAbove(X, 100))
    index.arm("a", LastAtOrBelow(X, 50))
    assert len(index) == 1
    assert index.satisfied(X, 100) == []
    assert index.satisfied(X, 50) == ["a"]


predicates = st.builds(
    lambda up, price: LastAtOrAbove(X, price) if up else LastAtOrBelow(X, price), st.booleans(), st.integers(1, 20)
)


def holds(predicate: Predicate, price: int) -> bool:
    return price >= predicate.price if isinstance(predicate, LastAtOrAbove) else price <= predicate.price


@given(st.lists(predicates, max_size=20), st.sets(st.integers(0, 19)), st.integers(1, 20))
def test_the_index_agrees_with_asking_each_condition(armed: list[Predicate], gone: set[int], price: int) -> None:
    index = PriceIndex()
    for n, predicate in enumerate(armed):
        index.arm(f"C{n}", predicate)
    for n in gone:
        index.disarm(f"C{n}")
    expected = [f"C{n}" for n, p in enumerate(armed) if n not in gone and holds(p, price)]
    assert index.satisfied(X, price) == expected
