"""Market data of instruments in which the desk has a stake."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.market.introduction import introduction
from termdesk.core.market.market import Market
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import (
    BarClosed,
    BestQuote,
    BookDelta,
    BookSnapshot,
    FeedLink,
    InstrumentDefined,
    OrderAdded,
    PhaseChanged,
    Trade,
)
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.terms import Link, Phase, Side
from termdesk.engine.recorder import Recorder, recorded_events, recorded_instruments

DAY = 86_400_000_000_000


def listed(name: str) -> Instrument:
    return Instrument(
        id=name,
        name=name,
        currency="USDT",
        price_decimals=2,
        qty_decimals=0,
        rules=(TradingRule("", 1, 1, 1),),
        detail=Spot("X"),
    )


def quoted(*names: str) -> Market:
    market = Market()
    for name in names:
        market.apply(InstrumentDefined(1, listed(name)), "feed")
        market.apply(PhaseChanged(name, 2, 2, Phase.CONTINUOUS), "feed")
        market.apply(BookSnapshot(name, 3, 3, 10, ((100, 5), (99, 7)), ((102, 4),)), "feed")
        market.apply(Trade(name, 4, 4, 1, 101, 3, Side.BUY), "feed")
    return market


def book_of(market: Market, name: str):
    state = market.states[name]
    return state.book.levels(Side.BUY, 9), state.book.levels(Side.SELL, 9), state.last, state.phase


def replayed(events) -> Market:
    market = Market()
    for event in events:
        market.apply(event, "feed")
    return market


def test_a_market_told_again_goes_on_as_the_first_one_does():
    market = quoted("X.TEST")
    again = replayed(introduction(market.states["X.TEST"], 50))
    for event in (
        BookDelta("X.TEST", 60, 60, 11, 11, -1, ((100, 0),), ()),
        BestQuote("X.TEST", 61, 61, 12, 99, 7, 102, 3),
    ):
        market.apply(event, "feed")
        again.apply(event, "feed")
    assert book_of(again, "X.TEST") == book_of(market, "X.TEST")
    assert again.states["X.TEST"].ask_qty == 3
    assert again.states["X.TEST"].volume == 0


def test_an_order_by_order_book_is_told_again_order_by_order():
    market = Market()
    market.apply(InstrumentDefined(1, listed("X.TEST")), "feed")
    for number, (side, price) in enumerate([(Side.BUY, 100), (Side.BUY, 100), (Side.SELL, 105)], 1):
        market.apply(OrderAdded("X.TEST", 2, 2, number, number, side, price, 10 * number), "feed")
    again = replayed(introduction(market.states["X.TEST"], 50))
    assert book_of(again, "X.TEST") == book_of(market, "X.TEST")
    assert list(again.states["X.TEST"].orders.open(Side.BUY)) == [(1, 100, 10), (2, 100, 20)]


def test_a_market_of_bars_is_told_again_by_its_newest_bar():
    market = Market()
    market.apply(InstrumentDefined(1, listed("X.TEST")), "feed")
    market.apply(BarClosed("X.TEST", 9, 9, Bar(0, 1, 3, 1, 2, 5, Decimal(0), 1, 0)), "feed")
    again = replayed(introduction(market.states["X.TEST"], 50))
    assert (again.states["X.TEST"].last, again.states["X.TEST"].on_bars) == (2, True)


def test_only_what_the_desk_has_a_stake_in_is_kept_from_then_on(tmp_path):
    market = quoted("X.TEST", "Y.TEST")
    recorder = Recorder(tmp_path, market, 30)
    recorder.keep("X.TEST", 50)
    recorder.keep("X.TEST", 51)
    for name in ("X.TEST", "Y.TEST"):
        if name in recorder.kept:
            recorder.take(name, Trade(name, 60, 60, 2, 103, 1, None), 60)
    recorder.take_link(FeedLink("feed", 70, Link.DOWN), 70)
    recorder.take_link(FeedLink("other", 71, Link.DOWN), 71)
    recorder.close()
    assert recorded_instruments(tmp_path) == ["X.TEST"]
    events = list(recorded_events(tmp_path, "X.TEST"))
    assert [type(event).__name__ for event in events] == [
        "InstrumentDefined",
        "PhaseChanged",
        "Trade",
        "BookSnapshot",
        "Trade",
        "FeedLink",
    ]
    assert replayed(events).states["X.TEST"].last == 103


def test_a_torn_tail_costs_the_last_event_and_a_new_run_writes_a_new_file(tmp_path):
    market = quoted("X.TEST")
    for number in range(2):
        recorder = Recorder(tmp_path, market, 30)
        recorder.keep("X.TEST", 50 + number)
        recorder.close()
    files = sorted(tmp_path.glob("market/*/*.rec"))
    assert len(files) == 2
    whole = len(list(recorded_events(tmp_path, "X.TEST")))
    files[0].write_bytes(files[0].read_bytes()[:-3])
    assert len(list(recorded_events(tmp_path, "X.TEST"))) == whole - 1


def test_days_past_their_time_are_let_go(tmp_path):
    market = quoted("X.TEST")
    for day in (100, 101, 102, 105):
        recorder = Recorder(tmp_path, market, 4)
        recorder.keep("X.TEST", day * DAY + 7)
        recorder.close()
    assert sorted(folder.name for folder in (tmp_path / "market").iterdir()) == ["1970-04-13", "1970-04-16"]


def test_nothing_is_recorded_where_no_days_are_kept(tmp_path):
    recorder = Recorder(tmp_path, quoted("X.TEST"), 0)
    recorder.keep("X.TEST", 50)
    recorder.close()
    assert list(tmp_path.iterdir()) == []
    assert recorder.kept == {}


def test_a_moment_is_covered_from_the_first_event_of_its_day_on_also_after_a_restart(tmp_path):
    recorder = Recorder(tmp_path, quoted("X.TEST"), 30)
    recorder.keep("X.TEST", 1_000)
    recorder.close()
    again = Recorder(tmp_path, quoted("X.TEST"), 30)
    again.keep("X.TEST", 5_000)
    again.close()
    for one, first in ((recorder, 1_000), (again, 1_000)):
        assert one.covers("X.TEST", first)
        assert one.covers("X.TEST", 2_000)
        assert not one.covers("X.TEST", 999)
        assert not one.covers("Y.TEST", 2_000)
        assert not one.covers("X.TEST", DAY + 2_000)


def test_a_full_disk_ends_the_recording_and_nothing_else(tmp_path):
    (tmp_path / "market").write_text("in the way")
    recorder = Recorder(tmp_path, quoted("X.TEST"), 30)
    recorder.keep("X.TEST", 50)
    recorder.close()
    assert recorder.failed
    assert recorder.kept == {}
