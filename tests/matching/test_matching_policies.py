"""What each policy of the simulated exchange changes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_venue import Venue, X

from termdesk.core.matching.fidelity import CrossFill, Queue, SelfTrade
from termdesk.core.model.codes import CODES
from termdesk.core.model.event import OrderAdded, OrderMatched, OrderRemoved
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdType, Side, TimeInForce, TriggerBy

BUY, SELL = Side.BUY, Side.SELL


def venue(**policies) -> Venue:
    """Bids 100 x 10, 99 x 20; asks 102 x 10, 103 x 20."""
    made = Venue(**policies)
    made.book(((100, 10), (99, 20)), ((102, 10), (103, 20)))
    return made


def known(venue) -> None:
    for report in venue.reports:
        if report.reason is not None:
            assert set(report.reason.params) == set(CODES[report.reason.code])


def test_without_consumption_the_same_size_is_there_twice() -> None:
    v = venue(consumption=False)
    v.send(BUY, 10, 102, TimeInForce.IOC)
    v.send(BUY, 10, 102, TimeInForce.IOC)
    assert [qty for _, _, qty, _ in v.fills()] == [10, 10]
    assert v.exchange.next_deadline() is None


@pytest.mark.parametrize(("points", "filled", "rests"), [(0, 10, 102), (1, 30, None), (5, 30, None)])
def test_price_protection_bounds_market_orders_inclusively(points, filled, rests) -> None:
    v = venue(price_protection_points=points)
    accepted, *_ = v.send(BUY, 30)
    assert sum(qty for _, _, qty, _ in v.fills()) == filled
    assert accepted.reason == (Reason("queue.protected", {"price": "102"}) if rests else None)
    assert (v.waits() is None) is (rests is None)


def test_price_protection_is_reckoned_when_a_stop_fires() -> None:
    v = venue(price_protection_points=1)
    v.stop(SELL, 30, 95, TriggerBy.BID_ASK)
    v.book(((90, 5), (89, 5), (88, 50)), ((99, 1),))
    assert v.fills() == [("O1", 90, 5, "fill.take"), ("O1", 89, 5, "fill.take")]
    v.trade(89, 70, BUY)
    assert v.fills()[2:] == [("O1", 89, 20, "fill.queue")]
    known(v)


def test_the_rest_of_a_taker_slips_one_tick_where_one_level_is_displayed() -> None:
    v = Venue(slip_one_tick=True)
    v.book(((100, 10),), ((102, 10),))
    v.send(BUY, 15)
    v.send(BUY, 3, 102)
    v.send(BUY, 2, 110, TimeInForce.IOC)
    v.send(BUY, 3, 103)
    assert v.fills() == [("O1", 102, 10, "fill.take"), ("O1", 103, 5, "fill.slip"), ("O4", 103, 3, "fill.slip")]
    assert v.waits("O2").code == "wait.taken"
    v.change(asks=((105, 1),))
    v.send(BUY, 3)
    assert v.fills()[3:] == [("O5", 105, 1, "fill.take")]
    known(v)


def test_without_a_queue_whatever_trades_at_its_price_fills_it() -> None:
    v = venue(queue=Queue.OFF)
    v.send(BUY, 5, 100)
    v.trade(100, 3, SELL)
    assert v.fills() == [("O1", 100, 3, "fill.queue")]


def test_risk_averse_never_stands_behind_more_than_is_displayed() -> None:
    v = venue(queue=Queue.RISK_AVERSE)
    v.send(BUY, 5, 100)
    v.change(bids=((100, 30),))
    assert v.ahead() == {"O1": 10}
    v.change(bids=((100, 4),))
    assert v.ahead() == {"O1": 4}


@pytest.mark.parametrize(
    ("n", "steps", "ahead"),
    [
        ("1", [(80, None), (100, None), (60, None)], 48),
        ("1", [(80, None), (100, None), (None, 30), (60, None)], 45),
        ("2", [(50, None), (100, None), (60, None)], 30),
        ("0.5", [(50, None), (100, None), (60, None)], 30),
        ("1", [(80, None), (0, None), (50, None)], 0),
    ],
)
def test_leavers_stood_before_or_behind_by_chance(n, steps, ahead) -> None:
    v = Venue(queue=Queue.PROB_POWER, queue_n=Decimal(n))
    (first, _), *later = steps
    v.book(((100, first),), ((102, 10),))
    v.send(BUY, 5, 100)
    for size, traded in later:
        if size is None:
            v.trade(100, traded, SELL)
        else:
            v.change(bids=((100, size),))
    assert v.ahead() == {"O1": ahead}


def test_crossing_fills_all_where_the_policy_says_so() -> None:
    v = venue(cross_fill=CrossFill.ALL)
    v.send(BUY, 50, 101)
    v.change(asks=((101, 2),))
    assert v.fills() == [("O1", 101, 50, "fill.reached")]
    v.send(BUY, 50, 100)
    v.trade(99, 1, SELL)
    assert v.fills()[1:] == [("O2", 100, 50, "fill.through")]
    known(v)


def test_crossing_through_fills_all_and_touching_what_is_displayed() -> None:
    v = venue(cross_fill=CrossFill.ALL_WHEN_THROUGH)
    v.send(BUY, 50, 101)
    v.change(asks=((101, 2),))
    assert v.fills() == [("O1", 101, 2, "fill.crossed")]
    v.change(asks=((100, 1),))
    assert v.fills()[1:] == [("O1", 101, 48, "fill.reached")]


def test_without_trade_execution_only_the_book_fills() -> None:
    v = venue(trade_execution=False)
    v.send(BUY, 5, 101)
    assert v.trade(90, 100, SELL) == []
    v.change(asks=((101, 5),))
    assert [qty for _, _, qty, _ in v.fills()] == [5]


def test_the_last_price_stands_in_for_the_book() -> None:
    v = Venue(last_as_book=True)
    v.trade(100, 0)
    v.send(BUY, 500)
    v.send(BUY, 7, 99)
    assert v.fills() == [("O1", 100, 500, "fill.take")]
    v.trade(99, 0)
    assert v.fills()[1:] == [("O2", 99, 7, "fill.crossed")]


def test_own_orders_meet_behind_the_public_before_them() -> None:
    v = venue(own_orders_match=True)
    v.send(SELL, 5, 102)
    v.send(SELL, 5, 101, account="other")
    v.send(BUY, 30, 103)
    assert v.fills() == [
        ("O2", 101, 5, "fill.own"),
        ("O3", 101, 5, "fill.own"),
        ("O3", 102, 10, "fill.take"),
        ("O1", 102, 5, "fill.own"),
        ("O3", 102, 5, "fill.own"),
        ("O3", 103, 10, "fill.take"),
    ]
    known(v)


def test_orders_of_one_account_do_not_meet() -> None:
    v = venue(stp=SelfTrade.EXPIRE_TAKER)
    v.send(SELL, 5, 101)
    v.send(BUY, 30, 103)
    assert v.fills() == []
    assert v.kinds("O2") == ["new", "expired"]
    assert v.reports[-1].reason == Reason("end.self_trade", {"order_id": "O1"})
    w = venue(stp=SelfTrade.EXPIRE_MAKER)
    w.send(SELL, 5, 101)
    w.send(BUY, 12, 102)
    assert w.kinds("O1") == ["new", "expired"]
    assert w.fills() == [("O2", 102, 10, "fill.take")]
    assert w.waits("O2").code == "wait.taken"


def order_by_order() -> Venue:
    v = Venue(queue=Queue.L3_FIFO)
    v.event(OrderAdded(X.id, 1, 1, 1, 7, BUY, 100, 5))
    v.event(OrderAdded(X.id, 1, 1, 2, 3, SELL, 102, 5))
    return v


def match(v, number, qty, price=100):
    return v.event(OrderMatched(X.id, 1, 1, 9, 9, price, qty, SELL, number, 0))


def test_an_exact_queue_goes_by_who_was_there_first() -> None:
    v = order_by_order()
    v.send(BUY, 4, 100)
    v.event(OrderAdded(X.id, 1, 1, 3, 2, BUY, 100, 9))
    v.send(BUY, 2, 100)
    assert v.ahead() == {"O1": 5, "O2": 14}
    v.event(OrderRemoved(X.id, 1, 1, 4, 2, BUY, 3))
    assert v.ahead() == {"O1": 5, "O2": 11}
    match(v, 7, 5)
    assert (v.ahead(), v.fills()) == ({"O1": 0, "O2": 6}, [])
    match(v, 2, 3)
    assert v.fills() == [("O1", 100, 3, "fill.fifo")]
    match(v, 2, 3)
    assert v.fills()[1:] == [("O1", 100, 1, "fill.fifo")]
    known(v)


def test_a_match_beyond_its_limit_fills_an_order_of_an_exact_queue() -> None:
    v = order_by_order()
    v.event(OrderAdded(X.id, 1, 1, 3, 8, BUY, 99, 5))
    v.send(BUY, 4, 100)
    match(v, 8, 3, price=99)
    assert v.fills() == [("O1", 100, 3, "fill.through")]


def test_market_to_limit_never_slips() -> None:
    v = Venue(slip_one_tick=True)
    v.book((), ((102, 10),))
    v.send(BUY, 15, ord_type=OrdType.MARKET_TO_LIMIT)
    assert v.fills() == [("O1", 102, 10, "fill.take")]


steps = st.lists(
    st.one_of(
        st.tuples(st.just("trade"), st.integers(98, 103), st.integers(1, 20)),
        st.tuples(st.just("bid"), st.integers(98, 100), st.integers(0, 30)),
        st.tuples(st.just("ask"), st.integers(101, 104), st.integers(0, 30)),
    ),
    max_size=25,
)


def filled_after(queue: Queue, moves) -> list[int]:
    v = venue(queue=queue)
    v.send(BUY, 12, 100)
    out = []
    for what, price, qty in moves:
        if what == "trade":
            v.trade(price, qty, SELL)
        else:
            v.change(**{f"{what}s": ((price, qty),)})
        out.append(sum(fill[2] for fill in v.fills()))
    return out


@given(steps)
def test_a_stricter_queue_never_fills_earlier(moves) -> None:
    off, averse, trades = (filled_after(q, moves) for q in (Queue.OFF, Queue.RISK_AVERSE, Queue.TRADE_ONLY))
    assert all(a >= b >= c for a, b, c in zip(off, averse, trades, strict=True))
