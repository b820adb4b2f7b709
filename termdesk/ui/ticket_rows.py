"""The two rows of the ticket: what would be sent, and what it would cost; or the quantity in force and the keys."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain
from termdesk.core.model.terms import Mode
from termdesk.core.wire.queries import PreviewResult
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Row
from termdesk.ui.locale import Catalogue
from termdesk.ui.news import order_words
from termdesk.ui.ticket import StagedOrder


class TicketModel(msgspec.Struct, frozen=True):
    """What the ticket shows."""

    mode: Mode | None
    account: str
    instrument: Instrument | None = None
    quantity: str = ""
    """The quantity in force, or the text of why what was typed is none."""
    is_typing: bool = False
    staged: StagedOrder | None = None
    preview: PreviewResult | None = None
    blocked: str = ""
    """Why the staged order may not be sent now."""
    keys: tuple[tuple[str, str], ...] = ()
    """Hints: key and label."""


def ticket_rows(model: TicketModel, said: Catalogue, width: int) -> tuple[Row, Row]:
    """Paint the ticket; numbers that do not fit are left out whole, from the right."""
    where = [(f"  {model.account} ", "strong")]
    if model.mode is not None:
        where.append((f" {said.tr(f'status.mode.{model.mode.value}')} ", "muted"))
    if model.staged is None or model.instrument is None:
        typed = [(f" {said.tr('ticket.quantity')} ", "muted"), (model.quantity or "–", _typed_ink(model))]
        return ([*typed, *where], _hints(model.keys))
    staged = model.staged
    words = order_words(staged.side, staged.qty, staged.price, staged.instrument, model.instrument, said)
    ink = "bid" if staged.side.sign > 0 else "ask"
    state = said.tr("ticket.sending") if staged.is_sealed else said.tr("ticket.staged")
    first: Row = [(f" {state} ", "staged@staged"), (f" {words} ", f"{ink}@staged"), *where]
    return (first, _second(model, staged, said, width))


def _typed_ink(model: TicketModel) -> str:
    return "staged@staged" if model.is_typing else "text"


def _second(model: TicketModel, staged: StagedOrder, said: Catalogue, width: int) -> Row:
    preview = model.preview
    if model.blocked:
        return [(f" {model.blocked}", "danger")]
    hints = _hints(model.keys)
    if preview is None:
        return [*hints, (f"  {said.tr('ticket.asking')}", "muted")]
    if preview.refusal is not None:
        return [(f" {said.sentence(preview.refusal.code, preview.refusal.params)}", "danger")]
    room = width - sum(text.width_of(words) for words, _ in hints)
    return [*hints, *_joined(_numbers(model, staged, preview, said), room)]


def _numbers(
    model: TicketModel, staged: StagedOrder, preview: PreviewResult, said: Catalogue
) -> Iterable[tuple[str, str]]:
    instrument = model.instrument
    assert instrument is not None
    yield said.tr("ticket.after"), plain(instrument.qty_decimal(preview.position_after))
    if staged.price is not None:
        cost = instrument.cash(instrument.price_decimal(staged.price), staged.qty, "")
        yield said.tr("ticket.cost"), f"{text.money(cost)} {instrument.currency}"
    yield said.tr("ticket.fee"), f"{_amount(preview.fee)} {preview.fee_asset}"
    yield said.tr("ticket.reserve"), f"{_amount(preview.reserve)} {preview.reserve_asset}"
    if preview.fees_unknown:
        yield said.tr("ticket.unknown_fees"), ", ".join(said.word("fee", kind) for kind in preview.fees_unknown)
    if len(preview.fees) > 1:
        for item in preview.fees:
            yield said.word("fee", item.kind), _amount(item.amount)


def _amount(value: Decimal) -> str:
    return text.money(value) if value == round(value, 2) else plain(value)


def _joined(pairs: Iterable[tuple[str, str]], room: int) -> list[Cell]:
    cells: list[Cell] = []
    for name, value in pairs:
        room -= text.width_of(f"  {name} {value}")
        if room < 0:
            break
        cells += [(f"  {name} ", "muted"), (value, "text")]
    return cells


def _hints(keys: Iterable[tuple[str, str]]) -> list[Cell]:
    cells: list[Cell] = []
    for key, label in keys:
        cells += [(f" {key}", "accent"), (f" {label} ", "muted")]
    return cells
