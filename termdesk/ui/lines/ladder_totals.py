"""The row below a ladder's prices: what the rows on the screen come to, column by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from termdesk.core.model.number import Price, Qty
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom, Row
from termdesk.ui.lines.ladder_columns import Column, halves
from termdesk.ui.lines.ladder_sizes import SideSizes

FROM = 24
"""Height of a ladder from which it has totals."""


def totals_rows(height: int) -> int:
    """Give the rows of totals of a ladder that is so high."""
    return 1 if height >= FROM else 0


class Totals:
    """Sums over the rows that are shown, so that they can be checked by eye."""

    def __init__(self, prices: Iterable[Price], idiom: Idiom, decimals: int, *, grey: bool) -> None:
        self._prices = [price for price in prices if price > 0]
        self._idiom, self._decimals, self._grey = idiom, decimals, grey

    def side(self, side: SideSizes, width: int) -> Cell:
        """Add the sizes of one side up."""
        body = self._size(sum(side.sizes.get(price, 0) for price in self._prices), width - 1)
        return text.right(body, width) if side.is_bid else text.left(body, width), self._ink(
            "bid" if side.is_bid else "ask"
        )

    def volume(self, by_price: Mapping[Price, Qty], width: int) -> Cell:
        """Add volume up."""
        return text.right(self._size(sum(by_price.get(price, 0) for price in self._prices), width - 1), width), (
            self._ink("flat")
        )

    def traded(self, by_price: Mapping[Price, tuple[Qty, Qty]], width: int) -> list[Cell]:
        """Add what was sold and what was bought up."""
        pairs = [by_price.get(price, (0, 0)) for price in self._prices]
        sold, bought = (sum(pair[index] for pair in pairs) for index in (0, 1))
        left, right = halves(width)
        return [
            (text.right(self._size(sold, left - 1), left), self._ink("down")),
            (self._idiom.glyphs.separator, "faint@header"),
            (text.left(self._size(bought, right - 1), right), self._ink("up")),
        ]

    def flow(self, by_price: Mapping[Price, Qty], bids: SideSizes, width: int) -> list[Cell]:
        """Add added less pulled up: bids on the left, asks on the right."""
        best = max(bids.sizes, default=0)
        below = sum(by_price.get(price, 0) for price in self._prices if price <= best)
        above = sum(by_price.get(price, 0) for price in self._prices if price > best)
        left, right = halves(width)
        return [
            (text.right(self._signed(below, left), left), self._ink("bid")),
            (self._idiom.glyphs.separator, "faint@header"),
            (text.left(self._signed(above, right), right), self._ink("ask")),
        ]

    def row(self, cells: Mapping[Column, int], sums: Mapping[Column, list[Cell]]) -> Row:
        """Lay the sums under their columns; the price column has their mark, the others are blank."""
        total = text.left(" " * 2 + self._idiom.glyphs.total, cells[Column.PRICE])
        row: list[Cell] = []
        for column, width in cells.items():
            blank = [(total if column is Column.PRICE else " " * width, "muted@header")]
            row += sums.get(column, blank)
        return row

    def _size(self, qty: Qty, width: int) -> str:
        return text.size(qty, self._decimals, width, self._idiom.units) if qty else ""

    def _signed(self, qty: Qty, width: int) -> str:
        return ("+" if qty > 0 else "-") + self._size(abs(qty), width - 1) if qty else ""

    def _ink(self, ink: str) -> str:
        return f"{'stale' if self._grey else ink}@header"
