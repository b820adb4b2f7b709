"""Bars and tape against naive definitions."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.market.bars import KEPT, MINUTE_NS, BarSeries
from termdesk.core.market.tape import KEPT as TAPE_KEPT
from termdesk.core.market.tape import Tape
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import Trade
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.terms import Side

COIN = Instrument(
    id="COIN.TEST",
    name="Coin",
    currency="USD",
    price_decimals=2,
    qty_decimals=3,
    rules=(TradingRule("", 1, 1, 1),),
    detail=Spot("COIN"),
)

trades = st.lists(
    st.tuples(st.integers(0, 10 * MINUTE_NS), st.integers(1, 500), st.integers(1, 50), st.booleans()), max_size=60
)


def naive(rows: list[tuple[int, int, int, bool]]) -> list[Bar]:
    """Group by minute; a stable sort keeps the order of arrival inside a minute."""
    bars = []
    for minute, group in groupby(
        sorted(rows, key=lambda row: row[0] // MINUTE_NS), key=lambda row: row[0] // MINUTE_NS
    ):
        part = list(group)
        prices = [row[1] for row in part]
        bars.append(
            Bar(
                minute * MINUTE_NS,
                prices[0],
                max(prices),
                min(prices),
                prices[-1],
                sum(row[2] for row in part),
                sum((Decimal(row[1]) / 100 * Decimal(row[2]) / 1000 for row in part), Decimal(0)),
                len(part),
                sum(row[2] for row in part if row[3]),
            )
        )
    return bars


@given(trades)
def test_bars_of_trades_in_order_equal_naive_grouping(rows: list[tuple[int, int, int, bool]]) -> None:
    rows.sort(key=lambda row: row[0])
    series = BarSeries(COIN)
    for at, price, qty, bought in rows:
        series.add(at, price, qty, bought=bought)
    assert list(series.since(0)) == naive(rows)


@given(trades, st.randoms(use_true_random=False))
def test_a_late_trade_corrects_its_own_bar(rows: list[tuple[int, int, int, bool]], shuffle) -> None:
    rows.sort(key=lambda row: row[0])
    seen = {row[0] // MINUTE_NS for row in rows}
    late = [row for row in rows if shuffle.random() < 0.2 and row is not rows[0]]
    on_time = [row for row in rows if row not in late]
    kept = [row for row in late if row[0] // MINUTE_NS in {each[0] // MINUTE_NS for each in on_time}]
    series = BarSeries(COIN)
    for at, price, qty, bought in [*on_time, *kept]:
        series.add(at, price, qty, bought=bought)
    assert len(seen) >= len(series.since(0))
    assert list(series.since(0)) == naive([*on_time, *kept])


def bar(start_ns: int, close: int) -> Bar:
    return Bar(start_ns, close, close, close, close, 1, Decimal(1), 1, 0)


def test_history_stands_before_live_bars_and_live_bars_go_on_after_it() -> None:
    series = BarSeries(COIN)
    series.seed([bar(0, 10), bar(MINUTE_NS, 11)])
    series.add(2 * MINUTE_NS + 5, 12, 1, bought=True)
    assert [(each.start_ns, each.close) for each in series.since(0)] == [(0, 10), (MINUTE_NS, 11), (2 * MINUTE_NS, 12)]


def test_history_never_replaces_what_was_seen_live() -> None:
    series = BarSeries(COIN)
    series.add(MINUTE_NS, 50, 1, bought=True)
    series.seed([bar(0, 10), bar(MINUTE_NS, 11)])
    assert [each.close for each in series.since(0)] == [10, 50]
    assert series.revision == 1


def test_a_first_trade_inside_the_last_bar_of_history_joins_it() -> None:
    series = BarSeries(COIN)
    series.seed([bar(0, 10)])
    series.add(30_000_000_000, 14, 3, bought=True)
    (only,) = series.since(0)
    assert (only.open, only.high, only.close, only.volume, only.trades) == (10, 14, 14, 4, 2)


def test_the_series_is_bounded_and_since_gives_only_what_is_new() -> None:
    series = BarSeries(COIN)
    for minute in range(KEPT + 10):
        series.add(minute * MINUTE_NS, 10, 1, bought=False)
    assert len(series.closed) == KEPT
    assert series.closed_count == KEPT + 9
    assert [each.start_ns // MINUTE_NS for each in series.since(series.start_ns - MINUTE_NS)] == [KEPT + 8, KEPT + 9]


def test_the_tape_tells_what_was_left_out() -> None:
    tape = Tape()
    for number in range(TAPE_KEPT + 5):
        tape.add(Trade("COIN.TEST", number, number, number, 1, 1, Side.BUY))
    trades_, dropped = tape.since(tape.count - 3)
    assert ([each.trade_id for each in trades_], dropped) == ([TAPE_KEPT + 2, TAPE_KEPT + 3, TAPE_KEPT + 4], 0)
    trades_, dropped = tape.since(tape.count - 10, limit=4)
    assert (len(trades_), dropped) == (4, 6)
    trades_, dropped = tape.since(0)
    assert (len(trades_), dropped) == (TAPE_KEPT, 5)
    assert tape.since(tape.count) == ((), 0)
