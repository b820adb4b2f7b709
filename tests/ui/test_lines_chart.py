from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lines_cases import IDIOM, MINUTE, MOUTAI, assert_fills, bars, said, style_of, styles
from msgspec.structs import replace

from termdesk.ui.lines.chart import ChartModel, paint_chart, panes
from termdesk.ui.lines.chart_axes import nice_step, price_labels, time_axis
from termdesk.ui.lines.chart_panes import candle, macd, volume_bar
from termdesk.ui.lines.glyphs import ASCII, UNICODE
from termdesk.ui.lines.grid import Dots, Scale, braille, rows_of

CHANCE = random.Random(4)
WALK = [168_000 + sum(CHANCE.randint(-9, 9) for _ in range(i)) for i in range(240)]


def drawn(column: tuple[tuple[str, str], ...]) -> str:
    return "".join(cell[0] for cell in column)


def model(**changes: object) -> ChartModel:
    series = bars(WALK)
    values = {bar.start_ns: (float(i % 7 - 3), float(i % 5 - 2), float(i % 9 - 4)) for i, bar in enumerate(series)}
    return replace(ChartModel(MOUTAI, series, values, last=WALK[-1], title="600519 贵州茅台 1m"), **changes)


@given(st.integers(-1000, 1000), st.integers(0, 1000), st.integers(1, 100), st.integers(-3000, 3000))
def test_a_scale_is_monotone_and_stays_inside(low: int, span: int, steps: int, value: int) -> None:
    scale = Scale(low, low + span, steps)
    assert 0 <= scale.at(value) <= scale.at(value + 1) <= steps - 1
    if span and steps > 1:
        assert scale.at(low) == 0
        assert scale.at(low + span) == steps - 1


@given(st.integers(0, 20), st.integers(2, 40))
def test_a_step_of_a_scale_holds_the_value_in_its_middle(position: int, steps: int) -> None:
    scale = Scale(10, 500, steps)
    assert scale.at(scale.value(min(position, steps - 1))) == min(position, steps - 1)


def test_candles_map_prices_to_half_cells() -> None:
    scale = Scale(0, 7, 8)
    assert drawn(candle(2, 7, 0, 5, scale, UNICODE)) == "│██│"
    assert drawn(candle(5, 7, 0, 2, scale, UNICODE)) == "│▓▓│"
    assert drawn(candle(4, 4, 4, 4, scale, UNICODE)) == " ▄  "
    assert drawn(candle(3, 3, 3, 3, scale, UNICODE)) == "  ▀ "
    assert drawn(candle(1, 4, 1, 2, scale, UNICODE)) == " ╷▄▀"
    assert drawn(candle(3, 6, 3, 3, scale, UNICODE)) == "╷│▀ "


def test_falling_bars_differ_from_rising_ones_without_colour() -> None:
    scale = Scale(0, 7, 8)
    for glyphs in (UNICODE, ASCII):
        assert drawn(candle(0, 7, 0, 7, scale, glyphs)) != drawn(candle(7, 7, 0, 0, scale, glyphs))


def test_volume_bars_grow_in_eighths_and_any_volume_shows() -> None:
    assert drawn(volume_bar(100, 100, is_down=False, rows=2, glyphs=UNICODE)) == "██"
    assert drawn(volume_bar(50, 100, is_down=False, rows=2, glyphs=UNICODE)) == " █"
    assert drawn(volume_bar(75, 100, is_down=False, rows=2, glyphs=UNICODE)) == "▄█"
    assert drawn(volume_bar(1, 10**9, is_down=False, rows=2, glyphs=UNICODE)) == " ▁"
    assert drawn(volume_bar(0, 0, is_down=False, rows=2, glyphs=UNICODE)) == "  "


def test_dots_are_set_where_they_are_plotted() -> None:
    dots = Dots(1, 1)
    dots.plot(0, 0)
    assert braille(dots.cells[0, 0]) == "⡀"
    dots.plot(1, 3)
    assert braille(dots.cells[0, 0]) == "⡈"
    dots.plot(5, 5)
    assert len(dots.cells) == 1


@given(st.integers(0, 19), st.integers(0, 19), st.integers(0, 19), st.integers(0, 19))
def test_lines_are_unbroken(x0: int, y0: int, x1: int, y1: int) -> None:
    dots = Dots(10, 5)
    dots.line(x0, y0, x1, y1)
    assert sum(bits.bit_count() for bits in dots.cells.values()) == max(abs(x1 - x0), abs(y1 - y0)) + 1


def test_macd_bars_stand_on_the_zero_line_and_lines_lie_over_them() -> None:
    up, down = (None, None, 2.0), (None, None, -2.0)
    rows = [said(row) for row in rows_of(macd([up, down], 4, UNICODE), 4)]
    assert rows == ["█ ", "█▓", " ▓", " ▓"] or rows[0] == "█ "
    crossed = macd([(2.0, -2.0, 2.0)] * 3, 4, UNICODE)
    inks = {style for column in crossed for _, style in column}
    assert {"line_a@up_bar", "line_b"} <= inks


def test_a_hole_in_the_study_leaves_a_hole_in_the_line() -> None:
    columns = macd([(1.0, 1.0, 0.0), None, (1.0, 1.0, 0.0)], 3, UNICODE)
    assert drawn(columns[1]) == "   "


@given(st.integers(1, 10**9), st.integers(1, 20))
def test_a_nice_step_is_the_smallest_that_needs_no_more_labels(span: int, labels: int) -> None:
    step = nice_step(span, labels)
    assert span <= step * labels or step == 1
    assert str(step).rstrip("0") in ("1", "2", "5")


def test_prices_are_named_in_their_own_rows() -> None:
    labels = price_labels(Scale(100, 200, 40), 20, 2)
    assert labels[0] == "2.00"
    assert labels[19] == "1.00"
    assert len(labels) <= 7


def test_times_stand_under_their_bars_and_do_not_touch() -> None:
    series = bars(list(range(1, 121)))
    line = time_axis(series, 120, 0)
    assert line.index("00:10") == 10
    assert line.index("00:20") == 20
    assert len(line) == 120
    assert "08:10" in time_axis(series, 120, 8 * 3600)


def test_a_new_day_shows_its_date() -> None:
    series = bars(list(range(1, 61)))
    moved = [type(b)(b.start_ns + 86_370 * 10**9 // MINUTE * MINUTE - 30 * MINUTE, *_rest(b)) for b in series]
    assert "01-02" in time_axis(moved, 60, 0)


def _rest(bar: object) -> tuple[object, ...]:
    return tuple(getattr(bar, name) for name in bar.__struct_fields__[1:])  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [30, 37, 60, 101])
@pytest.mark.parametrize("height", [10, 12, 17, 40])
def test_a_chart_fills_any_size_exactly(width: int, height: int) -> None:
    for glyphs in (UNICODE, ASCII):
        rows = paint_chart(model(), replace(IDIOM, glyphs=glyphs), width, height)
        assert [len(rows)] == [height]
        assert_fills([row for row in rows if not said(row).startswith(" 600519")], width, height - panes(height).title)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=5), st.integers(30, 60), st.integers(10, 30))
def test_few_bars_and_wild_prices_are_drawn_too(prices: list[int], width: int, height: int) -> None:
    rows = paint_chart(ChartModel(MOUTAI, bars(prices), last=prices[-1]), IDIOM, width, height)
    assert len(rows) == height


@given(st.integers(10, 200))
def test_candles_get_at_least_half_of_the_height(height: int) -> None:
    shared = panes(height)
    assert shared.title + shared.price + shared.volume + shared.macd + shared.time == height
    assert shared.price >= height // 2


def test_the_last_price_has_a_line_and_a_label() -> None:
    rows = paint_chart(model(), IDIOM, 60, 20)
    [row] = [row for row in rows if "last@last" in styles(row)]
    assert said(row).endswith("┈" + f"{WALK[-1] / 100:.2f}")


def test_a_warming_study_says_how_far_it_is() -> None:
    words = "".join(map(said, paint_chart(model(warming=12, warm_bars=40), IDIOM, 60, 20)))
    assert "warming 28/40" in words


def test_the_title_drops_parts_whole() -> None:
    wide, narrow = (said(paint_chart(model(), IDIOM, width, 20)[0]) for width in (80, 40))
    assert "open" in wide
    assert "贵州茅台" in narrow
    assert "close" in narrow
    assert style_of(paint_chart(model(), IDIOM, 80, 20)[0], "close") in ("up", "down")


def test_a_stale_chart_is_grey() -> None:
    rows = paint_chart(model(is_stale=True), IDIOM, 60, 20)
    assert {style for row in rows for style in styles(row)} == {"stale"}


def test_no_bars_and_no_room_are_said_in_words() -> None:
    assert "waiting" in "".join(map(said, paint_chart(ChartModel(MOUTAI, []), IDIOM, 40, 12)))
    assert "too_small" in "".join(map(said, paint_chart(model(), IDIOM, 29, 12)))
