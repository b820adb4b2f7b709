"""Panes of a chart: candles, volume, MACD. Each gives one column per cell of width, top first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from termdesk.core.model.bar import Bar
from termdesk.ui.lines.glyphs import Glyphs
from termdesk.ui.lines.grid import BLANK, Column, Dots, Scale, braille

Values = tuple[float | None, ...]
"""Values of one study point: MACD line, signal line, histogram."""

_EMPTY, _WICK, _BODY = range(3)


@lru_cache(maxsize=1024)
def candle(start: int, top: int, bottom: int, end: int, scale: Scale, glyphs: Glyphs) -> Column:
    """Draw one candle from open, high, low and close, two steps of the scale in a cell.

    Where body and wick share a cell the body is drawn. A falling bar's whole
    cells have a glyph of their own, so that it differs without colour.
    """
    is_down = end < start
    ink = "down" if is_down else "up"
    low, high = scale.at(bottom), scale.at(top)
    floor, roof = sorted((scale.at(start), scale.at(end)))

    def kind(step: int) -> int:
        return _BODY if floor <= step <= roof else _WICK if low <= step <= high else _EMPTY

    cells = []
    for row in range(scale.steps // 2):
        upper = scale.steps - 1 - 2 * row
        glyph = _candle_glyph(kind(upper), kind(upper - 1), is_down, glyphs)
        cells.append((glyph, ink) if glyph != " " else BLANK)
    return tuple(cells)


def _candle_glyph(upper: int, lower: int, is_down: bool, glyphs: Glyphs) -> str:
    if upper == _BODY and lower == _BODY:
        return glyphs.body_down if is_down else glyphs.body
    if upper == _BODY:
        return glyphs.body_top
    if lower == _BODY:
        return glyphs.body_bottom
    if upper == _WICK:
        return glyphs.wick if lower == _WICK else glyphs.wick_top
    return glyphs.wick_bottom if lower == _WICK else " "


def price_scale(bars: Sequence[Bar], last: int, rows: int) -> Scale:
    """Fit the prices of bars and the last one into ``rows`` cells of two steps."""
    low = min(bar.low for bar in bars)
    high = max(bar.high for bar in bars)
    if last:
        low, high = min(low, last), max(high, last)
    return Scale(low, high, 2 * rows)


@lru_cache(maxsize=1024)
def volume_bar(volume: int, largest: int, is_down: bool, rows: int, glyphs: Glyphs) -> Column:
    """Draw one volume bar in eighths of a cell; any volume at all shows."""
    levels = len(glyphs.levels)
    filled = max(1, volume * rows * levels // largest) if volume and largest else 0
    ink = "down" if is_down else "up"
    cells = []
    for row in range(rows):
        part = max(0, min(levels, filled - (rows - 1 - row) * levels))
        cells.append((glyphs.levels[part - 1], ink) if part else BLANK)
    return tuple(cells)


def macd_scale(points: Sequence[Values | None], rows: int) -> Scale:
    """Fit all three lines, with zero always inside."""
    known = [value for point in points if point for value in point if value is not None]
    return Scale(min([0.0, *known]), max([0.0, *known]), 4 * rows)


def macd(points: Sequence[Values | None], rows: int, glyphs: Glyphs) -> list[Column]:
    """Draw histogram bars from the zero line, and over them MACD and signal line.

    A cell crossed by a line shows the line, on the bar's ground. Points are
    one per bar; a missing one leaves a hole in the lines.
    """
    scale = macd_scale(points, rows)
    first, second = (_line(points, index, rows, scale) for index in (0, 1))
    columns: list[Column] = []
    for x, point in enumerate(points):
        histogram = point[2] if point else None
        cells = []
        for y in range(rows):
            bar = _bar_cell(histogram, y, rows, scale, glyphs)
            a, b = first.cells.get((x, y), 0), second.cells.get((x, y), 0)
            if a or b:
                ground = "" if bar is BLANK else f"@{bar[1]}_bar"
                glyph = braille(a | b) if glyphs.braille else glyphs.dot
                bar = (glyph, ("line_a" if a else "line_b") + ground)
            cells.append(bar)
        columns.append(tuple(cells))
    return columns


def _line(points: Sequence[Values | None], index: int, rows: int, scale: Scale) -> Dots:
    dots = Dots(len(points), rows)
    before: tuple[int, int] | None = None
    for number, point in enumerate(points):
        value = point[index] if point else None
        if value is None:
            before = None
            continue
        here = (2 * number, scale.at(value))
        dots.line(*(before or here), *here)
        before = here
    return dots


def _bar_cell(histogram: float | None, row: int, rows: int, scale: Scale, glyphs: Glyphs) -> tuple[str, str]:
    """Give the part of a histogram bar in one cell, in halves."""
    if not histogram:
        return BLANK
    floor, roof = sorted((scale.at(0.0) // 2, scale.at(histogram) // 2))
    upper = 2 * (rows - 1 - row) + 1
    has_upper, has_lower = floor <= upper <= roof, floor <= upper - 1 <= roof
    ink = "up" if histogram > 0 else "down"
    if has_upper and has_lower:
        return (glyphs.body if histogram > 0 else glyphs.body_down, ink)
    if has_upper:
        return (glyphs.body_top, ink)
    return (glyphs.body_bottom, ink) if has_lower else BLANK
