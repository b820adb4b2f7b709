"""Order and fill lines as the log moves them.

Pure. A snapshot (``OrdersQuery``, ``FillsQuery``) is true as of a cursor; the
records after it are folded in here, by the same rules as in the engine: a
test holds both against each other. Records of other subjects change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import msgspec

from termdesk.core.model import facts
from termdesk.core.model.facts import Recorded
from termdesk.core.model.terms import OrdStatus, Outcome
from termdesk.core.wire.queries import FillLine, OrderLine

_UNKNOWN = ""
"""Stands for a request in flight of which a snapshot tells only the status."""


class _Order:
    """A line, and what the line does not show but its future depends on."""

    __slots__ = ("acknowledged", "first", "in_flight", "line", "presumed", "unknown", "weighted")

    def __init__(self, line: OrderLine, first: str = "") -> None:
        self.line = line
        self.first = first
        """``cl_ord_id`` that it was submitted with; empty after a snapshot."""
        self.unknown = line.status is OrdStatus.UNKNOWN
        self.acknowledged = line.status not in (OrdStatus.HELD, OrdStatus.PENDING_NEW, OrdStatus.UNKNOWN)
        self.presumed = False
        """Ended without the venue's word; a later word of the venue counts more."""
        self.in_flight: dict[str, bool] = {}
        """Requests that the venue has not answered: whether each is a replace, by ``cl_ord_id``."""
        self.weighted = line.average * line.cum_qty
        if line.status in (OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE):
            self.in_flight[_UNKNOWN] = line.status is OrdStatus.PENDING_REPLACE

    @property
    def standing(self) -> OrdStatus:
        """Status that follows from what is acknowledged and what is in flight."""
        if not all(self.in_flight.values()):
            return OrdStatus.PENDING_CANCEL
        if self.in_flight:
            return OrdStatus.PENDING_REPLACE
        if self.acknowledged:
            return OrdStatus.NEW
        return OrdStatus.UNKNOWN if self.unknown else OrdStatus.PENDING_NEW

    def answered(self, cl_ord_id: str) -> None:
        """Drop what the venue answered."""
        self.in_flight.pop(cl_ord_id if cl_ord_id in self.in_flight else _UNKNOWN, None)

    def change(self, **fields: object) -> None:
        """Replace fields of the line."""
        self.line = msgspec.structs.replace(self.line, **fields)

    @property
    def is_presumed_over(self) -> bool:
        """Whether it ended without the venue's word and something of it could still work."""
        return self.presumed and not self.line.status.is_open and self.left > 0

    @property
    def left(self) -> int:
        """What is not filled, also of an ended order."""
        return max(0, self.line.qty - self.line.cum_qty)

    def stand(self) -> None:
        """Let an open order's status follow from the above; nothing left is filled, whatever it was."""
        if self.left == 0:
            self.change(status=OrdStatus.FILLED)
        elif self.line.status.is_open:
            self.change(status=self.standing)


class Orders:
    """All orders of a desk by id, oldest first.

    Attributes:
        lines: What panes read; changed by ``load`` and ``fold`` only.
    """

    def __init__(self) -> None:
        self.lines: dict[str, OrderLine] = {}
        self._orders: dict[str, _Order] = {}

    def load(self, lines: Iterable[OrderLine]) -> None:
        """Replace everything by a snapshot."""
        self._orders = {line.order_id: _Order(line) for line in lines}
        self.lines = {name: order.line for name, order in self._orders.items()}

    def fold(self, record: Recorded) -> str:
        """Fold in one record; gives the id of the order that changed, empty if none."""
        fact = record.fact
        if isinstance(fact, facts.OrderSubmitted):
            self._orders[fact.order_id] = _Order(_submitted(record, fact), fact.cl_ord_id)
        if isinstance(fact, facts.OrderAdopted):
            self._orders[fact.order_id] = _Order(_adopted(record, fact))
        step = _STEPS.get(type(fact))
        order = self._orders.get(getattr(fact, "order_id", ""))
        if step is None or order is None:
            return ""
        step(order, fact)
        order.change(updated_ns=record.at_ns, leaves_qty=order.left if order.line.status.is_open else 0)
        self.lines[order.line.order_id] = order.line
        parent = self._orders.get(order.line.parent_id)
        if isinstance(fact, facts.OrderFilled) and parent is not None and order.line.release is None:
            _fill_parent(parent, fact)  # the order is a slice of it
            parent.change(updated_ns=record.at_ns, leaves_qty=parent.left if parent.line.status.is_open else 0)
            self.lines[parent.line.order_id] = parent.line
        return order.line.order_id


def fill_line(record: Recorded) -> FillLine | None:
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
        status=OrdStatus.PENDING_NEW if fact.release is None else OrdStatus.HELD,
        cum_qty=0,
        leaves_qty=fact.qty,
        average=Decimal(0),
        submitted_ns=record.at_ns,
        updated_ns=record.at_ns,
        origin=fact.origin,
        note=fact.note,
        post_only=fact.post_only,
        reduce_only=fact.reduce_only,
        trigger_price=fact.trigger_price,
        trigger_by=fact.trigger_by,
        trail=fact.trail,
        display_qty=fact.display_qty,
        expire_ns=fact.expire_ns,
        contingency=fact.contingency,
        group=fact.group,
        parent_id=fact.parent_id,
        release=fact.release,
        emulated=fact.emulated,
        expires_here=fact.expires_here,
    )


def _adopted(record: Recorded, fact: facts.OrderAdopted) -> OrderLine:
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
        status=OrdStatus.NEW,
        cum_qty=0,
        leaves_qty=fact.qty,
        average=Decimal(0),
        submitted_ns=record.at_ns,
        updated_ns=record.at_ns,
        origin="external",
        note="",
    )


_Step = Callable[[_Order, Any], None]


def _begin(order: _Order, fact: facts.OrderSubmitted) -> None:
    """Leave a fresh line as it is."""


_Ended = facts.OrderNotSent | facts.OrderRejected | facts.OrderCanceled | facts.OrderExpired


def _end(status: OrdStatus, never_from: tuple[OrdStatus, ...] = ()) -> _Step:
    def step(order: _Order, fact: _Ended) -> None:
        order.in_flight.clear()
        now = order.line.status
        may = now.is_open and now not in never_from
        may |= order.is_presumed_over and status is not OrdStatus.NOT_SENT
        order.change(status=status if may else now, reason=fact.reason)
        order.presumed = getattr(fact, "presumed", isinstance(fact, facts.OrderNotSent))

    return step


def _release(order: _Order, fact: facts.OrderReleased) -> None:
    order.change(qty=fact.qty)
    if order.line.status is OrdStatus.HELD:
        order.change(status=OrdStatus.PENDING_NEW)


def _trigger(order: _Order, fact: facts.OrderTriggered) -> None:
    order.change(triggered=True, trigger_price=fact.trigger_price, price=fact.price)
    if order.line.emulated:
        order.acknowledged = False  # only now does the venue hear of it
    if order.line.status.is_open and order.line.status is not OrdStatus.HELD:
        order.change(status=order.standing)


def _accept(order: _Order, fact: facts.OrderAccepted) -> None:
    order.acknowledged = True
    if order.unknown or order.presumed:
        order.unknown = False
        order.change(reason=None)
    if fact.price is not None:
        order.change(price=fact.price)
    if order.line.status.is_open or order.is_presumed_over:
        order.change(status=order.standing)


def _fill(order: _Order, fact: facts.OrderFilled) -> None:
    order.acknowledged = True
    order.weighted += fact.price * fact.qty
    cum = order.line.cum_qty + fact.qty
    order.change(cum_qty=cum, average=order.weighted / cum)
    order.stand()


def _fill_parent(order: _Order, fact: facts.OrderFilled) -> None:
    order.weighted += fact.price * fact.qty
    cum = order.line.cum_qty + fact.qty
    order.change(cum_qty=cum, average=order.weighted / cum)
    if order.left == 0:
        order.change(status=OrdStatus.FILLED)


def _begin_external(order: _Order, fact: facts.OrderAdopted) -> None:
    """Leave a fresh line as it is."""


def _unknown(order: _Order, fact: facts.OutcomeUnknown) -> None:
    is_new = order.line.status is OrdStatus.PENDING_NEW
    if fact.cl_ord_id == order.first or (is_new and not order.first):
        order.unknown = True
    if order.unknown and is_new:
        order.change(status=OrdStatus.UNKNOWN)
    order.change(reason=fact.reason)


_RESOLVED = {
    Outcome.WORKING: OrdStatus.NEW,
    Outcome.CANCELED: OrdStatus.CANCELED,
    Outcome.REJECTED: OrdStatus.REJECTED,
    Outcome.EXPIRED: OrdStatus.EXPIRED,
    Outcome.NOT_SENT: OrdStatus.NOT_SENT,
}


def _resolve(order: _Order, fact: facts.OrderResolved) -> None:
    order.in_flight.clear()
    order.unknown, order.presumed = False, True
    order.acknowledged |= fact.outcome is Outcome.WORKING
    order.change(reason=fact.reason)
    order.change(status=_RESOLVED.get(fact.outcome, order.line.status))
    if order.left == 0:
        order.change(status=OrdStatus.FILLED)


def _bust(order: _Order, fact: facts.FillBusted) -> None:
    order.weighted -= fact.price * fact.qty
    cum = order.line.cum_qty - fact.qty
    order.change(cum_qty=cum, average=order.weighted / cum if cum else Decimal(0))
    if order.left and order.line.status is OrdStatus.FILLED:
        order.presumed = True
        order.change(status=OrdStatus.CANCELED)


def _request(is_replace: bool) -> _Step:
    def step(order: _Order, fact: facts.CancelRequested | facts.ReplaceRequested) -> None:
        order.in_flight[fact.cl_ord_id] = is_replace
        status = order.line.status
        may = status is OrdStatus.NEW if is_replace else status.is_open and status is not OrdStatus.HELD
        if may:
            order.change(status=OrdStatus.PENDING_REPLACE if is_replace else OrdStatus.PENDING_CANCEL)

    return step


def _replace(order: _Order, fact: facts.OrderReplaced) -> None:
    is_held = order.line.status is OrdStatus.HELD
    order.acknowledged = not is_held
    order.answered(fact.cl_ord_id)
    order.change(qty=fact.qty, price=fact.price)
    if fact.trigger_price is not None:
        order.change(trigger_price=fact.trigger_price)
    if is_held and order.left:
        return
    if order.left and (order.line.status is OrdStatus.FILLED or order.is_presumed_over):
        order.change(status=OrdStatus.NEW)
    order.stand()


def _go_on(order: _Order, fact: facts.CancelRejected) -> None:
    order.answered(fact.cl_ord_id)
    if order.line.status.is_open:
        order.change(status=order.standing)


_STEPS: dict[type, _Step] = {
    facts.OrderSubmitted: _begin,
    facts.OrderNotSent: _end(OrdStatus.NOT_SENT, (OrdStatus.NEW, OrdStatus.PENDING_REPLACE)),
    facts.OrderReleased: _release,
    facts.OrderTriggered: _trigger,
    facts.OrderAccepted: _accept,
    facts.OrderRejected: _end(OrdStatus.REJECTED),
    facts.OrderFilled: _fill,
    facts.CancelRequested: _request(is_replace=False),
    facts.OrderCanceled: _end(OrdStatus.CANCELED),
    facts.ReplaceRequested: _request(is_replace=True),
    facts.OrderReplaced: _replace,
    facts.CancelRejected: _go_on,
    facts.OrderExpired: _end(OrdStatus.EXPIRED),
    facts.OrderAdopted: _begin_external,
    facts.OutcomeUnknown: _unknown,
    facts.OrderResolved: _resolve,
    facts.FillBusted: _bust,
}
