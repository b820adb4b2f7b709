"""Orders with a trigger, icebergs, market-to-limit and ends by time, at the simulated exchange itself."""

from __future__ import annotations

from decimal import Decimal

import pytest
from matching_venue import Venue

from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.matching.fidelity import StopInMarket
from termdesk.core.matching.restored import RestoredOrder
from termdesk.core.model.codes import CODES
from termdesk.core.model.event import BookDelta, Trade
from termdesk.core.model.execution import NewOrderSingle
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, OrdType, Phase, Side, TimeInForce, TrailUnit, TriggerBy
from termdesk.core.model.trigger import Trail
from termdesk.core.venues.schedule import flat

BUY, SELL = Side.BUY, Side.SELL
QUOTE = TriggerBy.BID_ASK


@pytest.fixture(autouse=True)
def reasons_are_known(venue):
    yield
    for report in venue.reports:
        if report.reason is not None:
            assert set(report.reason.params) == set(CODES[report.reason.code])
    ids = [report.exec_id for report in venue.reports]
    assert len(ids) == len(set(ids))


def test_a_stop_waits_for_its_trigger_then_takes_the_book(venue) -> None:
    (accepted,) = venue.stop(BUY, 15, 105, QUOTE)
    assert (accepted.exec_type, accepted.trigger_price, accepted.price) == (ExecType.NEW, 105, None)
    waits = {"followed": "bid_ask", "op": ">=", "trigger": "105", "now": "102"}
    assert venue.waits() == Reason("wait.trigger", waits)
    venue.trade(101, 50, SELL)
    assert venue.kinds() == ["new"]
    venue.book(((104, 5),), ((106, 10), (107, 20)))
    assert venue.kinds() == ["new", "triggered", "trade", "trade"]
    assert venue.reports[1].trigger_price == 105
    assert venue.fills() == [("O1", 106, 10, "fill.take"), ("O1", 107, 5, "fill.take")]
    assert venue.waits() is None


def test_a_stop_limit_rests_when_its_limit_is_not_marketable(venue) -> None:
    venue.stop(BUY, 5, 103, QUOTE, price=101)
    venue.book(((101, 4),), ((103, 10),))
    assert venue.kinds() == ["new", "triggered"]
    assert venue.reports[-1].price == 101
    assert venue.ahead() == {"O1": 4}
    venue.trade(101, 9, SELL)
    assert venue.fills() == [("O1", 101, 5, "fill.queue")]


def test_if_touched_fires_in_its_favour(venue) -> None:
    venue.stop(SELL, 5, 105, QUOTE, ord_type=OrdType.MARKET_IF_TOUCHED)
    venue.stop(BUY, 5, 99, QUOTE, price=99, ord_type=OrdType.LIMIT_IF_TOUCHED)
    venue.change(bids=((105, 3), (104, 9)), asks=((102, 0), (103, 0), (106, 5)))
    assert venue.fills() == [("O1", 105, 3, "fill.take"), ("O1", 104, 2, "fill.take")]
    assert venue.kinds("O2") == ["new"]


def test_the_print_that_fired_a_stop_has_taken_the_book_before_it(venue) -> None:
    """Bids 100 x 10, 99 x 20; ten are sold at 100 and the book has not told yet."""
    venue.stop(SELL, 15, 100)
    venue.trade(100, 10, SELL)
    assert venue.fills() == [("O1", 99, 15, "fill.take")]


def test_no_fill_is_better_than_the_print_that_fired_it(venue) -> None:
    venue.stop(SELL, 5, 97)
    venue.trade(96, 3, SELL)
    assert venue.fills() == [("O1", 96, 5, "fill.after_print")]
    assert venue.reports[-1].reason.params == {"price": "96", "level": "100", "consumed": "3", "filled": "5"}


def test_a_book_that_is_newer_than_the_print_is_taken_as_it_is(venue) -> None:
    venue.stop(SELL, 5, 97)
    book = BookDelta("X.TEST", 50, 50, 2, 2, -1, ((100, 9),), ())
    venue.event(book)
    venue.event(Trade("X.TEST", 49, 51, 0, 97, 9, SELL))
    assert venue.fills() == [("O1", 100, 5, "fill.take")]


def test_a_print_of_the_other_side_takes_nothing_from_it(venue) -> None:
    venue.stop(BUY, 5, 103)
    venue.trade(103, 4, SELL)
    assert venue.fills() == [("O1", 102, 5, "fill.take")]


def test_a_stop_that_is_through_already_goes_on_at_once_or_is_refused(venue) -> None:
    venue.stop(BUY, 5, 102, QUOTE)
    assert venue.kinds() == ["new", "triggered", "trade"]
    strict = Venue(stop_in_market=StopInMarket.REJECT)
    strict.book(((100, 10),), ((102, 10),))
    (refused,) = strict.stop(BUY, 5, 102, QUOTE)
    assert (refused.exec_type, refused.reason.code) == (ExecType.REJECTED, "venue.stop_in_market")
    assert refused.reason.params == {"followed": "bid_ask", "trigger": "102", "price": "102"}


def test_a_strict_venue_refuses_a_trigger_amended_into_the_market() -> None:
    strict = Venue(stop_in_market=StopInMarket.REJECT)
    strict.book(((100, 10),), ((102, 10),))
    strict.stop(BUY, 5, 105, QUOTE)
    (refused,) = strict.replace("O1", 5, None, trigger=102)
    assert (refused.is_replace, refused.reason.code) == (True, "venue.stop_in_market")
    assert strict.exchange.trigger_of("O1") == (105, True)


def test_a_post_only_order_that_would_take_when_triggered_ends(venue) -> None:
    venue.stop(BUY, 5, 104, QUOTE, price=105, post_only=True)
    venue.book(((103, 1),), ((104, 5),))
    assert venue.kinds() == ["new", "triggered", "canceled"]
    assert venue.reports[-1].reason.code == "venue.post_only"


def test_a_trailing_stop_limit_gets_its_limit_from_where_it_fired(venue) -> None:
    trail = Trail(TrailUnit.PRICE, Decimal(2), limit_offset=1)
    venue.stop(SELL, 5, None, QUOTE, ord_type=OrdType.TRAILING_STOP_LIMIT, trail=trail)
    assert venue.exchange.trigger_of("O1") == (98, True)
    venue.book(((110, 5),), ((111, 5),))
    assert venue.waits().params == {"followed": "bid_ask", "op": "<=", "trigger": "108", "now": "110"}
    venue.book(((108, 3), (106, 5)), ((111, 5),))
    assert venue.reports[-2].price == 107
    assert venue.fills() == [("O1", 108, 3, "fill.take")]
    assert venue.exchange.trigger_of("O1") is None


def test_what_a_trail_waits_for_is_told(venue) -> None:
    trail = Trail(TrailUnit.TICKS, Decimal(2), activation_price=110)
    venue.stop(SELL, 5, None, ord_type=OrdType.TRAILING_STOP, trail=trail)
    assert venue.waits() == Reason("wait.activation", {"followed": "last", "op": ">=", "activation": "110", "now": ""})
    venue.stop(SELL, 5, None, ord_type=OrdType.TRAILING_STOP, trail=Trail(TrailUnit.TICKS, Decimal(2)))
    assert venue.waits("O2") == Reason("wait.first_price", {"followed": "last"})


def test_amending_a_trigger_moves_it_and_one_that_is_reached_goes_on(venue) -> None:
    venue.stop(BUY, 5, 105, QUOTE)
    (replaced,) = venue.replace("O1", 4, None, trigger=107)
    assert (replaced.trigger_price, replaced.qty) == (107, 4)
    venue.book(((104, 1),), ((106, 9),))
    assert venue.kinds() == ["new", "replaced"]
    venue.replace("O1", 4, None, number=3, trigger=106)
    assert venue.kinds() == ["new", "replaced", "replaced", "triggered", "trade"]


def test_a_cancelled_stop_never_fires(venue) -> None:
    venue.stop(BUY, 5, 105, QUOTE)
    venue.cancel("O1")
    venue.book(((104, 1),), ((106, 9),))
    assert venue.kinds() == ["new", "canceled"]


def test_triggers_rest_outside_continuous_trading(venue) -> None:
    venue.stop(BUY, 5, 105)
    venue.phase(Phase.CLOSING_AUCTION)
    venue.trade(110, 5)
    assert venue.kinds() == ["new"]


def test_a_stop_that_fires_without_a_book_meets_the_first_one(venue) -> None:
    venue.stop(SELL, 5, 97)
    venue.gap()
    venue.trade(96, 1, SELL)
    assert venue.kinds() == ["new", "triggered"]
    venue.book(((95, 3),), ((99, 1),))
    assert venue.kinds() == ["new", "triggered", "trade", "canceled"]


def test_market_to_limit_takes_the_best_level_and_rests_there(venue) -> None:
    reports = venue.send(BUY, 15, ord_type=OrdType.MARKET_TO_LIMIT)
    assert (reports[0].exec_type, reports[0].price) == (ExecType.NEW, 102)
    assert venue.fills() == [("O1", 102, 10, "fill.take")]
    assert venue.waits().code == "wait.taken"
    venue.trade(102, 9, SELL)
    assert venue.fills()[1:] == [("O1", 102, 5, "fill.queue")]


def test_market_to_limit_without_a_price_is_refused(venue) -> None:
    venue.book(((100, 1),), ())
    (refused,) = venue.send(BUY, 15, ord_type=OrdType.MARKET_TO_LIMIT)
    assert refused.reason == Reason("venue.no_market")


def test_only_the_shown_part_of_an_iceberg_has_a_place(venue) -> None:
    venue.send(BUY, 10, 100, display_qty=4)
    assert venue.waits() == Reason("wait.iceberg", {"shown": "4", "ahead": "10", "price": "100"})
    venue.send(BUY, 3, 100)
    venue.trade(100, 14, SELL)
    assert venue.fills() == [("O1", 100, 4, "fill.queue")]
    assert venue.ahead() == {"O1": 0, "O2": 0}
    venue.trade(100, 5, SELL)
    assert venue.fills()[1:] == [("O2", 100, 3, "fill.queue"), ("O1", 100, 2, "fill.queue")]
    venue.trade(100, 11, SELL)
    assert venue.fills()[3:] == [("O1", 100, 2, "fill.queue")]
    assert venue.ahead() == {"O1": 1}
    venue.trade(100, 30, SELL)
    assert venue.fills()[4:] == [("O1", 100, 2, "fill.queue")]


def test_all_of_an_iceberg_meets_a_price_that_crosses_it(venue) -> None:
    venue.send(SELL, 50, 101, display_qty=5)
    venue.change(bids=((101, 80),))
    assert venue.fills() == [("O1", 101, 50, "fill.crossed")]


def test_gtd_works_in_its_last_moment_and_not_after(venue) -> None:
    venue.send(BUY, 5, 101, TimeInForce.GTD, expire_ns=100)
    venue.send(BUY, 5, 101, TimeInForce.GTD, expire_ns=200)
    assert venue.exchange.next_deadline() == 101
    venue.now_ns = 100
    venue.trade(101, 2, SELL)
    assert venue.on_time() == []
    venue.now_ns = 101
    (ended,) = venue.on_time()
    assert (ended.exec_type, ended.reason) == (ExecType.EXPIRED, Reason("end.over", {"time_in_force": "gtd"}))
    assert venue.exchange.next_deadline() == 201
    venue.now_ns = 300
    (late,) = venue.trade(101, 9, SELL)
    assert (late.order_id, late.exec_type) == ("O2", ExecType.EXPIRED)
    assert venue.exchange.next_deadline() is None


def test_a_day_order_ends_with_the_day_of_its_venue(venue) -> None:
    venue.exchange = SimulatedExchange(
        venue.market, lambda _: flat("USDT", Decimal(0), Decimal(0)), day_end=lambda instrument, now_ns: 500
    )
    venue.send(BUY, 5, 101, TimeInForce.DAY)
    venue.now_ns = venue.exchange.next_deadline()
    (ended,) = venue.on_time()
    assert (venue.now_ns, ended.exec_type) == (501, ExecType.EXPIRED)


def test_triggers_and_icebergs_outlive_a_restart(venue) -> None:
    trail = Trail(TrailUnit.PRICE, Decimal(2))
    venue.stop(SELL, 5, None, QUOTE, ord_type=OrdType.TRAILING_STOP, trail=trail)
    venue.send(BUY, 10, 100, display_qty=4)
    venue.stop(BUY, 5, 120, QUOTE)
    venue.book(((110, 5), (100, 10)), ((111, 5),))
    marks = venue.exchange.marks()
    sent = [r for r in venue.requests if isinstance(r, NewOrderSingle)]
    venue.exchange = venue.anew()
    venue.exchange.restore([RestoredOrder(new, 0) for new in sent], 5, marks)
    assert venue.waits().code == "wait.trigger_restarted"
    assert venue.exchange.trigger_of("O1") == (108, True)
    assert venue.waits("O2").code == "wait.price"
    venue.book(((112, 5), (100, 10)), ((113, 5),))
    assert venue.waits().code == "wait.trigger"
    venue.book(((108, 5), (100, 10)), ((113, 5),))
    assert venue.fills() == [("O1", 108, 5, "fill.take")]
    assert venue.cancel("O3")[0].exec_type is ExecType.CANCELED
    venue.trade(99, 50, SELL)
    assert venue.fills()[1:] == [("O2", 100, 10, "fill.through")]
