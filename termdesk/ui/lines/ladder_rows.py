"""Rows of the quote ladder: a header, one row per price with its columns, and the position below."""

from __future__ import annotations

from collections.abc import Callable

from termdesk.core.model.number import Price, Qty
from termdesk.core.model.terms import Side
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom, Row, message
from termdesk.ui.lines.ladder_columns import MARK, Column, widths
from termdesk.ui.lines.ladder_header import paint_header
from termdesk.ui.lines.ladder_marks import marks
from termdesk.ui.lines.ladder_model import LadderModel, LastTrade
from termdesk.ui.lines.ladder_own import OwnOrders
from termdesk.ui.lines.ladder_sizes import (
    ExitProfit,
    SideSizes,
    Traded,
    Volumes,
    barred,
    flow_by_row,
)
from termdesk.ui.lines.ladder_strip import paint_strip, strip_rows
from termdesk.ui.lines.ladder_totals import Totals, totals_rows
from termdesk.ui.lines.ladder_view import ceil, floor

MIN_WIDTH = 18
FLASH_NS = 300_000_000
"""How long a new last trade is lit up."""
FADE_NS = 1_500_000_000
"""When it looks like any last trade."""

_Paint = Callable[[Price, str], list[Cell]]


def flash(last: LastTrade | None) -> int:
    """Tell how fresh the last trade is: 2 just now, 1 a moment ago, 0 before."""
    if last is None:
        return 1
    return 2 if last.age_ns < FLASH_NS else 1 if last.age_ns < FADE_NS else 0


class _Painter:
    """Paints the rows of one model at one width."""

    def __init__(self, model: LadderModel, idiom: Idiom, width: int) -> None:
        self.model, self.idiom, self.width = model, idiom, width
        instrument, view, book, quote = model.instrument, model.view, model.book, model.quote
        self.step, self.cursor = view.step, view.cursor
        self.decimals, self.qty_decimals = instrument.price_decimals, instrument.qty_decimals
        self.grey = model.is_stale or book is None or not book.valid or (quote is not None and not quote.book_valid)
        prices = (text.price(view.top, self.decimals), text.price(max(view.bottom, 1), self.decimals))
        self.digits = max(map(len, prices))
        self.cells = widths(width, self.digits, model.columns)
        self.tail = self.cells[Column.PRICE] - 2 - self.digits
        self.bids = SideSizes(book.bids if book else (), view.step, model.depth, is_bid=True)
        self.asks = SideSizes(book.asks if book else (), view.step, model.depth, is_bid=False)
        self.largest = self._largest()
        self.marks = marks(model, idiom)
        self.limits = (quote.low_limit, quote.high_limit or 2**63) if quote is not None else (0, 2**63)
        self.last = 0
        if quote is not None and quote.last:
            self.last = ceil(quote.last, view.step) if quote.aggressor is Side.BUY else floor(quote.last, view.step)
        self.flash = flash(model.last)
        self.own = OwnOrders(model, idiom)
        self.flow: dict[Price, Qty] = {}
        self.has_own = Column.OWN_BUYS in self.cells and Column.OWN_SELLS in self.cells
        self.volume_rows: dict[Price, Qty] = {}
        self.traded_rows: dict[Price, tuple[Qty, Qty]] = {}
        self.paints = [self._paint_of(column, cells) for column, cells in self.cells.items()]

    def _largest(self) -> Qty:
        top, bottom = self.model.view.top, self.model.view.bottom
        shown = [qty for side in (self.bids, self.asks) for price, qty in side.sizes.items() if bottom <= price <= top]
        return max(shown, default=0)

    def _paint_of(self, column: Column, width: int) -> _Paint:
        """Give what paints one column's cells in a row, given its price and ground."""
        model = self.model
        match column:
            case Column.OWN_BUYS:
                return lambda price, ground: [self.own.cell(price, Side.BUY, width, ground)]
            case Column.OWN_SELLS:
                return lambda price, ground: [self.own.cell(price, Side.SELL, width, ground)]
            case Column.BID:
                return lambda price, ground: self._size(price, self.bids, width, ground)
            case Column.ASK:
                return lambda price, ground: self._size(price, self.asks, width, ground)
            case Column.PRICE:
                return self._price
            case Column.LAST:
                return lambda price, ground: [self._last(price, width, ground)]
            case Column.VOLUME:
                volumes = Volumes(model, self.idiom, width, grey=self.grey)
                self.volume_rows = volumes.rows
                return volumes.cells
            case Column.TRADED:
                traded = Traded(model, self.idiom, width)
                self.traded_rows = traded.rows
                return traded.cells
            case Column.FLOW:
                flow = self.flow = flow_by_row(model.flow, self.bids, self.asks, self.step)
                return lambda price, ground: [self._flow(flow.get(price, 0), width, ground)]
            case Column.PNL:
                return ExitProfit(model, self.idiom, width).cells
            case Column.NOTE:
                return lambda price, ground: [self.own.notes(price, width, ground)]

    def row(self, price: Price, *, after_gap: bool = False) -> Row:
        """Paint the row of one price; ``after_gap`` says that prices are left out above it."""
        if price <= 0:
            return ((" " * self.width, "text"),)
        ground = "@staged" if self.own.is_staged(price) else "@cursor" if price == self.cursor else ""
        self.after_gap = after_gap
        cells: list[Cell] = []
        for paint in self.paints:
            cells += paint(price, ground)
        return cells

    def totals(self, prices: list[Price]) -> Row:
        """Paint what the rows come to."""
        cells = self.cells
        sums = Totals(prices, self.idiom, self.qty_decimals, grey=self.grey)
        found: dict[Column, list[Cell]] = {}
        for column, width in cells.items():
            match column:
                case Column.BID | Column.ASK:
                    found[column] = [sums.side(self.bids if column is Column.BID else self.asks, width)]
                case Column.VOLUME:
                    found[column] = [sums.volume(self.volume_rows, width)]
                case Column.TRADED:
                    found[column] = sums.traded(self.traded_rows, width)
                case Column.FLOW:
                    found[column] = sums.flow(self.flow, self.bids, width)
        return sums.row(cells, found)

    def _ink(self, ink: str, ground: str) -> str:
        return ("stale" if self.grey else ink) + ground

    def _price(self, price: Price, ground: str) -> list[Cell]:
        glyphs = self.idiom.glyphs
        cursor = glyphs.cursor if price == self.cursor else glyphs.skipped if self.after_gap else " "
        mark, note = ("", "muted") if self.has_own else (self.own.mark(price), "own")
        if not mark:
            mark, note = self.marks.get(price, ("", "muted"))
        gap = " " if mark and (self.tail > text.width_of(mark) + 1 or text.width_of(mark) < MARK) else ""
        tail = (text.left(gap + mark, self.tail), self._ink(note, ground))
        body = text.number(text.price(price, self.decimals), self.digits)
        if price != self.last:
            low, high = self.limits
            side = "bid" if price in self.bids.sizes else "ask" if price in self.asks.sizes else "muted"
            return [(f"{cursor} {body}", self._ink(side if low <= price <= high else "faint", ground)), tail]
        quote = self.model.quote
        assert quote is not None
        sign = quote.aggressor.sign if quote.aggressor else 0
        ink = "up" if sign > 0 else "down" if sign < 0 else "last"
        glyph = glyphs.traded(sign, is_fresh=self.flash > 0) if sign else glyphs.separator
        here = ground or self._last_ground()
        return [
            (cursor, self._ink("last", here)),
            (glyph, self._ink(ink, here)),
            (body, self._ink("last", here)),
            (tail[0], self._ink(note, here)),
        ]

    def _last_ground(self) -> str:
        return "@flash" if self.flash == 2 else "@last"

    def _last(self, price: Price, width: int, ground: str) -> Cell:
        quote = self.model.quote
        if price != self.last or quote is None:
            return " " * width, "text" + ground
        units, last = self.idiom.units, self.model.last
        body = text.size(quote.last_qty, self.qty_decimals, max(1, min(5, width - 1)), units)
        room = width - text.width_of(body) - 2
        if last is not None and last.at_price > quote.last_qty and room >= 3:
            body += f"{self.idiom.glyphs.total}{text.size(last.at_price, self.qty_decimals, room, units)}"
        sign = quote.aggressor.sign if quote.aggressor else 0
        ink = "up" if sign > 0 else "down" if sign < 0 else "last"
        return text.left(text.right(body, width - 1), width), self._ink(ink, ground or self._last_ground())

    def _size(self, price: Price, side: SideSizes, width: int, ground: str) -> list[Cell]:
        is_bid = side.is_bid
        qty = side.sizes.get(price)
        if qty is None:
            unknown = self.idiom.glyphs.beyond if side.is_beyond(price) else ""
            return [(unknown.rjust(width) if is_bid else unknown.ljust(width), "faint" + ground)]
        body = text.size(qty, self.qty_decimals, width - 1, self.idiom.units)
        if not is_bid and self.tail <= MARK:
            body = " " + body
        ink = "bid" if is_bid else "ask"
        style = self._ink(ink, ground)
        if self.grey or ground:
            return [(text.right(body, width) if is_bid else text.left(body, width), style)]
        bar = min(width, -(-qty * width // self.largest)) if self.largest else 0
        return barred(body, width, bar, style, f"{style}@{ink}_bar", from_right=is_bid)

    def _flow(self, qty: Qty, width: int, ground: str) -> Cell:
        if not qty:
            return " " * width, "text" + ground
        body = text.size(abs(qty), self.qty_decimals, width - 2, self.idiom.units)
        sign = "+" if qty > 0 else "-"
        return text.right(sign + body, width), self._ink("up" if qty > 0 else "down", ground)


def paint_ladder(model: LadderModel, idiom: Idiom, width: int, height: int) -> list[Row]:
    """Paint a ladder of one header row, its prices, and totals and position strip if it has one.

    ``model.view.rows`` should be what these leave; where it is not, prices are
    shown from the view's top. Nothing known yet, or too narrow, gives one sentence.
    """
    if width < MIN_WIDTH or height < 4:
        return message(idiom.tr("ladder.too_small"), width, height)
    below, totals = (strip_rows(height), totals_rows(height)) if model.strip is not None else (0, 0)
    strip = paint_strip(model, idiom, width, below)
    if not model.view.centre:
        return [*message(idiom.tr("ladder.waiting"), width, height - below), *strip]
    view = model.view
    painter = _Painter(model, idiom, width)
    rows = [paint_header(model, idiom, painter.cells, grey=painter.grey)]
    above = 0
    shown = [view.price_at(y) for y in range(height - 1 - below - totals)]
    for price in shown:
        rows.append(painter.row(price, after_gap=bool(view.prices) and bool(above) and above - price > view.step))
        above = price
    if totals:
        rows.append(painter.totals(shown))
    return rows + strip
