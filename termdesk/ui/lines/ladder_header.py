"""The row above a ladder's prices: what each column is, and what the ladder has to say about itself."""

from __future__ import annotations

from collections.abc import Mapping

from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom, Row
from termdesk.ui.lines.ladder_columns import Column, halves
from termdesk.ui.lines.ladder_model import LadderModel, Notice

_WORDS = {
    Column.OWN_BUYS: "own_buys",
    Column.BID: "bid",
    Column.LAST: "last",
    Column.ASK: "ask",
    Column.OWN_SELLS: "own_sells",
    Column.VOLUME: "volume",
    Column.TRADED: "traded",
    Column.FLOW: "flow",
    Column.PNL: "pnl",
    Column.NOTE: "note",
}
_FROM_LEFT = (Column.ASK, Column.OWN_SELLS)


def paint_header(model: LadderModel, idiom: Idiom, cells: Mapping[Column, int], *, grey: bool) -> Row:
    """Name the columns; a ladder that must not be trusted, or is about to move, says so where the price is."""
    row: list[Cell] = []
    for column, width in cells.items():
        if column is Column.PRICE:
            row.append(_price(model, idiom, width, grey=grey))
            continue
        name = idiom.tr(f"ladder.header.{_WORDS[column]}")
        if column is Column.PNL:
            name = _with_unit(name, model, idiom, width)
        row.append((_placed(name, width, column), "header@header"))
    return row


def _placed(name: str, width: int, column: Column) -> str:
    """Lay a name over its numbers: from the side on which they begin, a blank behind the last trade's."""
    if column in _FROM_LEFT:
        return text.left(name, width)
    if column is Column.NOTE:
        return text.left(f" {name}", width)
    if column is Column.TRADED:
        sold, separator, bought = name.partition("·")
        left, right = halves(width)
        return text.right(sold, left) + text.left(separator + bought, 1 + right)
    behind = 1 if column is Column.LAST else 0
    room = width - behind
    return text.right(text.left(name, min(room, text.width_of(name))), room) + " " * behind


def _with_unit(name: str, model: LadderModel, idiom: Idiom, width: int) -> str:
    """Say what profit is counted in, where that has room."""
    unit = idiom.tr("ladder.ticks") if model.exit_in_ticks else model.instrument.currency
    whole = f"{name} {text.clean(unit)}"
    return whole if text.width_of(whole) < width else name


def _price(model: LadderModel, idiom: Idiom, width: int, *, grey: bool) -> Cell:
    tr = idiom.tr
    title, ink = tr("ladder.header.price"), "header"
    if model.is_stale:
        title, ink = tr("ladder.stale"), "danger"
    elif model.book is not None and grey:
        title, ink = tr("ladder.gap"), "danger"
    elif model.notice is not Notice.NONE:
        title, ink = tr(f"ladder.notice.{model.notice.value}"), "warning"
    elif model.view.is_compressed:
        title, ink = tr("ladder.compressed"), "accent"
    return text.left(" " * max(0, (width - text.width_of(title)) // 2) + title, width), f"{ink}@header"
