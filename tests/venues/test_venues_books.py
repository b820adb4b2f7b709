"""What holds for every rule book, and which board an instrument is on."""

from __future__ import annotations

from itertools import groupby

import pytest
from venues_listings import listing

from termdesk.core.venues import after_hours, board_of_id, lot_rule, order_types, settlement, tick_rule
from termdesk.core.venues.rows import LimitRow, Row
from termdesk.core.venues.rulebook import RuleBook, rule_books

BOOKS = sorted({id(book): book for book in rule_books().values()}.values(), key=lambda book: book.segments)
TABLES = (
    "boards",
    "sessions",
    "after_hours",
    "ticks",
    "lots",
    "limits",
    "cages",
    "order_types",
    "settlements",
    "commissions",
    "auctions",
    "extended",
    "contracts",
    "financing",
    "charges",
)


def rows(book: RuleBook) -> list[Row]:
    return [row for table in TABLES for row in getattr(book, table)]


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.segments[0])
def test_every_row_names_its_source_and_boards_that_exist(book: RuleBook) -> None:
    boards = {row.board for row in book.boards}
    for row in rows(book):
        assert row.source
        assert set(row.boards) <= boards, row


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.segments[0])
def test_rows_of_the_same_matter_ascend_by_day(book: RuleBook) -> None:
    for table in TABLES[1:]:
        for board in ("", *(row.board for row in book.boards)):
            mine = [row for row in getattr(book, table) if (board in row.boards if board else not row.boards)]

            def matter(row: Row) -> str:
                about = [getattr(row, name, "") for name in ("case", "item", "kind", "invests_in")]
                return str(about)

            for _, same in groupby(sorted(mine, key=matter), key=matter):
                days = [row.first_day for row in same]
                assert days == sorted(set(days)), (table, board)


def test_a_limit_row_says_one_thing_or_nothing() -> None:
    for book in BOOKS:
        for row in book.limits:
            assert isinstance(row, LimitRow)
            assert (row.up is None) == (row.down is None)
            assert not (row.unlimited and row.up is not None)
            assert (row.days is not None) == (row.case.value in ("listing", "delisting"))


@pytest.mark.parametrize(
    ("instrument", "day", "board"),
    [
        ("600519.SSE", "2026-11-20", "main"),
        ("688981.SSE", "2026-11-20", "star"),
        ("688981.SSE", "2019-07-19", ""),
        ("000001.SZSE", "2026-11-20", "main"),
        ("000001.SSE", "2026-11-20", ""),
        ("300750.SZSE", "2026-11-20", "chinext"),
        ("920001.BSE", "2026-11-20", "bse"),
        ("900901.SSE", "2026-11-20", "b_share"),
        ("510300.SSE", "2026-11-20", "fund"),
        ("508000.SSE", "2026-11-20", "reit"),
        ("113050.SSE", "2026-11-20", "convertible"),
        ("123001.SZSE", "2026-11-20", "convertible"),
        ("019547.SSE", "2026-11-20", "bond"),
        ("600519.DEMO", "2026-11-20", ""),
        ("BTCUSDT.BINANCE", "2026-11-20", ""),
    ],
)
def test_the_beginning_of_the_code_tells_the_board_within_its_venue(instrument: str, day: str, board: str) -> None:
    assert board_of_id(instrument, day) == board


def test_an_instrument_of_another_kind_than_its_board_lists_has_no_rules() -> None:
    assert lot_rule(listing("600519.SSE", "fund"), "2026-11-20") is None
    assert settlement(listing("510300.SSE", "share"), "2026-11-20") is None


@pytest.mark.parametrize(
    ("instrument", "buys", "not_buys"),
    [
        (listing("600519.SSE"), [100, 200], [0, 50, 150, 199]),
        (listing("688981.SSE"), [200, 201, 999], [0, 100, 199]),
        (listing("920001.BSE"), [100, 101], [0, 99]),
        (listing("300750.SZSE"), [100], [101]),
        (listing("510300.SSE", "fund"), [100], [50]),
        (listing("113050.SSE", "convertible"), [10, 20], [1, 11]),
    ],
)
def test_buys_come_in_the_boards_lots(instrument, buys, not_buys) -> None:
    rule = lot_rule(instrument, "2026-11-20")
    assert rule is not None
    assert [qty for qty in (*buys, *not_buys) if rule.takes_buy(qty)] == buys


@pytest.mark.parametrize(
    ("instrument", "position", "legal", "illegal"),
    [
        (listing("600519.SSE"), 250, [250, 50, 150, 200, 100], [30, 20, 120]),
        (listing("688981.SSE"), 350, [350, 200, 201], [150, 199]),
        (listing("688981.SSE"), 150, [150], [149, 100]),
        (listing("920001.BSE"), 99, [99], [98]),
        (listing("113050.SSE", "convertible"), 13, [10, 3, 13], [1, 12]),
    ],
)
def test_an_odd_rest_is_sold_only_as_a_whole(instrument, position, legal, illegal) -> None:
    rule = lot_rule(instrument, "2026-11-20")
    assert rule is not None
    assert [qty for qty in legal if rule.takes_sell(qty, position)] == legal
    assert [qty for qty in illegal if rule.takes_sell(qty, position)] == []


def test_quantities_follow_the_scale_of_the_instrument_and_unknown_maxima_stay_unknown() -> None:
    main = lot_rule(listing("600519.SSE"), "2026-11-20")
    assert (main.max_limit, main.max_market) == (1_000_000, 1_000_000)
    chinext = lot_rule(listing("300750.SZSE"), "2026-11-20")
    assert (chinext.max_limit, chinext.max_market) == (300_000, 150_000)
    assert lot_rule(listing("113050.SSE", "convertible"), "2026-11-20").max_limit is None


def test_ticks_are_the_boards_and_unknown_where_the_instrument_stores_less() -> None:
    assert tick_rule(listing("600519.SSE"), "2026-11-20").tick == 10
    assert tick_rule(listing("510300.SSE", "fund"), "2026-11-20").tick == 1
    assert tick_rule(listing("510300.SSE", "fund", decimals=2), "2026-11-20") is None
    assert tick_rule(listing("600519.SSE"), "2006-06-30") is None


@pytest.mark.parametrize(
    ("instrument", "days"),
    [
        (listing("600519.SSE"), 1),
        (listing("920001.BSE"), 1),
        (listing("113050.SSE", "convertible"), 0),
        (listing("511010.SSE", "fund"), None),
        (listing("600519.DEMO"), None),
    ],
)
def test_shares_are_sold_a_day_later_and_of_a_fund_the_code_does_not_tell(instrument, days) -> None:
    assert settlement(instrument, "2026-11-20") == days


def test_fixed_price_trading_came_to_the_main_board_in_2026() -> None:
    assert after_hours(listing("600519.SSE"), "2026-07-03") is None
    assert after_hours(listing("688981.SSE"), "2026-07-03") is not None
    session = after_hours(listing("600519.SSE"), "2026-07-06")
    assert (session.start, session.end, session.max_qty) == ("15:05", "15:30", 1_000_000)


def test_exchanges_take_different_order_types_and_none_takes_stops() -> None:
    shanghai = order_types(listing("600519.SSE"), "2026-11-20")
    shenzhen = order_types(listing("000001.SZSE"), "2026-11-20")
    assert "fill_or_kill" in shenzhen
    assert "fill_or_kill" not in shanghai
    assert "best5_limit" in shanghai
    assert not any("stop" in word for word in (*shanghai, *shenzhen))
    assert order_types(listing("510300.SSE", "fund"), "2026-11-20") is None
