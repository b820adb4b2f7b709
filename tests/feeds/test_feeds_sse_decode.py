"""Shanghai rows to events, and the phases of a day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded_lines import ORDER_HEADER, SNAPSHOT_HEADER, TRADE_HEADER, sse_order, sse_snapshot, sse_trade

from termdesk.adapters.feeds.broken import BrokenMessage
from termdesk.adapters.feeds.sse_l2.decode import (
    ORDER_COLUMNS,
    SNAPSHOT_COLUMNS,
    TRADE_COLUMNS,
    ShanghaiDecoder,
    Table,
)
from termdesk.adapters.feeds.sse_l2.phases import phase_at
from termdesk.core.model.event import OrderAdded, OrderMatched, OrderRemoved
from termdesk.core.model.terms import Phase, Side

ID = "600519.SSE"
NINE_FIFTEEN = int(dt.datetime(2023, 2, 1, 1, 15, tzinfo=dt.UTC).timestamp()) * 10**9


@pytest.fixture
def decoder() -> ShanghaiDecoder:
    return ShanghaiDecoder(dt.date(2023, 2, 1))


def order_cells(row: str) -> list[bytes]:
    return Table(ORDER_HEADER.encode(), ORDER_COLUMNS).cells(row.encode())


def trade_cells(row: str) -> list[bytes]:
    return Table(TRADE_HEADER.encode(), TRADE_COLUMNS).cells(row.encode())


def test_orders_are_added_and_removed_at_shanghai_time(decoder: ShanghaiDecoder) -> None:
    row = sse_order("09:15:00.020", "A", 90, "1801.00999999999999", 50, "S", 76838)
    at_ns = NINE_FIFTEEN + 20_000_000
    assert decoder.order(order_cells(row)) == OrderAdded(ID, at_ns, at_ns, 76838, 90, Side.SELL, 180101, 50)
    row = sse_order("09:15:00.020", "D", 90, "1801.01", 50, "S", 76839)
    assert decoder.order(order_cells(row)) == OrderRemoved(ID, at_ns, at_ns, 76839, 90, Side.SELL, 50)


@pytest.mark.parametrize(("flag", "aggressor"), [("B", Side.BUY), ("S", Side.SELL), ("N", None)])
def test_a_trade_names_its_aggressor_except_in_an_auction(
    decoder: ShanghaiDecoder, flag: str, aggressor: Side | None
) -> None:
    event = decoder.trade(trade_cells(sse_trade("09:15:00.000", "1854.980000000000018", 100, 1, 2, flag, 7)))
    assert event == OrderMatched(ID, NINE_FIFTEEN, NINE_FIFTEEN, 7, 7, 185498, 100, aggressor, 1, 2)


def test_a_snapshot_leaves_empty_levels_out(decoder: ShanghaiDecoder) -> None:
    row = sse_snapshot("09:15:00.000", "TRADE", 5, asks=["1854.980000000000018,250"], bids=["1854,100", "0,0"])
    snapshot = decoder.snapshot(Table(SNAPSHOT_HEADER.encode(), SNAPSHOT_COLUMNS).cells(row.encode()))
    assert (snapshot.bids, snapshot.asks) == (((185400, 100),), ((185498, 250),))
    assert (snapshot.prev_close, snapshot.volume, snapshot.status) == (184576, 5, "TRADE")


@given(st.integers(1, 10**6))
def test_float_noise_of_a_price_rounds_to_its_tick(ticks: int) -> None:
    row = sse_order("09:15:00.020", "A", 1, f"{ticks / 100:.15f}", 100, "B", 1)
    event = ShanghaiDecoder(dt.date(2023, 2, 1)).order(order_cells(row))
    assert isinstance(event, OrderAdded)
    assert event.price == ticks


BROKEN = [
    sse_order("09:15:00.020", "A", 1, "1801.005", 100, "B", 1),
    sse_order("09:15:00.020", "A", 1, "NaN", 100, "B", 1),
    sse_order("09:15:00.020", "A", 1, "-1", 100, "B", 1),
    sse_order("09:15:00.020", "A", 1, "1e40", 100, "B", 1),
    sse_order("09:15:00.020", "X", 1, "1", 100, "B", 1),
    sse_order("09:15:00.020", "A", 1, "1", 100, "Q", 1),
    sse_order("09:15:00.020", "A", 1, "1", -100, "B", 1),
    sse_order("25:15:00.020", "A", 1, "1", 100, "B", 1),
    sse_order("9:15:00", "A", 1, "1", 100, "B", 1),
    sse_order("09:15:00.020", "A", 1, "1", 100, "B", 1, code="\x1b[2J6"),
    sse_order("09:15:00.020", "A", 1, "1", 100, "B", 1) + ",more",
    "cut,short",
    "",
]


@pytest.mark.parametrize("row", BROKEN)
def test_a_broken_row_says_what_was_expected(decoder: ShanghaiDecoder, row: str) -> None:
    with pytest.raises(BrokenMessage, match=r"^expected .*, came ") as caught:
        decoder.order(order_cells(row))
    assert caught.value.reason.isprintable()


def test_a_header_without_a_column_names_it() -> None:
    with pytest.raises(BrokenMessage, match="BizIndex"):
        Table(ORDER_HEADER.replace("BizIndex", "Index").encode(), ORDER_COLUMNS)


@pytest.mark.parametrize(
    ("status", "clock", "phase"),
    [
        ("START", "09:00", Phase.PRE_OPEN),
        ("OCALL", "09:20", Phase.OPENING_AUCTION),
        ("TRADE", "09:27", Phase.PRE_OPEN),
        ("TRADE", "09:30", Phase.CONTINUOUS),
        ("TRADE", "11:30", Phase.BREAK),
        ("TRADE", "12:59", Phase.BREAK),
        ("TRADE", "13:00", Phase.CONTINUOUS),
        ("TRADE", "14:57", Phase.CLOSING_AUCTION),
        ("CCALL", "15:00", Phase.CLOSING_AUCTION),
        ("CLOSE", "15:00", Phase.CLOSED),
        ("ENDTR", "15:30", Phase.CLOSED),
        ("", "10:00", Phase.CONTINUOUS),
    ],
)
def test_phases_follow_the_status_and_the_session_times(status: str, clock: str, phase: Phase) -> None:
    hour, minute = map(int, clock.split(":"))
    assert phase_at(status, (hour * 60 + minute) * 60 * 10**9) is phase
