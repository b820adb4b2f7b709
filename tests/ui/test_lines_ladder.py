from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lines_cases import IDIOM, MOUTAI, assert_fills, book, quote, said, style_of, styles
from msgspec.structs import replace

from termdesk.core.model.terms import OrdStatus, Side
from termdesk.ui.lines.glyphs import ASCII, UNICODE
from termdesk.ui.lines.ladder import LadderModel, OwnOrder, Staged
from termdesk.ui.lines.ladder_rows import paint_ladder
from termdesk.ui.lines.ladder_sizes import SideSizes
from termdesk.ui.lines.ladder_view import (
    STEP_FACTORS,
    LadderView,
    fitting_step,
    follow,
    move,
    next_step,
    point,
    recentre,
    regrouped,
    sized,
)

VIEW = LadderView(step=1, rows=20, centre=1000, cursor=1000)
PRICES = st.integers(min_value=500, max_value=2000)


def model(**changes: object) -> LadderModel:
    plain = LadderModel(MOUTAI, book(), quote(), VIEW)
    return replace(plain, **changes)


def painted(subject: LadderModel, width: int = 60) -> dict[int, list[tuple[str, str]]]:
    rows = paint_ladder(subject, IDIOM, width, subject.view.rows + 1)
    return {subject.view.price_at(y): list(row) for y, row in enumerate(rows[1:])}


@given(PRICES, st.integers(min_value=1, max_value=8), st.integers(min_value=1, max_value=50))
def test_the_axis_stays_while_both_best_prices_are_on_the_screen(centre: int, spread: int, step: int) -> None:
    view = LadderView(step=step, rows=20, centre=centre // step * step, margin=0)
    bid, ask = view.price_at(12), view.price_at(12 - spread)
    assert follow(view, bid, ask, guard=False) is view


@given(PRICES, PRICES, st.booleans(), st.integers(min_value=1, max_value=40))
def test_following_brings_a_lost_best_price_back_and_then_rests(bid: int, centre: int, wide: bool, rows: int) -> None:
    ask = bid + (3 * rows if wide else 1)
    view = follow(LadderView(step=1, rows=max(4, rows), centre=centre), bid, ask, guard=False)
    assert view.row_of((bid + ask) // 2) is not None
    assert follow(view, bid, ask, guard=False) == view


def test_a_guard_holds_the_axis_even_when_the_market_runs_away() -> None:
    assert follow(VIEW, 1500, 1501, guard=True) is VIEW
    assert follow(VIEW, 1500, 1501, guard=False).centre == 1500


def test_a_best_price_in_the_margin_counts_as_lost() -> None:
    near = VIEW.top - 1
    assert follow(replace(VIEW, margin=2), near - 1, near, guard=False) != VIEW
    assert follow(replace(VIEW, margin=1), near - 1, near, guard=False).centre == VIEW.centre


def test_one_sided_and_empty_books_are_followed_as_far_as_known() -> None:
    assert recentre(VIEW, 0, 1300).centre == 1300
    assert recentre(VIEW, 0, 0, last=1200).centre == 1200
    assert follow(VIEW, 0, 0, guard=False) is VIEW


@given(st.lists(st.integers(min_value=-30, max_value=30), max_size=10), PRICES)
def test_the_cursor_is_bound_to_a_price_and_kept_in_sight(moves: list[int], market: int) -> None:
    view, price = VIEW, VIEW.cursor
    for steps in moves:
        view = move(view, steps)
        price = max(1, price + steps)
        assert view.cursor == price
        assert view.row_of(price) is not None
    assert recentre(view, market, market + 1).cursor == price


def test_pointing_and_resizing_keep_the_cursor_s_price() -> None:
    view = sized(point(VIEW, 1009), 7)
    assert view.cursor == 1009
    assert view.row_of(1009) is not None


def test_gaps_are_rows_of_their_own() -> None:
    rows = painted(model())
    assert said(rows[998]).split() == ["9.98"]
    assert list(rows) == list(range(VIEW.top, VIEW.bottom - 1, -1))


@pytest.mark.parametrize("width", [18, 24, 30, 38, 44, 52, 60, 90])
def test_rows_fill_their_width_exactly(width: int) -> None:
    own = tuple(OwnOrder(side, 1000, 250, OrdStatus.NEW, ahead=10**7) for side in Side)
    subject = model(own=own, staged=Staged(Side.BUY, 998, 1_000_000))
    assert_fills(paint_ladder(subject, IDIOM, width, 21), width, 21)
    chinese = replace(IDIOM, units=((10**4, "万"),), tr=lambda key: "买量价")
    assert_fills(paint_ladder(subject, chinese, width, 21), width, 21)


def test_bids_stand_left_of_the_price_and_asks_right_of_it() -> None:
    rows = painted(model())
    bid, ask = said(rows[999]), said(rows[1001])
    assert bid.index("300") < bid.index("9.99")
    assert ask.index("10.01") < ask.index("500")


def test_the_largest_level_has_the_longest_bar() -> None:
    rows = painted(model())

    def bar(price: int) -> int:
        return sum(len(text) for text, style in rows[price] if style.endswith("_bar"))

    assert bar(997) > bar(1001) > bar(999) > 0


def test_the_last_trade_is_marked_by_glyph_and_size() -> None:
    row = painted(model())[1000]
    assert "▲" in said(row)
    assert "200" in said(row)
    sold = painted(model(quote=quote(aggressor=Side.SELL)))[1000]
    assert "▼" in said(sold)


def test_day_prices_are_marked_on_the_axis() -> None:
    rows = painted(model())
    assert said(rows[1005]).rstrip().endswith("high")
    assert "lo" in said(rows[992])
    assert "op" in said(rows[995])


def test_an_own_order_stands_at_its_price_with_its_place_in_the_queue() -> None:
    row = painted(model(own=(OwnOrder(Side.BUY, 997, 200, OrdStatus.NEW, ahead=1200),)))[997]
    assert said(row).split()[:2] == ["●200", "~1200"]
    assert style_of(row, "●200") == "own"
    restarted = OwnOrder(Side.BUY, 997, 200, OrdStatus.NEW, ahead=1200, restarted=True)
    assert "~1200'" in said(painted(model(own=(restarted,)))[997])


@pytest.mark.parametrize(
    "status", [OrdStatus.PENDING_NEW, OrdStatus.PENDING_REPLACE, OrdStatus.PENDING_CANCEL, OrdStatus.UNKNOWN]
)
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_pending_never_looks_like_working(status: OrdStatus, glyphs: object) -> None:
    idiom = replace(IDIOM, glyphs=glyphs)
    working, pending = (
        paint_ladder(model(own=(OwnOrder(Side.SELL, 1003, 100, s),)), idiom, 60, 21) for s in (OrdStatus.NEW, status)
    )
    row = 1 + VIEW.top - 1003
    assert said(working[row]) != said(pending[row])
    assert "own_pending" in styles(pending[row])


def test_one_pending_order_among_working_ones_makes_its_row_pending() -> None:
    own = (OwnOrder(Side.BUY, 997, 200, OrdStatus.NEW), OwnOrder(Side.BUY, 997, 300, OrdStatus.PENDING_CANCEL))
    row = painted(model(own=own))[997]
    assert "⊗2x500" in said(row)
    assert style_of(row, "⊗") == "own_pending"


def test_a_ladder_without_own_columns_still_shows_where_own_orders_rest() -> None:
    own = (OwnOrder(Side.BUY, 997, 200, OrdStatus.NEW), OwnOrder(Side.SELL, 1003, 200, OrdStatus.PENDING_NEW))
    rows = painted(model(own=own, staged=Staged(Side.SELL, 1004, 400)), width=26)
    assert "●+" in said(rows[997])
    assert "○-" in said(rows[1003])
    assert "»-" in said(rows[1004])


def test_a_staged_order_shows_at_its_price_and_unlike_a_sent_one() -> None:
    row = painted(model(staged=Staged(Side.SELL, 1003, 400)))[1003]
    assert "»400" in said(row)
    assert {style.partition("@")[2] for style in styles(row)} == {"staged"}


def test_a_staged_order_hides_no_order_that_works_at_its_price() -> None:
    own = (OwnOrder(Side.BUY, 997, 300, OrdStatus.NEW, ahead=40),)
    assert "»100 ●300" in said(painted(model(own=own, staged=Staged(Side.BUY, 997, 100)), width=60)[997])


def test_the_cursor_shows_without_colour() -> None:
    assert "›" in said(painted(model())[1000])
    assert "›" not in said(painted(model())[999])


@pytest.mark.parametrize(
    "changes", [{"is_stale": True}, {"book": None}, {"quote": quote(book_valid=False)}], ids=["stale", "none", "gap"]
)
def test_a_book_that_must_not_be_trusted_is_grey(changes: dict[str, object]) -> None:
    rows = painted(model(**changes))
    inks = {style.partition("@")[0] for row in rows.values() for style in styles(row)}
    assert inks <= {"stale", "muted", "faint", "text"}


def test_a_stale_ladder_says_so_in_its_header() -> None:
    assert "stale" in said(paint_ladder(model(is_stale=True), IDIOM, 60, 21)[0])
    assert "gap" in said(paint_ladder(model(quote=quote(book_valid=False)), IDIOM, 60, 21)[0])


def test_sizes_beyond_the_levels_sent_are_unknown_not_zero() -> None:
    rows = painted(model(depth=2))
    assert "·" in said(rows[996])
    assert "·" not in said(rows[998])
    assert "·" not in said(painted(model(depth=3))[996])


@given(st.dictionaries(PRICES, st.integers(min_value=1, max_value=10**6), min_size=1, max_size=30), st.integers(1, 50))
def test_grouping_adds_levels_up_and_never_betters_a_price(levels: dict[int, int], step: int) -> None:
    view = regrouped(LadderView(step=1, rows=20, centre=1000, cursor=1000), step)
    bids = tuple(sorted(levels.items(), reverse=True))
    below = SideSizes(bids, view.step, depth=100, is_bid=True).sizes
    above = SideSizes(bids[::-1], view.step, depth=100, is_bid=False).sizes
    for sizes in (below, above):
        assert sum(sizes.values()) == sum(levels.values())
        assert all(price % step == 0 for price in sizes)
    assert max(below) <= max(levels)
    assert min(above) >= min(levels)


@pytest.mark.parametrize("ladder_width", [42, 43])
def test_the_queue_estimate_of_a_round_lot_has_room_in_the_pane_of_a_usual_screen(ladder_width: int) -> None:
    row = painted(model(own=(OwnOrder(Side.BUY, 997, 500, OrdStatus.NEW, ahead=1600),)), ladder_width)[997]
    assert "●500~1600" in said(row).replace(" ", "")


def test_rows_are_fitted_so_that_the_best_levels_of_a_thin_book_are_seen() -> None:
    thin = book(bids=[(1000 - 40 * i, 1) for i in range(1, 9)], asks=[(1000 + 40 * i, 1) for i in range(1, 9)])
    step = fitting_step(1, thin, 24)
    view = recentre(regrouped(LadderView(step=1, rows=24, centre=1000), step), 960, 1040)
    assert step == 20
    assert view.row_of(800) is not None
    assert view.row_of(1200) is not None
    assert fitting_step(1, book(), 24) == 1
    assert fitting_step(10, book(asks=()), 24) == 10


@given(st.sampled_from(STEP_FACTORS[1:-1]), st.integers(1, 50))
def test_coarser_and_finer_rows_undo_each_other_and_end_at_the_tick(factor: int, tick: int) -> None:
    step = factor * tick
    assert next_step(next_step(step, tick, 1), tick, -1) == step
    assert next_step(step, tick, 1) > step > next_step(step, tick, -1) >= tick
    assert next_step(tick, tick, -1) == tick


def test_no_prices_yet_is_said_in_words() -> None:
    rows = paint_ladder(model(view=LadderView(step=1, rows=20), book=None, quote=None), IDIOM, 60, 21)
    assert "waiting" in said(rows[10])
    assert "too_small" in "".join(map(said, paint_ladder(model(), IDIOM, 10, 21)))


def test_a_recentred_axis_stays_although_the_cursor_is_out_of_sight() -> None:
    away = recentre(point(VIEW, VIEW.centre), VIEW.centre + 500, VIEW.centre + 501)
    assert away.row_of(away.cursor) is None
    assert sized(away, away.rows) == away
