"""The same orders under several profiles."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from bar_venue import X
from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.matching.comparison import Sent, compare
from termdesk.core.matching.fidelity import PROFILES
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import BarClosed, BookDelta, BookSnapshot, InstrumentDefined, Trade
from termdesk.core.model.execution import NewOrderSingle, OrderCancelRequest
from termdesk.core.model.terms import OrdType, Side, TimeInForce
from termdesk.core.venues.schedule import flat

BUY, SELL = Side.BUY, Side.SELL
SECOND = 1_000_000_000
FREE = flat("USDT", Decimal(0), Decimal(0))
CHARGED = flat("USDT", Decimal("0.01"), Decimal("0.02"))


def order(order_id, side, qty, price=None):
    return NewOrderSingle(
        cl_ord_id=f"{order_id}.1",
        venue_cl_ord_id=f"{order_id}.1",
        order_id=order_id,
        account="cash",
        instrument=X.id,
        side=side,
        ord_type=OrdType.MARKET if price is None else OrdType.LIMIT,
        qty=qty,
        price=price,
        time_in_force=TimeInForce.GTC,
    )


def cancel(order_id):
    return OrderCancelRequest(
        cl_ord_id=f"{order_id}.c", order_id=order_id, account="cash", instrument=X.id, venue_order_id=""
    )


def run(events, sent, fees=FREE):
    listed = InstrumentDefined(0, X)
    return compare([listed, *events], sent, lambda *_: fees, PROFILES)


def book(at, bids, asks):
    return BookSnapshot(X.id, at, at, at, tuple(bids), tuple(asks))


def trade(at, price, qty, aggressor):
    return Trade(X.id, at, at, at, price, qty, aggressor)


def test_a_print_in_front_of_the_queue_fills_under_touch_only():
    told = [book(1, [(99, 50)], [(101, 50)]), trade(5 * SECOND, 99, 10, SELL), trade(9 * SECOND, 100, 1, BUY)]
    found = run(told, [Sent(2, order("A", BUY, 10, 99))])
    filled = {name: outcome.filled.get("A", 0) for name, outcome in found.outcomes.items()}
    assert filled == {"touch": 10, "risk_averse": 0, "queue": 0, "queue_latency": 0, "pessimistic": 0}
    holding = found.outcomes["touch"].holdings[X.id]
    assert (holding.qty, holding.profit(X, found.market.states[X.id].last)) == (10, Decimal(10))


def test_latency_loses_what_is_gone_meanwhile():
    told = [
        book(1, [(99, 50)], [(101, 50)]),
        BookDelta(X.id, SECOND // 50, SECOND // 50, 2, 2, -1, (), ((101, 0), (105, 50))),
        trade(9 * SECOND, 105, 1, BUY),
    ]
    found = run(told, [Sent(2, order("A", BUY, 10))], CHARGED)
    paid = {name: outcome.holdings[X.id].bought for name, outcome in found.outcomes.items()}
    assert paid == {"touch": 1010, "risk_averse": 1010, "queue": 1010, "queue_latency": 1050, "pessimistic": 1050}
    assert found.outcomes["queue"].holdings[X.id].fees == {"USDT": Decimal("20.20")}


def test_a_cancel_on_its_way_loses_against_a_fill():
    at = SECOND + SECOND // 50
    told = [book(1, [], [(101, 50)]), trade(at, 98, 10, SELL)]
    found = run(told, [Sent(2, order("A", BUY, 10, 99)), Sent(SECOND, cancel("A"))])
    filled = {name: outcome.filled.get("A", 0) for name, outcome in found.outcomes.items()}
    assert filled == {"touch": 0, "risk_averse": 0, "queue": 0, "queue_latency": 10, "pessimistic": 10}


def test_an_order_of_an_instrument_that_is_not_recorded_yet_is_left_out():
    told = [InstrumentDefined(10, X), book(11, [(99, 5)], [(101, 5)])]
    found = compare(told, [Sent(2, order("A", BUY, 1)), Sent(12, order("B", BUY, 1))], lambda *_: FREE, PROFILES)
    assert found.untold == ("A",)
    assert {outcome.filled.get("B") for outcome in found.outcomes.values()} == {1}


def test_requests_after_the_last_event_are_taken_too():
    found = run([book(1, [(99, 5)], [(101, 5)])], [Sent(20, order("A", BUY, 1))])
    assert found.outcomes["queue"].filled == {"A": 1}


PRICES = st.integers(90, 110)


@st.composite
def days(draw):
    """A quiet book with prints around it, and resting orders below and above it."""
    told = [book(1, [(99, draw(st.integers(1, 40)))], [(101, draw(st.integers(1, 40)))])]
    at = SECOND
    for _ in range(draw(st.integers(1, 12))):
        at += SECOND
        side = draw(st.sampled_from([BUY, SELL]))
        told.append(trade(at, 99 if side is SELL else 101, draw(st.integers(1, 40)), side))
    sent = [
        Sent(2, order(f"O{n}", side, draw(st.integers(1, 30)), 99 if side is BUY else 101))
        for n, side in enumerate(draw(st.lists(st.sampled_from([BUY, SELL]), min_size=1, max_size=4)))
    ]
    return told, sent


@given(days())
def test_no_later_profile_fills_a_resting_order_that_an_earlier_one_does_not(day):
    told, sent = day
    found = run(told, sent)
    outcomes = [found.outcomes[name] for name in ("touch", "risk_averse", "queue", "queue_latency", "pessimistic")]
    for looser, stricter in pairwise(outcomes):
        for one in sent:
            name = one.request.order_id
            assert stricter.filled.get(name, 0) <= looser.filled.get(name, 0)


@given(st.data())
def test_on_bars_the_pessimist_fills_no_limit_that_touch_does_not(data):
    told, at = [], SECOND
    for _ in range(data.draw(st.integers(1, 5))):
        at += SECOND
        prices = [data.draw(PRICES) for _ in range(4)]
        bar = Bar(at - SECOND, prices[0], max(prices), min(prices), prices[3], 100, Decimal(0), 1, 0)
        told.append(BarClosed(X.id, at, at, bar))
    first = BarClosed(X.id, SECOND, SECOND, Bar(0, 100, 100, 100, 100, 100, Decimal(0), 1, 0))
    sent = [
        Sent(SECOND + 1, order(f"O{n}", side, 5, data.draw(PRICES)))
        for n, side in enumerate(data.draw(st.lists(st.sampled_from([BUY, SELL]), min_size=1, max_size=4)))
    ]
    found = run([first, *told], sent)
    for one in sent:
        name = one.request.order_id
        assert found.outcomes["pessimistic"].filled.get(name, 0) <= found.outcomes["touch"].filled.get(name, 0)
