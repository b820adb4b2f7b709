from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lines_cases import IDIOM, MOUTAI, assert_fills, quote, said, style_of, styles
from msgspec.structs import replace

from termdesk.core.model.execution import FeeItem
from termdesk.core.model.facts import OrderFilled
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.model.terms import Link, Mode, OrdStatus, OrdType, Phase, Side, TimeInForce
from termdesk.core.wire.queries import FillLine, OrderLine
from termdesk.core.wire.topics import PositionLine, QueueLine, ReplayHealth, TapeTrade
from termdesk.ui.lines import table
from termdesk.ui.lines.blotter import TABS, paint_tabs
from termdesk.ui.lines.blotter_rows import COLUMNS, BlotterModel, paint_fill, paint_order, paint_position
from termdesk.ui.lines.format import width_of
from termdesk.ui.lines.glyphs import ASCII
from termdesk.ui.lines.listing import window
from termdesk.ui.lines.statusline import StatusModel, paint_status
from termdesk.ui.lines.tape import paint_trade
from termdesk.ui.lines.watchlist import COLUMNS as WATCH_COLUMNS
from termdesk.ui.lines.watchlist import WatchItem, paint_item

SEEN = MarketSeen(999, 300, 1001, 500, 1000, 0, 0, Phase.CONTINUOUS, "demo", 0)
ORDER = OrderLine(
    order_id="o-1", account="cash", instrument=MOUTAI.id, version=1, side=Side.BUY, ord_type=OrdType.LIMIT, qty=500,
    price=997, time_in_force=TimeInForce.GTC, status=OrdStatus.NEW, cum_qty=0, leaves_qty=500, average=Decimal(0),
    submitted_ns=10**18, updated_ns=10**18, origin="ladder",
)  # fmt: skip
FILL = FillLine(
    7,
    10**18,
    "2026-11-20",
    OrderFilled(
        order_id="o-1", exec_id="e", account="cash", instrument=MOUTAI.id, side=Side.SELL, qty=200,
        price=Decimal("9.97"),
        amount=Decimal(1994), fees=(FeeItem("commission", "CNY", Decimal("0.5")),), liquidity=None,
        reason=Reason("fill.queue", {}), seen=SEEN,
    ),
)  # fmt: skip
POSITION = PositionLine(
    MOUTAI.id, 1, -300, 0, Decimal("9.9"), Decimal(10), "last", 0, Decimal(-30), Decimal(5), Decimal(1), "CNY"
)
BLOTTER = BlotterModel(instruments={MOUTAI.id: MOUTAI})


@given(st.integers(0, 2000), st.integers(-1, 1200), st.integers(0, 1100), st.integers(0, 60))
def test_the_window_shows_the_selected_row_and_no_emptiness(offset: int, selected: int, count: int, rows: int) -> None:
    selected = min(selected, count - 1)
    first = window(offset, selected, count, rows)
    assert 0 <= first <= max(0, count - min(rows, count))
    if selected >= 0 and rows:
        assert first <= selected < first + rows


def test_a_visible_selection_does_not_scroll() -> None:
    assert window(10, 15, 100, 20) == 10


@pytest.mark.parametrize("width", range(80, 121, 5))
def test_chinese_names_keep_the_columns_aligned(width: int) -> None:
    chinese = paint_item(WatchItem(MOUTAI, quote(), 0, language="zh"), IDIOM, width)
    english = paint_item(WatchItem(MOUTAI, quote(), 0, language="en"), IDIOM, width)
    assert "贵州茅台" in said(chinese)

    def place(row: list[tuple[str, str]]) -> list[int]:
        return [width_of(text) for text, _ in row]

    assert place(list(chinese)) == place(list(english))
    assert width_of(said(chinese)) == width_of(said(table.heading(WATCH_COLUMNS, width, IDIOM))) == width


def test_watch_columns_drop_in_the_stated_order() -> None:
    seen: list[str] = []
    for width in range(90, 10, -1):
        gone = [c.name for c in WATCH_COLUMNS if c.name not in table.fitting(WATCH_COLUMNS, width)]
        seen += [name for name in gone if name not in seen]
    assert seen == ["name", "change", "volume", "age", "percent"]


def test_a_change_has_sign_glyph_and_colour() -> None:
    rise = paint_item(WatchItem(MOUTAI, quote(last=1000), 0), IDIOM, 80)
    fall = paint_item(WatchItem(MOUTAI, quote(last=980), 0), IDIOM, 80)
    assert "▲+1.01%" in said(rise)
    assert style_of(rise, "+1.01%") == "up"
    assert "▼-1.01%" in said(fall)
    assert "^+1.01%" in said(paint_item(WatchItem(MOUTAI, quote(last=1000), 0), replace(IDIOM, glyphs=ASCII), 80))


def test_without_a_previous_close_the_change_is_unknown() -> None:
    row = said(paint_item(WatchItem(MOUTAI, quote(prev_close=0), 0), IDIOM, 80))
    assert row.count("–") == 2


def test_a_stale_source_greys_the_price_but_a_quiet_instrument_does_not() -> None:
    stale = paint_item(WatchItem(MOUTAI, quote(), 9 * 10**9, is_stale=True), IDIOM, 80)
    quiet = paint_item(WatchItem(MOUTAI, quote(), 9 * 10**9), IDIOM, 80)
    assert style_of(stale, "10.00") == "stale"
    assert style_of(stale, "9s") == "danger"
    assert style_of(quiet, "10.00") == "up"


def test_a_phase_other_than_trading_stands_before_the_age() -> None:
    row = paint_item(WatchItem(MOUTAI, quote(phase=Phase.BREAK), 60 * 10**9), replace(IDIOM, tr=lambda key: "B"), 80)
    assert "B 1m" in said(row)


def test_hostile_names_cannot_carry_escapes() -> None:
    hostile = MOUTAI.__class__(
        **{**{f: getattr(MOUTAI, f) for f in MOUTAI.__struct_fields__}, "name": "\x1b]0;owned\x07\x1b[2J"}
    )
    assert "\x1b" not in said(paint_item(WatchItem(hostile, quote(), 0), IDIOM, 80))


@pytest.mark.parametrize(("side", "glyph"), [(Side.BUY, "▲"), (Side.SELL, "▼"), (None, " ")])
def test_a_trade_names_its_aggressor_by_glyph(side: Side | None, glyph: str) -> None:
    row = paint_trade(TapeTrade(1000, 300, side, 10**18, 1), MOUTAI, IDIOM, 32)
    assert "  300" + glyph in said(row)
    assert width_of(said(row)) == 32


@pytest.mark.parametrize("status", list(OrdStatus))
def test_every_order_state_has_a_word_and_only_working_looks_like_working(status: OrdStatus) -> None:
    order = ORDER.__class__(**{**{f: getattr(ORDER, f) for f in ORDER.__struct_fields__}, "status": status})
    row = paint_order(order, BLOTTER, IDIOM, 110)
    assert status.value[:11] in said(row)
    assert ("●" in said(row)) == (status is OrdStatus.NEW)


def test_a_partly_filled_order_says_so() -> None:
    values = {f: getattr(ORDER, f) for f in ORDER.__struct_fields__}
    row = paint_order(OrderLine(**{**values, "cum_qty": 200, "leaves_qty": 300}), BLOTTER, IDIOM, 110)
    assert "◕ partial" in said(row)


def test_an_order_shows_its_queue_estimate_as_an_estimate() -> None:
    row = paint_order(ORDER, replace(BLOTTER, queue={"o-1": QueueLine("o-1", 1200, 2000, restarted=True)}), IDIOM, 110)
    assert "~1200'" in said(row)


def test_why_an_order_ended_is_told_in_the_reader_s_words() -> None:
    values = {f: getattr(ORDER, f) for f in ORDER.__struct_fields__}
    refused = OrderLine(**{**values, "status": OrdStatus.REJECTED, "reason": Reason("risk.lot", {"lot": "100"})})
    row = paint_order(refused, replace(BLOTTER, ended=lambda order: f"手数 {order.reason.params['lot']}"), IDIOM, 120)
    assert "手数 100" in said(row)


def test_a_position_without_mark_has_unknown_profit() -> None:
    values = {f: getattr(POSITION, f) for f in POSITION.__struct_fields__}
    unmarked = PositionLine(**{**values, "mark": None, "unrealised": None})
    assert said(paint_position(unmarked, BLOTTER, IDIOM, 110)).count("–") == 2
    assert "▼-30.00" in said(paint_position(POSITION, BLOTTER, IDIOM, 110))


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 160])
def test_blotter_rows_stay_under_their_headings(width: int) -> None:
    for name, row in (
        ("orders", paint_order(ORDER, BLOTTER, IDIOM, width)),
        ("fills", paint_fill(FILL, BLOTTER, IDIOM, width)),
        ("positions", paint_position(POSITION, BLOTTER, IDIOM, width)),
    ):
        laid = table.laid(COLUMNS[name], width)
        assert [width_of(text) for text, _ in row][: len(laid)] == [cells + 1 for _, cells in laid]
        assert width_of(said(row)) == max(width, sum(cells + 1 for _, cells in laid))
        assert "#" not in said(row)


@pytest.mark.parametrize("width", [12, 32, 40, 120])
def test_the_open_tab_shows_without_colour(width: int) -> None:
    row = paint_tabs("fills", dict.fromkeys(TABS, 3), IDIOM, width)
    assert "[fills 3]" in said(row)
    assert ("orders 3" in said(row)) == (width >= 32)
    assert_fills([row], width, 1)


@given(st.integers(0, 200))
def test_the_mode_is_always_first_and_in_words(width: int) -> None:
    model = StatusModel(
        Mode.DEMO, engine=Link.UP, account="cash", feed="demo", feed_link=Link.UP, feed_age_ns=0,
        pnl=(("CNY", Decimal(-12)), ("USDT", Decimal(3))), symbol="贵州茅台",
    )  # fmt: skip
    idiom = replace(IDIOM, tr=lambda key: {"status.mode.demo": "DEMO · generated prices"}.get(key, key))
    row = paint_status(model, idiom, width)
    assert said(row).startswith(" DEMO · generated prices "[:width])
    assert width_of(said(row)) == width


def test_what_does_not_fit_the_status_line_drops_whole_from_the_right() -> None:
    model = StatusModel(Mode.PAPER, engine=Link.UP, account="cash", feed="binance", pnl=(("USDT", Decimal(3)),))
    full = said(paint_status(model, IDIOM, 120)).rstrip()
    short = full.replace("account ", "").replace("source ", "")
    for width in range(10, 120):
        shown = said(paint_status(model, IDIOM, width)).rstrip()
        whole = full if full.startswith(shown) else short
        assert whole.startswith(shown)
        assert whole is full or "pnl" in shown, "words go only for the profit's sake"
        assert whole[len(shown) :].strip() == "" or whole[len(shown) :].startswith((" ·", "  ")) or width < 20


@pytest.mark.parametrize(
    ("replay", "shown"),
    [
        (ReplayHealth(10, paused=False, ended=False, first_ns=0, last_ns=0), "10×"),
        (ReplayHealth(0, paused=False, ended=False, first_ns=0, last_ns=0), "max"),
        (ReplayHealth(1, paused=True, ended=False, first_ns=0, last_ns=0), "1× paused"),
        (ReplayHealth(1, paused=False, ended=True, first_ns=0, last_ns=0), "ended"),
    ],
)
def test_a_replay_says_its_pace(replay: ReplayHealth, shown: str) -> None:
    assert f"replay {shown}" in said(paint_status(StatusModel(Mode.REPLAY, replay=replay), IDIOM, 80))


def test_a_lost_engine_and_a_halt_come_before_everything_but_the_mode() -> None:
    row = paint_status(StatusModel(Mode.PAPER, engine=Link.DOWN, halted="disk full", account="cash"), IDIOM, 60)
    words = said(row)
    assert words.index("down") < words.index("halted") < words.index("cash") < words.index("disk full")
    assert "danger@header" in styles(row)


@pytest.mark.parametrize("width", [80, 100, 140])
def test_a_long_reason_of_a_halt_pushes_out_neither_the_halt_nor_the_account(width: int) -> None:
    why = (
        "journal /home/ann/.local/state/termdesk/desks/paper/journal.sqlite can't be written: database or disk is full"
    )
    words = said(paint_status(StatusModel(Mode.PAPER, engine=Link.UP, halted=why, account="cash"), IDIOM, width))
    assert "paper  halted" in words
    assert "account cash · disarmed" in words
