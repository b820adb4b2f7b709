"""The volume ratio (量比): the day's volume a minute over that of the five days before, breaks left out."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from termdesk.core.market import topics
from termdesk.core.market.introduction import introduction
from termdesk.core.market.market import Market
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import DayReference, InstrumentDefined, PhaseChanged
from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.core.model.terms import Phase
from termdesk.core.wire.topics import QuoteBody, TopicBody


def quoted(instrument_id: str, beijing: str, volume: int, mean_volume: int) -> QuoteBody:
    """Give the quote line of a day on which so much was traded until a moment."""
    rule = TradingRule(first_day="", tick=1, lot=100, min_qty=100)
    instrument = Instrument(
        id=instrument_id, name="x", currency="CNY", price_decimals=2, qty_decimals=0, rules=(rule,), detail=Share()
    )
    now_ns = int(datetime.fromisoformat(f"2026-11-25T{beijing}+08:00").astimezone(UTC).timestamp()) * 10**9
    market = Market()
    market.apply(InstrumentDefined(now_ns, instrument), "test")
    day = Bar(0, 100, 100, 100, 100, volume, Decimal(volume), 1, 0)
    market.apply(DayReference(instrument_id, now_ns, now_ns, 100, day, mean_volume), "test")
    market.apply(PhaseChanged(instrument_id, now_ns, now_ns, Phase.CONTINUOUS), "test")
    return topics.quote_body(market.states[instrument_id])


@pytest.mark.parametrize(
    ("beijing", "ratio"),
    [("09:30:05", "24.00"), ("10:29:59", "0.40"), ("11:29:59", "0.20"), ("12:10:00", "0.20"), ("15:30:00", "0.10")],
)
def test_it_counts_minutes_begun_and_none_over_lunch(beijing: str, ratio: str) -> None:
    assert quoted("600519.SSE", beijing, 100_000, 1_000_000).volume_ratio == Decimal(ratio)


@pytest.mark.parametrize(
    ("instrument_id", "beijing", "mean_volume"),
    [("600519.SSE", "10:00:00", 0), ("600519.SSE", "09:26:00", 1_000_000), ("600519.NOWHERE", "10:00:00", 1_000_000)],
)
def test_without_a_mean_a_timetable_or_a_minute_it_is_not_known(
    instrument_id: str, beijing: str, mean_volume: int
) -> None:
    assert quoted(instrument_id, beijing, 100_000, mean_volume).volume_ratio is None


def test_it_travels_and_an_older_quote_line_has_none() -> None:
    body = quoted("600519.SSE", "10:00:00", 100_000, 1_000_000)
    packed = msgspec.msgpack.encode(body)
    assert msgspec.msgpack.decode(packed, type=TopicBody) == body
    place = 1 + [field.name for field in msgspec.structs.fields(QuoteBody)].index("volume_ratio")  # behind the tag
    older = msgspec.msgpack.encode(msgspec.msgpack.decode(packed)[:place])
    assert msgspec.msgpack.decode(older, type=TopicBody) == msgspec.structs.replace(body, volume_ratio=None)


def test_a_day_without_a_mean_forgets_the_one_before_and_an_introduction_tells_it() -> None:
    market = Market()
    rule = TradingRule(first_day="", tick=1, lot=100, min_qty=100)
    instrument = Instrument(id="X.DEMO", name="x", currency="CNY", price_decimals=2, qty_decimals=0, rules=(rule,),
                            detail=Share())  # fmt: skip
    market.apply(InstrumentDefined(1, instrument), "test")
    market.apply(DayReference("X.DEMO", 1, 1, 100, None, 5_000), "test")
    state = market.states["X.DEMO"]
    told = next(event for event in introduction(state, 2) if isinstance(event, DayReference))
    assert told.mean_volume == 5_000
    market.apply(DayReference("X.DEMO", 2, 2, 100), "test")
    assert state.mean_volume == 0
