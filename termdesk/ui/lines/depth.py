"""The depth box as Chinese terminals have it: asks over bids, the best in the middle, order ratio and takers."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.model.instrument import Instrument
from termdesk.core.wire.topics import BookBody, Level, QuoteBody
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom, Row

LEVELS = (0, 5, 10)
"""Levels a side that can be chosen; none shows no box."""


def rows_of(levels: int) -> int:
    """Count the rows of a box."""
    return 2 * levels + 3 if levels else 0


def fitting(levels: int, rows: int) -> int:
    """Give how many of the chosen levels stand whole within so many rows: the best ones, under ratio and last price."""
    return max(0, min(levels, (rows - 2) // 2))


def paint_depth(
    instrument: Instrument,
    quote: QuoteBody | None,
    book: BookBody | None,
    levels: int,
    idiom: Idiom,
    width: int,
    *,
    seen: int | None = None,
    is_stale: bool = False,
) -> list[Row]:
    """Paint a box; a level that is not there is a dash, and a book that must not be trusted is grey.

    All of it is grey while the source is silent. Where only the best ``seen`` levels have room, the ratio is still
    that of all.
    """
    seen = levels if seen is None else seen
    bids, asks = (book.bids, book.asks) if book is not None else ((), ())
    is_sure = book is not None and book.valid and not is_stale
    base = quote.prev_close if quote is not None else 0
    rows = [_ratio(bids[:levels], asks[:levels], instrument, idiom, width, is_sure=is_sure)]
    for rank in range(seen, 0, -1):
        rows.append(_level("ask", rank, asks, instrument, base, idiom, width, is_sure=is_sure))
    rows.append(_last(instrument, quote, idiom, width, is_stale=is_stale))
    for rank in range(1, seen + 1):
        rows.append(_level("bid", rank, bids, instrument, base, idiom, width, is_sure=is_sure))
    rows.append(_takers(instrument, quote, idiom, width, is_stale=is_stale))
    return rows


def _level(
    side: str,
    rank: int,
    levels: tuple[Level, ...],
    instrument: Instrument,
    base: int,
    idiom: Idiom,
    width: int,
    *,
    is_sure: bool,
) -> Row:
    price, qty = levels[rank - 1] if rank <= len(levels) else (0, 0)
    ink = "up" if price > base > 0 else "down" if 0 < price < base else "flat"
    name = f"{idiom.tr(f'depth.{side}')}{idiom.tr(f'depth.rank.{rank}')}"
    size = text.size(qty, instrument.qty_decimals, 8, idiom.units) if qty else text.UNKNOWN
    return _line(
        (name, side if is_sure else "stale"),
        (text.price(price, instrument.price_decimals), ink if is_sure else "stale"),
        (size, "text" if is_sure else "stale"),
        width,
    )


def _line(name: Cell, middle: Cell, end: Cell, width: int) -> Row:
    first = min(8, max(4, width // 4))
    last = min(10, max(0, width - first - 11))
    return [
        (" " + text.left(name[0], first - 1), name[1]),
        (text.number(middle[0], max(0, width - first - last - 1)), middle[1]),
        (text.number(end[0], last) + " ", end[1]),
    ]


def _ratio(
    bids: tuple[Level, ...],
    asks: tuple[Level, ...],
    instrument: Instrument,
    idiom: Idiom,
    width: int,
    *,
    is_sure: bool,
) -> Row:
    bought, sold = (sum(qty for _, qty in side) for side in (bids, asks))
    if not bought + sold:
        return _line((idiom.tr("depth.ratio"), "muted"), (text.UNKNOWN, "flat"), ("", "text"), width)
    ratio = Decimal(100 * (bought - sold)) / (bought + sold)
    ink = "stale" if not is_sure else "up" if ratio > 0 else "down" if ratio < 0 else "flat"
    difference = text.size(abs(bought - sold), instrument.qty_decimals, 8, idiom.units)
    sign = "+" if bought > sold else "-" if bought < sold else ""
    return _line((idiom.tr("depth.ratio"), "muted"), (f"{ratio:+.2f}%", ink), (sign + difference, ink), width)


def _last(instrument: Instrument, quote: QuoteBody | None, idiom: Idiom, width: int, *, is_stale: bool) -> Row:
    last, base = (quote.last, quote.prev_close) if quote is not None else (0, 0)
    change = last - base if last and base else 0
    ink = "stale" if is_stale else "up" if change > 0 else "down" if change < 0 else "flat"
    moved = idiom.glyphs.direction(change) + text.percent(change, base) if last and base else text.UNKNOWN
    row = _line(
        (idiom.tr("depth.last"), "header"), (text.price(last, instrument.price_decimals), ink), (moved, ink), width
    )
    return [(body, f"{style}@header") for body, style in row]


def _takers(instrument: Instrument, quote: QuoteBody | None, idiom: Idiom, width: int, *, is_stale: bool) -> Row:
    bought, sold = (quote.bought, quote.sold) if quote is not None else (0, 0)
    amounts = [text.size(qty, instrument.qty_decimals, 7, idiom.units) for qty in (bought, sold)]
    known = bool(bought or sold)
    half = width // 2
    words = [f"{idiom.tr(f'depth.{name}')} {amount if known else text.UNKNOWN}" for name, amount in
             zip(("bought", "sold"), amounts, strict=True)]  # fmt: skip
    inks = ("stale", "stale") if is_stale else ("up", "down")
    return [(" " + text.left(words[0], half - 1), inks[0]), (text.left(words[1], width - half), inks[1])]
