"""Own orders on a ladder: what rests, what waits, what is pending, what is only typed."""

from __future__ import annotations

from collections.abc import Iterable

from termdesk.core.model.number import Price
from termdesk.core.model.terms import OrdStatus, OrdType, Side
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom
from termdesk.ui.lines.ladder_model import LadderModel, OwnOrder
from termdesk.ui.lines.ladder_view import ceil, floor

LETTERS = {
    OrdType.MARKET: "M",
    OrdType.MARKET_TO_LIMIT: "M",
    OrdType.STOP: "S",
    OrdType.STOP_LIMIT: "SL",
    OrdType.MARKET_IF_TOUCHED: "I",
    OrdType.LIMIT_IF_TOUCHED: "IL",
    OrdType.TRAILING_STOP: "T",
    OrdType.TRAILING_STOP_LIMIT: "TL",
}
"""Type letters; a limit order has none."""


def row_price(side: Side, price: Price, step: int) -> Price:
    """Give the row of an own price: buys round down, sells up, as the book does."""
    return floor(price, step) if side is Side.BUY else ceil(price, step)


class OwnOrders:
    """The orders of one model by row, and their cells.

    Orders of one row are added up; if any of them is not simply working, the
    whole row looks like that one, since pending must never look like working.
    """

    def __init__(self, model: LadderModel, idiom: Idiom) -> None:
        self._idiom = idiom
        self._decimals = model.instrument.qty_decimals
        step = model.view.step
        self._rows = {side: _by_row(model.own, side, step) for side in Side}
        self._staged = model.staged
        self._staged_row = row_price(model.staged.side, model.staged.price, step) if model.staged else 0

    def is_staged(self, price: Price) -> bool:
        """Whether the staged order stands in this row."""
        return self._staged is not None and self._staged_row == price

    def cell(self, price: Price, side: Side, width: int, ground: str) -> Cell:
        """Paint the own column of one side in one row."""
        staged, glyphs, units = self._staged, self._idiom.glyphs, self._idiom.units
        if staged is not None and staged.side is side and self._staged_row == price:
            body, style = glyphs.staged + text.size(staged.qty, self._decimals, max(1, width - 1), units), "staged"
            room = width - text.width_of(body) - 1
            resting = self._resting(orders, room)[0] if (orders := self._rows[side].get(price)) else ""
            body += f" {resting}" if resting and text.width_of(resting) <= room else ""
        elif orders := self._rows[side].get(price):
            body, style = self._resting(orders, width)
        else:
            return " " * width, "text" + ground
        return (text.right(body, width) if side is Side.BUY else text.left(body, width), style + ground)

    def mark(self, price: Price) -> str:
        """Say in two cells what is staged or rests here, for a ladder without own columns; empty where nothing does."""
        staged = self._staged
        if staged is not None and self._staged_row == price:
            return self._idiom.glyphs.staged + ("+" if staged.side is Side.BUY else "-")
        for side, sign in ((Side.BUY, "+"), (Side.SELL, "-")):
            if orders := self._rows[side].get(price):
                return self._state(orders) + sign
        return ""

    def notes(self, price: Price, width: int, ground: str) -> Cell:
        """Paint the notes on the orders of one row, each once, a blank apart from the numbers before them."""
        orders = [order for rows in self._rows.values() for order in rows.get(price, ())]
        if not orders:
            return " " * width, "muted" + ground
        words = " · ".join(dict.fromkeys(text.clean(order.note) for order in orders if order.note))
        return text.cut(f" {words}", width), "muted" + ground

    def _state(self, orders: list[OwnOrder]) -> str:
        chief = _chief(orders)
        is_partial = any(order.is_partial for order in orders)
        return self._idiom.glyphs.order(chief.status, is_partial, is_emulated=chief.is_emulated)

    def _resting(self, orders: list[OwnOrder], width: int) -> tuple[str, str]:
        glyphs, units = self._idiom.glyphs, self._idiom.units
        kinds = {LETTERS.get(order.ord_type, "") for order in orders}
        kind = kinds.pop() if len(kinds) == 1 else glyphs.mixed
        count = f"{len(orders)}x" if len(orders) > 1 else ""
        link = glyphs.linked if any(order.is_linked for order in orders) else ""
        leaves = sum(order.leaves for order in orders)
        lead = self._state(orders) + kind + count
        room = width - text.width_of(lead) - text.width_of(link)
        body = lead + text.size(leaves, self._decimals, max(1, min(6, room)), units) + link
        body += self._whole(orders, width - text.width_of(body)) or self._ahead(orders, width - text.width_of(body))
        return body, "own" if _chief(orders).status is OrdStatus.NEW else "own_pending"

    def _whole(self, orders: list[OwnOrder], room: int) -> str:
        """Give the whole quantity behind what remains of a partly filled order, where it has room beside the queue."""
        whole = sum(order.qty for order in orders)
        if not any(order.is_partial for order in orders) or not whole:
            return ""
        body = "/" + text.size(whole, self._decimals, 6, self._idiom.units)
        ahead = self._ahead(orders, room - text.width_of(body))
        has_queue = any(order.ahead is not None for order in orders)
        fits = text.width_of(body) <= room and bool(ahead) == has_queue
        return body + ahead if fits else ""

    def _ahead(self, orders: list[OwnOrder], room: int) -> str:
        """Give the shortest queue ahead of any of the orders, marked as the estimate that it is."""
        estimates = [(order.ahead, order.restarted) for order in orders if order.ahead is not None]
        if not estimates:
            return ""
        ahead, restarted = min(estimates)
        room -= 1 + restarted
        number = text.size(ahead, self._decimals, min(6, room), self._idiom.units) if room > 0 else "#"
        if "#" in number:
            return ""
        gap = " " if text.width_of(number) < room else ""
        return f"{gap}{text.estimate(number)}{self._idiom.glyphs.restarted if restarted else ''}"


def _chief(orders: list[OwnOrder]) -> OwnOrder:
    """The order whose state stands for all: pending before emulated before working."""
    pending = next((order for order in orders if order.status is not OrdStatus.NEW), None)
    return pending or next((order for order in orders if order.is_emulated), orders[0])


def _by_row(orders: Iterable[OwnOrder], side: Side, step: int) -> dict[Price, list[OwnOrder]]:
    rows: dict[Price, list[OwnOrder]] = {}
    for order in orders:
        if order.side is side:
            rows.setdefault(row_price(side, order.price, step), []).append(order)
    return rows
