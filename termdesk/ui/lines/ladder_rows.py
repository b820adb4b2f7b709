"""Rows of the quote ladder: one per price, gaps included, with the book, the last trade and own orders."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from termdesk.core.model.number import Price, Qty
from termdesk.core.model.terms import Side
from termdesk.core.wire.topics import Level, QuoteBody
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom, Row, message
from termdesk.ui.lines.ladder_model import LadderModel
from termdesk.ui.lines.ladder_own import OwnOrders
from termdesk.ui.lines.ladder_view import ceil, floor

MIN_WIDTH = 18


class Columns(msgspec.Struct, frozen=True):
    """Cells of each column; 0 leaves it out."""

    own: int
    size: int
    price: int
    last: int


def columns(width: int, price_width: int) -> Columns:
    """Share out a width: sizes first, then own orders, then the size of the last trade.

    The price column holds cursor, direction of the last trade, price and a
    mark of two cells. Two sizes and two own columns are equally wide.
    """
    price = price_width + 4
    rest = width - price
    if rest < 22:
        return Columns(own=0, size=max(1, rest // 2), price=width - 2 * max(1, rest // 2), last=0)
    last = 6 if rest >= 38 else 0
    size = max(6, min(9, (rest - last) // 5))
    own = (rest - last - 2 * size) // 2
    return Columns(own=own, size=size, price=width - last - 2 * (own + size), last=last)


class SideSizes:
    """Sizes of one side by row price, and what is known of it."""

    def __init__(self, levels: tuple[Level, ...], step: int, depth: int, is_bid: bool) -> None:
        snap = floor if is_bid else ceil
        sizes: dict[Price, Qty] = {}
        for price, qty in levels:
            row = snap(price, step)
            sizes[row] = sizes.get(row, 0) + qty
        self.sizes = sizes
        self.is_bid = is_bid
        self.end = snap(levels[-1][0], step) if len(levels) >= depth else None

    def is_beyond(self, price: Price) -> bool:
        """Whether the book was cut off before this price."""
        if self.end is None:
            return False
        return price < self.end if self.is_bid else price > self.end


class _Painter:
    """Paints the rows of one model at one width."""

    def __init__(self, model: LadderModel, idiom: Idiom, width: int) -> None:
        self.model, self.idiom = model, idiom
        instrument, view, book, quote = model.instrument, model.view, model.book, model.quote
        self.decimals = instrument.price_decimals
        self.qty_decimals = instrument.qty_decimals
        self.grey = model.is_stale or book is None or not book.valid or (quote is not None and not quote.book_valid)
        prices = (text.price(view.top, self.decimals), text.price(max(view.bottom, 1), self.decimals))
        self.columns = columns(width, max(map(len, prices)))
        self.width = width
        self.bids = SideSizes(book.bids if book else (), view.step, model.depth, is_bid=True)
        self.asks = SideSizes(book.asks if book else (), view.step, model.depth, is_bid=False)
        self.largest = self._largest()
        self.marks = _marks(quote, view.step, idiom)
        self.last = 0
        if quote is not None and quote.last:
            self.last = ceil(quote.last, view.step) if quote.aggressor is Side.BUY else floor(quote.last, view.step)
        self.own = OwnOrders(model, idiom)

    def _largest(self) -> Qty:
        top, bottom = self.model.view.top, self.model.view.bottom
        shown = [qty for side in (self.bids, self.asks) for price, qty in side.sizes.items() if bottom <= price <= top]
        return max(shown, default=0)

    def header(self) -> Row:
        """Name the columns; a ladder that must not be trusted says so here."""
        tr, c = self.idiom.tr, self.columns
        style = "header@header"
        book = self.model.book
        title, warn = tr("ladder.header.price"), style
        if self.model.is_stale:
            title, warn = tr("ladder.stale"), "danger@header"
        elif book is not None and self.grey:
            title, warn = tr("ladder.gap"), "danger@header"
        cells = [
            (text.right(tr("ladder.header.own_buys"), c.own), style),
            (text.right(tr("ladder.header.bid"), c.size), style),
            (_centred(title, c.price), warn),
            (text.left(text.right(tr("ladder.header.last"), c.last - 1), c.last), style),
            (text.left(tr("ladder.header.ask"), c.size), style),
            (text.left(tr("ladder.header.own_sells"), c.own), style),
        ]
        return [cell for cell in cells if cell[0]]

    def row(self, price: Price) -> Row:
        """Paint the row of one price."""
        ground = self._ground(price)
        if price <= 0:
            return ((" " * self.width, "text"),)
        cells = [
            self.own.cell(price, Side.BUY, self.columns.own, ground),
            *self._size(price, self.bids, ground),
            *self._price(price, ground),
            *self._size(price, self.asks, ground),
            self.own.cell(price, Side.SELL, self.columns.own, ground),
        ]
        return [cell for cell in cells if cell[0]]

    def _ground(self, price: Price) -> str:
        if self.own.is_staged(price):
            return "@staged"
        return "@cursor" if price == self.model.view.cursor else ""

    def _ink(self, ink: str, ground: str) -> str:
        return ("stale" if self.grey else ink) + ground

    def _price(self, price: Price, ground: str) -> list[Cell]:
        glyphs, c = self.idiom.glyphs, self.columns
        is_cursor = price == self.model.view.cursor
        cursor = glyphs.cursor if is_cursor else " "
        mark = text.left(("" if c.own else self.own.mark(price)) or self.marks.get(price, ""), 2)
        shown = text.price(price, self.decimals)
        if price != self.last:
            ink = "bid" if price in self.bids.sizes else "ask" if price in self.asks.sizes else "muted"
            body = text.number(shown, c.price - 4)
            return [(f"{cursor} {body}", self._ink(ink, ground)), (mark + " " * c.last, self._ink("muted", ground))]
        quote = self.model.quote
        assert quote is not None
        sign = quote.aggressor.sign if quote.aggressor else 0
        ink = "up" if sign > 0 else "down" if sign < 0 else "last"
        glyph = glyphs.direction(sign) if sign else glyphs.separator
        traded = text.size(quote.last_qty, self.qty_decimals, c.last - 2, self.idiom.units) if c.last else ""
        here = ground or "@last"
        return [
            (cursor, self._ink("last", here)),
            (glyph, self._ink(ink, here)),
            (text.number(shown, c.price - 4), self._ink("last", here)),
            (mark, self._ink("muted", here)),
            (text.left(text.right(traded, max(0, c.last - 1)), c.last), self._ink(ink, here)),
        ]

    def _size(self, price: Price, side: SideSizes, ground: str) -> list[Cell]:
        width = self.columns.size
        ink = "bid" if side.is_bid else "ask"
        qty = side.sizes.get(price)
        if qty is None:
            unknown = self.idiom.glyphs.beyond if side.is_beyond(price) else ""
            return [(text.right(unknown, width) if side.is_bid else text.left(unknown, width), "faint" + ground)]
        body = text.size(qty, self.qty_decimals, width - 1, self.idiom.units)
        style = self._ink(ink, ground)
        if self.grey or ground:
            return [(text.right(body, width) if side.is_bid else text.left(body, width), style)]
        bar = min(width, -(-qty * width // self.largest)) if self.largest else 0
        return _barred(body, width, bar, style, f"{style}@{ink}_bar", side.is_bid)


def _marks(quote: QuoteBody | None, step: int, idiom: Idiom) -> Mapping[Price, str]:
    """Name the day's prices on the axis; where several meet, the first named wins."""
    if quote is None:
        return {}
    marks: dict[Price, str] = {}
    for price, key in (
        (quote.high, "ladder.mark.high"),
        (quote.low, "ladder.mark.low"),
        (quote.open, "ladder.mark.open"),
        (quote.prev_close, "ladder.mark.prev_close"),
    ):
        if price:
            marks.setdefault(floor(price, step), idiom.tr(key))
    return marks


def _barred(body: str, width: int, bar: int, plain: str, barred: str, is_bid: bool) -> list[Cell]:
    """Lay a bar behind a size; it grows from the price outwards."""
    if is_bid:
        outside, inside = text.split(text.right(body, width), width - bar)
        return [(outside, plain), (inside, barred)]
    inside, outside = text.split(text.left(body, width), bar)
    return [(inside, barred), (outside, plain)]


def _centred(title: str, width: int) -> str:
    return text.left(" " * max(0, (width - text.width_of(title)) // 2) + title, width)


def paint_ladder(model: LadderModel, idiom: Idiom, width: int, height: int) -> list[Row]:
    """Paint a ladder of one header row and ``height - 1`` prices.

    ``model.view.rows`` should be ``height - 1``; where it is not, prices are
    shown from the view's top. Nothing known yet, or too narrow, gives one sentence.
    """
    if width < MIN_WIDTH or height < 4:
        return message(idiom.tr("ladder.too_small"), width, height)
    if not model.view.centre:
        return message(idiom.tr("ladder.waiting"), width, height)
    painter = _Painter(model, idiom, width)
    rows = [painter.header()]
    rows += [painter.row(model.view.price_at(y)) for y in range(height - 1)]
    return rows
