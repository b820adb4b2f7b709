"""What an order says of its price, in the column of the blotter and in sentences."""

from __future__ import annotations

from decimal import Decimal

import pytest
from desk_cases import BITCOIN, MOUTAI, order
from lines_cases import IDIOM, said
from msgspec.structs import replace

from termdesk.core.model.terms import OrdType, Side, TrailUnit
from termdesk.core.model.trigger import Trail
from termdesk.core.wire.queries import OrderLine, WhyResult
from termdesk.ui.blotter.export import Known, csv_text, records
from termdesk.ui.lines import table
from termdesk.ui.lines.blotter_rows import COLUMNS, BlotterModel, paint_order
from termdesk.ui.lines.blotter_tables import sort_key
from termdesk.ui.lines.glyphs import ASCII
from termdesk.ui.lines.order_price import cell, level, terms_of
from termdesk.ui.locale import catalogue
from termdesk.ui.news import order_words
from termdesk.ui.screens.why import why_lines

MODEL = BlotterModel(instruments={MOUTAI.id: MOUTAI, BITCOIN.id: BITCOIN})
FIVE_PERCENT = Trail(TrailUnit.PERCENT, Decimal("5.00"))


def sale(ord_type: OrdType, price: int | None = None, trigger_price: int | None = None, **changes: object) -> OrderLine:
    return order("O1", Side.SELL, price, ord_type=ord_type, trigger_price=trigger_price, **changes)


LIMIT = sale(OrdType.LIMIT, 165_000)
MARKET = sale(OrdType.MARKET)
STOP = sale(OrdType.STOP, None, 165_000)
STOP_LIMIT = sale(OrdType.STOP_LIMIT, 164_900, 165_000)
TOUCH = sale(OrdType.MARKET_IF_TOUCHED, None, 166_000)
TRAILING = sale(OrdType.TRAILING_STOP, trail=FIVE_PERCENT)
TRAILING_FROM = sale(OrdType.TRAILING_STOP, trail=replace(FIVE_PERCENT, activation_price=166_000))
TRAILING_LIMIT = sale(OrdType.TRAILING_STOP_LIMIT, trail=replace(FIVE_PERCENT, limit_offset=10))


def column(line: OrderLine, width: int) -> str:
    cells = [name for name, _ in table.laid(COLUMNS["orders"], width)]
    row = paint_order(line, MODEL, IDIOM, width)
    return row[[one.name for one in cells].index("price")][0].strip()


@pytest.mark.parametrize(
    ("line", "on_80", "narrow"),
    [
        (LIMIT, "1650.00", "1650.00"),
        (MARKET, "market", "market"),
        (STOP, "1650.00 → market", "1650.00→"),
        (STOP_LIMIT, "1650.00 → 1649.00", "1650→1649"),
        (replace(STOP_LIMIT, price=164_905), "1650.00 → 1649.05", "1650.00→…"),
        (TOUCH, "1660.00 → market", "1660.00→"),
        (TRAILING, "~5% → market", "~5%→market"),
        (TRAILING_FROM, "1660.00~5%→market", "~5%→…"),
        (TRAILING_LIMIT, "~5% → -0.10", "~5%→-0.10"),
        (replace(TRAILING_LIMIT, side=Side.BUY), "~5% → +0.10", "~5%→+0.10"),
    ],
)
def test_the_price_column_says_what_an_order_waits_for_and_what_it_is_then(
    line: OrderLine, on_80: str, narrow: str
) -> None:
    assert [column(line, width) for width in (200, 80, 72)] == [on_80, on_80, narrow]


def test_long_prices_fit_both_common_screens() -> None:
    long = replace(STOP_LIMIT, instrument=BITCOIN.id, price=10_999_002, trigger_price=11_000_012)
    assert [column(long, width) for width in (200, 120, 80)] == ["110000.12→-10.1"] * 3
    short = replace(long, price=6_100_000, trigger_price=6_101_050)
    assert [column(short, width) for width in (200, 120, 80)] == ["61010.50→61000.00"] * 3


@pytest.mark.parametrize("line", [STOP, STOP_LIMIT, TRAILING_LIMIT])
def test_terminals_without_arrows_get_one_of_ascii(line: OrderLine) -> None:
    row = paint_order(line, MODEL, replace(IDIOM, glyphs=ASCII), 100)
    assert ">" in said(row)
    assert "→" not in said(row)


def test_an_order_whose_trigger_was_reached_shows_what_it_became() -> None:
    assert column(replace(STOP, triggered=True), 120) == "market"
    assert column(replace(STOP_LIMIT, triggered=True), 120) == "1649.00"


def test_prices_sort_by_where_an_order_stands_and_those_that_stand_nowhere_come_last() -> None:
    lines = {"limit": LIMIT, "market": MARKET, "stop": sale(OrdType.STOP, None, 164_000), "touch": TOUCH}
    key = sort_key("orders", "price", MODEL)
    assert sorted(lines, key=lambda name: key(lines[name])) == ["stop", "limit", "touch", "market"]
    assert [level(line) for line in (STOP_LIMIT, replace(STOP_LIMIT, triggered=True))] == [165_000, 164_900]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (LIMIT, "sell 300 600519 @ 1650.00"),
        (MARKET, "sell 300 600519 market"),
        (STOP, "sell 300 600519 stop 1650.00"),
        (STOP_LIMIT, "sell 300 600519 stop limit 1650.00 → 1649.00"),
        (TRAILING_FROM, "sell 300 600519 trailing stop 1660.00~5%"),
        (TRAILING_LIMIT, "sell 300 600519 trailing stop limit ~5% → -0.10"),
        (sale(OrdType.LIMIT), "sell 300 600519"),
    ],
)
def test_sentences_name_trigger_distance_and_limit(line: OrderLine, words: str) -> None:
    assert order_words(line.qty, terms_of(line), line.instrument, MOUTAI, catalogue("en")) == words


def test_the_explanation_of_an_order_names_its_trigger_and_limit() -> None:
    first = next(why_lines(WhyResult(STOP_LIMIT, (), None, recorded=False), MOUTAI, catalogue("en"), 0))
    assert first == "O1 · cash · sell 300 600519 stop limit 1650.00 → 1649.00 · working"
    then = next(
        why_lines(WhyResult(replace(STOP, triggered=True), (), None, recorded=False), MOUTAI, catalogue("en"), 0)
    )
    assert then == "O1 · cash · sell 300 600519 market · stop · working"


def test_exports_have_trigger_and_trail_as_fields_of_their_own() -> None:
    rows = records([STOP_LIMIT, TRAILING_LIMIT], ["", ""], Known({MOUTAI.id: MOUTAI}, {}))
    assert (rows[0]["trigger_price"], rows[0]["price"]) == ("1650.00", "1649.00")
    assert [rows[1][f"trail.{name}"] for name in ("unit", "value", "limit_offset")] == ["percent", "5.00", "0.10"]
    assert {"trigger_price", "trail.unit", "trail.value"} <= set(csv_text(rows).splitlines()[0].split(","))


def test_a_form_is_never_cut() -> None:
    for width in range(1, 20):
        form = cell(terms_of(STOP_LIMIT), 2, width, "market", "→")
        assert form in ("1650.00 → 1649.00", "1650.00→1649.00", "1650→1649", "1650.00→-1", "1650.00→…")
