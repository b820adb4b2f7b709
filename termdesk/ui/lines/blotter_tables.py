"""The blotter's tables by tab: columns, painted cells, and the values by which entries are sorted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from termdesk.core.model.facts import Recorded
from termdesk.core.wire.queries import ConditionLine, FillLine, OrderLine
from termdesk.core.wire.topics import CashLine, PositionLine
from termdesk.ui.blotter.kept import Asked, Message
from termdesk.ui.lines import format as text
from termdesk.ui.lines import table
from termdesk.ui.lines.blotter_rows import COLUMNS, BlotterModel, gain_cell, paint_fill, paint_order, paint_position
from termdesk.ui.lines.idiom import Cell, Idiom, Row
from termdesk.ui.lines.order_price import level
from termdesk.ui.lines.table import Column

Tab = Literal["orders", "fills", "positions", "conditions", "account", "events", "log"]
TABS: tuple[Tab, ...] = ("orders", "fills", "positions", "conditions", "account", "events", "log")

MORE: Mapping[str, tuple[Column, ...]] = {
    "conditions": (
        Column("blotter.header.condition", 8, is_number=False),
        Column("blotter.header.symbol", 8, is_number=False),
        Column("blotter.header.trigger", 20, is_number=False),
        Column("blotter.header.action", 12, rank=1, is_number=False, grows=True),
        Column("blotter.header.time", 8, rank=2),
    ),
    "account": (
        Column("blotter.header.currency", 6, is_number=False),
        Column("blotter.header.balance", 15),
        Column("blotter.header.available", 15),
        Column("blotter.header.reserved", 14, rank=1),
        Column("blotter.header.withdrawable", 15, rank=4),
        Column("blotter.header.unrealised", 12, rank=2),
        Column("blotter.header.realised", 12, rank=3),
        Column("blotter.header.fees", 10, rank=5),
    ),
    "events": (
        Column("blotter.header.time", 8),
        Column("blotter.header.seq", 7, rank=2),
        Column("blotter.header.event", 20, is_number=False, grows=True),
        Column("blotter.header.actor", 10, rank=1, is_number=False),
    ),
    "log": (
        Column("blotter.header.time", 8),
        Column("blotter.header.durable", 8, rank=1),
        Column("blotter.header.venue", 8, rank=2),
        Column("blotter.header.message", 20, is_number=False, grows=True),
    ),
}
Entry = OrderLine | ConditionLine | FillLine | PositionLine | CashLine | Recorded | Asked | Message
"""What a row is made of."""
ALL_COLUMNS: Mapping[str, tuple[Column, ...]] = {**COLUMNS, **MORE}


def entries(model: BlotterModel, tab: Tab) -> Sequence[Entry]:
    """Give the entries of a tab, newest first."""
    found: Sequence[Entry] = getattr(model, "cash" if tab == "account" else "messages" if tab == "log" else tab)
    return found


def paint(tab: Tab, entry: Entry, model: BlotterModel, idiom: Idiom, width: int) -> Row:
    """Paint one entry."""
    return _PAINTERS[tab](entry, model, idiom, width)


def _condition(line: ConditionLine, model: BlotterModel, idiom: Idiom, width: int) -> Row:
    instrument = model.instruments.get(line.instrument)
    price = text.price(line.predicate.price, instrument.price_decimals) if instrument else text.UNKNOWN
    values: dict[str, Cell] = {
        "condition": (line.condition_id, "muted"),
        "symbol": (line.instrument.rpartition(".")[0], "text"),
        "trigger": (f"{model.predicate(line)} {price}", "warning"),
        "action": (model.action(line), "text"),
        "time": (text.clock(line.armed_ns, idiom.offset_s), "muted"),
    }
    return table.row(MORE["conditions"], width, values)


def _cash(line: CashLine, model: BlotterModel, idiom: Idiom, width: int) -> Row:
    del model
    values: dict[str, Cell] = {
        "currency": (line.currency, "strong"),
        "balance": (text.money(line.balance), "text"),
        "available": (text.money(line.available), "text"),
        "reserved": (text.money(line.reserved), "muted"),
        "withdrawable": (text.money(line.withdrawable), "muted"),
        "unrealised": gain_cell(line.unrealised, idiom),
        "realised": gain_cell(line.realised, idiom),
        "fees": (text.money(line.fees), "muted"),
    }
    return table.row(MORE["account"], width, values)


def _event(record: Recorded, model: BlotterModel, idiom: Idiom, width: int) -> Row:
    words, ink = model.event(record)
    values: dict[str, Cell] = {
        "time": (text.clock(record.at_ns, idiom.offset_s), "muted"),
        "seq": (str(record.seq), "muted"),
        "event": (words, ink),
        "actor": (record.actor, "muted"),
    }
    return table.row(MORE["events"], width, values)


def _message(entry: Asked | Message, model: BlotterModel, idiom: Idiom, width: int) -> Row:
    values: dict[str, Cell] = {"time": (text.clock(entry.at_ns, idiom.offset_s), "muted")}
    if isinstance(entry, Message):
        values["message"] = (entry.text, entry.ink)
    else:
        values["message"] = model.asked(entry)
        values["durable"] = (text.span(entry.screen.answered_after_ns), "muted")
        values["venue"] = (text.span(entry.journal.round_trip_ns), "muted")
    return table.row(MORE["log"], width, values)


_PAINTERS: Mapping[str, Callable[[Any, BlotterModel, Idiom, int], Row]] = {
    "orders": paint_order,
    "conditions": _condition,
    "fills": paint_fill,
    "positions": paint_position,
    "account": _cash,
    "events": _event,
    "log": _message,
}


def key_of(entry: Entry) -> str | int:
    """Give what an entry is known by while newer ones come."""
    if isinstance(entry, Asked):
        return -entry.journal.seq
    for name in ("order_id", "condition_id", "seq", "instrument", "currency", "number"):
        found = getattr(entry, name, None)
        if found is not None:
            return found if isinstance(found, int) else str(found)
    return id(entry)


_FIELDS: Mapping[str, Mapping[str, str]] = {
    "orders": {"symbol": "instrument", "filled": "cum_qty", "time": "submitted_ns", "reason": "note"},
    "conditions": {"condition": "condition_id", "symbol": "instrument", "trigger": "predicate price",
        "time": "armed_ns"},
    "fills": {
        "time": "at_ns", "symbol": "fill instrument", "side": "fill side", "qty": "fill qty", "price": "fill price",
        "amount": "fill amount", "liquidity": "fill liquidity",
    },
    "positions": {"symbol": "instrument"},
    "events": {"time": "at_ns"},
    "log": {
        "time": "at_ns", "message": "text", "durable": "screen answered_after_ns", "venue": "journal round_trip_ns",
    },
}  # fmt: skip
"""Where a column's value is, for columns that are not named like it."""
_QTY, _PRICE = frozenset({"qty", "filled", "sellable"}), frozenset({"price", "trigger"})


def sort_key(tab: Tab, column: str, model: BlotterModel) -> Callable[[Entry], tuple[bool, Decimal, str]]:
    """Give the key that sorts a tab by a column: unknown last, numbers by value in their instrument's units.

    An order's price is where it stands: the trigger while it waits for that.
    """
    path = _FIELDS.get(tab, {}).get(column, column).split()

    def key(entry: Entry) -> tuple[bool, Decimal, str]:
        value: Any = entry
        for name in path:
            value = getattr(value, name, None)
        if column == "price" and isinstance(entry, OrderLine):
            value = level(entry) or None
        value = getattr(value, "value", value)
        if value is None:
            return (True, Decimal(0), "")
        if isinstance(value, int | Decimal):
            return (False, _scaled(value, column, entry, model), "")
        return (False, Decimal(0), str(value).lower())

    return key


def _scaled(value: int | Decimal, column: str, entry: Entry, model: BlotterModel) -> Decimal:
    name = getattr(entry, "instrument", "") or getattr(getattr(entry, "fill", None), "instrument", "")
    instrument = model.instruments.get(name)
    if isinstance(value, Decimal) or instrument is None or column not in _QTY | _PRICE:
        return Decimal(value)
    return Decimal(value).scaleb(-(instrument.qty_decimals if column in _QTY else instrument.price_decimals))
