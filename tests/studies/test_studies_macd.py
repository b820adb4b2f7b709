"""Streaming MACD against the batch library, on real prices."""

from __future__ import annotations

import csv
import gzip
import importlib.resources
import math
from decimal import Decimal

import pandas as pd
import pytest
from ta.trend import MACD

from termdesk.core.market.bars import KEPT, MINUTE_NS, BarSeries
from termdesk.core.model.bar import Bar
from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.core.studies.macd import Macd, MacdStudy

NOTE = Instrument(
    id="NOTE.TEST",
    name="Note",
    currency="USD",
    price_decimals=2,
    qty_decimals=0,
    rules=(TradingRule("", 1, 1, 1),),
    detail=Share(),
)


@pytest.fixture(scope="module")
def closes() -> dict[str, list[float]]:
    file = importlib.resources.files("bokeh_sampledata") / "_data" / "stocks.csv.gz"
    by_name: dict[str, list[float]] = {}
    with file.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            by_name.setdefault(row["Ticker"], []).append(float(row["Close"]))
    return by_name


def test_streaming_equals_the_batch_definition_on_every_bar(closes: dict[str, list[float]]) -> None:
    assert sum(map(len, closes.values())) > 10_000
    for prices in closes.values():
        batch = MACD(pd.Series(prices))
        lines = (batch.macd(), batch.macd_signal(), batch.macd_diff())
        macd = Macd()
        for index, price in enumerate(prices):
            peeked = macd.peek(price)
            value = macd.add(price)
            assert peeked == value
            for ours, theirs in zip(value, (line.iloc[index] for line in lines), strict=True):
                if ours is None:
                    assert math.isnan(theirs)
                else:
                    assert abs(ours - theirs) <= 1e-9 * max(abs(theirs), 1e-3 * price)


def test_lines_count_from_bar_26_and_34_on_and_warming_says_so() -> None:
    macd = Macd()
    assert (macd.warm_bars, macd.warming) == (34, 34)
    values = [macd.add(100.0 + bar) for bar in range(34)]
    assert [value[0] is not None for value in values].index(True) == 25
    assert [value[1] is not None for value in values].index(True) == 33
    assert macd.warming == 0


def test_more_history_than_the_series_holds_moves_the_last_value_by_less_than_a_billionth(
    closes: dict[str, list[float]],
) -> None:
    prices = max(closes.values(), key=len)
    whole, part = Macd(), Macd()
    for price in prices:
        whole_value = whole.add(price)
    for price in prices[-KEPT:]:
        part_value = part.add(price)
    for ours, theirs in zip(part_value, whole_value, strict=True):
        assert ours is not None
        assert theirs is not None
        assert abs(ours - theirs) <= 1e-9 * abs(theirs)


def bars_of(prices: list[int]) -> BarSeries:
    series = BarSeries(NOTE)
    for minute, price in enumerate(prices):
        series.add(minute * MINUTE_NS, price, 1, bought=True)
    return series


def test_a_study_follows_closed_bars_once_and_peeks_the_growing_one() -> None:
    prices = [10_000 + (minute * 37) % 211 for minute in range(60)]
    series = bars_of(prices)
    study = MacdStudy(NOTE, series)
    direct = Macd()
    wanted = [direct.add(price / 100) for price in prices]
    assert [point.values for point in study.points(0)] == wanted
    series.add(60 * MINUTE_NS - 1, 99_999, 1, bought=True)
    changed = study.points(59 * MINUTE_NS)
    assert len(changed) == 1
    assert changed[0].values != wanted[-1]


def test_a_study_that_was_not_read_for_longer_than_the_series_holds_starts_from_what_is_held() -> None:
    series = BarSeries(NOTE)
    study = MacdStudy(NOTE, series)
    for minute in range(2 * KEPT + 5):
        series.add(minute * MINUTE_NS, 10_000 + minute % 50, 1, bought=True)
    assert len(study.points(0)) == KEPT + 1
    assert study.warming == 0


def test_a_corrected_bar_makes_the_study_start_anew() -> None:
    prices = [10_000 + minute for minute in range(50)]
    series = bars_of(prices)
    study = MacdStudy(NOTE, series)
    before = study.points(0)
    series.add(40 * MINUTE_NS + 1, 12_000, 1, bought=True)
    after = study.points(0)
    assert after[:40] == before[:40]
    assert after[40].values != before[40].values
    assert series.closed[40] == Bar(40 * MINUTE_NS, 10_040, 12_000, 10_040, 12_000, 2, Decimal("220.40"), 2, 2)
