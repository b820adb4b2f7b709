"""The chart: candles, volume and MACD over one time axis, prices on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from termdesk.core.model.bar import Bar
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Ns, Price
from termdesk.ui.lines import format as text
from termdesk.ui.lines.chart_axes import price_labels, time_axis
from termdesk.ui.lines.chart_panes import Values, candle, macd, price_scale, volume_bar
from termdesk.ui.lines.grid import BLANK, Column, rows_of
from termdesk.ui.lines.idiom import Cell, Idiom, Row, message
from termdesk.ui.lines.surface import Surface

MIN_WIDTH, MIN_HEIGHT = 30, 10


class ChartModel(msgspec.Struct, frozen=True):
    """What the chart shows. ``bars`` and ``macd`` may hold more than fits."""

    instrument: Instrument
    bars: Sequence[Bar]
    """Oldest first; the last one is still growing."""
    macd: Mapping[Ns, Values] = {}
    """MACD line, signal line and histogram by the start of their bar."""
    warming: int = 0
    """Bars still missing until the MACD counts."""
    warm_bars: int = 0
    last: Price = 0
    title: str = ""
    is_stale: bool = False


class Panes(msgspec.Struct, frozen=True):
    """Rows of each part of a chart: title, candles, volume, MACD, time."""

    title: int
    price: int
    volume: int
    macd: int
    time: int = 1


def panes(height: int) -> Panes:
    """Share out a height; the candles get at least half of it."""
    title = 1 if height >= 12 else 0
    volume = max(2, height // 8)
    study = max(2, height // 5)
    return Panes(title=title, price=height - title - volume - study - 1, volume=volume, macd=study)


class _Painter:
    """Paints one model at one size."""

    def __init__(self, model: ChartModel, idiom: Idiom, width: int, height: int) -> None:
        self.model, self.idiom = model, idiom
        self.panes = panes(height)
        self.decimals = model.instrument.price_decimals
        longest = max(len(text.price(bar.high, self.decimals)) for bar in model.bars[-200:])
        self.axis = max(8, longest + 1)
        self.plot = width - self.axis
        self.bars = model.bars[-self.plot :]
        self.scale = price_scale(self.bars, model.last, self.panes.price)

    def rows(self) -> list[Row]:
        """Paint all panes."""
        times = time_axis(self.bars, self.plot, self.idiom.offset_s)
        title = [self._title()] if self.panes.title else []
        rows = [*title, *self._prices(), *self._volumes(), *self._study()]
        rows.append([(times, "muted"), (" " * self.axis, "muted")])
        return [_greyed(row) for row in rows] if self.model.is_stale else rows

    def _title(self) -> Row:
        """Name chart and newest bar shown; what does not fit is left out whole."""
        bar, tr = self.bars[-1], self.idiom.tr
        ink = "down" if bar.close < bar.open else "up"
        cells: list[Cell] = [(f" {text.clean(self.model.title)}", "header")]
        for key, value in (("open", bar.open), ("high", bar.high), ("low", bar.low)):
            cells.append((f"  {tr(f'chart.{key}')} {text.price(value, self.decimals)}", "muted"))
        mark = self.idiom.glyphs.direction(bar.close - bar.open)
        cells.append((f"  {tr('chart.close')} {mark}{text.price(bar.close, self.decimals)}", ink))
        while len(cells) > 1 and sum(text.width_of(cell[0]) for cell in cells) > self.plot + self.axis:
            del cells[1]
        return cells

    def _widened(self, columns: Sequence[Column], rows: int) -> list[Column]:
        """Fill the plot at the right."""
        blank: Column = (BLANK,) * rows
        return [*columns, *[blank] * (self.plot - len(columns))]

    def _prices(self) -> list[Row]:
        rows = self.panes.price
        columns = self._widened(
            [candle(b.open, b.high, b.low, b.close, self.scale, self.idiom.glyphs) for b in self.bars], rows
        )
        labels = price_labels(self.scale, rows, self.decimals)
        last_row = self._last_row()
        painted: list[Row] = []
        for y, row in enumerate(rows_of(columns, rows)):
            label: Cell = (text.left(" " + labels.get(y, ""), self.axis), "muted")
            if y == last_row:
                shown = text.price(self.model.last, self.decimals)
                label = (text.left(self.idiom.glyphs.last_line + shown, self.axis), "last@last")
                row = [self._dashed(cell) for cell in row]
            painted.append([*row, label])
        return painted

    def _last_row(self) -> int | None:
        if not self.model.last:
            return None
        return self.panes.price - 1 - self.scale.at(self.model.last) // 2

    def _dashed(self, cell: Cell) -> Cell:
        return cell if cell[0].strip(" ") else (self.idiom.glyphs.last_line * len(cell[0]), "faint")

    def _volumes(self) -> list[Row]:
        rows = self.panes.volume
        largest = max(bar.volume for bar in self.bars)
        bars = [volume_bar(b.volume, largest, b.close < b.open, rows, self.idiom.glyphs) for b in self.bars]
        units, decimals = self.idiom.units, self.model.instrument.qty_decimals
        labels = [text.size(largest, decimals, self.axis - 1, units)]
        return self._with_labels(rows_of(self._widened(bars, rows), rows), labels)

    def _study(self) -> list[Row]:
        rows, model = self.panes.macd, self.model
        if model.warming:
            words = f"{self.idiom.tr('chart.warming')} {model.warm_bars - model.warming}/{model.warm_bars}"
            return message(words, self.plot + self.axis, rows)
        points = [model.macd.get(bar.start_ns) for bar in self.bars]
        columns = macd(points, rows, self.idiom.glyphs)
        newest = next((point for point in reversed(points) if point), None)
        value = newest[0] if newest and newest[0] is not None else None
        labels = ["MACD", "" if value is None else f"{value:+.{self.decimals}f}"]
        return self._with_labels(rows_of(self._widened(columns, rows), rows), labels)

    def _with_labels(self, rows: list[list[Cell]], labels: list[str]) -> list[Row]:
        shown = labels + [""] * len(rows)
        return [[*row, (text.left(" " + shown[y], self.axis), "muted")] for y, row in enumerate(rows)]


def _greyed(row: Row) -> Row:
    return [(cell[0], "stale") for cell in row]


def paint_chart(model: ChartModel, idiom: Idiom, width: int, height: int) -> list[Row]:
    """Paint the chart; no bars or too little room give one sentence."""
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        return message(idiom.tr("chart.too_small"), width, height)
    if not model.bars:
        return message(idiom.tr("chart.waiting"), width, height)
    return _Painter(model, idiom, width, height).rows()


class ChartSurface(Surface, can_focus=True):
    """The chart as a widget."""

    def __init__(self, idiom: Idiom, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.idiom = idiom
        self.model: ChartModel | None = None

    def show(self, model: ChartModel | None) -> int:
        """Show another state; returns how many rows changed."""
        self.model = model
        return self.flush()

    def paint(self, width: int, height: int) -> list[Row]:
        """Paint the model, or say that there is none."""
        if self.model is None:
            return message(self.idiom.tr("chart.empty"), width, height)
        return paint_chart(self.model, self.idiom, width, height)
