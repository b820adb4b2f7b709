from __future__ import annotations

from decimal import Decimal

from lines_cases import IDIOM, MOUTAI, bars, book, quote
from msgspec.structs import replace
from test_lines_lists import FILL, ORDER, POSITION

from termdesk.core.model.limits import TradingState, TradingStop
from termdesk.core.model.terms import Link, Liquidity, Mode, OrdStatus, Phase
from termdesk.core.wire.topics import ReplayHealth
from termdesk.ui.lines import table
from termdesk.ui.lines.blotter import TABS, paint_tabs
from termdesk.ui.lines.blotter_rows import BlotterModel, paint_fill, paint_order, paint_position
from termdesk.ui.lines.blotter_tables import ALL_COLUMNS
from termdesk.ui.lines.chart import ChartModel, paint_chart
from termdesk.ui.lines.depth import paint_depth
from termdesk.ui.lines.ladder import LadderModel
from termdesk.ui.lines.ladder_model import Notice, Strip
from termdesk.ui.lines.ladder_rows import paint_ladder
from termdesk.ui.lines.ladder_view import LadderView
from termdesk.ui.lines.statusline import Other, StatusModel, paint_status
from termdesk.ui.lines.tape import COLUMNS as TAPE_COLUMNS
from termdesk.ui.lines.watchlist import COLUMNS as WATCH_COLUMNS
from termdesk.ui.lines.watchlist import WatchItem, paint_item
from termdesk.ui.lines.watchlist_columns import CHOICES
from termdesk.ui.lines.words import KEYS
from termdesk.ui.locale import LANGUAGES, catalogue

STOPS = tuple(
    TradingStop(state=state, note="", actor="", at_ns=0, killed=killed)
    for state, killed in ((TradingState.HALTED, True), (TradingState.HALTED, False), (TradingState.REDUCING, False))
)
OTHERS = (Other("1", armed=True), Other("2", armed=False), Other("3", armed=False, looks_on=True), Other("4"))


def changed(struct: object, **changes: object) -> object:
    return type(struct)(**{**{f: getattr(struct, f) for f in struct.__struct_fields__}, **changes})  # type: ignore[attr-defined]


def test_painters_ask_for_no_word_that_is_not_listed() -> None:
    asked: set[str] = set()
    idiom = replace(IDIOM, tr=lambda key: asked.add(key) or key)
    ladder = LadderModel(MOUTAI, book(), quote(), LadderView(step=1, rows=20, centre=1000, cursor=1000))
    empty = replace(ladder, view=LadderView(step=1))
    for model, width in ((ladder, 60), (replace(ladder, is_stale=True), 60), (ladder, 5), (empty, 60)):
        paint_ladder(model, idiom, width, 21)
    paint_ladder(replace(ladder, quote=quote(book_valid=False)), idiom, 60, 21)
    limits = quote(low_limit=900, high_limit=1100, turnover=Decimal(12_345_000), session_close=1003)
    for mode in Mode:
        strip = Strip(mode=mode, account="a", is_locked=True, today=Decimal(1), fidelity="queue")
        held = replace(strip, qty=100, average=Decimal(10), ticks=Decimal(1))
        for each in (strip, held):
            paint_ladder(replace(ladder, strip=each, quote=limits, alerts=(1000,)), idiom, 120, 24)
    for notice in Notice:
        paint_ladder(replace(ladder, notice=notice), idiom, 60, 21)
    paint_ladder(replace(ladder, view=replace(ladder.view, is_compressed=True)), idiom, 60, 21)
    for phase in Phase:
        paint_item(WatchItem(MOUTAI, quote(phase=phase), 0), idiom, 80)
    paint_item(WatchItem(MOUTAI, quote(), 0, delay_ns=10**9), idiom, 80)
    for columns in (*ALL_COLUMNS.values(), WATCH_COLUMNS, TAPE_COLUMNS):
        table.heading(columns, 300, idiom)
    blotter = BlotterModel(instruments={MOUTAI.id: MOUTAI})
    for status in OrdStatus:
        paint_order(changed(ORDER, status=status, price=None), blotter, idiom, 120)  # type: ignore[arg-type]
    paint_order(changed(ORDER, cum_qty=100), blotter, idiom, 120)  # type: ignore[arg-type]
    for liquidity in Liquidity:
        fill = changed(FILL.fill, liquidity=liquidity)
        paint_fill(changed(FILL, fill=fill), blotter, idiom, 120)  # type: ignore[arg-type]
    paint_position(POSITION, blotter, idiom, 120)
    paint_tabs("orders", dict.fromkeys(TABS, 0), idiom, 120)
    for warming, width in ((0, 60), (3, 60), (0, 10)):
        paint_chart(ChartModel(MOUTAI, bars([5, 6]), warming=warming), idiom, width, 20)
    paint_chart(ChartModel(MOUTAI, []), idiom, 60, 20)
    for mode in Mode:
        for link in Link:
            pnl = (("CNY", Decimal(1)),)
            plain = StatusModel(
                mode,
                engine=link,
                feed="demo",
                feed_link=link,
                halted="h",
                pnl=pnl,
                account="a",
                stops=STOPS,
                others=OTHERS,
            )
            for speed, paused, ended in ((0, True, False), (1, False, True)):
                replay = ReplayHealth(speed, paused=paused, ended=ended, first_ns=0, last_ns=0)
                paint_status(replace(plain, replay=replay, is_feed_stale=paused), idiom, 200)
                paint_status(replace(plain, replay=replay, is_armed=True, silent_ns=1), idiom, 200)
    paint_depth(MOUTAI, quote(), book(), 10, idiom, 40)
    every = tuple(one.column for one in CHOICES.values())
    table.heading(every, 400, idiom)
    said_by_widgets = {"ladder.empty", "watch.empty", "watch.filtered", "tape.empty", "chart.empty"} | {
        f"blotter.empty.{t}" for t in TABS
    }
    assert asked <= KEYS
    assert KEYS - asked - said_by_widgets == {"blotter.side.sell"} - asked


def test_both_languages_have_every_word_of_the_surfaces() -> None:
    for language in LANGUAGES:
        assert KEYS - set(catalogue(language).texts) == set()
