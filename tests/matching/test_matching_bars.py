"""Own orders on closed bars."""

from __future__ import annotations

from decimal import Decimal

import pytest
from bar_venue import BarVenue, X
from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.matching.bar_order import price_at, reach
from termdesk.core.matching.bar_policy import BarPolicy
from termdesk.core.model.bar import Bar
from termdesk.core.model.terms import ExecType, Liquidity, OrdType, Side, TimeInForce, TrailUnit
from termdesk.core.model.trigger import Trail

BUY, SELL = Side.BUY, Side.SELL
STOP, STOP_LIMIT, MIT, LIT = (
    OrdType.STOP,
    OrdType.STOP_LIMIT,
    OrdType.MARKET_IF_TOUCHED,
    OrdType.LIMIT_IF_TOUCHED,
)


def started(**policy) -> BarVenue:
    venue = BarVenue(**policy)
    venue.bar(100, 101, 99, 100)
    return venue


def test_an_order_does_not_meet_the_bar_in_whose_callback_it_was_sent():
    venue = BarVenue()
    venue.bar(100, 110, 90, 100)
    venue.send(BUY, 5, 95, released=True)
    assert venue.fills() == []
    assert venue.waits() == "wait.bar"
    venue.bar(100, 100, 94, 100)
    assert venue.fills() == [("O1", 95, 5)]


def test_a_bar_that_ended_before_an_order_came_never_fills_it_however_late_it_is_delivered():
    venue = started()
    venue.send(BUY, 5, 95)
    venue.bar(100, 100, 80, 100, end=100)
    assert venue.fills() == []
    venue.bar(100, 100, 80, 100)
    assert venue.fills() == [("O1", 95, 5)]


def test_the_first_bar_ever_does_not_fill_an_order_that_came_after_it_ended():
    venue = BarVenue()
    venue.now_ns = 350
    venue.send(BUY, 5, 95)
    venue.bar(90, 110, 80, 100, end=300)
    assert venue.fills() == []
    venue.bar(100, 110, 80, 100)
    assert venue.fills() == [("O1", 95, 5)]


@pytest.mark.parametrize(
    ("side", "limit", "bar", "rule", "wanted"),
    [
        (BUY, 95, (100, 101, 94, 100), "through", 95),
        (BUY, 95, (100, 101, 95, 100), "through", None),
        (BUY, 95, (100, 101, 95, 100), "touch", 95),
        (BUY, 95, (93, 101, 92, 100), "through", 93),
        (BUY, 95, (95, 101, 95, 100), "touch", 95),
        (BUY, 95, (95, 101, 94, 100), "through", 95),
        (SELL, 105, (100, 106, 99, 100), "through", 105),
        (SELL, 105, (100, 105, 99, 100), "through", None),
        (SELL, 105, (100, 105, 99, 100), "touch", 105),
        (SELL, 105, (108, 109, 99, 100), "through", 108),
    ],
)
def test_a_limit_is_filled_at_itself_or_at_a_better_open(side, limit, bar, rule, wanted):
    venue = started(limit=rule)
    venue.send(side, 5, limit)
    venue.bar(*bar)
    assert [fill[1] for fill in venue.fills()] == ([] if wanted is None else [wanted])


def test_an_open_from_before_an_order_gives_it_no_better_price():
    venue = started()
    venue.send(BUY, 5, 95)
    venue.send(BUY, 5)
    venue.bar(90, 101, 89, 100, start=50)
    assert venue.fills() == [("O1", 95, 5)]
    venue.bar(98, 101, 89, 100, start=200)
    assert venue.fills()[1:] == [("O2", 98, 5)]


@pytest.mark.parametrize(
    ("side", "trigger", "bar", "wanted"),
    [
        (BUY, 105, (100, 106, 99, 103), 105),
        (BUY, 105, (107, 110, 106, 108), 107),
        (BUY, 105, (100, 104, 99, 103), None),
        (BUY, 105, (100, 105, 99, 103), 105),
        (SELL, 95, (100, 101, 94, 97), 95),
        (SELL, 95, (93, 96, 90, 92), 93),
        (SELL, 95, (100, 101, 96, 97), None),
    ],
)
def test_a_stop_is_filled_at_its_trigger_or_at_the_open_beyond_it(side, trigger, bar, wanted):
    venue = started()
    venue.send(side, 5, kind=STOP, trigger=trigger)
    venue.bar(*bar)
    assert [fill[1] for fill in venue.fills()] == ([] if wanted is None else [wanted])
    assert venue.triggered() == ([] if wanted is None else [("O1", trigger)])


@pytest.mark.parametrize(
    ("side", "trigger", "bar"),
    [(BUY, 95, (100, 101, 94, 97)), (BUY, 95, (93, 96, 90, 92)), (SELL, 105, (100, 106, 99, 100))],
)
def test_an_if_touched_order_is_filled_at_its_trigger(side, trigger, bar):
    venue = started()
    venue.send(side, 5, kind=MIT, trigger=trigger)
    venue.bar(*bar)
    assert venue.fills() == [("O1", trigger, 5)]


def test_a_limit_if_touched_becomes_a_limit_where_it_is_touched():
    venue = started(path="ohlc")
    venue.send(BUY, 5, 93, kind=LIT, trigger=95)
    venue.send(BUY, 5, 96, kind=LIT, trigger=95)
    venue.bar(100, 101, 94, 100)
    assert venue.fills() == [("O2", 95, 5)]
    venue.bar(100, 101, 92, 100)
    assert venue.fills()[1:] == [("O1", 93, 5)]


@pytest.mark.parametrize(
    ("limit", "bar", "wanted"),
    [
        (104, (100, 106, 99, 103), 104),  # only the close proves it
        (107, (100, 106, 99, 103), 106),  # never better than the limit or the high
        (104, (100, 106, 99, 104), None),
        (104, (100, 106, 99, 105), None),
    ],
)
def test_a_stop_limit_needs_the_close_on_the_bar_of_its_trigger(limit, bar, wanted):
    venue = started()
    venue.send(BUY, 5, limit, kind=STOP_LIMIT, trigger=105)
    venue.bar(*bar)
    assert [fill[1] for fill in venue.fills()] == ([] if wanted is None else [wanted])
    assert venue.triggered() == [("O1", 105)]
    if wanted is None:
        venue.bar(105, 106, 103, 105)
        assert [fill[1] for fill in venue.fills()] == [104]


@pytest.mark.parametrize(
    ("side", "trigger", "limit", "bar", "wanted"),
    [
        (BUY, 105, 106, (100, 110, 99, 108), 105),
        (BUY, 105, 104, (100, 110, 99, 108), None),
        (BUY, 105, 104, (103, 110, 99, 102), 104),
        (BUY, 105, 108, (106, 110, 99, 108), 106),
        (BUY, 105, 104, (106, 110, 103, 108), 104),
        (BUY, 105, 104, (106, 110, 105, 108), None),
        (SELL, 95, 94, (100, 101, 90, 92), 95),
        (SELL, 95, 96, (100, 101, 90, 92), None),
        (SELL, 95, 96, (97, 101, 90, 98), 96),
        (SELL, 95, 92, (94, 101, 90, 92), 94),
    ],
)
def test_a_stop_limit_as_backtrader_has_it(side, trigger, limit, bar, wanted):
    venue = started(stop_limit="backtrader", limit="touch")
    venue.send(side, 5, limit, kind=STOP_LIMIT, trigger=trigger)
    venue.bar(*bar)
    assert [fill[1] for fill in venue.fills()] == ([] if wanted is None else [wanted])
    assert venue.triggered() == [("O1", trigger)]


@pytest.mark.parametrize(
    ("path", "held", "bar", "first"),
    [
        ("ohlc", 0, (100, 106, 94, 100), 105),
        ("olhc", 0, (100, 106, 94, 100), 95),
        ("adaptive", 0, (100, 107, 94, 100), 95),
        ("adaptive", 0, (100, 106, 93, 100), 105),
        ("adaptive", 0, (100, 106, 94, 100), 95),
        ("pessimistic", 5, (100, 106, 90, 100), 95),
        ("pessimistic", 0, (100, 106, 90, 100), 95),  # its stop says that it is long
    ],
)
def test_the_way_through_a_bar_decides_between_profit_and_loss(path, held, bar, first):
    venue = started(path=path, held=held)
    venue.send(SELL, 5, 105)
    venue.send(SELL, 5, kind=STOP, trigger=95)
    venue.answer = lambda v: [v.cancel(one) for one in ("O1", "O2")]
    venue.bar(*bar)
    assert [fill[1] for fill in venue.fills()] == [first]


def test_a_pessimist_short_meets_the_high_first():
    venue = started(path="pessimistic", held=-5)
    venue.send(BUY, 5, 95)
    venue.send(BUY, 5, kind=STOP, trigger=105)
    venue.answer = lambda v: v.cancel("O1")
    venue.bar(100, 110, 94, 100)
    assert venue.fills() == [("O2", 105, 5)]


def test_fills_of_one_bar_come_in_the_order_of_the_way():
    venue = started(path="olhc")
    venue.send(SELL, 1, 104)
    venue.send(BUY, 1, 97)
    venue.send(BUY, 1, 98)
    venue.send(BUY, 1)
    venue.bar(100, 105, 96, 100)
    assert [fill[:2] for fill in venue.fills()] == [("O4", 100), ("O3", 98), ("O2", 97), ("O1", 104)]


def test_what_waited_for_a_fill_takes_part_in_the_rest_of_its_bar():
    def exits(venue):
        if len(venue.reports) == entered:
            venue.send(SELL, 5, 105, released=True)
            venue.send(SELL, 5, kind=STOP, trigger=95, released=True)

    venue = started(path="ohlc")
    venue.send(BUY, 5)
    entered = len(venue.reports) + 1
    venue.answer = exits
    venue.bar(100, 106, 96, 100)
    assert venue.fills() == [("O1", 100, 5), ("O2", 105, 5)]


def test_a_pessimists_exit_takes_no_profit_in_the_bar_of_its_entry():
    def exits(venue):
        if len(venue.reports) == entered:
            venue.held = 5
            venue.send(SELL, 5, 105, released=True)
            venue.send(SELL, 5, kind=STOP, trigger=95, released=True)

    venue = started(path="pessimistic")
    venue.send(BUY, 5)
    entered = len(venue.reports) + 1
    venue.answer = exits
    venue.bar(100, 110, 94, 108)
    assert venue.fills() == [("O1", 100, 5), ("O3", 95, 5)]


def test_market_orders_share_a_bar_and_go_on_at_the_next_open():
    venue = started(volume="participation", participation_pct=Decimal(50))
    venue.send(BUY, 800)
    venue.bar(101, 102, 100, 101, 1000)
    assert venue.fills() == [("O1", 101, 500)]
    venue.bar(103, 104, 102, 103, 1000)
    assert venue.fills() == [("O1", 101, 500), ("O1", 103, 300)]


def test_own_orders_share_what_there_is_of_a_bar():
    venue = started(volume="participation", participation_pct=Decimal(10))
    venue.send(BUY, 80, 95)
    venue.send(BUY, 80, 96)
    venue.bar(100, 100, 90, 100, 1000)
    assert venue.fills() == [("O2", 96, 80), ("O1", 95, 20)]
    venue.bar(100, 100, 90, 100, 0)
    assert venue.fills()[2:] == []


def test_a_quarter_of_the_volume_is_at_each_price_of_the_bar():
    venue = started(volume="split_four", path="ohlc")
    venue.send(BUY, 600, 98)
    venue.bar(100, 101, 95, 97, 1002)
    assert venue.fills() == [("O1", 98, 250), ("O1", 98, 252)]
    venue.send(BUY, 500)
    venue.bar(99, 103, 99, 101, 1000)
    assert venue.fills()[2:] == [("O2", 99, 250), ("O2", 103, 250)]


def test_a_quarter_is_at_least_a_lot():
    assert BarPolicy(volume="split_four").rooms(2, 1) == [1, 1, 1, 1]
    assert BarPolicy(volume="split_four").rooms(1002, 1) == [250, 250, 250, 252]


@pytest.mark.parametrize(
    ("policy", "side", "kind", "trigger", "bar", "wanted"),
    [
        ({}, BUY, None, None, (100, 105, 99, 103), 100),
        ({"slippage_on_open": True}, BUY, None, None, (100, 105, 99, 103), 102),
        ({"slippage_on_open": True}, SELL, None, None, (100, 105, 99, 103), 99),
        ({}, BUY, STOP, 104, (100, 110, 99, 103), 107),
        ({}, BUY, STOP, 104, (100, 105, 99, 103), 105),
        ({}, SELL, STOP, 98, (100, 101, 90, 95), 96),
        ({}, BUY, STOP, 104, (106, 120, 99, 103), 106),
        ({"slippage_on_open": True}, BUY, STOP, 104, (106, 120, 99, 103), 109),
    ],
)
def test_slippage_goes_against_the_order_and_ends_at_the_extreme(policy, side, kind, trigger, bar, wanted):
    venue = started(slippage_pct=Decimal(2), **policy)
    venue.send(side, 5, kind=kind, trigger=trigger)
    venue.bar(*bar)
    assert [fill[1] for fill in venue.fills()] == [wanted]


@pytest.mark.parametrize(("policy", "stop"), [("from_extreme", 105), ("from_close", 99)])
def test_a_trailing_stop_is_held_against_the_bar_before_it_follows_it(policy, stop):
    venue = started(trail=policy)
    venue.send(SELL, 5, kind=OrdType.TRAILING_STOP, trigger=95, trail=Trail(TrailUnit.PRICE, Decimal(5)))
    venue.bar(100, 110, 96, 104)
    assert venue.fills() == []
    venue.bar(stop + 4, stop + 5, stop - 1, stop + 2)
    assert venue.fills() == [("O1", stop, 5)]
    assert venue.triggered() == [("O1", stop)]


@pytest.mark.parametrize(("fill", "wanted"), [("trigger_or_open", 95), ("worse_of_stop_and_close", 93)])
def test_at_what_a_trailing_stop_is_filled(fill, wanted):
    venue = started(trail_fill=fill)
    venue.send(SELL, 5, kind=OrdType.TRAILING_STOP, trail=Trail(TrailUnit.PRICE, Decimal(5)))
    venue.bar(98, 98, 90, 93)
    assert venue.fills() == [("O1", wanted, 5)]


def test_a_trailing_stop_follows_nothing_before_its_activation_price():
    venue = started()
    trail = Trail(TrailUnit.PERCENT, Decimal(10), activation_price=110)
    venue.send(SELL, 5, kind=OrdType.TRAILING_STOP, trail=trail)
    venue.bar(100, 109, 50, 100)
    assert venue.fills() == []
    venue.bar(100, 120, 100, 119)
    venue.bar(119, 119, 107, 110)
    assert venue.fills() == [("O1", 108, 5)]


def test_a_trailing_stop_limit_gets_its_limit_where_its_trigger_stands():
    venue = started()
    trail = Trail(TrailUnit.PRICE, Decimal(5), limit_offset=2)
    venue.send(SELL, 5, kind=OrdType.TRAILING_STOP_LIMIT, trail=trail)
    venue.bar(100, 100, 90, 92)
    assert (venue.fills(), venue.triggered()) == ([], [("O1", 95)])
    venue.bar(90, 94, 89, 90)
    assert venue.fills() == [("O1", 93, 5)]


@pytest.mark.parametrize(
    ("tif", "volume", "fills", "ended"),
    [
        (TimeInForce.IOC, 30, [("O1", 99, 30)], [("O1", "end.ioc")]),
        (TimeInForce.FOK, 30, [], [("O1", "end.fok")]),
        (TimeInForce.FOK, 50, [("O1", 99, 50)], []),
    ],
)
def test_what_trades_at_once_meets_the_next_open_or_ends(tif, volume, fills, ended):
    venue = started()
    venue.send(BUY, 50, 99, tif=tif)
    venue.bar(99, 101, 98, 100, volume)
    assert (venue.fills(), venue.ended()) == (fills, ended)


def test_what_trades_at_once_does_not_wait_for_a_better_price_within_the_bar():
    venue = started()
    venue.send(BUY, 50, 95, tif=TimeInForce.IOC)
    venue.bar(99, 101, 90, 100)
    assert (venue.fills(), venue.ended()) == ([], [("O1", "end.ioc")])


def test_market_to_limit_rests_at_the_price_it_got():
    venue = started()
    venue.send(BUY, 50, kind=OrdType.MARKET_TO_LIMIT)
    venue.bar(99, 101, 98, 100, 30)
    venue.bar(100, 101, 99, 100, 30)
    assert venue.fills() == [("O1", 99, 30)]
    venue.bar(100, 101, 98, 100, 30)
    assert venue.fills() == [("O1", 99, 30), ("O1", 99, 20)]


def test_a_new_price_meets_the_next_bar_and_a_cancel_takes_it_off():
    venue = started()
    venue.send(BUY, 5, 90)
    venue.replace("O1", 8, 95)
    venue.bar(100, 101, 94, 100, end=101)  # ended before the change
    assert venue.fills() == []
    assert venue.waits() == "wait.bar"
    venue.bar(100, 101, 94, 100)
    assert venue.fills() == [("O1", 95, 8)]
    venue.send(BUY, 5, 90)
    venue.cancel("O2")
    venue.bar(80, 80, 80, 80)
    assert venue.ended() == [("O2", "end.asked")]


def test_a_walk_that_nobody_resumed_ends_before_the_next_bar():
    venue = started(path="olhc")
    venue.send(BUY, 1, 97)
    venue.send(SELL, 1, 104)
    state = venue.market.states[X.id]
    rests = venue.exchange.next_deadline
    venue.exchange.next_deadline = lambda: None
    venue.bar(100, 105, 96, 100)
    assert venue.fills() == [("O1", 97, 1)]
    venue.exchange.next_deadline = rests
    venue.bar(100, 100, 100, 100)
    assert venue.fills() == [("O1", 97, 1), ("O2", 104, 1)]
    assert state.last == 100
    assert venue.exchange.next_deadline() is None


def test_every_fill_says_its_rule_and_what_it_added_or_took():
    venue = started(path="ohlc")
    venue.send(BUY, 1)
    venue.send(BUY, 1, 95)
    venue.send(BUY, 1, kind=STOP, trigger=104)
    venue.bar(100, 105, 90, 100)
    assert venue.rules() == ["open", "trigger", "limit"]
    trades = [r for r in venue.reports if r.last_qty]
    assert [r.liquidity for r in trades] == [Liquidity.TAKER, Liquidity.TAKER, Liquidity.MAKER]


PRICES = st.integers(1, 40)


@st.composite
def bars(draw):
    first, high, low, close = (draw(PRICES) for _ in range(4))
    top, bottom = max(first, high, low, close), min(first, high, low, close)
    return Bar(0, first, top, bottom, close, draw(st.integers(0, 50)), Decimal(0), 0, 0)


@given(bars(), PRICES, st.sampled_from([1, -1]), st.booleans())
def test_a_level_is_reached_exactly_where_the_bar_allows_it(bar, level, rising, strict):
    points = BarPolicy(path="ohlc").points(bar, 0)
    place = reach(points, (0, 0), level, rising, strict=strict)
    extreme = bar.high if rising > 0 else bar.low
    assert (place is not None) is ((extreme - level) * rising >= int(strict))
    if place is not None and place != (0, 0):
        assert price_at(points, place) == level


@given(
    st.lists(bars(), min_size=1, max_size=6),
    st.lists(st.tuples(st.sampled_from([BUY, SELL]), PRICES, st.integers(1, 9)), min_size=1, max_size=5),
    st.sampled_from(["ohlc", "olhc", "adaptive", "pessimistic"]),
    st.sampled_from(["touch", "through"]),
    st.sampled_from(["unlimited", "split_four", "participation"]),
)
def test_limits_never_trade_worse_than_asked_outside_the_bar_or_beyond_their_quantity(told, orders, path, limit, vol):
    venue = started(path=path, limit=limit, volume=vol)
    for side, price, qty in orders:
        venue.send(side, qty, price)
    for bar in told:
        known = len(venue.fills())
        venue.bar(bar.open, bar.high, bar.low, bar.close, bar.volume)
        for order_id, price, _ in venue.fills()[known:]:
            side, asked, _ = orders[int(order_id[1:]) - 1]
            assert bar.low <= price <= bar.high
            assert (asked - price) * side.sign >= 0
        if vol == "participation":
            assert sum(fill[2] for fill in venue.fills()[known:]) <= bar.volume
    for number, (_, _, qty) in enumerate(orders, 1):
        assert sum(fill[2] for fill in venue.fills() if fill[0] == f"O{number}") <= qty


@given(bars(), st.lists(st.tuples(PRICES, st.integers(1, 9)), min_size=1, max_size=4), st.booleans())
def test_buys_and_sales_are_mirror_images(bar, orders, stops):
    def run(*, mirror):
        venue = started(path="olhc" if mirror else "ohlc", volume="unlimited")
        turn = (lambda price: 100 - price) if mirror else (lambda price: price)
        for price, qty in orders:
            kind = STOP if stops else None
            at = turn(price)
            venue.send(SELL if mirror else BUY, qty, None if stops else at, kind=kind, trigger=at if stops else None)
        high, low = (turn(bar.low), turn(bar.high)) if mirror else (bar.high, bar.low)
        venue.bar(turn(bar.open), high, low, turn(bar.close))
        return [(order_id, turn(price), qty) for order_id, price, qty in venue.fills()]

    assert run(mirror=False) == run(mirror=True)


@given(bars(), st.lists(st.tuples(st.sampled_from([BUY, SELL]), PRICES, st.integers(1, 9)), min_size=1, max_size=4))
def test_through_never_fills_what_touch_does_not(bar, orders):
    def filled(limit):
        venue = started(limit=limit, volume="unlimited")
        for side, price, qty in orders:
            venue.send(side, qty, price)
        venue.bar(bar.open, bar.high, bar.low, bar.close)
        return {order_id for order_id, _, _ in venue.fills()}

    assert filled("through") <= filled("touch")


def test_a_market_of_bars_takes_no_order_for_an_auction():
    venue = BarVenue()
    venue.send(Side.BUY, 10, 100, tif=TimeInForce.AT_CLOSE)
    venue.bar(100, 101, 99, 100)
    venue.send(Side.BUY, 10, 100, tif=TimeInForce.AT_CLOSE)
    venue.bar(100, 101, 99, 100)
    assert [report.exec_type for report in venue.reports] == [ExecType.NEW, ExecType.EXPIRED, ExecType.REJECTED]
