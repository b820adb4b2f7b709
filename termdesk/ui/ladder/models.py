"""From the store to what one ladder shows. Pure."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Price, Qty
from termdesk.core.model.terms import Mode, OrdStatus, Side
from termdesk.core.wire.queries import OrderLine
from termdesk.ui.ladder.flow import Flow
from termdesk.ui.lines.ladder_columns import Column
from termdesk.ui.lines.ladder_model import LadderModel, Notice, OwnOrder, Staged, Strip
from termdesk.ui.lines.ladder_view import LadderView
from termdesk.ui.lines.order_price import level, waits
from termdesk.ui.models import BOOK_DEPTH, Looking
from termdesk.ui.orders.ticket import StagedOrder
from termdesk.ui.store import Store


def ladder_model(
    store: Store,
    looking: Looking,
    instrument: Instrument,
    view: LadderView,
    staged: StagedOrder | None,
    *,
    columns: tuple[Column, ...] = tuple(Column),
    flow: Flow | None = None,
    notice: Notice = Notice.NONE,
    is_locked: bool = False,
    exit_in_ticks: bool = False,
    mode: Mode = Mode.PAPER,
) -> LadderModel:
    """Give a ladder of an instrument; own orders and position are those of the chosen account."""
    name = instrument.id
    own = tuple(one for one in (own_order(store, line) for line in store.working(looking.account, name)) if one)
    return LadderModel(
        instrument=instrument,
        book=store.books.get(name),
        quote=store.quotes.get(name),
        view=view,
        own=own,
        staged=Staged(staged.side, staged.level, staged.qty) if staged is not None and staged.level else None,
        is_stale=store.is_stale(name, looking.clock_ns, looking.stale_ns),
        depth=BOOK_DEPTH,
        columns=columns,
        notice=notice,
        volumes=store.volumes.get(name, {}),
        traded=flow.traded if flow is not None else {},
        flow=flow.flow if flow is not None else {},
        last=flow.last(looking.clock_ns) if flow is not None else None,
        alerts=store.armed.prices(name),
        strip=strip(store, looking, instrument, own, mode=store.mode or mode, is_locked=is_locked),
        exit_in_ticks=exit_in_ticks,
    )


def own_order(store: Store, line: OrderLine) -> OwnOrder | None:
    """Give an open order as it stands on the axis; one without a price of its own stands nowhere."""
    price = level(line)
    if not price:
        return None
    queue = store.queues.get(line.order_id)
    return OwnOrder(
        side=line.side,
        price=price,
        leaves=line.leaves_qty,
        status=line.status,
        is_partial=line.cum_qty > 0,
        ahead=queue.ahead if queue else None,
        restarted=queue.restarted if queue else False,
        ord_type=line.ord_type if waits(line) else line.ord_type.triggered,
        qty=line.qty,
        is_linked=bool(line.group or line.parent_id),
        is_emulated=line.emulated,
        note=line.note,
    )


def own_prices(store: Store, account: str, instrument: str) -> tuple[Price, ...]:
    """Give the prices at which orders of an account stand."""
    own = (own_order(store, line) for line in store.working(account, instrument))
    return tuple(one.price for one in own if one is not None)


def strip(
    store: Store,
    looking: Looking,
    instrument: Instrument,
    own: tuple[OwnOrder, ...],
    *,
    mode: Mode,
    is_locked: bool,
) -> Strip:
    """Give the position strip of a ladder."""
    body = store.accounts.get(looking.account)
    line = next((one for one in body.positions if one.instrument == instrument.id), None) if body else None
    buys, sells = (_working(own, side) for side in Side)
    if line is None:
        today = Decimal(0) if body is not None else None
        return Strip(
            mode=mode, account=looking.account, is_locked=is_locked, today=today, currency=instrument.currency,
            buys=buys, sells=sells, fidelity=body.fidelity if body else "",
        )  # fmt: skip
    tick, ticks = instrument.rule(store.day(looking.clock_ns)).tick, None
    if line.qty and line.mark is not None:
        away = (line.mark - line.average) / instrument.price_decimal(tick)
        ticks = away if line.qty > 0 else -away
    return Strip(
        mode=mode,
        account=looking.account,
        is_locked=is_locked,
        qty=line.qty,
        average=line.average,
        ticks=ticks,
        tick=tick,
        unrealised=line.unrealised if line.qty else None,
        today=line.realised_today,
        currency=line.currency,
        buys=buys,
        sells=sells,
        fidelity=body.fidelity if body else "",
    )


def _working(own: tuple[OwnOrder, ...], side: Side) -> tuple[int, Qty]:
    mine = [one.leaves for one in own if one.side is side and one.status is not OrdStatus.HELD]
    return len(mine), sum(mine)
