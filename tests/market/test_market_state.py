"""Market state: what an event touches, what a decision sees, what the wire carries."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from termdesk.core.market import topics
from termdesk.core.market.bars import MINUTE_NS
from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState, Touched
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import (
    BarHistory,
    BookSnapshot,
    DayReference,
    FeedHeard,
    FeedLink,
    InputSkipped,
    InstrumentDefined,
    OrderAdded,
    OrderMatched,
    PhaseChanged,
    Trade,
)
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Link, Phase, Side
from termdesk.core.wire.topics import StudyBody, TopicBody

ID = "COIN.TEST"


def trade(number: int, price: int, qty: int = 1000, at_ns: int = 5) -> Trade:
    return Trade(ID, at_ns, at_ns + 1, number, price, qty, Side.BUY)


def test_trades_move_the_day_numbers_and_say_so(market: Market) -> None:
    for number, price in enumerate((500, 520, 480, 510)):
        state, touched = market.apply(trade(number, price), "test")
        assert touched == Touched.QUOTE | Touched.TRADE | Touched.BARS
    assert state is not None
    assert (state.open, state.high, state.low, state.last, state.trades, state.volume) == (500, 520, 480, 510, 4, 4000)
    assert state.turnover == Decimal("20.10")
    assert state.bars.forming is not None
    assert state.bars.forming.turnover == state.turnover


def test_a_negative_or_first_price_is_the_low(market: Market) -> None:
    market.apply(trade(1, -5), "test")
    state = market.states[ID]
    assert (state.open, state.high, state.low) == (-5, -5, -5)


def test_an_order_by_order_trade_moves_book_and_tape(market: Market) -> None:
    market.apply(OrderAdded(ID, 1, 1, 1, 7, Side.SELL, 500, 10), "test")
    state, touched = market.apply(OrderMatched(ID, 2, 2, 2, 1, 500, 4, Side.BUY, 8, 7), "test")
    assert state is not None
    assert touched & Touched.BOOK
    assert touched & Touched.TRADE
    assert (state.ask, state.ask_qty, state.last, state.book_valid, state.book_seq) == (500, 6, 500, True, 2)
    assert topics.tape_body(state, 0).trades[0].trade_id == 1


def test_an_event_of_an_unknown_instrument_is_counted_and_changes_nothing(market: Market) -> None:
    assert market.apply(Trade("OTHER.TEST", 1, 1, 1, 1, 1, None), "test") == (None, 0)
    assert market.feeds["test"].skipped == 1
    assert set(market.states) == {ID}


def test_a_source_is_heard_by_anything_it_says(market: Market) -> None:
    market.apply(FeedHeard("test", 50), "test")
    market.apply(InputSkipped("test", 60, "file", 3, "expected a, came b"), "test")
    market.apply(FeedLink("test", 70, Link.UP, "fine"), "test")
    source = market.feeds["test"]
    assert (source.heard_ns, source.skipped, source.link, source.detail) == (70, 1, Link.UP, "fine")
    assert source.events == 4


def test_seen_counts_ages_from_the_time_handed_in(market: Market) -> None:
    nothing_yet = market.seen(ID, 10)
    assert nothing_yet is not None
    assert (nothing_yet.quote_age_ns, nothing_yet.link_age_ns) == (-1, 9)
    market.apply(BookSnapshot(ID, 5, 100, 1, ((99, 3),), ((101, 4),)), "test")
    market.apply(PhaseChanged(ID, 6, 110, Phase.BREAK), "test")
    market.apply(FeedHeard("test", 400), "test")
    seen = market.seen(ID, 1000)
    assert seen is not None
    assert (seen.bid, seen.bid_qty, seen.ask, seen.ask_qty, seen.last) == (99, 3, 101, 4, 0)
    assert (seen.quote_age_ns, seen.link_age_ns, seen.phase, seen.feed) == (890, 600, Phase.BREAK, "test")
    assert market.seen("OTHER.TEST", 1000) is None


def test_a_new_version_of_an_instrument_keeps_its_state(market: Market, coin: Instrument) -> None:
    market.apply(trade(1, 500), "test")
    market.apply(InstrumentDefined(9, msgspec.structs.replace(coin, version=2)), "test")
    state = market.states[ID]
    assert (state.instrument.version, state.last) == (2, 500)
    assert market.instruments == {ID: state.instrument}


def full(market: Market) -> InstrumentState:
    market.apply(BookSnapshot(ID, 1, 1, 1, ((99, 3), (98, 1)), ((101, 4),)), "test")
    for minute in range(40):
        market.apply(trade(minute, 500 + minute % 7, at_ns=minute * MINUTE_NS), "test")
    return market.states[ID]


def test_every_body_travels_and_comes_back_equal(market: Market) -> None:
    state = full(market)
    decoder = msgspec.msgpack.Decoder(TopicBody)
    bodies = (
        topics.quote_body(state),
        topics.book_body(state, 10),
        topics.tape_body(state, 0),
        topics.bars_body(state),
        topics.study_body(state),
    )
    for body in bodies:
        assert decoder.decode(msgspec.msgpack.encode(body)) == body


def test_a_quote_without_yesterdays_close_counts_from_the_first_trade(market: Market) -> None:
    state = full(market)
    assert topics.quote_body(state).prev_close == 500
    market.apply(DayReference(ID, 1, 1, 480), "test")
    assert topics.quote_body(state).prev_close == 480


def test_a_venue_s_numbers_of_the_day_are_taken_over_and_gone_on_from(market: Market) -> None:
    state = full(market)
    day = Bar(0, 470, 530, 460, 500, 1_000_000, Decimal("5000"), 77, 0)
    market.apply(DayReference(ID, 1, 1, 480, day), "test")
    assert (state.open, state.high, state.low, state.volume, state.trades) == (470, 530, 460, 1_000_000, 77)
    assert state.turnover == Decimal("5000")
    said = state.day
    assert said is not None
    assert (said.high, said.volume) == (530, 1_000_000)
    market.apply(DayReference(ID, 2, 2, 500, Bar(0, 0, 0, 0, 0, 0, Decimal(0), 0, 0)), "test")
    assert state.day is None
    market.apply(Trade(ID, 3, 3, 900, 505, 10, Side.BUY), "test")
    assert (state.open, state.high, state.low, state.volume) == (505, 505, 505, 10)


def test_later_bars_and_study_bodies_carry_only_what_is_new(market: Market) -> None:
    state = full(market)
    assert len(topics.bars_body(state).bars) == 40
    assert topics.bars_body(state).complete
    last = topics.bars_body(state, state.bars.start_ns)
    assert (len(last.bars), last.complete) == (1, False)
    study = topics.study_body(state, state.bars.start_ns)
    assert [point.start_ns for point in study.points] == [state.bars.start_ns]
    assert topics.tape_body(state, 38).trades[0].trade_id == 38


def test_a_study_warms_with_the_bars_and_starts_anew_when_history_comes(market: Market) -> None:
    market.apply(trade(1, 500, at_ns=40 * MINUTE_NS), "test")
    state = market.states[ID]
    body = topics.study_body(state)
    assert (body.warming, body.warm_bars, body.lines) == (33, 34, ("macd", "signal", "histogram"))
    older = topics.bars_body(state).bars[0]
    history = tuple(msgspec.structs.replace(older, start_ns=minute * MINUTE_NS) for minute in range(40))
    assert market.apply(BarHistory(ID, 0, 9, MINUTE_NS, history), "test")[1] == Touched.BARS
    body = topics.study_body(state)
    assert (body.warming, len(body.points)) == (0, 41)
    assert body.points[-1].values == (pytest.approx(0.0), pytest.approx(0.0), pytest.approx(0.0))


def test_a_market_without_studies_has_an_empty_study_body(coin: Instrument) -> None:
    market = Market()
    market.apply(InstrumentDefined(1, coin), "test")
    assert topics.study_body(market.states[ID]) == StudyBody(
        instrument=ID, study="", lines=(), points=(), complete=True, warming=0, warm_bars=0
    )


def test_a_break_keeps_the_price_at_which_the_session_ended_until_the_next_day(market: Market) -> None:
    state = market.states[ID]

    def phase(at_ns: int, phase: Phase) -> None:
        market.apply(PhaseChanged(ID, at_ns, at_ns, phase), "test")

    phase(1, Phase.CONTINUOUS)
    market.apply(trade(1, 500, at_ns=2), "test")
    assert state.session_close == 0
    phase(10, Phase.BREAK)
    phase(20, Phase.CONTINUOUS)
    market.apply(trade(2, 520, at_ns=21), "test")
    assert (state.session_close, topics.quote_body(state).session_close) == (500, 500)
    phase(30, Phase.CLOSING_AUCTION)
    phase(40, Phase.CLOSED)
    assert state.session_close == 500, "the close of the day is told by the next day's reference"
    market.apply(DayReference(ID, 50, 50, 520, Bar(50, 0, 0, 0, 0, 0, Decimal(0), 0, 0)), "test")
    assert state.session_close == 0
