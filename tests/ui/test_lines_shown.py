from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from terminal_grid import Grid
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip

from termdesk.ui.lines.changes import changes
from termdesk.ui.lines.format import width_of
from termdesk.ui.lines.idiom import Row, cropped
from termdesk.ui.lines.palette import Palette
from termdesk.ui.lines.pen import Pen
from termdesk.ui.lines.rendered import RenderedStrip
from termdesk.ui.lines.shown import Shown

WIDTH, HEIGHT = 24, 3
STYLES = Palette({"foreground": "#e6e6e6", "primary": "#3344aa", "accent": "#aa4400"}, Color.parse("#101418"))
NAMES = ("text", "strong", "up", "down", "up@cursor", "stale", "header@header")
TEXTS = st.text("019. ▲–⣿●贵州茅台e\u0301", max_size=9)
CELLS = st.lists(st.tuples(TEXTS, st.sampled_from(NAMES)), max_size=7)


def fitted(cells: Row, width: int = WIDTH) -> Row:
    """Cells of a row of exactly this width, without marks that join with the character before."""
    plain = [("".join(c for c in text if cell_len(c)), name) for text, name in cells]
    used = sum(width_of(text) for text, _ in plain)
    return cropped(plain, width) if used > width else [*plain, (" " * (width - used), "text")]


ROWS = CELLS.map(fitted)
PEN = Pen()


def console(system: ColorSystem = ColorSystem.TRUECOLOR) -> Console:
    made = Console(file=io.StringIO(), force_terminal=True)
    made._color_system = system
    return made


def strips(rows: list[Row]) -> list[RenderedStrip]:
    return [RenderedStrip(row, STYLES, WIDTH, PEN, "pane") for row in rows]


def update(lines: list[Strip], x: int = 0) -> ChopsUpdate:
    end = x + lines[0].cell_length
    return ChopsUpdate([{x: strip} for strip in lines], [(y, x, end) for y in range(len(lines))], [[end]] * len(lines))


def whole(rows: list[Row], system: ColorSystem = ColorSystem.TRUECOLOR) -> Grid:
    """What a terminal shows after the rows were written in full, by Textual's own way."""
    grid = Grid(WIDTH, len(rows))
    for y, strip in enumerate(strips(rows)):
        grid.feed(f"\x1b[{y + 1};1H")
        segments = [Segment(text, style.copy() if style else None) for text, style, _ in strip]
        for segment in segments:
            segment.style._ansi = None  # Rich keeps it for whichever system came first
        grid.feed(Strip(segments, WIDTH).render(console(system)))
    return grid


@given(ROWS, ROWS)
def test_the_changes_of_a_row_written_over_it_make_it_the_other(before: Row, after: Row) -> None:
    grid = Grid(WIDTH, 1)
    for first, text, _ in [*changes((), before), *changes(before, after)]:
        grid.feed(f"\x1b[{first + 1}G{text}")
    assert grid.lines == ["".join(text for text, _ in after)]


@given(st.lists(st.lists(ROWS, min_size=HEIGHT, max_size=HEIGHT), min_size=1, max_size=5))
def test_frames_of_differences_show_what_whole_frames_would(frames: list[list[Row]]) -> None:
    shown, grid = Shown(), Grid(WIDTH, HEIGHT)
    for rows in frames:
        lines: list[Strip] = list(strips(rows))
        lines[1] = Strip(list(lines[1]), WIDTH)  # a row that is no surface's
        grid.feed(shown.text(update(lines), console()))
        assert grid.is_reset
        assert grid.cells == whole(rows).cells


@pytest.mark.parametrize("system", list(ColorSystem)[:4])
def test_frames_of_differences_are_true_to_the_colours_of_the_terminal(system: ColorSystem) -> None:
    frames = [[fitted([("12.34", name), ("贵州", "stale"), (f"{at}", "up@cursor")])] for at, name in enumerate(NAMES)]
    shown, grid = Shown(), Grid(WIDTH, 1)
    for rows in frames:
        grid.feed(shown.text(update(list(strips(rows))), console(system)))
        assert grid.cells == whole(rows, system).cells


def test_one_digit_that_changes_costs_its_place_its_colour_and_itself() -> None:
    shown = Shown()
    before, after = (fitted([(" 600519 ", "text"), (price, "up"), (" 1200", "muted")]) for price in ("8.53", "8.54"))
    shown.text(update(list(strips([before]))), console())
    shown.spent.clear()
    text = shown.text(update(list(strips([after]))), console())
    assert text.startswith("\x1b[1;12H")
    assert text.endswith("4\x1b[0m")
    assert text.count("m") == 2
    assert shown.spent == {"pane": len(text) - len("\x1b[0m")}


def test_rows_that_are_the_same_cost_nothing() -> None:
    shown = Shown()
    shown.text(update(list(strips([fitted([("word", "up")])]))), console())
    assert shown.text(update(list(strips([fitted([("word", "up")])]))), console()) == ""


def test_a_colour_goes_on_from_row_to_row() -> None:
    rows = [fitted([(str(y), "up")]) for y in range(HEIGHT)]
    text = Shown().text(update(list(strips(rows))), console())
    assert text.count("m") == 2 * HEIGHT + 1  # each row has its colour and that of its blanks; one reset ends them


def test_what_was_forgotten_is_written_whole() -> None:
    shown, rows = Shown(), [fitted([("word", "up")])] * HEIGHT
    shown.text(update(list(strips(rows))), console())
    shown.forget()
    grid = Grid(WIDTH, HEIGHT)
    grid.feed(shown.text(update(list(strips(rows))), console()))
    assert grid.cells == whole(rows).cells


def test_a_line_that_is_cut_at_other_places_is_written_whole() -> None:
    shown, grid = Shown(), Grid(WIDTH, 1)
    row = fitted([("left and right", "text")])
    grid.feed(shown.text(update(list(strips([row]))), console()))
    left, right = Strip(list(strips([row])[0]), WIDTH).divide([10, WIDTH])
    cover = ChopsUpdate([{0: left, 10: Strip(list(right), 14)}], [(0, 0, WIDTH)], [[10, WIDTH]])
    assert "left and" in shown.text(cover, console())
    grid.feed(shown.text(update(list(strips([row]))), console()))
    assert grid.cells == whole([row]).cells


def test_a_full_frame_costs_no_more_than_what_differs() -> None:
    def layout(rows: list[Row]) -> LayoutUpdate:
        return LayoutUpdate([iter([strip]) for strip in strips(rows)], Region(0, 0, WIDTH, 2))

    shown, rows = Shown(), [fitted([("word", "up")]), fitted([("other", "down")])]
    grid = Grid(WIDTH, 2)
    grid.feed(shown.text(layout(rows), console()))
    assert grid.cells == whole(rows).cells
    assert shown.text(layout(rows), console()) == ""
    assert shown.text(update(list(strips(rows))), console()) == ""
    rows[1] = fitted([("ether", "down")])
    text = shown.text(layout(rows), console())
    grid.feed(text)
    assert grid.cells == whole(rows).cells
    assert text.startswith("\x1b[2;1H")
    assert text.endswith("e\x1b[0m")
