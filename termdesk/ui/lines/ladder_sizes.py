"""Numbers beside a ladder's prices: sizes of a side, volume at price, recent trades, profit if exited."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from termdesk.core.model.number import Price, Qty
from termdesk.core.wire.topics import Level
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom
from termdesk.ui.lines.ladder_columns import halves
from termdesk.ui.lines.ladder_model import LadderModel
from termdesk.ui.lines.ladder_view import ceil, floor


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


def flow_by_row(flow: Mapping[Price, Qty], bids: SideSizes, asks: SideSizes, step: int) -> dict[Price, Qty]:
    """Add added and pulled up by row; a price rounds as the side that it belongs to, by where the market is."""
    best = max(bids.sizes, default=0)
    rows: dict[Price, Qty] = {}
    for price, qty in flow.items():
        row = floor(price, step) if not asks.sizes or price < best + step else ceil(price, step)
        rows[row] = rows.get(row, 0) + qty
    return rows


def barred(body: str, width: int, bar: int, plain: str, ink: str, *, from_right: bool) -> list[Cell]:
    """Lay a bar behind a number; it grows from one side of the column."""
    if from_right:
        outside, inside = text.split(text.right(body, width), width - bar)
        return [(outside, plain), (inside, ink)]
    inside, outside = text.split(text.left(body, width), bar)
    return [(inside, ink), (outside, plain)]


def traded_rows(by_price: Mapping[Price, tuple[Qty, Qty]], step: int) -> dict[Price, tuple[Qty, Qty]]:
    """Add sold and bought up by row: what was sold rounds down as bids do, what was bought up as asks do."""
    if step == 1:
        return dict(by_price)
    rows: dict[Price, tuple[Qty, Qty]] = {}
    for price, (sold, bought) in by_price.items():
        for row, down, up in ((floor(price, step), sold, 0), (ceil(price, step), 0, bought)):
            before = rows.get(row, (0, 0))
            rows[row] = before[0] + down, before[1] + up
    return {row: pair for row, pair in rows.items() if pair != (0, 0)}


def volume_rows(model: LadderModel, bottom: Price = 0, top: Price = 2**63) -> dict[Price, Qty]:
    """Add volume up by row; what nobody took, as in an auction, rounds down.

    Of a ladder with a row for every price only those from ``bottom`` to ``top`` are given.
    """
    step, volumes = model.view.step, model.volumes
    if step == 1:
        prices = range(bottom, top + 1) if top - bottom < len(volumes) else volumes
        return {price: volumes[price].qty for price in prices if price in volumes and volumes[price].qty}
    rows: dict[Price, Qty] = {}
    for price, volume in volumes.items():
        low, high = floor(price, step), ceil(price, step)
        rows[high] = rows.get(high, 0) + volume.bought
        rows[low] = rows.get(low, 0) + volume.qty - volume.bought
    return {row: qty for row, qty in rows.items() if qty}


class Volumes:
    """The column of volume at price, by row in ``rows``; the longest bar is the largest row on the screen."""

    def __init__(self, model: LadderModel, idiom: Idiom, width: int, *, grey: bool) -> None:
        top, bottom = model.view.top, model.view.bottom
        self.rows = volume_rows(model, bottom, top)
        shown = [qty for price, qty in self.rows.items() if bottom <= price <= top]
        self._largest = max(shown, default=0)
        self._width, self._units, self._decimals = width, idiom.units, model.instrument.qty_decimals
        self._grey = grey

    def cells(self, price: Price, ground: str) -> list[Cell]:
        """Paint one row."""
        qty, width = self.rows.get(price), self._width
        if not qty:
            return [(" " * width, "text" + ground)]
        body = text.size(qty, self._decimals, width - 1, self._units)
        if self._grey or ground:
            return [(text.right(body, width), ("stale" if self._grey else "flat") + ground)]
        bar = min(width, -(-qty * width // self._largest))
        ink = "strong" if qty == self._largest else "flat"
        return barred(body, width, bar, ink, f"{ink}@volume_bar", from_right=True)


class Traded:
    """The column of recent trades, by row in ``rows``: sold on the left, bought on the right."""

    def __init__(self, model: LadderModel, idiom: Idiom, width: int) -> None:
        self.rows = traded_rows(model.traded, model.view.step)
        self._left, self._right = halves(width)
        self._idiom, self._decimals, self._grey = idiom, model.instrument.qty_decimals, model.is_stale

    def cells(self, price: Price, ground: str) -> list[Cell]:
        """Paint one row."""
        pair = self.rows.get(price)
        if pair is None:
            return [(" " * (self._left + self._right + 1), "text" + ground)]
        sold, bought = pair
        units, decimals = self._idiom.units, self._decimals
        left = text.size(sold, decimals, self._left - 1, units) if sold else ""
        right = text.size(bought, decimals, self._right - 1, units) if bought else ""
        down, up = ("stale", "stale") if self._grey else ("down", "up")
        return [
            (text.right(left, self._left), down + ground),
            (self._idiom.glyphs.separator, "faint" + ground),
            (text.left(right, self._right), up + ground),
        ]


class ExitProfit:
    """The column of what closing at a price would bring, before fees: the position in money, or a unit in ticks."""

    def __init__(self, model: LadderModel, idiom: Idiom, width: int) -> None:
        strip, instrument = model.strip, model.instrument
        self._width, self._units = width, idiom.units
        self._decimals = instrument.price_decimals
        self._has_position = strip is not None and bool(strip.qty)
        if strip is not None and strip.qty:
            self._average = strip.average
            self._units_held = instrument.qty_decimal(strip.qty) * instrument.multiplier
            if model.exit_in_ticks:
                tick = instrument.price_decimal(strip.tick)
                self._units_held = (1 if strip.qty > 0 else -1) / tick

    def cells(self, price: Price, ground: str) -> list[Cell]:
        """Paint one row."""
        width = self._width
        if not self._has_position:
            return [(" " * width, "text" + ground)]
        sign, body = _profit(price, self._decimals, self._average, self._units_held, width - 2, self._units)
        ink = "up" if sign > 0 else "down" if sign < 0 else "flat"
        return [(text.right(body, width), ink + ground)]


@lru_cache(maxsize=1024)
def _profit(
    price: Price, decimals: int, average: Decimal, held: Decimal, width: int, units: text.Units
) -> tuple[int, str]:
    """Give the sign and the signed text of a profit, whole units of money."""
    profit = (Decimal(price).scaleb(-decimals) - average) * held
    whole = int(abs(profit).to_integral_value())
    sign = 0 if not whole else 1 if profit > 0 else -1
    return sign, ("", "+", "-")[sign] + text.size(whole, 0, width, units)
