"""Order and fill lines as the log moves them: the screen's own copy of the engine's rules of evolution.

Pure. A snapshot (``OrdersQuery``, ``FillsQuery``) is true as of a cursor; the
records after it are folded in here. Records of other subjects change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from termdesk.core.model import facts
from termdesk.core.model.facts import Recorded
from termdesk.core.model.terms import OrdStatus
from termdesk.core.wire.queries import FillLine, OrderLine

_replace = msgspec.structs.replace
_Step = Callable[[OrderLine, Any], OrderLine]


def fold_order(lines: dict[str, OrderLine], record: Recorded) -> str:
    """Fold one record into order lines by id, in place; gives the id that changed, empty if none."""
    fact = record.fact
    if isinstance(fact, facts.OrderSubmitted):
        lines[fact.order_id] = _submitted(record, fact)
        return fact.order_id
    step = _STEPS.get(type(fact))
    line = lines.get(getattr(fact, "order_id", "")) if step else None
    if step is None or line is None:
        return ""
    lines[line.order_id] = _replace(step(line, fact), updated_ns=record.at_ns)
    return line.order_id


def fold_fill(record: Recorded) -> FillLine | None:
    """Give the fill line of a record, None if it is no fill."""
    if not isinstance(record.fact, facts.OrderFilled):
        return None
    return FillLine(record.seq, record.at_ns, record.trading_day, record.fact)


def _submitted(record: Recorded, fact: facts.OrderSubmitted) -> OrderLine:
    return OrderLine(
        order_id=fact.order_id,
        account=fact.account,
        instrument=fact.instrument,
        version=fact.instrument_version,
        side=fact.side,
        ord_type=fact.ord_type,
        qty=fact.qty,
        price=fact.price,
        time_in_force=fact.time_in_force,
        status=OrdStatus.PENDING_NEW,
        cum_qty=0,
        leaves_qty=fact.qty,
        average=Decimal(0),
        submitted_ns=record.at_ns,
        updated_ns=record.at_ns,
        origin=fact.origin,
        note=fact.note,
    )


def _to(status: OrdStatus) -> _Step:
    return lambda line, fact: _replace(line, status=status)


def _ended(status: OrdStatus) -> _Step:
    return lambda line, fact: _replace(line, status=status, leaves_qty=0, reason=fact.reason)


def _accepted(line: OrderLine, fact: facts.OrderAccepted) -> OrderLine:
    del fact
    return _replace(line, status=OrdStatus.NEW) if line.status is OrdStatus.PENDING_NEW else line


def _filled(line: OrderLine, fact: facts.OrderFilled) -> OrderLine:
    cum = line.cum_qty + fact.qty
    leaves = max(0, line.qty - cum)
    status = OrdStatus.FILLED if leaves == 0 else line.status
    average = (line.average * line.cum_qty + fact.price * fact.qty) / cum
    return _replace(line, cum_qty=cum, leaves_qty=leaves, average=average, status=status)


def _replaced(line: OrderLine, fact: facts.OrderReplaced) -> OrderLine:
    leaves = max(0, fact.qty - line.cum_qty)
    return _replace(line, qty=fact.qty, price=fact.price, leaves_qty=leaves, status=OrdStatus.NEW)


def _went_on(line: OrderLine, fact: facts.CancelRejected) -> OrderLine:
    return _replace(line, status=OrdStatus.NEW, reason=fact.reason) if line.status.is_open else line


_STEPS: dict[type, _Step] = {
    facts.OrderNotSent: _ended(OrdStatus.NOT_SENT),
    facts.OrderAccepted: _accepted,
    facts.OrderRejected: _ended(OrdStatus.REJECTED),
    facts.OrderFilled: _filled,
    facts.CancelRequested: _to(OrdStatus.PENDING_CANCEL),
    facts.OrderCanceled: _ended(OrdStatus.CANCELED),
    facts.ReplaceRequested: _to(OrdStatus.PENDING_REPLACE),
    facts.OrderReplaced: _replaced,
    facts.CancelRejected: _went_on,
    facts.OrderExpired: _ended(OrdStatus.EXPIRED),
}
