"""Bars from a source that tells nothing else."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.market.market import Market
from termdesk.core.market.state import Touched
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import BarClosed, InstrumentDefined
from termdesk.core.model.instrument import Instrument, Share, TradingRule

MINUTE = 60_000_000_000
STOCK = Instrument(
    id="600519.SSE",
    name="Kweichow Moutai",
    currency="CNY",
    price_decimals=2,
    qty_decimals=0,
    rules=(TradingRule("", 1, 100, 100),),
    detail=Share(1),
)


def market() -> Market:
    made = Market()
    made.apply(InstrumentDefined(1, STOCK), "bars")
    return made


def closed(minute: int, low: int = 90, high: int = 110) -> BarClosed:
    bar = Bar(minute * MINUTE, 100, high, low, 105, 700, Decimal("7.35"), 3, 0)
    return BarClosed(STOCK.id, (minute + 1) * MINUTE, (minute + 1) * MINUTE, bar)


def test_a_bar_moves_last_price_day_numbers_and_the_series() -> None:
    made = market()
    state, touched = made.apply(closed(1), "bars")
    made.apply(closed(2, low=80), "bars")
    assert state is not None
    assert touched & Touched.BARS
    assert touched & Touched.TRADE
    assert (state.last, state.open, state.high, state.low) == (105, 100, 110, 80)
    assert (state.volume, state.trades, state.turnover) == (1_400, 6, Decimal("14.70"))
    assert [bar.start_ns for bar in state.bars.since(0)] == [MINUTE, 2 * MINUTE]
    assert state.on_bars


def test_a_bar_delivered_behind_a_newer_one_moves_nothing() -> None:
    made = market()
    made.apply(closed(5), "bars")
    state, touched = made.apply(closed(4, low=1), "bars")
    assert state is not None
    assert (touched, state.low, state.volume) == (0, 90, 700)
