"""The strip below a ladder: account and mode, position, profit, working orders."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.model.number import Qty
from termdesk.core.model.terms import Mode
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Idiom, Row
from termdesk.ui.lines.ladder_model import LadderModel, Strip

TWO_ROWS = 20
"""Height from which the strip has two rows; below ``ONE_ROW`` it has none."""
ONE_ROW = 8


def strip_rows(height: int) -> int:
    """Give the rows of the strip of a ladder that is so high."""
    return 0 if height < ONE_ROW else 1 if height < TWO_ROWS else 2


def paint_strip(model: LadderModel, idiom: Idiom, width: int, rows: int) -> list[Row]:
    """Paint the strip; what has no room is left out whole, the least important first, the account never."""
    strip = model.strip
    if strip is None or not rows:
        return []
    badge, place = _who(strip, idiom), _position(strip, model, idiom)
    working = _working(strip, model, idiom)
    if rows == 1:
        return [_line([*badge, *place, *working], width)]
    return [_line([*badge, *place], width), _line([*working, *_today(strip, idiom)], width)]


def _who(strip: Strip, idiom: Idiom) -> list[Cell]:
    ground = "danger" if strip.mode is Mode.LIVE else "badge"
    said: list[Cell] = [(f" {idiom.tr(f'ladder.mode.{strip.mode.value}')} {strip.account} ", f"strong@{ground}")]
    if strip.is_locked:
        said.append((idiom.tr("ladder.locked"), "warning@header"))
    return said


def _position(strip: Strip, model: LadderModel, idiom: Idiom) -> list[Cell]:
    instrument = model.instrument
    if not strip.qty:
        return [(idiom.tr("ladder.flat"), "muted@header")]
    held = text.size(abs(strip.qty), instrument.qty_decimals, 9, idiom.units)
    sign = "+" if strip.qty > 0 else "-"
    said: list[Cell] = [(f"{sign}{held}@{strip.average:.{instrument.price_decimals}f}", "strong@header")]
    if strip.unrealised is not None:
        said.append((_money(strip.unrealised, strip.currency, idiom), _ink(strip.unrealised)))
    if strip.ticks is not None:
        ticks = round(strip.ticks, 1)
        written = f"{ticks:+.1f}" if ticks else "0.0"
        said.append((f"{written}{idiom.tr('ladder.ticks')}", _ink(ticks)))
    return said


def _today(strip: Strip, idiom: Idiom) -> list[Cell]:
    said: list[Cell] = []
    if strip.today is not None:
        said.append((f"{idiom.tr('ladder.today')} {_money(strip.today, strip.currency, idiom)}", _ink(strip.today)))
    if strip.fidelity:
        said.append((f"{idiom.tr('ladder.fills')} {strip.fidelity}", "muted@header"))
    return said


def _working(strip: Strip, model: LadderModel, idiom: Idiom) -> list[Cell]:
    def side(key: str, working: tuple[int, Qty]) -> Cell:
        count, qty = working
        body = text.size(qty, model.instrument.qty_decimals, 7, idiom.units)
        return f"{idiom.tr(key)} {count}/{body}" if count else f"{idiom.tr(key)} 0", "text@header"

    return [side("ladder.header.own_buys", strip.buys), side("ladder.header.own_sells", strip.sells)]


def _money(amount: Decimal, currency: str, idiom: Idiom) -> str:
    sign = 0 if not amount else 1 if amount > 0 else -1
    return f"{idiom.glyphs.direction(sign) if sign else ''}{text.money(amount, with_sign=True)} {currency}"


def _ink(amount: Decimal) -> str:
    return ("flat" if not amount else "up" if amount > 0 else "down") + "@header"


def _line(cells: list[Cell], width: int) -> Row:
    row: list[Cell] = []
    used = 0
    for body, style in cells:
        gap = 1 if row else 0
        body = text.clean(body)
        room = width - used - gap
        if text.width_of(body) > room:
            if row:
                break
            body = text.cut(body, room)
        if gap:
            row.append((" ", "text@header"))
        row.append((body, style))
        used += gap + text.width_of(body)
    return [*row, (" " * (width - used), "text@header")]
