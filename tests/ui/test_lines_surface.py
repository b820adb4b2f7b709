from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from lines_cases import IDIOM, MOUTAI, bars, book, quote
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.text import Text
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget
from textual.widgets import Static

from termdesk.ui.lines.chart import ChartModel, ChartSurface
from termdesk.ui.lines.format import width_of
from termdesk.ui.lines.idiom import Row
from termdesk.ui.lines.ladder import LadderModel, LadderSurface
from termdesk.ui.lines.ladder_view import LadderView, recentre
from termdesk.ui.lines.surface import Surface
from termdesk.ui.lines.tape import TapeModel, TapeSurface
from termdesk.ui.lines.watchlist import WatchItem, WatchModel, WatchSurface


class Board(Surface):
    """Rows that the test sets, with a count of the rows that were built."""

    def __init__(self, rows: Sequence[Row], **options: Any) -> None:
        super().__init__(**options)
        self.data = list(rows)
        self.built: list[int] = []

    def paint(self, width: int, height: int) -> list[Row]:
        return list(self.data)

    def _strip(self, y: int, width: int) -> Strip:
        self.built.append(y)
        return super()._strip(y, width)


ROWS: list[Row] = [
    [("贵州茅台", "text"), ("  1688.53 ", "up"), ("▲+0.09%", "up@cursor")],
    [("BTCUSDT", "strong"), ("61000.00", "down@bid_bar"), ("中国平安", "muted")],
    [("", "text"), ("a", "danger"), ("b" * 200, "own")],
    [],
    [("工商银行" * 30, "ask@ask_bar")],
]


class Stage(App[None]):
    """A surface among other widgets."""

    CSS = "Board { height: 8; } Static { height: 1; }"

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets

    def compose(self) -> ComposeResult:
        yield Static("above")
        yield from self.widgets


def flat(strip: Strip) -> list[tuple[str, Any]]:
    """Characters with their styles, however they were cut into segments."""
    return [(c, (s.style.color, s.style.bgcolor, s.style.bold, s.style.reverse)) for s in strip for c in s.text]


def terminal_cells(rendered: str) -> list[tuple[str, Any]]:
    """Characters with colours as a terminal would show the sequence."""
    text = Text.from_ansi(rendered)
    console = Console(color_system="truecolor", force_terminal=True)
    cells = []
    for segment in text.render(console):
        style = segment.style
        cells += [
            (c, (style.color if style else None, style.bgcolor if style else None, bool(style and style.bold)))
            for c in segment.text
        ]
    return cells


async def drawn(is_fast: bool, environment: pytest.MonkeyPatch, size: tuple[int, int], **settings: str) -> Any:
    environment.setattr(Board, "fast", is_fast)
    app = Stage(Board(ROWS))
    for name, value in settings.items():
        setattr(app, name, value)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        board = app.query_one(Board)
        lines = board.render_lines(Region(0, 0, *board.size))
        assert board._is_fast is is_fast
        return [flat(line) for line in lines], app.export_screenshot()


@pytest.mark.parametrize("width", [7, 20, 41, 80])
@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "nord", "ansi-dark"])
async def test_the_fast_way_and_the_plain_way_show_the_same(
    monkeypatch: pytest.MonkeyPatch, width: int, theme: str
) -> None:
    fast = await drawn(True, monkeypatch, (width, 12), theme=theme)  # noqa: FBT003
    plain = await drawn(False, monkeypatch, (width, 12), theme=theme)  # noqa: FBT003
    assert fast[0] == plain[0]
    assert {sum(width_of(c) for c, _ in line) for line in fast[0]} == {width}


@pytest.mark.parametrize("theme", ["textual-dark", "ansi-dark"])
async def test_no_color_is_respected_by_both_ways(monkeypatch: pytest.MonkeyPatch, theme: str) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    fast = await drawn(True, monkeypatch, (40, 12), theme=theme)  # noqa: FBT003
    plain = await drawn(False, monkeypatch, (40, 12), theme=theme)  # noqa: FBT003
    assert fast[0] == plain[0]
    colours = {colour for line in fast[0] for _, style in line for colour in style[:2]}
    assert all(c is None or c.is_default or len(set(c.triplet)) == 1 for c in colours)


@pytest.mark.parametrize("system", list(ColorSystem)[:4])
async def test_the_terminal_text_of_a_row_shows_its_segments(system: ColorSystem) -> None:
    app = Stage(Board(ROWS))
    app.console._color_system = system
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        board = app.query_one(Board)
        for line in board.render_lines(Region(0, 0, *board.size)):
            rendered = line.render(app.console)
            again = "".join(Strip.render_style(_fresh(s), s.text, system) for s in Strip(list(line)))
            assert terminal_cells(rendered) == terminal_cells(again)


def _fresh(segment: Segment) -> Any:
    style = segment.style.copy()
    style._ansi = None
    return style


async def test_only_changed_rows_are_built_again() -> None:
    board = Board([[(str(y), "text")] for y in range(8)])
    app = Stage(board)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        board.built.clear()
        board.data[2] = [("new", "up")]
        board.data[6] = [("6", "down")]
        assert board.flush() == 2
        assert board._repaint_regions == {Region(0, 2, 40, 1), Region(0, 6, 40, 1)}
        await pilot.pause()
        assert board.built == [2, 6]
        assert board.flush() == 0
        assert "new" in app.export_screenshot()


async def test_rows_that_vanish_are_cleared() -> None:
    board = Board([[("gone", "text")] for _ in range(8)])
    app = Stage(board)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        board.data = board.data[:3]
        assert board.flush() == 5
        await pilot.pause()
        assert app.export_screenshot().count("gone") == 3


async def test_a_new_theme_and_a_new_size_paint_anew() -> None:
    board = Board([[("word", "up")]])
    app = Stage(board)
    app.register_theme(Theme("other", primary="#336699", background="#fafafa", dark=False))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        before = flat(board.render_lines(Region(0, 0, 40, 1))[0])
        app.theme = "other"
        await pilot.pause()
        after = flat(board.render_lines(Region(0, 0, 40, 1))[0])
        assert before[0][0] == after[0][0]
        assert before[0][1] != after[0][1]
        await pilot.resize_terminal(60, 12)
        await pilot.pause()
        assert len(flat(board.render_lines(Region(0, 0, *board.size))[0])) == 60


async def test_a_surface_with_a_border_takes_the_plain_way_and_is_whole() -> None:
    board = Board([[("inside", "up")]])
    app = Stage(board)
    async with app.run_test(size=(40, 12)) as pilot:
        board.styles.border = ("round", "red")
        await pilot.pause()
        assert not board._is_fast
        shot = app.export_screenshot()
        assert "inside" in shot
        assert "╭" in shot
        board.data = [[("other", "up")]]
        board.flush()
        await pilot.pause()
        assert "other" in app.export_screenshot()


class Question(ModalScreen[None]):
    """A small box over everything."""

    CSS = "Question { align: center middle; } #box { width: 21; height: 3; background: blue; }"

    def compose(self) -> ComposeResult:
        yield Static("确认下单 confirm?", id="box")


@pytest.mark.parametrize("width", [30, 37, 40])
async def test_a_modal_over_a_surface_corrupts_neither(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    shots = []
    for is_fast in (True, False):
        monkeypatch.setattr(Board, "fast", is_fast)
        board = Board([[("贵州茅台" * 20, "up")] for _ in range(8)])
        app = Stage(board)
        async with app.run_test(size=(width, 12)) as pilot:
            await app.push_screen(Question())
            await pilot.pause()
            board.data[3] = [("平安" * 20, "down")]
            board.flush()
            await pilot.pause()
            strips = app.screen._compositor.render_strips()
            assert all(strip.cell_length == width for strip in strips)
            assert any("确认下单 confirm?" in strip.text for strip in strips)
            shots.append([flat(strip) for strip in strips])
            app.pop_screen()
            await pilot.pause()
            assert "平安" in app.export_screenshot()
    assert shots[0] == shots[1]


async def test_an_overlay_in_the_same_screen_cuts_rows_cleanly() -> None:
    app = Stage(Board([[("贵州茅台" * 20, "up")] for _ in range(8)]))
    async with app.run_test(size=(41, 12)) as pilot:
        cover = Static("浮层")
        cover.styles.position = "absolute"
        cover.styles.overlay = "screen"
        cover.styles.width = 7
        cover.styles.offset = (12, 3)
        await app.mount(cover)
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        assert [strip.cell_length for strip in strips] == [41] * 12
        assert {width_of(strip.text) for strip in strips} == {41}


async def test_a_surface_cut_off_by_its_container_shows_its_part() -> None:
    board = Board([[(f"row{y} ", "text"), ("x" * 30, "up")] for y in range(8)])
    box = Vertical(board)
    app = Stage(box)
    async with app.run_test(size=(20, 12)) as pilot:
        box.styles.width, box.styles.height = 10, 3
        board.styles.width = 40
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        assert strips[1].text[:10] == "row0 xxxxx"
        assert strips[1].cell_length == 20


async def test_escapes_in_a_row_are_made_harmless() -> None:
    board = Board([[("\x1b[31mred\x07", "text"), ("after", "up")]])
    app = Stage(board)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        line = board.render_lines(Region(0, 0, 40, 1))[0]
        assert "\x1b" not in line.text
        assert "\x1b[31mred" not in line.render(app.console)
        assert line.cell_length == 40


async def test_all_surfaces_share_an_80_by_24_screen() -> None:
    names = [f"60{i:04}.DEMO" for i in range(1000)]
    watch = WatchSurface(IDIOM)
    ladder, chart, tape = LadderSurface(IDIOM), ChartSurface(IDIOM), TapeSurface(IDIOM)
    app = Stage(watch, ladder, chart, tape)
    app.CSS = "Surface { height: 6; } LadderSurface { height: 7; } ChartSurface { height: 10; } Static { height: 1; }"
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        view = recentre(LadderView(step=1, rows=ladder.price_rows), 999, 1001)
        ladder.show(LadderModel(MOUTAI, book(), quote(), view))
        chart.show(ChartModel(MOUTAI, bars([1000 + i % 9 for i in range(90)]), last=1001))
        tape.show(TapeModel(MOUTAI, (), 0))
        asked: list[str] = []

        def item(name: str) -> WatchItem:
            asked.append(name)
            return WatchItem(MOUTAI, quote(), 0)

        watch.show(WatchModel(names, item))
        await pilot.pause()
        assert set(asked) == set(names[: watch.page])
        watch.select(997)
        await pilot.pause()
        assert watch.selected == 997
        assert names[997] in watch.visible_ids
        assert len(watch.visible_ids) == watch.page
        strips = app.screen._compositor.render_strips()
        assert {width_of(strip.text) for strip in strips} == {80}


async def test_a_reader_who_scrolled_the_tape_keeps_his_place() -> None:
    from termdesk.core.wire.topics import TapeTrade

    trades = [TapeTrade(1000 + i, 100, None, 10**18 + i, i) for i in range(50)]
    tape = TapeSurface(IDIOM)
    app = Stage(tape)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        tape.show(TapeModel(MOUTAI, trades, 50))
        tape.scroll(10)
        first = tape.line(tape.offset_rows, 40)
        more = [*trades, TapeTrade(2000, 100, None, 10**18, 50)]
        tape.show(TapeModel(MOUTAI, more, 51))
        assert tape.line(tape.offset_rows, 40) == first


async def test_a_surface_may_be_given_its_model_before_it_is_mounted() -> None:
    tape = TapeSurface(IDIOM)
    assert tape.show(None) == 0
    app = Stage(tape)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        assert "empty" in app.export_screenshot()
