"""Volume at price and the daily price limits, as topics tell them."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState
from termdesk.core.market.topics import quote_body, volume_body
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import BookSnapshot, DayReference, InstrumentDefined, Trade
from termdesk.core.model.instrument import Instrument, Share, Standing, TradingRule
from termdesk.core.model.terms import Side

DAY_NS = 86_400 * 10**9
NOON = 1_795_000_000 * 10**9
"""2026-11-18 11:06:40 UTC, a Wednesday."""
MOUTAI = Instrument(
    id="600519.SSE",
    name="Kweichow Moutai",
    currency="CNY",
    price_decimals=2,
    qty_decimals=0,
    first_day="2001-08-27",
    rules=(TradingRule("", 1, 100, 100),),
    detail=Share(settlement_days=1),
    standings=(Standing(first_day=""),),
)
TRADES = st.lists(
    st.tuples(st.integers(990, 1010), st.integers(1, 900), st.sampled_from([*Side, None])), min_size=1, max_size=60
)


def listed() -> tuple[Market, InstrumentState]:
    market = Market()
    market.apply(InstrumentDefined(1, MOUTAI), "f")
    return market, market.states[MOUTAI.id]


def print_trade(market: Market, price: int, qty: int, side: Side | None, number: int = 1) -> None:
    market.apply(Trade(MOUTAI.id, NOON + number, NOON + number, number, price, qty, side), "f")


@given(TRADES, st.integers(0, 60))
def test_volume_at_price_adds_up_to_what_traded_however_it_was_read(
    trades: list[tuple[int, int, Side | None]], read_after: int
) -> None:
    market, state = listed()
    held: dict[int, tuple[int, int, int]] = {}
    since: int | None = None
    for number, (price, qty, side) in enumerate(trades, 1):
        print_trade(market, price, qty, side, number)
        if number == read_after:
            held = {row.price: (row.qty, row.bought, row.sold) for row in volume_body(state).rows}
            since = state.tape.count
    body = volume_body(state, since)
    held.update({row.price: (row.qty, row.bought, row.sold) for row in body.rows})
    assert body.complete == (since is None)
    assert sum(qty for qty, _, _ in held.values()) == sum(qty for _, qty, _ in trades)
    for column, wanted in ((1, Side.BUY), (2, Side.SELL)):
        assert sum(row[column] for row in held.values()) == sum(qty for _, qty, side in trades if side is wanted)


def test_a_new_day_begins_the_volume_anew() -> None:
    market, state = listed()
    print_trade(market, 1000, 300, Side.BUY)
    before = state.tape.day
    empty = Bar(0, 0, 0, 0, 0, 0, Decimal(0), 0, 0)
    market.apply(DayReference(MOUTAI.id, NOON, NOON, 1000, empty), "f")
    assert state.tape.day == before + 1
    body = volume_body(state)
    assert (body.rows, body.complete, body.since_ns) == ((), True, 0)


def test_a_quote_tells_the_limits_of_the_day_and_of_no_other_day() -> None:
    market, state = listed()
    assert (quote_body(state).low_limit, quote_body(state).high_limit) == (0, 0)
    market.apply(DayReference(MOUTAI.id, NOON, NOON, 165_000), "f")
    assert (quote_body(state).low_limit, quote_body(state).high_limit) == (148_500, 181_500)
    market.apply(Trade(MOUTAI.id, NOON + DAY_NS, NOON + DAY_NS, 1, 165_100, 100, Side.BUY), "f")
    assert quote_body(state).high_limit == 0


def test_limits_that_the_rule_book_does_not_know_are_not_told() -> None:
    market = Market()
    demo = msgspec.structs.replace(MOUTAI, id="600519.DEMO")
    market.apply(InstrumentDefined(1, demo), "f")
    market.apply(DayReference(demo.id, NOON, NOON, 165_000), "f")
    assert quote_body(market.states[demo.id]).high_limit == 0


def test_a_quote_sums_up_five_levels_a_side_and_what_either_side_took() -> None:
    market, state = listed()
    bids = tuple((1000 - i, 100) for i in range(7))
    market.apply(BookSnapshot(MOUTAI.id, NOON, NOON, 1, bids, ((1001, 300),)), "f")
    print_trade(market, 1001, 300, Side.BUY)
    print_trade(market, 1000, 200, Side.SELL)
    print_trade(market, 1000, 700, None)
    body = quote_body(state)
    assert (body.bids_qty, body.asks_qty, body.bought, body.sold) == (500, 300, 300, 200)
