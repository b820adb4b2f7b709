"""The columns that a watchlist can show: their titles, their cells, and the value they are sorted and filtered by.

A value whose source is not known is None and is shown as a dash.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import msgspec

from termdesk.core.model.instrument import Instrument, Share
from termdesk.core.model.terms import Phase
from termdesk.core.wire.topics import QuoteBody
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom
from termdesk.ui.lines.table import Column

SPARK_CELLS = 10


class WatchItem(msgspec.Struct, frozen=True):
    """One instrument as the list shows it."""

    instrument: Instrument
    quote: QuoteBody | None
    age_ns: int | None
    """Since the instrument's last news, None when there was none."""
    is_stale: bool = False
    """The source itself is silent; a quiet instrument is not stale."""
    position: int | None = None
    """Signed, of the chosen account; None while the account is not known."""
    alerts: int | None = None
    """Conditions armed on it; None where that is not known."""
    closes: Sequence[int] = ()
    """Of the newest minutes, oldest first."""
    language: str = "en"
    delay_ns: int | None = 0
    """How much later than at the venue its source speaks by design; None where that is not told."""


Value = Decimal | str | None


class WatchColumn(msgspec.Struct, frozen=True):
    """One column that can be chosen."""

    column: Column
    value: Callable[[WatchItem], Value]
    cell: Callable[[WatchItem, Idiom], Cell]
    needs_bars: bool = False


def ink_of(item: WatchItem) -> str:
    """Give the ink of an instrument's price: which way it went since the day before."""
    quote = item.quote
    if item.is_stale:
        return "stale"
    change = quote.last - quote.prev_close if quote is not None and quote.last and quote.prev_close else 0
    return "up" if change > 0 else "down" if change < 0 else "flat"


def _scaled(value: int, decimals: int) -> Decimal | None:
    return Decimal(value).scaleb(-decimals) if value else None


def _ratio(part: int, whole: int) -> Decimal | None:
    return Decimal(part * 100) / whole if whole > 0 else None


def _plain(item: WatchItem) -> str:
    return "stale" if item.is_stale else "muted"


# -- words --------------------------------------------------------------------


def _symbol(item: WatchItem, idiom: Idiom) -> Cell:
    del idiom
    return (item.instrument.code, "stale" if item.is_stale else "text")


def _name_of(item: WatchItem) -> str:
    instrument = item.instrument
    return instrument.name_zh if item.language == "zh" and instrument.name_zh else instrument.name


def _name(item: WatchItem, idiom: Idiom) -> Cell:
    del idiom
    return (_name_of(item), _plain(item))


def _age(item: WatchItem, idiom: Idiom) -> Cell:
    """Of a delayed source the age at the venue, with a mark; of one that tells no delay a question mark behind it."""
    phase = item.quote.phase if item.quote else Phase.UNKNOWN
    if item.delay_ns and item.age_ns is not None:
        return (
            idiom.tr("watch.late") + text.age(item.age_ns + item.delay_ns),
            "danger" if item.is_stale else "warning",
        )
    age = text.age(item.age_ns) + ("?" if item.delay_ns is None and item.age_ns is not None else "")
    if phase not in (Phase.CONTINUOUS, Phase.UNKNOWN):
        age = f"{idiom.tr(f'watch.phase.{phase.value}')} {age}"
    return (age, "danger" if item.is_stale else "muted")


# -- prices -------------------------------------------------------------------


def _price(name: str) -> tuple[Callable[[WatchItem], Value], Callable[[WatchItem, Idiom], Cell]]:
    def value(item: WatchItem) -> Value:
        return _scaled(getattr(item.quote, name), item.instrument.price_decimals) if item.quote else None

    def cell(item: WatchItem, idiom: Idiom) -> Cell:
        del idiom
        quote = item.quote
        if quote is None:
            return _BLANK
        found, ink = getattr(quote, name), _plain(item)
        if name == "last":
            ink = ink_of(item)
        elif found and quote.prev_close and not item.is_stale:
            ink = "up" if found > quote.prev_close else "down" if found < quote.prev_close else "flat"
        return (text.price(found, item.instrument.price_decimals), ink)

    return value, cell


def _change_of(item: WatchItem) -> int | None:
    quote = item.quote
    return quote.last - quote.prev_close if quote is not None and quote.last and quote.prev_close else None


def _change_value(item: WatchItem) -> Value:
    change = _change_of(item)
    return None if change is None else Decimal(change).scaleb(-item.instrument.price_decimals)


def _change(item: WatchItem, idiom: Idiom) -> Cell:
    del idiom
    if item.quote is None:
        return _BLANK
    change = _change_of(item)
    return (text.UNKNOWN if change is None else text.signed(change, item.instrument.price_decimals), ink_of(item))


def _percent_value(item: WatchItem) -> Value:
    change = _change_of(item)
    return None if change is None or item.quote is None else _ratio(change, item.quote.prev_close)


def _percent(item: WatchItem, idiom: Idiom) -> Cell:
    if item.quote is None:
        return _BLANK
    change = _change_of(item)
    if change is None:
        return (text.UNKNOWN, ink_of(item))
    return (idiom.glyphs.direction(change) + text.percent(change, item.quote.prev_close), ink_of(item))


def _spread_of(item: WatchItem) -> int | None:
    quote = item.quote
    return quote.ask - quote.bid if quote is not None and quote.bid and quote.ask else None


def _spread_value(item: WatchItem) -> Value:
    spread = _spread_of(item)
    return None if spread is None else Decimal(spread).scaleb(-item.instrument.price_decimals)


def _spread(item: WatchItem, idiom: Idiom) -> Cell:
    del idiom
    spread = _spread_of(item)
    words = text.UNKNOWN if spread is None else text.signed(spread, item.instrument.price_decimals).lstrip("+")
    return (words, _plain(item))


# -- amounts ------------------------------------------------------------------


def _quantity(name: str) -> tuple[Callable[[WatchItem], Value], Callable[[WatchItem, Idiom], Cell]]:
    def value(item: WatchItem) -> Value:
        if item.quote is None:
            return None
        return Decimal(getattr(item.quote, name)).scaleb(-item.instrument.qty_decimals)

    def cell(item: WatchItem, idiom: Idiom) -> Cell:
        if item.quote is None:
            return _BLANK
        return (text.size(getattr(item.quote, name), item.instrument.qty_decimals, 6, idiom.units), _plain(item))

    return value, cell


def _turnover_value(item: WatchItem) -> Value:
    return (item.quote.turnover or None) if item.quote else None


def _turnover(item: WatchItem, idiom: Idiom) -> Cell:
    amount = _turnover_value(item)
    words = text.size(int(amount), 0, 7, idiom.units) if isinstance(amount, Decimal) else text.UNKNOWN
    return (words, _plain(item))


def _float_value(item: WatchItem) -> Value:
    detail = item.instrument.detail
    floating = detail.float_qty if isinstance(detail, Share) else 0
    return _ratio(item.quote.volume, floating) if item.quote else None


def _order_value(item: WatchItem) -> Value:
    quote = item.quote
    if quote is None or not quote.book_valid:
        return None
    return _ratio(quote.bids_qty - quote.asks_qty, quote.bids_qty + quote.asks_qty)


def _order_difference(item: WatchItem) -> Value:
    quote = item.quote
    if quote is None or not quote.book_valid or not quote.bids_qty + quote.asks_qty:
        return None
    return Decimal(quote.bids_qty - quote.asks_qty).scaleb(-item.instrument.qty_decimals)


def _difference(item: WatchItem, idiom: Idiom) -> Cell:
    """Write what is bid beyond what is offered on the five best levels, negative where more is offered."""
    found, quote = _order_difference(item), item.quote
    if not isinstance(found, Decimal) or quote is None:
        return (text.UNKNOWN, _plain(item))
    words = text.size(quote.bids_qty - quote.asks_qty, item.instrument.qty_decimals, 7, idiom.units)
    ink = "stale" if item.is_stale else "up" if found > 0 else "down" if found < 0 else "flat"
    return (f"+{words}" if found > 0 else words, ink)


def _volume_ratio(item: WatchItem) -> Value:
    return item.quote.volume_ratio if item.quote else None


def _times(item: WatchItem, idiom: Idiom) -> Cell:
    """Write a ratio: above 1 more is traded than usual."""
    del idiom
    found = _volume_ratio(item)
    if not isinstance(found, Decimal):
        return (text.UNKNOWN, _plain(item))
    return (f"{found:.2f}", "stale" if item.is_stale else "up" if found > 1 else "down" if found < 1 else "flat")


def _rate(value: Callable[[WatchItem], Value], *, signed: bool) -> Callable[[WatchItem, Idiom], Cell]:
    def cell(item: WatchItem, idiom: Idiom) -> Cell:
        del idiom
        found = value(item)
        if not isinstance(found, Decimal):
            return (text.UNKNOWN, _plain(item))
        if not signed:
            return (f"{found:.2f}%", _plain(item))
        ink = "stale" if item.is_stale else "up" if found > 0 else "down" if found < 0 else "flat"
        return (f"{found:+.2f}%" if found else "0.00%", ink)

    return cell


# -- own ----------------------------------------------------------------------


def _position_value(item: WatchItem) -> Value:
    return None if item.position is None else Decimal(item.position).scaleb(-item.instrument.qty_decimals)


def _position(item: WatchItem, idiom: Idiom) -> Cell:
    qty = item.position
    if qty is None:
        return (text.UNKNOWN, "muted")
    if not qty:
        return ("", "muted")
    words = text.size(qty, item.instrument.qty_decimals, 7, idiom.units)
    return (f"+{words}" if qty > 0 else words, "bid" if qty > 0 else "ask")


def _alerts_value(item: WatchItem) -> Value:
    return None if item.alerts is None else Decimal(item.alerts)


def _alerts(item: WatchItem, idiom: Idiom) -> Cell:
    del idiom
    if item.alerts is None:
        return (text.UNKNOWN, "muted")
    return (str(item.alerts) if item.alerts else "", "warning")


def _spark(item: WatchItem, idiom: Idiom) -> Cell:
    closes = item.closes[-SPARK_CELLS:]
    if not closes:
        return (text.UNKNOWN, _plain(item))
    low, high, levels = min(closes), max(closes), idiom.glyphs.levels
    top = len(levels) - 1
    marks = [levels[(close - low) * top // (high - low) if high > low else top // 2] for close in closes]
    return ("".join(marks), ink_of(item))


def _age_value(item: WatchItem) -> Value:
    return None if item.age_ns is None else Decimal((item.age_ns + (item.delay_ns or 0)) // 10**9)


_BLANK: Cell = ("", "text")


def _word(key: str, width: int, rank: int = 0, *, grows: bool = False) -> Column:
    return Column(f"watch.header.{key}", width, rank=rank, is_number=False, grows=grows)


def _number(key: str, width: int, rank: int) -> Column:
    return Column(f"watch.header.{key}", width, rank=rank)


_LISTED = (
    WatchColumn(_word("symbol", 8, grows=True), lambda item: item.instrument.code, _symbol),
    WatchColumn(_word("name", 12, 5, grows=True), _name_of, _name),
    WatchColumn(_number("last", 10, 0), *_price("last")),
    WatchColumn(_number("change", 9, 4), _change_value, _change),
    WatchColumn(_number("percent", 8, 1), _percent_value, _percent),
    WatchColumn(_number("volume", 7, 3), *_quantity("volume")),
    WatchColumn(_number("turnover", 8, 6), _turnover_value, _turnover),
    WatchColumn(_number("volume_ratio", 6, 12), _volume_ratio, _times),
    WatchColumn(_number("float_turnover", 7, 8), _float_value, _rate(_float_value, signed=False)),
    WatchColumn(_number("order_ratio", 8, 7), _order_value, _rate(_order_value, signed=True)),
    WatchColumn(_number("order_difference", 8, 7), _order_difference, _difference),
    WatchColumn(_number("spread", 8, 9), _spread_value, _spread),
    WatchColumn(_number("bid", 10, 10), *_price("bid")),
    WatchColumn(_number("ask", 10, 10), *_price("ask")),
    WatchColumn(_number("open", 10, 14), *_price("open")),
    WatchColumn(_number("high", 10, 13), *_price("high")),
    WatchColumn(_number("low", 10, 13), *_price("low")),
    WatchColumn(_number("bought", 7, 11), *_quantity("bought")),
    WatchColumn(_number("sold", 7, 11), *_quantity("sold")),
    WatchColumn(_word("spark", SPARK_CELLS, 10), lambda _: None, _spark, needs_bars=True),
    WatchColumn(_number("position", 8, 6), _position_value, _position),
    WatchColumn(_number("alerts", 3, 9), _alerts_value, _alerts),
    WatchColumn(_number("age", 7, 2), _age_value, _age),
)
CHOICES: Mapping[str, WatchColumn] = {one.column.name: one for one in _LISTED}
"""By name, in the order in which they are offered."""
KEYS = tuple(one.column.key for one in _LISTED)
"""Catalogue keys of their titles."""
USUAL = ("symbol", "name", "last", "change", "percent", "volume", "age")
"""What a list shows that names no columns. Dropped when narrow: name, change, volume, age, percent."""
