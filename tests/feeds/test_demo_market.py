from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from statistics import median
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from termdesk.adapters.feeds.demo.flow import FairValue
from termdesk.adapters.feeds.demo.market import DemoMarket
from termdesk.adapters.feeds.demo.spec import specs
from termdesk.core import venues
from termdesk.core.market.market import Market
from termdesk.core.model.event import (
    BarHistory,
    BookDelta,
    BookSnapshot,
    DayReference,
    FeedHeard,
    FeedLink,
    InstrumentDefined,
    MarketEvent,
    PhaseChanged,
    Trade,
)
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Side

S = 1_000_000_000
START = 1_795_347_000 * S + 123_456_789
"""A minute and some seconds before a whole hour of 2026-11-22 in Shanghai, not at a minute's start."""
IDS = [spec.id for spec in specs()]


def market(*, seed: int = 1, start_ns: int = START, resume: Sequence[MarketEvent] = ()) -> DemoMarket:
    return DemoMarket(specs(), seed=seed, start_ns=start_ns, resume=resume)


T = TypeVar("T")


def of(kind: type[T], events: Sequence[object]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]


class Mirror:
    """Books as a reader of the events would keep them."""

    def __init__(self, opening: Sequence[MarketEvent]) -> None:
        self.books = {event.instrument: (dict(event.bids), dict(event.asks)) for event in of(BookSnapshot, opening)}
        self.seq = {event.instrument: event.seq for event in of(BookSnapshot, opening)}

    def apply(self, delta: BookDelta) -> None:
        assert delta.first_seq == delta.last_seq == self.seq[delta.instrument] + 1
        self.seq[delta.instrument] = delta.last_seq
        for book, levels in zip(self.books[delta.instrument], (delta.bids, delta.asks), strict=True):
            for price, qty in levels:
                if qty:
                    book[price] = qty
                else:
                    del book[price]

    def best(self, name: str) -> tuple[int, int]:
        bids, asks = self.books[name]
        return max(bids), min(asks)


@pytest.fixture(scope="module")
def ten_minutes() -> tuple[list[MarketEvent], list[MarketEvent]]:
    """Opening and events of the whole market."""
    demo = market()
    return demo.opening(), demo.advance(START + 600 * S)


def test_the_opening_introduces_every_instrument_before_its_first_event() -> None:
    opening = market().opening()
    assert isinstance(opening[0], FeedLink)
    assert [event.instrument.id for event in of(InstrumentDefined, opening)] == IDS
    for name in IDS:
        kinds = [type(event) for event in opening if getattr(event, "instrument", "") == name]
        assert kinds == [PhaseChanged, DayReference, BarHistory, BookSnapshot]


def test_the_day_so_far_is_what_the_invented_bars_of_today_say_and_usual_minutes_before_them() -> None:
    opening = market().opening()
    bars = {event.instrument: event.bars for event in of(BarHistory, opening)}
    for event in of(DayReference, opening):
        today = [bar for bar in bars[event.instrument] if venues.trading_day(event.instrument, bar.start_ns) ==
                 venues.trading_day(event.instrument, START)]  # fmt: skip
        assert event.day is not None
        phase = venues.phase(event.instrument, START)
        assert phase is not None
        midnight = phase.until_ns - 86_400 * S
        minutes = (START - midnight) // (60 * S)
        assert len(today) == 240 < minutes
        told = sum(bar.volume for bar in today)
        assert 0.3 < (event.day.volume - told) / (minutes - 240) / (told / 240) < 3
        assert event.day.start_ns == midnight
        assert event.day.high == max(bar.high for bar in today)
        assert event.day.low == min(bar.low for bar in today)


def test_the_mean_of_the_days_before_is_of_the_size_of_a_day_and_another_one_each_day() -> None:
    lots = {event.instrument.id: event.instrument.rules[0].lot for event in of(InstrumentDefined, market().opening())}
    for event in of(DayReference, market().opening()):
        assert event.day is not None
        assert event.mean_volume % lots[event.instrument] == 0
        assert 0.3 < event.day.volume / event.mean_volume < 3
    means = [
        [event.mean_volume for event in of(DayReference, market(start_ns=START + days * 86_400 * S).opening())]
        for days in (0, 1)
    ]
    assert all(one != other for one, other in zip(*means, strict=True))


@settings(max_examples=12)
@given(steps=st.lists(st.integers(1, 4 * S), min_size=1, max_size=12), seed=st.integers(0, 9))
def test_events_do_not_depend_on_the_steps_in_which_time_passes(steps: list[int], seed: int) -> None:
    whole, parts = market(seed=seed), market(seed=seed)
    assert whole.opening() == parts.opening()
    now, seen = START, []
    for step in steps:
        now += step
        seen += parts.advance(now)
    assert seen == whole.advance(now)


def test_another_seed_is_another_market() -> None:
    assert market(seed=1).advance(START + 5 * S) != market(seed=2).advance(START + 5 * S)


def test_deltas_keep_a_whole_uncrossed_book_in_sequence(
    ten_minutes: tuple[list[MarketEvent], list[MarketEvent]],
) -> None:
    opening, events = ten_minutes
    mirror = Mirror(opening)
    for name in IDS:
        bid, ask = mirror.best(name)
        assert bid < ask
    for delta in of(BookDelta, events):
        mirror.apply(delta)
        bid, ask = mirror.best(delta.instrument)
        assert bid < ask
        assert min(map(len, mirror.books[delta.instrument])) >= 12


def test_the_desks_market_state_keeps_the_same_books(ten_minutes: tuple[list[MarketEvent], list[MarketEvent]]) -> None:
    opening, events = ten_minutes
    mirror, desk = Mirror(opening), Market()
    for event in (*opening, *events):
        desk.apply(event, "demo")
    for delta in of(BookDelta, events):
        mirror.apply(delta)
    for name, state in desk.states.items():
        assert state.book_valid
        assert (state.book.bids, state.book.asks) == mirror.books[name]


def test_trades_take_the_best_displayed_price_and_the_book_loses_what_traded(
    ten_minutes: tuple[list[MarketEvent], list[MarketEvent]],
) -> None:
    opening, events = ten_minutes
    mirror = Mirror(opening)
    taken: dict[tuple[str, int], int] = {}
    last_id = dict.fromkeys(IDS, 0)
    for event in events:
        if isinstance(event, Trade):
            side = 1 if event.aggressor is Side.BUY else 0
            taken[event.instrument, event.price] = taken.get((event.instrument, event.price), 0) + event.qty
            eaten = {price for name, price in taken if name == event.instrument}
            book = mirror.books[event.instrument][side]
            better = {price for price in book if (price < event.price if side else price > event.price)}
            assert better <= eaten
            assert event.trade_id == last_id[event.instrument] + 1
            last_id[event.instrument] = event.trade_id
        elif isinstance(event, BookDelta):
            before = {price: qty for book in mirror.books[event.instrument] for price, qty in book.items()}
            mirror.apply(event)
            for price, qty in (*event.bids, *event.asks):
                if traded := taken.pop((event.instrument, price), 0):
                    assert qty == before[price] - traded
    assert not taken
    assert min(last_id.values()) > 100


def test_numbers_lie_on_tick_and_lot_and_times_ascend(
    ten_minutes: tuple[list[MarketEvent], list[MarketEvent]],
) -> None:
    opening, events = ten_minutes
    rules = {event.instrument.id: event.instrument.rules[0] for event in of(InstrumentDefined, opening)}
    for event in of(Trade, events):
        rule = rules[event.instrument]
        assert event.price % rule.tick == 0 < event.price
        assert event.qty % rule.lot == 0 < event.qty
    times = [event.recv_ns for event in events]  # type: ignore[union-attr]
    assert times == sorted(times)
    assert [event.recv_ns for event in of(FeedHeard, events)] == [START + n * S for n in range(1, 601)]


def test_flow_is_lively_clustered_and_spreads_are_sane(
    ten_minutes: tuple[list[MarketEvent], list[MarketEvent]],
) -> None:
    opening, events = ten_minutes
    mirror = Mirror(opening)
    spreads: dict[str, list[int]] = {name: [] for name in IDS}
    counts: dict[str, list[int]] = {name: [0] * 600 for name in IDS}
    for delta in of(BookDelta, events):
        mirror.apply(delta)
        bid, ask = mirror.best(delta.instrument)
        spreads[delta.instrument].append(ask - bid)
        counts[delta.instrument][min((delta.recv_ns - START) // S, 599)] += 1
    for spec in specs():
        mean = sum(counts[spec.id]) / 600
        variance = sum((count - mean) ** 2 for count in counts[spec.id]) / 600
        assert 0.6 * spec.flow.rate < mean < 1.5 * spec.flow.rate, spec.id
        assert variance > 1.5 * mean, f"{spec.id} does not burst"
        assert median(spreads[spec.id]) <= max(2, 3 * spec.flow.tight), spec.id


def test_the_invented_past_ends_at_the_first_price_and_hangs_together() -> None:
    opening = market().opening()
    instruments = {event.instrument.id: event.instrument for event in of(InstrumentDefined, opening)}
    books = {event.instrument: event for event in of(BookSnapshot, opening)}
    for history in of(BarHistory, opening):
        instrument, bars = instruments[history.instrument], history.bars
        minute = history.interval_ns
        assert [bar.start_ns for bar in bars] == [START // minute * minute - n * minute for n in range(240, 0, -1)]
        assert books[history.instrument].bids[0][0] == bars[-1].close
        for earlier, bar in pairwise(bars):
            assert abs(bar.open - earlier.close) <= instrument.rules[0].tick
        for bar in bars:
            assert 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
            assert 0 <= bar.buy_volume <= bar.volume > 0
            low, high = (
                instrument.cash(instrument.price_decimal(price), bar.volume, "") for price in (bar.low, bar.high)
            )
            assert low <= bar.turnover <= high


def last_trades(events: Sequence[MarketEvent]) -> dict[str, Trade]:
    return {event.instrument: event for event in of(Trade, events)}


def test_after_a_restart_prices_go_on_and_the_past_is_not_invented_again(
    ten_minutes: tuple[list[MarketEvent], list[MarketEvent]],
) -> None:
    opening, events = ten_minutes
    last = last_trades(events)
    del last["ETHUSDT.DEMO"]
    again = market(start_ns=START + 1300 * S, resume=list(last.values()))
    reopening = again.opening()
    assert [event.instrument for event in of(BarHistory, reopening)] == ["ETHUSDT.DEMO"]
    assert of(DayReference, reopening)[:6] == [
        DayReference(event.instrument, again_ns, again_ns, event.prev_close, mean_volume=event.mean_volume)
        for event in of(DayReference, opening)[:6]
        for again_ns in [START + 1300 * S]
    ]
    books = {event.instrument: event for event in of(BookSnapshot, reopening)}
    first = {event.instrument: event for event in reversed(of(Trade, again.advance(START + 1302 * S)))}
    for name, trade in last.items():
        assert books[name].bids[0][0] == trade.price
        assert first[name].trade_id == trade.trade_id + 1


def test_after_a_night_off_yesterdays_close_is_the_last_trade() -> None:
    trade = Trade("BTCUSDT.DEMO", START, START, 41, 9_000_000, 10, Side.BUY)
    opening = market(start_ns=START + 86_400 * S, resume=[trade]).opening()
    close = {event.instrument: event.prev_close for event in of(DayReference, opening)}
    assert close["BTCUSDT.DEMO"] == 9_000_000
    begun = {event.instrument: event.day for event in of(DayReference, opening)}["BTCUSDT.DEMO"]
    assert begun is not None
    assert begun.volume == 0


def test_what_was_said_of_yesterdays_close_is_said_again_the_same_day() -> None:
    trade = Trade("BTCUSDT.DEMO", START, START, 41, 9_000_000, 10, Side.BUY)
    said = DayReference("BTCUSDT.DEMO", START, START, 8_888_800)
    opening = market(start_ns=START + S, resume=[said, trade]).opening()
    close = {event.instrument: event.prev_close for event in of(DayReference, opening)}
    assert close["BTCUSDT.DEMO"] == 8_888_800


def test_at_midnight_in_shanghai_every_instrument_gets_its_close() -> None:
    today = venues.phase(IDS[0], START)
    assert today is not None
    begin = today.until_ns - 30 * S
    demo = market(start_ns=begin)
    demo.opening()
    events = demo.advance(today.until_ns + 10 * S)
    references = of(DayReference, events)
    assert sorted(event.instrument for event in references) == sorted(IDS)
    for reference in references:
        assert 0 <= reference.venue_ns - today.until_ns < 10 * S
        before = [t for t in of(Trade, events) if t.instrument == reference.instrument and t.venue_ns < today.until_ns]
        assert reference.prev_close == before[-1].price
        assert reference.day is not None
        assert reference.day.trades == 0


def test_time_slept_through_passes_without_events() -> None:
    awake, slept = market(), market()
    first = awake.advance(START + 3 * S)
    assert first == slept.advance(START + 3 * S)
    slept.skip(3600 * S)
    assert slept.advance(START + 3603 * S) == []
    moved = slept.advance(START + 3606 * S)
    assert len(moved) == len(awake.advance(START + 6 * S)) > 0
    assert min(event.recv_ns for event in moved) > START + 3603 * S  # type: ignore[union-attr]


@pytest.mark.parametrize("seed", range(4))
def test_the_fair_value_stays_near_home_for_a_week(seed: int) -> None:
    fair = FairValue(Random(seed), 10_000, 10_000, 0.0009)
    path = [fair.advance(1.0) for _ in range(7 * 86_400)]
    assert 0.8 * 10_000 < min(path) < max(path) < 1.25 * 10_000


@pytest.mark.long
def test_prices_stay_plausible_over_many_hours() -> None:
    demo = market(seed=5)
    mirror = Mirror(demo.opening())
    first = {name: sum(mirror.best(name)) / 2 for name in IDS}
    for minute in range(1, 12 * 60 + 1):
        events = demo.advance(START + minute * 60 * S)
        for delta in of(BookDelta, events):
            mirror.apply(delta)
        traded = {trade.instrument for trade in of(Trade, events)}
        assert traded == set(IDS)
        for name in IDS:
            bid, ask = mirror.best(name)
            assert 0.8 < (bid + ask) / 2 / first[name] < 1.25, name
            assert (ask - bid) / bid < 0.01, name


def test_listed_instruments_are_eight_with_names_in_both_languages() -> None:
    listed: list[Instrument] = [spec.instrument() for spec in specs()]
    assert len(listed) == 8
    assert all(one.name and one.name_zh and one.segment == "DEMO" for one in listed)
    assert {one.kind for one in listed} == {"share", "convertible", "fund", "spot"}
