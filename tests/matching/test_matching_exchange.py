"""The simulated exchange: queue, prints, crossing, taking; each with its reason."""

from __future__ import annotations

from decimal import Decimal

import pytest
from matching_venue import Venue

from termdesk.adapters.brokers.paper import BROKER
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.matching.restored import RestoredOrder
from termdesk.core.model.codes import CODES
from termdesk.core.model.event import OrderAdded, OrderMatched, OrderRemoved
from termdesk.core.model.execution import NewOrderSingle, OrderCancelReject
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Liquidity, OrdType, Phase, Side, TimeInForce
from termdesk.core.venues.schedule import flat

BUY, SELL = Side.BUY, Side.SELL


@pytest.fixture(autouse=True)
def reasons_are_known(venue):
    yield
    for report in venue.reports:
        if report.reason is not None:
            assert set(report.reason.params) == set(CODES[report.reason.code])
    ids = [report.exec_id for report in venue.reports]
    assert len(ids) == len(set(ids))


def test_order_stands_behind_the_displayed_size(venue) -> None:
    reports = venue.send(BUY, 5, 100)
    assert [(r.exec_type, r.reason) for r in reports] == [
        (ExecType.NEW, Reason("queue.back", {"ahead": "10", "level": "10"}))
    ]
    assert venue.waits() == Reason("wait.queue", {"ahead": "10", "price": "100"})


def test_only_trades_bring_it_forward_and_the_excess_fills(venue) -> None:
    venue.send(BUY, 5, 100)
    venue.change(bids=((100, 3),))
    assert venue.ahead() == {"O1": 10}
    venue.trade(100, 8, SELL)
    venue.trade(100, 4, BUY)
    assert (venue.ahead(), venue.fills()) == ({"O1": 2}, [])
    (fill,) = venue.trade(100, 4, SELL)
    assert (fill.last_qty, fill.liquidity) == (2, Liquidity.MAKER)
    assert fill.reason == Reason("fill.queue", {"ahead": "2", "traded": "4", "filled": "2"})


def test_a_trade_without_aggressor_moves_both_sides(venue) -> None:
    venue.send(BUY, 5, 100)
    venue.send(SELL, 5, 102)
    venue.trade(100, 11)
    venue.trade(102, 12)
    assert venue.fills() == [("O1", 100, 1, "fill.queue"), ("O2", 102, 2, "fill.queue")]


def test_nothing_stands_before_an_order_whose_level_went(venue) -> None:
    venue.send(BUY, 5, 100)
    venue.change(bids=((100, 0),))
    assert venue.ahead() == {"O1": 0}
    venue.change(bids=((100, 50),))
    assert venue.ahead() == {"O1": 0}
    venue.trade(100, 3, SELL)
    assert venue.fills() == [("O1", 100, 3, "fill.queue")]


def test_a_level_out_of_sight_keeps_the_estimate_and_caps_it_on_return(venue) -> None:
    venue.send(BUY, 5, 99)
    venue.book(((101, 1),), ((102, 10),))
    assert venue.ahead() == {"O1": 20}
    venue.book(((99, 4),), ((102, 10),))
    assert venue.ahead() == {"O1": 4}


def test_an_order_outside_the_visible_book_gets_its_place_when_seen(venue) -> None:
    (accepted,) = venue.send(BUY, 5, 90)
    assert accepted.reason == Reason("queue.behind_best", {"price": "90", "best": "100"})
    assert venue.ahead() == {}
    assert venue.waits() == Reason("wait.price", {"price": "90", "best": "100"})
    venue.change(bids=((90, 7),))
    assert venue.ahead() == {"O1": 7}


def test_an_order_between_displayed_levels_is_alone_there(venue) -> None:
    venue.send(BUY, 5, 97)
    venue.send(BUY, 5, 101)
    assert venue.ahead() == {"O1": 0, "O2": 0}


def test_own_orders_share_a_print_in_price_time_order(venue) -> None:
    for _ in range(2):
        venue.send(BUY, 30, 101)
    venue.trade(101, 50, SELL)
    assert venue.fills() == [("O1", 101, 30, "fill.queue"), ("O2", 101, 20, "fill.queue")]
    venue.send(BUY, 2, 100)
    venue.trade(100, 11, SELL)
    assert venue.fills()[2:] == [("O2", 101, 10, "fill.through")]
    assert venue.ahead() == {"O3": 9}


def test_a_print_through_the_limit_fills_what_it_traded(venue) -> None:
    venue.send(BUY, 50, 100)
    (fill,) = venue.trade(98, 20, SELL)
    assert fill.reason == Reason("fill.through", {"price": "100", "traded_price": "98", "traded": "20", "filled": "20"})
    assert fill.last_price == 100
    assert venue.ahead() == {"O1": 0}


def test_opposite_best_crossing_fills_displayed_size_once(venue) -> None:
    venue.send(SELL, 50, 101)
    (fill,) = venue.change(bids=((101, 8),))
    assert fill.reason == Reason("fill.crossed", {"price": "101", "best": "101", "displayed": "8", "filled": "8"})
    assert venue.change(bids=((95, 6),)) == []
    assert venue.waits() == Reason("wait.taken", {"price": "101", "taken": "8"})
    assert [r.last_qty for r in venue.change(bids=((101, 9),))] == [9]


def test_taking_walks_levels_at_their_prices_and_remembers(venue) -> None:
    reports = venue.send(BUY, 15, 103)
    assert [r.exec_type for r in reports] == [ExecType.NEW, ExecType.TRADE, ExecType.TRADE]
    assert venue.fills() == [("O1", 102, 10, "fill.take"), ("O1", 103, 5, "fill.take")]
    venue.send(BUY, 20)
    assert venue.fills()[2:] == [("O2", 103, 15, "fill.take")]
    last = venue.reports[-1]
    assert (last.exec_type, last.reason) == (ExecType.CANCELED, Reason("end.no_liquidity", {"left": "5"}))
    took = venue.reports[-2].reason
    assert took == Reason("fill.take", {"price": "103", "displayed": "20", "consumed": "5", "filled": "15"})
    venue.change(asks=((103, 21),))
    venue.send(BUY, 1)
    assert venue.fills()[-1] == ("O3", 103, 1, "fill.take")


def test_a_size_that_went_and_came_back_is_fresh(venue) -> None:
    venue.send(BUY, 10, 102, TimeInForce.IOC)
    venue.change(asks=((102, 0),))
    venue.change(asks=((102, 10),))
    venue.send(BUY, 10, 102, TimeInForce.IOC)
    assert [qty for _, _, qty, _ in venue.fills()] == [10, 10]


def test_ioc_ends_with_what_is_left(venue) -> None:
    reports = venue.send(BUY, 15, 102, TimeInForce.IOC)
    assert [r.exec_type for r in reports] == [ExecType.NEW, ExecType.TRADE, ExecType.CANCELED]
    assert reports[-1].reason == Reason("end.ioc", {"left": "5"})
    assert venue.waits() is None


def test_fok_takes_over_several_levels_when_all_is_there(venue) -> None:
    venue.send(BUY, 30, 103, TimeInForce.FOK)
    assert venue.fills() == [("O1", 102, 10, "fill.take"), ("O1", 103, 20, "fill.take")]


@pytest.mark.parametrize(("qty", "price", "available"), [(11, 102, "10"), (31, None, "30"), (5, 101, "0")])
def test_fok_takes_nothing_when_something_is_missing(venue, qty, price, available) -> None:
    reports = venue.send(BUY, qty, price, TimeInForce.FOK)
    assert [r.exec_type for r in reports] == [ExecType.NEW, ExecType.CANCELED]
    assert reports[-1].reason == Reason("end.fok", {"qty": str(qty), "available": available})
    venue.send(BUY, 10, 102, TimeInForce.FOK)
    assert venue.fills() == [("O2", 102, 10, "fill.take")]


def test_fok_counts_what_own_orders_took(venue) -> None:
    venue.send(BUY, 4, 102, TimeInForce.FOK)
    reports = venue.send(BUY, 10, 102, TimeInForce.FOK)
    assert reports[-1].reason.params["available"] == "6"


def test_post_only_rests_where_it_takes_nothing_and_is_refused_where_it_would(venue) -> None:
    (rests,) = venue.send(BUY, 5, 101, post_only=True)
    assert rests.exec_type is ExecType.NEW
    (refused,) = venue.send(BUY, 5, 102, post_only=True)
    assert (refused.exec_type, refused.reason) == (
        ExecType.REJECTED,
        Reason("venue.post_only", {"price": "102", "best": "102"}),
    )


def test_post_only_counts_a_level_as_there_although_own_orders_took_it(venue) -> None:
    venue.send(BUY, 10, 102)
    (refused,) = venue.send(BUY, 5, 102, post_only=True)
    assert refused.exec_type is ExecType.REJECTED


def test_amending_a_post_only_order_into_the_market_is_refused_and_it_goes_on(venue) -> None:
    venue.send(BUY, 5, 100, post_only=True)
    ahead = venue.ahead()
    (refused,) = venue.replace("O1", 5, 102)
    assert (refused.is_replace, refused.reason.code) == (True, "venue.post_only")
    assert venue.ahead() == ahead
    assert not venue.fills()


def test_a_post_only_order_that_waited_out_an_auction_ends_where_it_would_take(venue) -> None:
    venue.phase(Phase.OPENING_AUCTION)
    venue.send(BUY, 5, 103, post_only=True)
    (ended,) = venue.phase(Phase.CONTINUOUS)
    assert (ended.exec_type, ended.reason.code) == (ExecType.CANCELED, "venue.post_only")
    assert not venue.fills()


def test_remainder_of_a_limit_rests_at_its_level(venue) -> None:
    venue.send(BUY, 15, 102)
    assert venue.ahead() == {"O1": 0}
    assert venue.waits().code == "wait.taken"
    venue.trade(102, 3, SELL)
    assert venue.fills()[-1] == ("O1", 102, 3, "fill.queue")


def test_amend_loses_the_place_unless_only_smaller(venue) -> None:
    venue.send(BUY, 5, 100)
    venue.trade(100, 6, SELL)
    (kept,) = venue.replace("O1", 3, 100)
    assert (kept.exec_type, kept.qty, kept.reason) == (ExecType.REPLACED, 3, Reason("queue.kept", {"ahead": "4"}))
    (more,) = venue.replace("O1", 9, 100, 3)
    assert more.reason == Reason("queue.back", {"ahead": "10", "level": "10"})
    (moved,) = venue.replace("O1", 9, 99, 4)
    assert (moved.price, venue.ahead()) == (99, {"O1": 20})


def test_amend_into_the_market_takes(venue) -> None:
    venue.send(BUY, 5, 100)
    reports = venue.replace("O1", 5, 102)
    assert [r.exec_type for r in reports] == [ExecType.REPLACED, ExecType.TRADE]
    assert venue.exchange.waits("O1") is None


def test_amend_to_what_is_filled_ends_the_order(venue) -> None:
    venue.send(BUY, 15, 102)
    (done,) = venue.replace("O1", 8, 102)
    assert (done.qty, venue.waits()) == (10, None)
    assert isinstance(venue.replace("O1", 20, 102, 3)[0], OrderCancelReject)


def test_cancel_takes_it_off_and_a_second_is_refused(venue) -> None:
    venue.send(BUY, 5, 100)
    (done,) = venue.cancel("O1")
    assert (done.exec_type, done.reason) == (ExecType.CANCELED, Reason("end.asked"))
    (refused,) = venue.cancel("O1", 10)
    assert (refused.is_replace, refused.reason.code) == (False, "venue.order_unknown")
    assert venue.trade(90, 100, SELL) == []


def test_nothing_matches_outside_continuous_trading(venue) -> None:
    venue.send(BUY, 5, 100)
    venue.phase(Phase.BREAK)
    assert venue.trade(98, 20, SELL) == []
    (accepted,) = venue.send(BUY, 4, 103)
    assert accepted.reason == Reason("wait.phase", {"phase": "break"})
    assert venue.waits().code == "wait.phase"
    venue.change(bids=((100, 2),), asks=((102, 3),))
    venue.phase(Phase.CONTINUOUS)
    assert venue.fills() == [("O2", 102, 3, "fill.take"), ("O2", 103, 1, "fill.take")]
    assert venue.ahead() == {"O1": 2}


def test_an_invalid_book_gives_nothing_but_prints_count(venue) -> None:
    venue.send(BUY, 5, 100)
    venue.gap()
    (accepted,) = venue.send(BUY, 5, 103)
    assert accepted.reason == Reason("wait.no_book")
    assert [r.exec_type for r in venue.send(BUY, 5)] == [ExecType.NEW, ExecType.CANCELED]
    assert venue.waits() == Reason("wait.no_book")
    venue.trade(100, 11, SELL)
    assert venue.fills() == [("O1", 100, 1, "fill.queue")]
    venue.book(((100, 10),), ((101, 2), (103, 9)))
    assert venue.fills()[1:] == [("O2", 101, 2, "fill.take"), ("O2", 103, 3, "fill.take")]


def test_restored_order_goes_to_the_back_and_is_marked(venue) -> None:
    venue.send(BUY, 5, 100)
    venue.trade(100, 9, SELL)
    again = SimulatedExchange(venue.market, lambda x: flat(x.currency, Decimal(0), Decimal(0)))
    old = venue.exchange
    venue.exchange = again
    again.restore([RestoredOrder(order_of("O1", 5, 100), 2)], 5)
    (line,) = again.queue_lines("cash")
    assert (line.ahead, line.level_qty, line.restarted) == (10, 10, True)
    (fill,) = venue.trade(100, 20, SELL)
    assert (fill.last_qty, fill.exec_id) == (3, "O1-fill-5")
    assert old.queue_lines("cash")


def test_restored_before_the_market_is_known_waits_for_it(venue) -> None:
    fresh = BROKER.open(type(venue.market)(), lambda x: flat(x.currency, Decimal(0), Decimal(0)))
    fresh.restore([RestoredOrder(order_of("O1", 5, 100), 0)], 5)
    assert fresh.exchange.queue_lines("cash") == ()
    assert fresh.exchange.waits("O1") == Reason("wait.no_book")


def order_of(order_id: str, qty: int, price: int) -> NewOrderSingle:
    return NewOrderSingle(
        cl_ord_id=f"{order_id}.1",
        venue_cl_ord_id=f"{order_id}.1",
        order_id=order_id,
        account="cash",
        instrument="X.TEST",
        side=BUY,
        ord_type=OrdType.LIMIT,
        qty=qty,
        price=price,
        time_in_force=TimeInForce.GTC,
    )


def test_unknown_instrument_is_rejected(venue) -> None:
    request = NewOrderSingle(
        cl_ord_id="O1.1",
        venue_cl_ord_id="O1.1",
        order_id="O1",
        account="cash",
        instrument="Y.TEST",
        side=BUY,
        ord_type=OrdType.MARKET,
        qty=1,
        price=None,
        time_in_force=TimeInForce.GTC,
    )
    (report,) = venue.request(request)
    assert (report.exec_type, report.reason.code) == (ExecType.REJECTED, "command.instrument_unknown")


def test_fees_round_half_up_on_the_order_not_on_each_fill(venue) -> None:
    venue.send(BUY, 12, 103)
    fees = [report.fees[0] for report in venue.reports if report.exec_type is ExecType.TRADE]
    assert [(fee.kind, fee.asset, fee.amount) for fee in fees] == [
        ("commission", "USDT", Decimal("2.04")),
        ("commission", "USDT", Decimal("0.412")),
    ]


def test_buy_cost_knows_what_was_taken(venue) -> None:
    assert venue.exchange.buy_cost("X.TEST", 12) == 10 * 102 + 2 * 103
    venue.send(BUY, 10, 102)
    assert venue.exchange.buy_cost("X.TEST", 12) == 12 * 103
    assert venue.exchange.buy_cost("X.TEST", 25) == 25 * 103
    assert venue.exchange.buy_cost("Y.TEST", 1) is None
    venue.gap()
    assert venue.exchange.buy_cost("X.TEST", 1) is None


def test_a_market_without_own_orders_costs_nothing(venue) -> None:
    venue.send(BUY, 5, 100)
    venue.cancel("O1")
    assert venue.exchange._pits == {}


def added(seq: int, order_no: int, side: Side, price: int, qty: int) -> OrderAdded:
    return OrderAdded("X.TEST", seq, seq, seq, order_no, side, price, qty)


def matched(seq: int, price: int, qty: int, buy: int, sell: int) -> OrderMatched:
    return OrderMatched("X.TEST", seq, seq, seq, seq, price, qty, SELL, buy, sell)


@pytest.fixture
def by_order():
    """The same instrument on an order-by-order feed: bids 100 x 10 (orders 1 and 2), ask 102 x 5 (order 3)."""
    made = Venue()
    made.event(added(1, 1, BUY, 100, 6))
    made.event(added(2, 2, BUY, 100, 4))
    made.event(added(3, 3, SELL, 102, 5))
    return made


def test_order_by_order_matches_reduce_the_queue(by_order) -> None:
    by_order.send(BUY, 5, 100)
    by_order.event(matched(4, 100, 6, 1, 90))
    assert by_order.ahead() == {"O1": 4}
    by_order.event(added(5, 4, BUY, 100, 50))
    (fill,) = by_order.event(matched(6, 100, 6, 2, 91))
    assert (fill.last_qty, fill.reason.params["ahead"]) == (2, "4")


def test_order_by_order_book_is_whole(by_order) -> None:
    by_order.send(BUY, 5, 90)
    assert by_order.ahead() == {"O1": 0}
    by_order.send(BUY, 5, 100)
    for number, qty in ((1, 6), (2, 4)):
        by_order.event(OrderRemoved("X.TEST", 5, 5, 5, number, BUY, qty))
    assert by_order.ahead() == {"O1": 0, "O2": 0}


def test_order_by_order_arrival_across_the_limit_fills(by_order) -> None:
    by_order.send(BUY, 5, 101)
    (fill,) = by_order.event(added(5, 5, SELL, 101, 3))
    assert fill.reason.code == "fill.crossed"


def test_paper_broker_says_what_it_can_do() -> None:
    assert BROKER.capabilities.simulated
    assert BROKER.capabilities.replace == "in_place"
