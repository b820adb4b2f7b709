"""The two rows of the ticket: what would be sent, and what it would cost; or the quantity in force and the keys."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.money import round_money_down
from termdesk.core.model.number import plain
from termdesk.core.model.terms import Mode
from termdesk.core.wire.queries import PreviewResult
from termdesk.core.wire.topics import QuoteBody
from termdesk.ui.lines import format as text
from termdesk.ui.lines.idiom import Cell, Row
from termdesk.ui.lines.order_price import PriceTerms
from termdesk.ui.locale import Catalogue
from termdesk.ui.news import order_words
from termdesk.ui.orders.confirming import effect_words, settlement_words
from termdesk.ui.orders.exits import exit_prices
from termdesk.ui.orders.prices import away_ticks
from termdesk.ui.orders.ticket import StagedOrder

_NEEDED = 4
"""Numbers that are shown before all: position after, cost, fee, reserve."""


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
    position: int = 0
    taken: int = 0
    """What of it orders that work already close."""
    quote: QuoteBody | None = None
    tick: int = 1
    template: str = ""
    """Digit of the bracket that orders bring along."""
    moving: str = ""
    """Staged changes of working orders, in words."""
    is_moving_sealed: bool = False
    move_previews: tuple[PreviewResult, ...] = ()
    """What the desk says of each staged change, empty before it has."""
    move_requeues: bool = False
    """Whether they cost a place in a queue."""


def ticket_rows(model: TicketModel, said: Catalogue, width: int) -> tuple[Row, Row]:
    """Paint the ticket; numbers that do not fit are left out whole, from the right."""
    where = [(f"  {model.account} ", "strong")]
    if model.mode is not None:
        where.append((f" {said.tr(f'status.mode.{model.mode.value}')} ", "muted"))
    if (model.moving or model.staged is not None) and model.mode is not None:
        where[-1] = (f" {said.tr(f'ladder.mode.{model.mode.value}')} ", "muted")  # the status line names it in full
    if model.moving:
        state = said.tr("ticket.sending") if model.is_moving_sealed else said.tr("ticket.amends")
        moved: Row = [(f" {state} ", "staged@staged"), (f" {model.moving} ", "text@staged"), *where]
        return (moved, _moved(model, said, width))
    if model.staged is None or model.instrument is None:
        typed = [(f" {said.tr('ticket.quantity')} ", "muted"), (model.quantity or "–", _typed_ink(model))]
        if model.template:
            typed.append((f"  {said.tr('ticket.bracket', number=model.template)}", "accent"))
        return ([*typed, *where], _hints(model.keys))
    staged = model.staged
    words = _order_words(staged, model.instrument, said)
    ink = "bid" if staged.side.sign > 0 else "ask"
    state = said.tr("ticket.sending") if staged.is_sealed else said.tr("ticket.staged")
    does = " · ".join(_does(model, staged, model.instrument, said))
    exits = " ".join(_exit_words(staged, model.instrument, said))
    first: list[Cell] = [(f" {state} ", "staged@staged"), (f" {words} ", f"{ink}@staged"), *where]
    first += [(f" {does}", "muted"), (f"  {exits}" if exits else "", "accent")]
    return (first, _second(model, staged, model.instrument, said, width))


def staged_words(staged: StagedOrder, instrument: Instrument, said: Catalogue) -> str:
    """Name a staged order with its type and its exits: ``buy 100 600519 stop 1660.00 target 1680.00``."""
    return " ".join((_order_words(staged, instrument, said), *_exit_words(staged, instrument, said)))


def _order_words(staged: StagedOrder, instrument: Instrument, said: Catalogue) -> str:
    terms = PriceTerms(staged.side, staged.ord_type, staged.price, staged.trigger_price)
    return order_words(staged.qty, terms, staged.instrument, instrument, said)


def _exit_words(staged: StagedOrder, instrument: Instrument, said: Catalogue) -> list[str]:
    around = staged.around
    if staged.exits is None or not around:
        return []
    stop, target = exit_prices(staged.exits, staged.side.sign, around)
    named = ((said.tr("ticket.stop"), stop), (said.tr("ticket.target"), target))
    return [f"{name} {instrument.price_text(price)}" for name, price in named if price]


def _does(model: TicketModel, staged: StagedOrder, instrument: Instrument, said: Catalogue) -> Iterable[str]:
    """What it does to the position, when it settles where that is not at once, how far off it is."""
    effect, why = effect_words(staged.side, staged.qty, model.position, model.taken, instrument, said)
    yield effect
    settlement = settlement_words(instrument)
    if settlement:
        yield settlement
    away = away_ticks(staged.side, staged.level, model.quote, model.tick) if staged.level else None
    if away is not None:
        yield said.tr("ticket.away", ticks=away) if away >= 0 else said.tr("ticket.beyond", ticks=-away)
    if why:
        yield why


def _typed_ink(model: TicketModel) -> str:
    return "staged@staged" if model.is_typing else "text"


def _second(model: TicketModel, staged: StagedOrder, instrument: Instrument, said: Catalogue, width: int) -> Row:
    preview = model.preview
    if staged.is_sealed:
        return [(f" {said.tr('ticket.waits')} ", "muted")]
    first = [(f" {model.blocked} ", "danger")] if model.blocked else _hints(model.keys)
    if preview is None:
        return first if model.blocked else [*first, (f"  {said.tr('ticket.asking')}", "muted")]
    if against := _against(preview, said):
        return against
    numbers = [*_numbers(instrument, _cost(instrument, staged, staged.around, said), preview, said)]
    warned = _warned(preview, said)
    needed = _width([*warned, *_joined(numbers[:_NEEDED], 10_000)])
    if not model.blocked and needed + _width(first) > width:
        first = []  # what an order costs is worth more room than the keys, which the key sheet has too
    first = [*first, *warned]
    return [*first, *_joined(numbers, width - _width(first))]


def _moved(model: TicketModel, said: Catalogue, width: int) -> Row:
    """What staged changes do: all that is against them, else where they end up in the queue, and of one its numbers."""
    if model.is_moving_sealed:
        return [(f" {said.tr('ticket.waits')} ", "muted")]
    first = _hints(model.keys)
    if not model.move_previews or model.instrument is None:
        return [*first, (f"  {said.tr('ticket.asking')}", "muted")]
    if against := [cell for one in model.move_previews for cell in _against(one, said)]:
        return against
    first = [*first, *(cell for one in model.move_previews for cell in _warned(one, said))]
    if model.move_requeues:
        first.append((f" {said.tr('ticket.requeues')} ", "warning"))
    if len(model.move_previews) > 1:
        return first
    numbers = _numbers(model.instrument, (), model.move_previews[0], said)
    return [*first, *_joined(numbers, width - _width(first))]


def _against(preview: PreviewResult, said: Catalogue) -> list[Cell]:
    against = preview.refusals or ((preview.refusal,) if preview.refusal is not None else ())
    return [(" " + " · ".join(said.sentence(one.code, one.params) for one in against), "danger")] if against else []


def _warned(preview: PreviewResult, said: Catalogue) -> list[Cell]:
    return [(f" {said.sentence(one.code, one.params)} ", "warning") for one in preview.warnings]


def preview_row(order: SubmitOrder, preview: PreviewResult, instrument: Instrument, said: Catalogue) -> list[Cell]:
    """Say what the desk thinks of an order: all that is against it, or its warnings and numbers."""
    cost = _cost(instrument, order, order.price or order.trigger_price or 0, said)
    return _against(preview, said) or _warned(preview, said) + _joined(
        _numbers(instrument, cost, preview, said), 10_000
    )


def _cost(
    instrument: Instrument, order: StagedOrder | SubmitOrder, around: int, said: Catalogue
) -> tuple[tuple[str, str], ...]:
    """Give the cost: at the limit, or about what it is where the order is expected to trade. In the fee's currency."""
    if not around:
        return ()
    cost = instrument.cash(instrument.price_decimal(around), order.qty, "")
    mark = "" if order.price is not None else "~"
    return ((said.tr("ticket.cost"), f"{mark}{text.money(cost)}"),)


def _numbers(
    instrument: Instrument, cost: Iterable[tuple[str, str]], preview: PreviewResult, said: Catalogue
) -> Iterable[tuple[str, str]]:
    yield said.tr("ticket.after"), plain(instrument.qty_decimal(preview.position_after))
    yield from cost
    yield said.tr("ticket.fee"), f"{_amount(preview.fee, preview.fee_asset)} {preview.fee_asset}"
    yield said.tr("ticket.reserve"), f"{_amount(preview.reserve, preview.reserve_asset)} {preview.reserve_asset}"
    if preview.available is not None:
        yield said.tr("ticket.available"), _amount(preview.available, preview.reserve_asset)
    if preview.fees_unknown:
        yield said.tr("ticket.unknown_fees"), ", ".join(said.word("fee", kind) for kind in preview.fees_unknown)
    if len(preview.fees) > 1:
        for item in preview.fees:
            yield said.word("fee", item.kind), _amount(item.amount, item.asset)


def _width(row: Row) -> int:
    return sum(text.width_of(words) for words, _ in row)


def _amount(value: Decimal, asset: str) -> str:
    shown = round_money_down(value, asset)
    return text.money(shown) if shown == round(shown, 2) else plain(shown)


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
