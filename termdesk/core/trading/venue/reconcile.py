"""Bringing the desk and a venue together again after a restart, a lost link or an unknown outcome.

Pure, idempotent, done in one pass. The venue's word counts where it says
something; silence, a failed query and a position without a number are no
word. What executions are missing is booked from the venue's totals, under ids
that follow from these, so that a second pass finds nothing left to do. What
was filled here stays, whatever the venue has forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from termdesk.core.model.execution import ExecutionReport
from termdesk.core.model.facts import (
    AlertRaised,
    BrokerReconciled,
    CancelRejected,
    Fact,
    InstrumentListed,
    OrderAccepted,
    OrderCanceled,
    OrderExpired,
    OrderRejected,
    OrderReplaced,
    PositionAdjusted,
)
from termdesk.core.model.posting import Cause
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, OrdStatus, Severity
from termdesk.core.model.venue import VenueOrder, VenueRequest, VenueSnapshot
from termdesk.core.trading.control.alerts import alert
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.inputs import OrderAbsent, OrderWord, PositionWord, WordTaken
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.proposals import reserve_for
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.executions import rules_of, trade
from termdesk.core.trading.venue.external import adopt
from termdesk.core.trading.venue.snapshots import parts, venue_order
from termdesk.core.trading.venue.unknown import questions
from termdesk.core.trading.view import View

_BY_WORD = Reason("recon.by_word")
_WORKING = frozenset({OrdStatus.NEW, OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE})


def venue_snapshot(state: DeskState, view: View, snapshot: VenueSnapshot) -> Decision:
    """Take a venue's snapshot; a failed query says nothing, and orders go on waiting."""
    del view
    if snapshot.error:
        reason = Reason("recon.failed", {"broker": snapshot.broker, "error": snapshot.error})
        return Decision(facts=alert(state, snapshot.broker, Severity.WARNING, reason, broker=snapshot.broker))
    return Decision(follow_ups=tuple(parts(state, snapshot)))


def order_word(state: DeskState, view: View, given: OrderWord) -> Decision:
    """Take what the venue says of one order."""
    told = given.order
    order = venue_order(state, told)
    if order is None:
        return adopt(state, view, told) if told.status.is_open or told.cum_qty else Decision()
    if given.only_adopt:
        return Decision()
    if told.cum_qty > order.cum_qty:
        return _missing_fill(state, view, order, given)
    if told.cum_qty < order.cum_qty:
        return Decision(facts=_less_filled(state, order, told))
    return Decision(facts=tuple(_standing(state, view, order, given)))


def order_absent(state: DeskState, view: View, given: OrderAbsent) -> Decision:
    """The venue, asked about it, has no such order: one that it had is over; one that never got there is proven so."""
    del view
    order = state.orders[given.order_id]
    if not order.status.is_open:
        return Decision()
    reason = Reason("recon.absent", {"order_id": order.order_id})
    told = alert(state, order.order_id, Severity.WARNING, reason, order)
    exec_id = f"recon:{order.cl_ord_ids[0]}:absent"
    if order.acknowledged:
        ended: Fact = OrderCanceled(order_id=order.order_id, exec_id=exec_id, reason=reason, presumed=True)
        return Decision(facts=(ended, *told))
    if not _is_proven(state, order, order.submitted_ns, given.at_ns):
        return Decision()
    ended = OrderRejected(order_id=order.order_id, exec_id=exec_id, reason=reason, presumed=True)
    return Decision(facts=(ended, *told))


def position_word(state: DeskState, view: View, given: PositionWord) -> Decision:
    """Take a position that executions do not explain over as the venue has it; orders are left as they are."""
    told = given.position
    account = state.accounts.get(told.account)
    instrument = view.instrument(told.instrument) or state.instruments.get(told.instrument)
    if account is None or instrument is None:
        reason = Reason("recon.instrument_unknown", {"instrument": told.instrument, "broker": given.broker})
        where = {"account": told.account, "instrument": told.instrument, "broker": given.broker}
        return Decision(facts=alert(state, f"{told.account}:{told.instrument}", Severity.CRITICAL, reason, **where))
    known = account.qty(instrument.id)
    if known == told.qty:
        return Decision()
    numbers = {"venue": instrument.qty_text(told.qty), "known": instrument.qty_text(known)}
    where = {"account": told.account, "instrument": told.instrument, "broker": given.broker}
    key = f"{told.account}:{told.instrument}:{known}:{told.qty}:{state.seq}"
    if any(_contradicts(state, one) for one in given.orders):
        kept = Reason("recon.position_kept", numbers)
        key = f"{told.account}:{told.instrument}:{known}:{told.qty}"
        return Decision(facts=alert(state, key, Severity.CRITICAL, kept, **where))
    reason = Reason("recon.position", numbers)
    listed: tuple[Fact, ...] = ()
    if state.instruments.get(instrument.id) != instrument:
        listed = (InstrumentListed(instrument=instrument),)
    adjusted = PositionAdjusted(
        account=account.name,
        instrument=instrument.id,
        qty_before=known,
        qty=told.qty,
        average=told.average,
        cost=instrument.cash(told.average, abs(told.qty), ""),
        cause=Cause.TRANSFER if known else Cause.OPENING,
        reason=reason,
    )
    return Decision(facts=(*listed, adjusted, *alert(state, key, Severity.WARNING, reason, **where)))


def word_taken(state: DeskState, view: View, given: WordTaken) -> Decision:
    """Let new orders leave again, and ask about every order that the venue did not name."""
    del view
    snapshot = given.snapshot
    facts: list[Fact] = []
    for text in snapshot.unreadable:
        reason = Reason("recon.unreadable", {"broker": snapshot.broker, "what": text})
        facts += alert(state, f"{snapshot.broker}:{text}", Severity.WARNING, reason, broker=snapshot.broker)
    broker = state.brokers.get(snapshot.broker)
    if broker is not None and not broker.reconciled:
        changes = state.seq - given.seq_before
        done = BrokerReconciled(broker=snapshot.broker, orders=len(snapshot.orders), changes=changes)
        facts.append(done)
    return Decision(facts=tuple(facts), effects=_open_questions(state, snapshot))


def _open_questions(state: DeskState, snapshot: VenueSnapshot) -> tuple[VenueRequest, ...]:
    named = {order.order_id for told in snapshot.orders if (order := venue_order(state, told)) is not None}
    asked: list[VenueRequest] = []
    for order in map(state.orders.__getitem__, state.working):
        if order.account not in snapshot.accounts or order.is_local or order.submitted_ns > snapshot.at_ns:
            continue
        if order.order_id not in named or order.in_doubt:
            asked += questions(state, order)
    return tuple(asked)


def _missing_fill(state: DeskState, view: View, order: Order, given: OrderWord) -> Decision:
    """The venue's total proves an execution that was never told: booked at the price that makes the averages agree."""
    told = given.order
    qty = told.cum_qty - order.cum_qty
    price = _missing_price(state, order, told, qty)
    report = ExecutionReport(
        exec_id=f"recon:{order.venue_order_id or told.venue_order_id}:{order.order_id}:{told.cum_qty}",
        exec_type=ExecType.TRADE,
        order_id=order.order_id,
        cl_ord_id=order.cl_ord_ids[0],
        venue_order_id=told.venue_order_id,
        account=order.account,
        instrument=order.instrument,
        at_ns=given.at_ns,
        last_qty=qty,
        last_price=price,
        reason=_BY_WORD,
    )
    booked = trade(state, view, order, report, inferred=True)
    is_booked = any(not isinstance(fact, AlertRaised) for fact in booked.facts)
    return Decision(facts=booked.facts, effects=booked.effects, follow_ups=(given,) if is_booked else ())


def _missing_price(state: DeskState, order: Order, told: VenueOrder, qty: int) -> Decimal:
    if told.average is None:
        instrument = state.instruments[order.instrument]
        return instrument.price_decimal(order.price or told.price or 0)
    price = (told.average * told.cum_qty - order.weighted) / qty
    return price if price.is_finite() else told.average


def _less_filled(state: DeskState, order: Order, told: VenueOrder) -> tuple[Fact, ...]:
    text = state.instruments[order.instrument].qty_text
    numbers = {"venue": text(told.cum_qty), "known": text(order.cum_qty)}
    reason = Reason("recon.less_filled", {"order_id": order.order_id, **numbers})
    key = f"{order.order_id}:{told.cum_qty}:{order.cum_qty}"
    return alert(state, key, Severity.CRITICAL, reason, order)


def _contradicts(state: DeskState, told: VenueOrder) -> bool:
    """Whether the venue tells less of an order than was executed: what it says next to it can't be trusted either."""
    order = venue_order(state, told)
    return order is not None and told.cum_qty != order.cum_qty


def _standing(state: DeskState, view: View, order: Order, given: OrderWord) -> list[Fact]:
    """What the venue's status and terms change."""
    told = given.order
    ended = _ENDED.get(told.status)
    if ended is not None:
        return [ended(order, f"recon:{told.venue_order_id or order.cl_ord_ids[0]}:{told.status.value}")] * (
            order.status.is_open
        )
    if told.status not in _WORKING:
        return []
    if not order.status.is_open:
        return _back(state, order, told)
    facts: list[Fact] = []
    if not order.acknowledged:
        facts.append(_accepted(order, told))
    facts += _lost(state, view, order, given)
    if not order.in_flight and (told.qty, told.price) != (order.qty, order.price) and order.price is not None:
        facts.append(_replaced(state, view, order, told, order.cl_ord_ids[-1]))
    return facts


def _back(state: DeskState, order: Order, told: VenueOrder) -> list[Fact]:
    """The venue works an order that has ended here."""
    numbers = {"order_id": order.order_id, "status": order.status.value}
    if order.presumed and order.leaves_qty:
        reason = Reason("recon.revived", numbers)
        key = f"{order.order_id}:{told.venue_order_id}"
        return [_accepted(order, told), *alert(state, key, Severity.CRITICAL, reason, order)]
    reason = Reason("recon.ended_here", numbers)
    return list(alert(state, f"{order.order_id}:{order.status.value}", Severity.CRITICAL, reason, order))


def _lost(state: DeskState, view: View, order: Order, given: OrderWord) -> list[Fact]:
    """Cancels and replaces of which nobody knows: done where the terms say so, and not done once that is proven."""
    facts: list[Fact] = []
    told = given.order
    for sent in order.in_flight:
        if not sent.is_unknown:
            continue
        if sent.is_replace and (sent.qty, sent.price) == (told.qty, told.price):
            facts.append(_replaced(state, view, order, told, sent.cl_ord_id))
        elif _is_proven(state, order, sent.sent_ns, given.at_ns):
            reserve = reserve_for(state, view, order, order.qty, order.price) if sent.is_replace else order.reserve
            facts.append(
                CancelRejected(
                    order_id=order.order_id,
                    cl_ord_id=sent.cl_ord_id,
                    exec_id=f"recon:{sent.cl_ord_id}:not-done",
                    is_replace=sent.is_replace,
                    reserve=reserve,
                    reason=Reason("recon.not_done"),
                )
            )
    return facts


def _is_proven(state: DeskState, order: Order, sent_ns: int, at_ns: int) -> bool:
    """Whether what the venue does not have by now can't get there any more, by its own rule."""
    limit = rules_of(state, order).absent_after_ns
    return limit is not None and at_ns - sent_ns >= limit


def _accepted(order: Order, told: VenueOrder) -> Fact:
    return OrderAccepted(
        order_id=order.order_id,
        cl_ord_id=order.cl_ord_ids[0],
        exec_id=f"recon:{told.venue_order_id}:accepted",
        venue_order_id=told.venue_order_id,
        reason=_BY_WORD,
    )


def _replaced(state: DeskState, view: View, order: Order, told: VenueOrder, cl_ord_id: str) -> Fact:
    return OrderReplaced(
        order_id=order.order_id,
        cl_ord_id=cl_ord_id,
        exec_id=f"recon:{told.venue_order_id}:{told.qty}:{told.price}:{len(order.exec_ids)}",
        qty=told.qty,
        price=told.price,
        reserve=reserve_for(state, view, order, told.qty, told.price),
        reason=_BY_WORD,
    )


def _canceled(order: Order, exec_id: str) -> Fact:
    return OrderCanceled(order_id=order.order_id, exec_id=exec_id, reason=_BY_WORD)


def _rejected(order: Order, exec_id: str) -> Fact:
    return OrderRejected(order_id=order.order_id, exec_id=exec_id, reason=_BY_WORD)


def _expired(order: Order, exec_id: str) -> Fact:
    return OrderExpired(order_id=order.order_id, exec_id=exec_id, reason=_BY_WORD)


_ENDED: dict[OrdStatus, Callable[[Order, str], Fact]] = {
    OrdStatus.CANCELED: _canceled,
    OrdStatus.REJECTED: _rejected,
    OrdStatus.EXPIRED: _expired,
}
