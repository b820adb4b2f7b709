from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from termdesk.core.market.market import Market
from termdesk.core.model.errors import AdapterError
from termdesk.core.model.event import (
    BestQuote,
    BookDelta,
    BookSnapshot,
    FeedHeard,
    InstrumentDefined,
    MarketEvent,
    Trade,
)
from termdesk.core.model.terms import Side
from termdesk.testing.load import FEED, LoadMarket, LoadSettings

S = 1_000_000_000


def test_books_quotes_and_trades_agree_for_ever() -> None:
    market = LoadMarket(LoadSettings(n=5, rate=2000), seed=1, start_ns=0)
    opening = market.opening()
    books = {
        event.instrument: (dict(event.bids), dict(event.asks)) for event in opening if isinstance(event, BookSnapshot)
    }
    seq = dict.fromkeys(books, 0)
    for event in [event for second in (1, 2, 3) for event in market.advance(second * S)]:
        if isinstance(event, BookDelta):
            seq[event.instrument] += 1
            assert event.first_seq == event.last_seq == seq[event.instrument]
            for book, levels in zip(books[event.instrument], (event.bids, event.asks), strict=True):
                book.update(levels)
                for price in [price for price, qty in levels if not qty]:
                    del book[price]
        if isinstance(event, BookDelta | BestQuote | Trade):
            bids, asks = books[event.instrument]
            assert max(bids) < min(asks)
            assert len(bids) == len(asks) == 10
        if isinstance(event, BestQuote):
            assert (event.bid, event.bid_qty) == (max(bids), bids[max(bids)])
            assert (event.ask, event.ask_qty) == (min(asks), asks[min(asks)])
        if isinstance(event, Trade):
            assert event.price == (min(asks) if event.aggressor is Side.BUY else max(bids))


def test_the_desks_market_state_follows() -> None:
    market, desk = LoadMarket(LoadSettings(n=5, rate=2000), seed=1, start_ns=0), Market()
    for event in (*market.opening(), *market.advance(S), *market.advance(2 * S)):
        desk.apply(event, "load")
    assert len(desk.states) == 5
    assert all(state.book_valid for state in desk.states.values())


def test_the_rate_is_kept_in_any_steps_and_all_kinds_occur() -> None:
    market = LoadMarket(LoadSettings(), seed=1, start_ns=0)
    kinds: Counter[type[MarketEvent]] = Counter()
    names = set()
    for step in range(1, 202):
        for event in market.advance(step * S // 100 + step % 7 * 1000):
            kinds[type(event)] += 1
            names.add(getattr(event, "instrument", ""))
    assert kinds[BookDelta] + kinds[BestQuote] + kinds[Trade] == 40_200
    assert min(kinds[BookDelta], kinds[BestQuote], kinds[Trade]) > 2_000
    assert kinds[FeedHeard] == 2
    assert len(names - {""}) == 200


def test_what_is_due_for_long_is_left_out_and_nothing_of_a_book_with_it() -> None:
    market, desk = LoadMarket(LoadSettings(n=5, rate=2000), seed=1, start_ns=0), Market()
    late = market.advance(60 * S)
    assert len([event for event in late if not isinstance(event, FeedHeard)]) == 2_000
    for event in (*market.opening(), *late):
        desk.apply(event, "load")
    assert all(state.book_valid for state in desk.states.values())


async def test_settings_come_in_the_place_of_symbols() -> None:
    feed = FEED.open(["n=3", "rate=500"], seed=1, resume=())
    assert feed.settings == FEED.open(["n=3,rate=500"], seed=1, resume=()).settings == LoadSettings(n=3, rate=500)
    stream = feed.stream()
    opening = await anext(stream)
    assert [e.instrument.id for e in opening if isinstance(e, InstrumentDefined)] == [
        "L000.LOAD",
        "L001.LOAD",
        "L002.LOAD",
    ]
    assert await asyncio.wait_for(anext(stream), 5)


def test_a_delay_is_declared_in_nanoseconds_and_real_time_without_one() -> None:
    assert FEED.open(["n=3", "delay=900"], seed=1, resume=()).capabilities.delay_ns == 900 * 10**9
    assert FEED.open(["n=3"], seed=1, resume=()).capabilities.delay_ns == 0


@pytest.mark.parametrize("symbols", [["BTCUSDT"], ["n=many"], ["n=0"], ["depth=3"], ["delay=-1"]])
def test_a_wrong_setting_names_the_right_ones(symbols: list[str]) -> None:
    with pytest.raises(AdapterError, match="load settings"):
        FEED.open(symbols, seed=1, resume=())
