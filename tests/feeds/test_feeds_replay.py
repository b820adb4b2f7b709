"""Recordings: order, damage, several files and sources."""

from __future__ import annotations

import datetime as dt
import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from recorded_lines import START_NS, depth, rest, sse_order, sse_snapshot, sse_trade, ticker, trade

from termdesk.adapters.contract import RecordingFactory
from termdesk.adapters.feeds.replay import FEED, lines
from termdesk.adapters.feeds.replay.summary import summarise
from termdesk.adapters.feeds.sse_l2.decode import SHANGHAI
from termdesk.core.model.errors import AdapterError
from termdesk.core.model.event import (
    BestQuote,
    BookDelta,
    DayReference,
    FeedHeard,
    FeedLink,
    InputSkipped,
    InstrumentDefined,
    MarketEvent,
    OrderAdded,
    OrderMatched,
    PhaseChanged,
    Trade,
)
from termdesk.core.model.terms import Link, Phase

Write = Callable[..., Path]


def played(*paths: Path) -> list[MarketEvent]:
    return list(FEED.open_recording(paths).events())


def skips(events: list[MarketEvent]) -> list[InputSkipped]:
    return [event for event in events if isinstance(event, InputSkipped)]


def test_the_feed_is_what_the_engine_expects_behind_the_entry_point() -> None:
    factory: RecordingFactory = FEED
    assert factory.name == "replay"


def test_a_recording_introduces_links_plays_and_ends(recorded: Write, small_day: list[str]) -> None:
    events = played(recorded(small_day))
    assert events[0] == FeedLink("replay", START_NS, Link.UP)
    assert isinstance(events[1], InstrumentDefined)
    assert events[2] == PhaseChanged("BTCUSDT.BINANCE", 0, START_NS, Phase.CONTINUOUS)
    assert events[-1] == FeedLink("replay", START_NS + 7_000_000, Link.ENDED)
    assert len(events) == len(small_day) + 4
    stamps = [event.recv_ns for event in events]
    assert stamps == sorted(stamps)


@pytest.mark.parametrize("name", ["rec.gz", "rec.log"])
def test_plain_and_gzip_give_the_same(recorded: Write, small_day: list[str], name: str) -> None:
    summary = summarise([recorded(small_day, name)])
    assert (summary.lines, summary.depth_applied, summary.depth_dropped, summary.trades) == (8, 3, 1, 2)
    assert (summary.best_bid, summary.best_ask, summary.trade_volume) == ("100.00", "100.02", "1.00000000")
    assert summary.skipped == 0


def test_files_of_one_source_play_in_the_order_of_their_first_stamp(recorded: Write, small_day: list[str]) -> None:
    first, second = recorded(small_day[:4], "z.gz"), recorded(small_day[4:], "a.gz")
    apart = summarise([second, first])
    whole = summarise([recorded(small_day, "whole.gz")])
    assert apart.book_sha256 == whole.book_sha256
    assert (apart.lines, apart.gaps, apart.trades) == (whole.lines, 0, 2)


def test_sources_are_merged_by_receive_stamp(recorded: Write, small_day: list[str]) -> None:
    other = [ticker(n * 2, n, symbol="ETHUSDT") for n in range(1, 5)]
    events = played(recorded(small_day, "btc.gz"), recorded(other, "eth.gz"))
    stamps = [event.recv_ns for event in events]
    assert stamps == sorted(stamps)
    assert {event.instrument.id for event in events if isinstance(event, InstrumentDefined)} == {
        "BTCUSDT.BINANCE",
        "ETHUSDT.BINANCE",
    }
    summary = summarise([recorded(small_day, "btc.gz"), recorded(other, "eth.gz")])
    assert isinstance(summary.instruments, tuple)
    assert [(part.instrument, part.lines) for part in summary.instruments] == [
        ("BTCUSDT.BINANCE", 8),
        ("ETHUSDT.BINANCE", 4),
    ]
    assert summary.lines == 12


GARBLED = [
    b"",
    b"garbage",
    b"\xff\xfe\x00",
    b"1700000000000000001",
    b"1700000000000000001 {",
    b"-1 {}",
    b"9" * 19 + b" {}",
]


@pytest.mark.parametrize("bad", GARBLED)
def test_a_garbled_line_is_named_and_nothing_else_is_lost(recorded: Write, small_day: list[str], bad: bytes) -> None:
    path = recorded([*small_day[:5], bad, *small_day[5:]])
    (skip,) = skips(played(path))
    assert (skip.source, skip.line) == ("rec.gz", 6)
    assert skip.reason.startswith("expected ")
    summary = summarise([path])
    whole = summarise([recorded(small_day, "whole.gz")])
    assert (summary.lines, summary.skipped) == (9, 1)
    assert summary.book_sha256 == whole.book_sha256
    assert summary.trades == whole.trades
    assert isinstance(summary.skipped_lines, tuple)
    assert summary.skipped_lines[0].line == 6


def test_a_truncated_gzip_plays_to_where_it_ends_and_says_so(tmp_path: Path) -> None:
    rows = "".join(ticker(n, n, bid=f"{100 + n}.00") + "\n" for n in range(1, 3000)).encode()
    packed = gzip.compress(rows)
    path = tmp_path / "cut.gz"
    path.write_bytes(packed[: len(packed) // 2])
    events = played(path)
    quotes = [event for event in events if isinstance(event, BestQuote)]
    (skip,) = skips(events)
    assert len(quotes) > 500
    assert [quote.seq for quote in quotes] == list(range(1, len(quotes) + 1))
    assert skip.line == len(quotes) + 1
    assert "came the end of the file" in skip.reason
    assert events[-1].recv_ns == quotes[-1].recv_ns
    assert summarise([path]).lines == len(quotes) + 1


def test_broken_gzip_data_inside_a_file_is_one_skip(tmp_path: Path, recorded: Write) -> None:
    path = tmp_path / "two.gz"
    good = gzip.compress("".join(ticker(n, n) + "\n" for n in range(1, 50)).encode())
    path.write_bytes(good + b"no gzip at all")
    events = played(path)
    assert len([event for event in events if isinstance(event, BestQuote)]) == 49
    (skip,) = skips(events)
    assert skip.line == 50


def test_gzip_of_several_members_and_padding_is_whole(tmp_path: Path) -> None:
    parts = [gzip.compress((ticker(n, n) + "\n").encode()) for n in range(1, 4)]
    path = tmp_path / "parts.gz"
    path.write_bytes(b"".join(parts) + b"\0" * 64)
    events = played(path)
    assert len([event for event in events if isinstance(event, BestQuote)]) == 3
    assert skips(events) == []


def test_an_endless_line_is_one_skip_and_takes_bounded_memory(
    recorded: Write, small_day: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 1 << 20)
    path = recorded([*small_day, b"x" * (5 << 20), trade(9, 3)])
    events = played(path)
    assert [skip.line for skip in skips(events)] == [9]
    assert len([event for event in events if isinstance(event, Trade)]) == 3


def test_a_stamp_that_goes_back_keeps_the_order_of_the_lines(recorded: Write) -> None:
    events = played(recorded([ticker(5, 1), ticker(2, 2), ticker(6, 3)]))
    quotes = [event for event in events if isinstance(event, BestQuote)]
    assert [quote.seq for quote in quotes] == [1, 2, 3]
    assert [quote.recv_ns - START_NS for quote in quotes] == [5_000_000, 5_000_000, 6_000_000]


def test_a_symbol_that_shows_up_late_is_introduced_then(recorded: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("termdesk.adapters.feeds.replay.binance.LOOKED_AT", 2)
    events = played(recorded([ticker(1, 1), ticker(2, 2), ticker(3, 1, symbol="ETHUSDT"), ticker(4, 2, symbol="a b")]))
    kinds = [type(event) for event in events]
    late = kinds.index(InstrumentDefined, 3)
    assert kinds[late : late + 3] == [InstrumentDefined, PhaseChanged, BestQuote]
    assert events[late].recv_ns == events[late + 2].recv_ns
    (skip,) = skips(events)
    assert skip.line == 4


def test_a_gap_is_counted_and_the_book_waits_for_the_next_snapshot(recorded: Write, small_day: list[str]) -> None:
    more = [depth(8, 20, 21, [], []), rest(9, 30, [["90", "1"]], [["91", "2"]]), depth(10, 31, 31, [["90", "4"]], [])]
    summary = summarise([recorded([*small_day, *more])])
    assert (summary.gaps, summary.depth_dropped, summary.depth_applied) == (1, 2, 4)
    assert (summary.best_bid, summary.best_ask) == ("90.00", "91.00")


def test_what_is_no_recording_is_refused_with_the_formats(tmp_path: Path, recorded: Write) -> None:
    with pytest.raises(AdapterError, match="Shanghai Level-2"):
        FEED.open_recording([recorded(["hello", "world"])])
    with pytest.raises(AdapterError, match="came none"):
        FEED.open_recording([])
    with pytest.raises(AdapterError, match="is none"):
        FEED.open_recording([tmp_path / "missing.gz"])
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(AdapterError, match=r"entrust\.csv"):
        FEED.open_recording([tmp_path / "other.zip"])


DAY_ORDERS = [
    sse_order("09:15:00.000", "A", 1, "10.00", 500, "B", 10),
    sse_order("09:15:01.000", "A", 2, "9.99", 300, "S", 11),
    sse_order("09:31:00.000", "A", 3, "10.02", 100, "S", 14),
    sse_order("13:00:01.000", "D", 3, "10.02", 100, "S", 16),
]
DAY_TRADES = [
    sse_trade("09:25:00.000", "10.00", 300, 1, 2, "N", 12),
    sse_trade("09:31:02.500", "10.00", 100, 1, 9, "S", 15),
]
DAY_SNAPSHOTS = [
    sse_snapshot("09:14:00.000", "OCALL"),
    sse_snapshot("09:25:01.000", "TRADE", 300, bids=["10,200"]),
    sse_snapshot("09:31:03.000", "TRADE", 400, bids=["10,100"], asks=["10.019999999999999,100"]),
    sse_snapshot("09:31:06.000", "TRADE", 400, bids=["10,999"], asks=["10.02,100"]),
    sse_snapshot("11:31:00.000", "TRADE", 400, bids=["10,100"], asks=["10.02,100"]),
    sse_snapshot("15:00:02.000", "CLOSE", 400, bids=["10,100"]),
]


def clock(at_ns: int) -> str:
    return dt.datetime.fromtimestamp(at_ns / 1e9, SHANGHAI).strftime("%H:%M:%S")


def test_a_shanghai_day_plays_by_the_venues_sequence_with_its_phases(shanghai: Write) -> None:
    events = played(shanghai(DAY_ORDERS, DAY_TRADES, DAY_SNAPSHOTS))
    assert [type(event) for event in events[:4]] == [FeedLink, InstrumentDefined, PhaseChanged, DayReference]
    by_sequence = [event.seq for event in events if isinstance(event, OrderAdded | OrderMatched)]
    assert by_sequence == [10, 11, 12, 14, 15]
    stamps = [event.recv_ns for event in events]
    assert stamps == sorted(stamps)
    phases = [(event.phase, clock(event.venue_ns)) for event in events if isinstance(event, PhaseChanged)]
    assert phases == [
        (Phase.OPENING_AUCTION, "09:14:00"),
        (Phase.PRE_OPEN, "09:25:01"),
        (Phase.CONTINUOUS, "09:30:00"),
        (Phase.BREAK, "11:30:00"),
        (Phase.CONTINUOUS, "13:00:00"),
        (Phase.CLOSING_AUCTION, "14:57:00"),
        (Phase.CLOSED, "15:00:00"),
    ]
    assert sum(isinstance(event, FeedHeard) for event in events) == len(DAY_SNAPSHOTS)


def test_a_shanghai_summary_counts_only_snapshots_that_the_book_passes_through(shanghai: Write) -> None:
    summary = summarise([shanghai(DAY_ORDERS, DAY_TRADES, DAY_SNAPSHOTS)], bars=True)
    assert (summary.instrument, summary.lines, summary.trades, summary.trade_volume) == ("600519.SSE", 12, 2, "400")
    assert (summary.snapshots, summary.snapshots_equal) == (4, 3)
    assert isinstance(summary.bars, tuple)
    assert [bar.time for bar in summary.bars] == ["2023-02-01T01:25:00Z", "2023-02-01T01:31:00Z"]


def test_broken_rows_of_a_shanghai_day_are_named_and_nothing_else_is_lost(shanghai: Write) -> None:
    path = shanghai(
        [DAY_ORDERS[0], "garbage", *DAY_ORDERS[1:]], DAY_TRADES, [*DAY_SNAPSHOTS[:2], "x", *DAY_SNAPSHOTS[2:]]
    )
    events = played(path)
    assert [(skip.source, skip.line) for skip in skips(events)] == [
        ("day.zip:20230201/entrust.csv", 3),
        ("day.zip:20230201/snapshot.csv", 4),
    ]
    stamps = [event.recv_ns for event in events]
    assert stamps == sorted(stamps)
    summary = summarise([path])
    assert (summary.lines, summary.skipped, summary.trades, summary.snapshots_equal) == (14, 2, 2, 3)


def test_a_member_whose_compressed_data_is_broken_is_one_skip(shanghai: Write) -> None:
    many = [sse_order("09:15:00.000", "A", n, f"{10 + n / 100:.2f}", 100 + n, "B", n) for n in range(1, 2000)]
    path = shanghai(many, DAY_TRADES[:0])
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3 : len(raw) // 3 + 40] = b"\xff" * 40
    path.write_bytes(raw)
    events = played(path)
    assert skips(events)
    assert events[-1].recv_ns > 0


def test_a_depth_update_reaches_the_market_once(recorded: Write, small_day: list[str]) -> None:
    events = played(recorded(small_day))
    assert sum(isinstance(event, BookDelta) for event in events) == 4
