from __future__ import annotations

import asyncio
from importlib.metadata import entry_points
from itertools import chain, count

import pytest

from termdesk.adapters.feeds.demo import FEED
from termdesk.adapters.feeds.demo.client import DemoFeed
from termdesk.adapters.feeds.demo.spec import specs
from termdesk.core.model.errors import AdapterError
from termdesk.core.model.event import BookDelta, FeedHeard, InstrumentDefined, MarketEvent, Trade


async def test_the_feed_speaks_at_once_and_goes_on_with_the_clock() -> None:
    feed = FEED.open([], seed=1, resume=())
    stream = feed.stream()
    opening = await anext(stream)
    assert len([event for event in opening if isinstance(event, InstrumentDefined)]) == 8
    seen: list[MarketEvent] = []

    async def until_heard() -> None:
        while not any(isinstance(event, FeedHeard) for event in seen):
            seen.extend(await anext(stream))

    await asyncio.wait_for(until_heard(), 10)
    await stream.aclose()  # type: ignore[attr-defined]
    assert {event.instrument for event in seen if isinstance(event, Trade)} == {spec.id for spec in specs()}
    deltas = [event for event in seen if isinstance(event, BookDelta)]
    assert all(opening[0].recv_ns < event.recv_ns <= seen[-1].recv_ns for event in deltas)


async def test_a_machine_that_slept_finds_the_market_where_it_left_it() -> None:
    start, hour = 1_795_000_000 * 10**9, 3600 * 10**9
    times = chain([start, start + 20_000_000], count(start + hour, 50_000_000))
    stream = DemoFeed(specs(), seed=1, resume=(), clock=lambda: next(times)).stream()
    await anext(stream)
    events: list[MarketEvent] = []
    while not events or events[-1].recv_ns < start + hour:
        events.extend(await anext(stream))
    assert len(events) < 200


def test_symbols_choose_instruments_by_id_or_bare_code() -> None:
    feed = FEED.open(["btcusdt", "600519.DEMO", "BTCUSDT.DEMO"], seed=1, resume=())
    assert [spec.id for spec in feed._chosen] == ["BTCUSDT.DEMO", "600519.DEMO"]
    assert feed.capabilities.generated


def test_an_unknown_symbol_names_what_there_is() -> None:
    with pytest.raises(AdapterError, match=r"no 'AAPL'; it has 600519\.DEMO, "):
        FEED.open(["AAPL"], seed=1, resume=())


def test_demo_and_load_are_registered_as_feeds() -> None:
    registered = {point.name: point.value for point in entry_points(group="termdesk.feeds")}
    assert registered["demo"] == "termdesk.adapters.feeds.demo:FEED"
    assert registered["load"] == "termdesk.testing.load:FEED"
