"""Waiting orders: which price fires which of them, and how trailing triggers move."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching_venue import X

from termdesk.core.matching.triggers import TriggerBook
from termdesk.core.matching.watch import NOTHING_KNOWN, Prices
from termdesk.core.model.terms import OrdType, Side, TrailUnit, TriggerBy
from termdesk.core.model.trigger import Trail

BUY, SELL = Side.BUY, Side.SELL
STOP, TOUCH, TRAIL = OrdType.STOP, OrdType.MARKET_IF_TOUCHED, OrdType.TRAILING_STOP
LAST, QUOTE, MID, DOUBLE = TriggerBy.LAST, TriggerBy.BID_ASK, TriggerBy.MID, TriggerBy.DOUBLE_LAST


def arm(book, order_id, side, ord_type, trigger, by=LAST, trail=None, tick=1, prices=NOTHING_KNOWN):
    return book.arm(order_id, X, side, ord_type, trigger, by, trail, tick, prices)


def by(value, unit=TrailUnit.PRICE, activation=None, limit=None):
    return Trail(unit, Decimal(value), activation, limit)


def ids(fired):
    return [one.order_id for one in fired]


@pytest.fixture
def book() -> TriggerBook:
    return TriggerBook()


@pytest.mark.parametrize(
    ("side", "ord_type", "before", "at"),
    [(BUY, STOP, 99, 100), (SELL, STOP, 101, 100), (BUY, TOUCH, 101, 100), (SELL, TOUCH, 99, 100)],
)
def test_it_fires_at_its_trigger_from_its_side(book, side, ord_type, before, at) -> None:
    assert arm(book, "A", side, ord_type, 100) is None
    assert book.on_last(X.id, before) == ()
    (fired,) = book.on_last(X.id, at)
    assert fired[:4] == ("A", 100, at, None)
    assert len(book) == 0
    assert book.on_last(X.id, at) == ()


def test_a_quote_is_compared_with_what_the_order_would_trade_at(book) -> None:
    arm(book, "B", BUY, STOP, 100, QUOTE)
    arm(book, "S", SELL, STOP, 100, QUOTE)
    assert book.on_quote(X.id, 101, 0) == ()
    assert ids(book.on_quote(X.id, 101, 102)) == ["B"]
    assert ids(book.on_quote(X.id, 100, 102)) == ["S"]
    assert book.on_last(X.id, 100) == ()


def test_the_middle_needs_both_sides(book) -> None:
    arm(book, "A", BUY, STOP, 100, MID)
    assert book.on_quote(X.id, 0, 500) == ()
    assert book.on_quote(X.id, 99, 100) == ()
    assert ids(book.on_quote(X.id, 99, 101)) == ["A"]


def test_double_last_wants_two_trades_in_a_row_since_it_was_armed(book) -> None:
    arm(book, "first", SELL, STOP, 90, DOUBLE)
    book.on_last(X.id, 89)
    arm(book, "A", BUY, STOP, 100, DOUBLE, prices=Prices(0, 0, 105))
    for price in (105, 99, 101, 99, 100):
        assert ids(book.on_last(X.id, price)) == []
    assert ids(book.on_last(X.id, 100)) == ["A"]


def test_one_that_is_through_already_fires_when_it_comes(book) -> None:
    fired = arm(book, "A", BUY, STOP, 100, prices=Prices(99, 101, 100))
    assert fired is not None
    assert (fired.order_id, fired.followed) == ("A", 100)
    assert "A" not in book


def test_they_fire_in_the_order_of_arming(book) -> None:
    for order_id, side, trigger in (("A", BUY, 103), ("B", SELL, 101), ("C", BUY, 101), ("D", BUY, 110)):
        arm(book, order_id, side, STOP, trigger, QUOTE)
    assert ids(book.on_quote(X.id, 100, 104)) == ["A", "B", "C"]


def test_another_instrument_moves_nothing(book) -> None:
    arm(book, "A", BUY, STOP, 100)
    assert book.on_last("Y.TEST", 200) == ()


def test_a_disarmed_or_amended_trigger_is_where_it_was_put(book) -> None:
    arm(book, "A", BUY, STOP, 100)
    arm(book, "B", BUY, STOP, 100)
    book.disarm("A")
    book.disarm("A")
    book.amend("B", 105)
    assert book.trigger_of("B") == 105
    assert book.on_last(X.id, 104) == ()
    assert ids(book.on_last(X.id, 105)) == ["B"]


def test_a_sale_trails_up_and_never_down(book) -> None:
    arm(book, "A", SELL, TRAIL, 12, QUOTE, by(1), prices=Prices(13, 14, 0))
    book.on_quote(X.id, 15, 16)
    assert book.trigger_of("A") == 14
    (fired,) = book.on_quote(X.id, 13, 14)
    assert (fired.trigger_price, fired.followed) == (14, 13)


def test_a_buy_trails_down_after_its_activation(book) -> None:
    arm(book, "A", BUY, TRAIL, None, QUOTE, by(10, activation=120, limit=2), prices=Prices(130, 140, 0))
    assert (book.activated("A"), book.trigger_of("A")) == (False, None)
    assert book.on_quote(X.id, 120, 121) == ()
    assert not book.activated("A")
    book.on_quote(X.id, 110, 120)
    assert (book.activated("A"), book.trigger_of("A")) == (True, 130)
    book.on_quote(X.id, 100, 105)
    assert book.trigger_of("A") == 115
    book.on_quote(X.id, 100, 110)
    (fired,) = book.on_quote(X.id, 100, 116)
    assert (fired.trigger_price, fired.limit) == (115, 117)


def test_the_first_price_gives_a_trigger_where_none_was_given(book) -> None:
    arm(book, "A", SELL, TRAIL, None, LAST, by(10))
    assert book.trigger_of("A") is None
    book.on_last(X.id, 100)
    assert book.trigger_of("A") == 90


@pytest.mark.parametrize(
    ("unit", "value", "sale", "buy"),
    [
        (TrailUnit.PRICE, "7", 990, 1010),
        (TrailUnit.TICKS, "2", 985, 1010),
        (TrailUnit.BPS, "50", 990, 1005),
        (TrailUnit.PERCENT, "1", 985, 1010),
        (TrailUnit.PERCENT, "0.3", 995, 1005),
    ],
)
def test_units_are_rounded_to_the_tick_away_from_the_market(book, unit, value, sale, buy) -> None:
    arm(book, "S", SELL, TRAIL, None, LAST, by(value, unit), tick=5)
    arm(book, "B", BUY, TRAIL, None, LAST, by(value, unit), tick=5)
    book.on_last(X.id, 999)
    assert (book.trigger_of("S"), book.trigger_of("B")) == (sale, buy)


def test_a_trail_on_the_middle_counts_in_prices(book) -> None:
    arm(book, "A", SELL, TRAIL, None, MID, by(10))
    book.on_quote(X.id, 99, 102)
    assert book.trigger_of("A") == 90
    assert ids(book.on_quote(X.id, 88, 92)) == ["A"]


def test_watch_state_outlives_a_restart_and_is_marked_until_the_market_passes_it(book) -> None:
    arm(book, "A", SELL, TRAIL, None, LAST, by(10))
    arm(book, "D", BUY, STOP, 150, DOUBLE)
    book.on_last(X.id, 120)
    book.on_last(X.id, 150)
    book.on_last(X.id, 149)
    book.on_last(X.id, 151)
    after = TriggerBook()
    arm(after, "A", SELL, TRAIL, None, LAST, by(10))
    arm(after, "D", BUY, STOP, 150, DOUBLE)
    after.restore(book.marks())
    assert after.restored("A")
    assert after.trigger_of("A") == 141
    assert ids(after.on_last(X.id, 150)) == ["D"]
    assert after.restored("A")
    after.on_last(X.id, 152)
    assert (after.restored("A"), after.trigger_of("A")) == (False, 142)


orders = st.lists(
    st.tuples(st.sampled_from([BUY, SELL]), st.sampled_from([STOP, TOUCH, TRAIL]), st.integers(90, 110)), max_size=8
)


@given(orders, st.lists(st.integers(85, 115), max_size=30))
def test_it_agrees_with_looking_at_every_order(given_orders, prices) -> None:
    """A plain scan over all orders says the same."""
    book, naive = TriggerBook(), {}
    for number, (side, ord_type, trigger) in enumerate(given_orders):
        trail = by(3) if ord_type is TRAIL else None
        order_id = str(number)
        arm(book, order_id, side, ord_type, None if trail else trigger, LAST, trail)
        naive[order_id] = [-side.sign if ord_type is TOUCH else side.sign, trail, None if trail else trigger]
    for price in prices:
        expected = []
        for order_id, order in list(naive.items()):
            sign, trail, trigger = order
            if trigger is not None and (price - trigger) * sign >= 0:
                expected.append(order_id)
                del naive[order_id]
            elif trail:
                wanted = price + 3 * sign
                order[2] = wanted if trigger is None else sign * min(sign * trigger, sign * wanted)
        assert ids(book.on_last(X.id, price)) == expected
        assert {name: book.trigger_of(name) for name in naive} == {name: order[2] for name, order in naive.items()}
