"""Rows of the blotter's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import msgspec

from termdesk.core.model.facts import Recorded
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import padded, plain
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.core.wire.queries import ConditionLine, FillLine, OrderLine
from termdesk.core.wire.requests import Requests
from termdesk.core.wire.topics import CashLine, PositionLine, QueueLine
from termdesk.ui.blotter.kept import Asked, Message, subject
from termdesk.ui.lines import format as text
from termdesk.ui.lines import order_price, table
from termdesk.ui.lines.idiom import Cell, Idiom, Row
from termdesk.ui.lines.table import Column

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "orders": (
        Column("blotter.header.symbol", 8, is_number=False),
        Column("blotter.header.side", 5, is_number=False),
        Column("blotter.header.qty", 8),
        Column("blotter.header.price", 10, most=17),
        Column("blotter.header.filled", 8, rank=1),
        Column("blotter.header.ahead", 8, rank=3),
        Column("blotter.header.average", 11, rank=5),
        Column("blotter.header.status", 14, is_number=False),
        Column("blotter.header.time", 8, rank=4),
        Column("blotter.header.order_id", 10, rank=6, is_number=False),
        Column("blotter.header.ack", 8, rank=7),
        Column("blotter.header.reason", 12, rank=2, is_number=False, grows=True),
    ),
    "fills": (
        Column("blotter.header.time", 8),
        Column("blotter.header.symbol", 8, is_number=False),
        Column("blotter.header.side", 5, is_number=False),
        Column("blotter.header.qty", 8),
        Column("blotter.header.price", 10),
        Column("blotter.header.amount", 12, rank=3),
        Column("blotter.header.fee", 9, rank=2),
        Column("blotter.header.liquidity", 6, rank=4, is_number=False),
        Column("blotter.header.reason", 16, rank=1, is_number=False, grows=True),
    ),
    "positions": (
        Column("blotter.header.symbol", 8, is_number=False),
        Column("blotter.header.qty", 10),
        Column("blotter.header.sellable", 10, rank=4),
        Column("blotter.header.average", 11, rank=1),
        Column("blotter.header.mark", 10, rank=2),
        Column("blotter.header.unrealised", 12),
        Column("blotter.header.realised", 12, rank=3),
        Column("blotter.header.fees", 9, rank=5),
        Column("blotter.header.currency", 5, rank=6, is_number=False, grows=True),
    ),
}
"""Columns of each tab; ranks say what drops first when narrow."""


def _code(reason: Reason) -> str:
    return reason.code


def _ended(order: OrderLine) -> str:
    return order.reason.code if order.reason else ""


def _plain(entry: object) -> str:
    return type(entry).__name__


def _event(record: Recorded) -> tuple[str, str]:
    return (type(record.fact).__name__, "text")


def _asked(asked: Asked) -> tuple[str, str]:
    return (asked.journal.what, "text")


class BlotterModel(msgspec.Struct, frozen=True):
    """What the blotter shows, newest first; the owner filters by account and sorts."""

    orders: Sequence[OrderLine] = ()
    fills: Sequence[FillLine] = ()
    positions: Sequence[PositionLine] = ()
    instruments: Mapping[str, Instrument] = {}
    queue: Mapping[str, QueueLine] = {}
    """Queue estimates by order id."""
    sentence: Callable[[Reason], str] = _code
    """From a code with its numbers to the reader's language."""
    ended: Callable[[OrderLine], str] = _ended
    """Why an order ended or was refused; empty where nothing is told."""
    conditions: Sequence[ConditionLine] = ()
    cash: Sequence[CashLine] = ()
    events: Sequence[Recorded] = ()
    messages: Sequence[Asked | Message] = ()
    """The session log: requests and what the message bar said."""
    requests: Requests | None = None
    """Where the time of an order's acknowledgement is known from."""
    notes: Mapping[str, str] = {}
    """By what they are about, see ``blotter.kept.subject``."""
    account: str = ""
    predicate: Callable[[ConditionLine], str] = _plain
    """What a condition waits for, without its price."""
    action: Callable[[ConditionLine], str] = _plain
    """What a condition does then."""
    event: Callable[[Recorded], tuple[str, str]] = _event
    """Words and ink of a record."""
    asked: Callable[[Asked], tuple[str, str]] = _asked
    """Words and ink of a request."""

    def noted(self, words: str, *about: str) -> str:
        """Put the notes on something before what is said of it: a narrow row cuts off the end."""
        note = self.notes.get(subject(*about)) if self.notes else None
        return words if note is None else f"✎ {note} · {words}" if words else f"✎ {note}"


class _Numbers:
    """Writes the numbers of one instrument; one that is not known here shows raw counts with a mark."""

    def __init__(self, model: BlotterModel, name: str, idiom: Idiom) -> None:
        instrument = model.instruments.get(name)
        self.symbol = instrument.code if instrument else name.rpartition(".")[0] or name
        self._price_decimals = instrument.price_decimals if instrument else None
        self._qty_decimals = instrument.qty_decimals if instrument else None
        self._idiom = idiom

    def qty(self, value: int, width: int) -> str:
        """Write a scaled quantity; without decimals it is unknown."""
        if self._qty_decimals is None:
            return text.UNKNOWN
        return text.size(value, self._qty_decimals, width, self._idiom.units)

    def price(self, order: OrderLine, width: int) -> str:
        """Write at which price an order trades and what it waits for."""
        if self._price_decimals is None:
            return text.UNKNOWN
        market, arrow = self._idiom.tr("blotter.market"), self._idiom.glyphs.then
        return order_price.cell(order_price.terms_of(order), self._price_decimals, width, market, arrow)

    def exact(self, value: Decimal) -> str:
        """Write an exact price."""
        return padded(value, self._price_decimals or 0)

    def average(self, value: Decimal) -> str:
        """Write an average price, or none."""
        return text.UNKNOWN if self._price_decimals is None else text.average(value, self._price_decimals)


def side_cell(side: Side, idiom: Idiom) -> Cell:
    """Name a side by sign, word and colour."""
    sign = "+" if side is Side.BUY else "-"
    return (sign + idiom.tr(f"blotter.side.{side.value}"), "bid" if side is Side.BUY else "ask")


def status_cell(order: OrderLine, idiom: Idiom) -> Cell:
    """Name an order's state; a partly filled one says so, a pending one never looks like working."""
    is_partial = bool(order.cum_qty) and order.leaves_qty > 0
    status = order.status
    word = "partial" if is_partial and status is OrdStatus.NEW else status.value
    mark = idiom.glyphs.order(status, is_partial) if status.is_open else " "
    return (f"{mark} {idiom.tr(f'blotter.status.{word}')}", _STATUS_STYLES.get(status, "muted"))


_STATUS_STYLES = {
    OrdStatus.NEW: "own",
    OrdStatus.PENDING_NEW: "own_pending",
    OrdStatus.PENDING_REPLACE: "own_pending",
    OrdStatus.PENDING_CANCEL: "own_pending",
    OrdStatus.UNKNOWN: "danger",
    OrdStatus.NOT_SENT: "danger",
    OrdStatus.REJECTED: "danger",
    OrdStatus.FILLED: "text",
}


def paint_order(order: OrderLine, model: BlotterModel, idiom: Idiom, width: int) -> Row:
    """Paint one order."""
    numbers = _Numbers(model, order.instrument, idiom)
    queue = model.queue.get(order.order_id)
    ahead = ""
    if queue is not None:
        ahead = text.estimate(numbers.qty(queue.ahead, 6)) + (idiom.glyphs.restarted if queue.restarted else "")
    plain = "text" if order.status.is_open else "muted"
    values: dict[str, Cell] = {
        "symbol": (numbers.symbol, plain),
        "side": side_cell(order.side, idiom),
        "qty": (numbers.qty(order.qty, 8), plain),
        "price": (numbers.price(order, table.cells_of(COLUMNS["orders"], width, "price")), plain),
        "filled": (numbers.qty(order.cum_qty, 8), plain),
        "ahead": (ahead, "muted"),
        "average": (numbers.average(order.average), plain),
        "status": status_cell(order, idiom),
        "time": (text.clock(order.submitted_ns, idiom.offset_s), "muted"),
        "order_id": (order.order_id, "muted"),
        "ack": (text.span(_acknowledged(order, model)), "muted"),
        "reason": (
            model.noted(model.ended(order) or order.note, order.account, "", order.order_id),
            "muted",
        ),
    }
    return table.row(COLUMNS["orders"], width, values)


def _acknowledged(order: OrderLine, model: BlotterModel) -> int | None:
    """Time from the desk's decision to the venue's first word of an order, None where it is not known."""
    line = model.requests.submit_of(order.order_id) if model.requests is not None else None
    return line.round_trip_ns if line is not None else None


def paint_fill(line: FillLine, model: BlotterModel, idiom: Idiom, width: int) -> Row:
    """Paint one fill; fees of several assets are listed with their assets."""
    fill = line.fill
    numbers = _Numbers(model, fill.instrument, idiom)
    values: dict[str, Cell] = {
        "time": (text.clock(line.at_ns, idiom.offset_s), "muted"),
        "symbol": (numbers.symbol, "text"),
        "side": side_cell(fill.side, idiom),
        "qty": (numbers.qty(fill.qty, 8), "text"),
        "price": (numbers.exact(fill.price), "text"),
        "amount": (text.money(fill.amount), "muted"),
        "fee": (_fee(line), "muted"),
        "liquidity": (idiom.tr(f"blotter.liquidity.{fill.liquidity.value}") if fill.liquidity else "", "muted"),
        "reason": (
            model.noted(model.sentence(fill.reason) if fill.reason else "", "", "", fill.order_id, fill.exec_id),
            "muted",
        ),
    }
    return table.row(COLUMNS["fills"], width, values)


def _fee(line: FillLine) -> str:
    fees = line.fill.fees
    if len({fee.asset for fee in fees}) > 1:
        return "+".join(f"{plain(fee.amount)}{fee.asset}" for fee in fees)
    return text.money(sum((fee.amount for fee in fees), Decimal(0)), 4) if fees else "0"


def paint_position(position: PositionLine, model: BlotterModel, idiom: Idiom, width: int) -> Row:
    """Paint one position; without a mark its profit is unknown, never 0."""
    numbers = _Numbers(model, position.instrument, idiom)
    values: dict[str, Cell] = {
        "symbol": (numbers.symbol, "text"),
        "qty": (numbers.qty(position.qty, 10), "bid" if position.qty > 0 else "ask" if position.qty < 0 else "muted"),
        "sellable": (numbers.qty(position.sellable, 10), "muted"),
        "average": (numbers.average(position.average), "text"),
        "mark": (text.UNKNOWN if position.mark is None else numbers.exact(position.mark), "text"),
        "unrealised": gain_cell(position.unrealised, idiom),
        "realised": gain_cell(position.realised, idiom),
        "fees": (text.money(position.fees), "muted"),
        "currency": (model.noted(position.currency, model.account, position.instrument), "muted"),
    }
    return table.row(COLUMNS["positions"], width, values)


def gain_cell(amount: Decimal | None, idiom: Idiom) -> Cell:
    """Write a profit or loss by sign, glyph and colour."""
    if not amount:
        return (text.money(amount), "flat")
    sign = 1 if amount > 0 else -1
    return (idiom.glyphs.direction(sign) + text.money(amount, with_sign=True), "up" if sign > 0 else "down")
