"""Own orders on a ladder: what rests, what is pending, what is only typed."""

from __future__ import annotations

from collections.abc import Iterable

from termdesk.core.model.number import Price
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom
from termdesk.ui.lines.ladder_model import LadderModel, OwnOrder
from termdesk.ui.lines.ladder_view import ceil, floor


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
        elif orders := self._rows[side].get(price):
            body, style = self._resting(orders, width)
        else:
            body, style = "", "text"
        return (text.right(body, width) if side is Side.BUY else text.left(body, width), style + ground)

    def mark(self, price: Price) -> str:
        """Say in two cells that orders rest here, for a ladder without own columns; empty where none does."""
        for side, sign in ((Side.BUY, "+"), (Side.SELL, "-")):
            if orders := self._rows[side].get(price):
                return self._state(orders) + sign
        return ""

    def _state(self, orders: list[OwnOrder]) -> str:
        return self._idiom.glyphs.order(_chief(orders).status, any(order.is_partial for order in orders))

    def _resting(self, orders: list[OwnOrder], width: int) -> tuple[str, str]:
        glyphs, units = self._idiom.glyphs, self._idiom.units
        count = f"{len(orders)}x" if len(orders) > 1 else ""
        leaves = sum(order.leaves for order in orders)
        body = self._state(orders) + count + text.size(leaves, self._decimals, min(6, max(1, width - 2)), units)
        estimates = [(order.ahead, order.restarted) for order in orders if order.ahead is not None]
        if estimates:
            ahead, restarted = min(estimates)
            room = width - text.width_of(body) - 1 - restarted
            number = text.size(ahead, self._decimals, min(6, room), units) if room > 0 else "#"
            if "#" not in number:
                gap = " " if text.width_of(number) < room else ""
                body += f"{gap}{text.estimate(number)}{glyphs.restarted if restarted else ''}"
        return body, "own" if _chief(orders).status is OrdStatus.NEW else "own_pending"


def _chief(orders: list[OwnOrder]) -> OwnOrder:
    return next((order for order in orders if order.status is not OrdStatus.NEW), orders[0])


def _by_row(orders: Iterable[OwnOrder], side: Side, step: int) -> dict[Price, list[OwnOrder]]:
    rows: dict[Price, list[OwnOrder]] = {}
    for order in orders:
        if order.side is side:
            rows.setdefault(row_price(side, order.price, step), []).append(order)
    return rows
