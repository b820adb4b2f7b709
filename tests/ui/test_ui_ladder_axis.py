"""The axis of a ladder: when it moves by itself, when never, and what it says about that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lines_cases import book, quote

from termdesk.config.settings import LadderSettings
from termdesk.ui.ladder.axis import Axis
from termdesk.ui.lines import ladder_view
from termdesk.ui.lines.ladder_model import Notice
from termdesk.ui.lines.ladder_view import AxisMode, LadderView, compressed

ROWS = 20
LATER = 10**12
"""Long after any guard or warning."""


class Ladder:
    """An axis on one instrument whose market is moved by hand."""

    def __init__(self, **settings: object) -> None:
        self.axis = Axis(LadderSettings(**{"edge_rows": 2, "warn_ms": 500, "guard_ms": 2000, **settings}))  # type: ignore[arg-type]
        self.clock_ns = LATER

    def market(self, middle: int, after_ms: int = 0, *, guard: bool = False, known: tuple[int, ...] = ()) -> LadderView:
        self.clock_ns += after_ms * 1_000_000
        bid, ask = middle - 1, middle + 1
        return self.axis.followed(
            "X.TEST",
            1,
            ROWS,
            quote(middle, bid=bid, ask=ask),
            book(bids=tuple((bid - i, 10) for i in range(5)), asks=tuple((ask + i, 10) for i in range(5))),
            known=known,
            guard=guard,
            clock_ns=self.clock_ns,
        )

    def cursor(self, price: int) -> None:
        view = self.axis.view("X.TEST")
        assert view is not None
        self.axis.stand("X.TEST", ladder_view.point(view, price), self.clock_ns)


@pytest.mark.parametrize("mode", ["static", "edge"])
@given(st.lists(st.integers(-5, 5), max_size=12))
def test_the_axis_does_not_move_while_both_best_prices_are_well_on_the_screen(mode: str, moves: list[int]) -> None:
    ladder = Ladder(mode=mode)
    centre = ladder.market(1000).centre
    assert all(ladder.market(1000 + move, 3000).centre == centre for move in moves)


def test_near_the_edge_it_warns_first_and_recentres_then() -> None:
    ladder = Ladder()
    ladder.market(1000)
    assert ladder.market(1008).centre == 1000
    assert ladder.axis.notice is Notice.EDGE
    assert ladder.axis.is_due
    assert ladder.market(1008, 499).centre == 1000
    assert ladder.market(1008, 2).centre == 1008
    assert ladder.axis.notice is Notice.NONE


def test_a_market_that_turns_back_takes_the_warning_with_it() -> None:
    ladder = Ladder()
    ladder.market(1000)
    ladder.market(1008)
    ladder.market(1002, 300)
    assert ladder.axis.notice is Notice.NONE
    assert ladder.market(1008, 300).centre == 1000


def test_static_jumps_only_once_a_best_price_has_left_the_screen() -> None:
    ladder = Ladder(mode="static")
    ladder.market(1000)
    assert ladder.market(1009, 5000).centre == 1000
    assert ladder.market(1011, 5000).centre == 1011


def test_centred_goes_with_the_market_and_hold_never_does_but_says_where_it_went() -> None:
    ladder = Ladder(mode="centred")
    assert [ladder.market(1000 + i, 3000).centre for i in range(3)] == [1000, 1001, 1002]
    ladder.axis.hold()
    assert ladder.market(1100, 3000).centre == 1002
    assert ladder.axis.notice is Notice.ABOVE
    assert ladder.market(900, 3000).centre == 1002
    assert ladder.axis.notice is Notice.BELOW
    assert ladder.market(1002, 3000).centre == 1002
    assert ladder.axis.notice is Notice.HELD


@pytest.mark.parametrize("mode", ["static", "edge", "centred"])
def test_no_mode_moves_the_axis_in_the_guard_window_or_under_a_staged_order(mode: str) -> None:
    ladder = Ladder(mode=mode)
    ladder.market(1000)
    ladder.cursor(1003)
    assert ladder.market(1500, 1999).centre == 1000
    assert ladder.axis.notice is Notice.ABOVE
    assert ladder.market(1500, 60_000, guard=True).centre == 1000
    assert ladder.market(1500, 1).centre == 1500
    assert ladder.axis.view("X.TEST").cursor == 1003  # type: ignore[union-attr]


def test_modes_follow_each_other_and_let_a_held_axis_go() -> None:
    axis = Axis(LadderSettings())
    axis.hold()
    assert [axis.next_mode() for _ in range(3)] == [AxisMode.CENTRED, AxisMode.STATIC, AxisMode.EDGE]
    assert not axis.is_held


def test_a_compressed_ladder_has_rows_only_where_something_is() -> None:
    ladder = Ladder(compressed=True)
    view = ladder.market(1000, known=(950,))
    assert view.prices == (*range(1005, 1000, -1), 1000, *range(999, 994, -1), 950)
    assert view.row_of(950) == 11
    assert view.row_of(960) is None
    ladder.axis.compress()
    assert ladder.market(1000).prices == ()


def test_rows_of_a_compressed_ladder_stay_under_a_moving_hand() -> None:
    ladder = Ladder(compressed=True)
    before = ladder.market(1000)
    ladder.cursor(1002)
    assert ladder.market(1003, 100).prices == before.prices
    assert ladder.market(1003, 5000).prices != before.prices


@given(st.sets(st.integers(1, 3000), max_size=60), st.integers(1, 3000), st.integers(1, 3000), st.integers(4, 50))
def test_a_compressed_ladder_shows_each_price_once_falling(
    known: set[int], centre: int, cursor: int, rows: int
) -> None:
    view = compressed(LadderView(1, rows, centre, cursor, is_compressed=True), known, guard=False)
    assert list(view.prices) == sorted(set(view.prices), reverse=True)
    assert len(view.prices) == min(rows, len(known | {cursor}))
    assert [view.row_of(price) for price in view.prices] == list(range(len(view.prices)))
    assert view.price_at(rows) == 0
