"""Decisions about executions: booked in any status, once each, taken back where the venue takes them back."""

from __future__ import annotations

import msgspec

from termdesk.core.model.execution import ExecutionReport
from termdesk.core.model.facts import Fact, FillBusted, FillConfirmed, OrderFilled
from termdesk.core.model.number import plain
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdStatus, Overfill, Severity
from termdesk.core.model.venue import BrokerRules
from termdesk.core.trading.control.alerts import alert
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.exposure import reserve_after_fill
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.external import EXTERNAL
from termdesk.core.trading.view import View, market_seen

_INSIDE = BrokerRules()
"""Of the simulated exchange in the engine."""


def rules_of(state: DeskState, order: Order) -> BrokerRules:
    """What the venue of an order declares."""
    broker = state.brokers.get(state.accounts[order.account].broker)
    return broker.rules if broker is not None else _INSIDE


def trade(state: DeskState, view: View, order: Order, report: ExecutionReport, *, inferred: bool = False) -> Decision:
    """Book an execution; one that totals have told before is confirmed instead."""
    if state.brokers:
        known = state.executions.get(order.account, {}).get(report.exec_id)
        if known is not None:
            return Decision(facts=_used_again(state, order, report, known))
    if report.last_qty <= 0:
        return Decision(ignored=Reason("recon.no_quantity", {"exec_id": report.exec_id, "order_id": order.order_id}))
    if order.inferred_qty and not inferred:
        return _confirm(state, view, order, report)
    return _book(state, view, order, report, inferred=inferred)


def _book(state: DeskState, view: View, order: Order, report: ExecutionReport, *, inferred: bool) -> Decision:
    is_refused = rules_of(state, order).overfill is Overfill.REFUSE and not _is_of_unknown_size(order, report)
    if report.last_qty > order.leaves_qty and is_refused:
        return Decision(facts=_overfill(state, order, report))
    late = _late(state, order, report) if not order.status.is_open else ()
    fact = filled(state, view, order, report, inferred=inferred)
    return Decision(facts=(fact, *late))


def _is_of_unknown_size(order: Order, report: ExecutionReport) -> bool:
    """Of an order that was not placed here only its executions may have been told: each of them is real."""
    return order.origin == EXTERNAL and not report.qty


def filled(
    state: DeskState, view: View, order: Order, report: ExecutionReport, *, inferred: bool = False
) -> OrderFilled:
    """The fact of an execution."""
    instrument = state.instruments[order.instrument]
    return OrderFilled(
        order_id=order.order_id,
        exec_id=report.exec_id,
        account=order.account,
        instrument=order.instrument,
        side=order.side,
        qty=report.last_qty,
        price=report.last_price,
        amount=instrument.cash(report.last_price, report.last_qty, view.trading_day(instrument.id)),
        fees=report.fees,
        liquidity=report.liquidity,
        reason=report.reason,
        seen=market_seen(view, order.instrument),
        reserve=reserve_after_fill(order, instrument, report.last_qty, report.last_price),
        inferred=inferred,
        settles=view.settles(order.instrument),
        executed_ns=report.at_ns,
    )


def _confirm(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Decision:
    """Totals came first: what they told is not booked again, only what is beyond it."""
    from_totals = min(report.last_qty, order.inferred_qty)
    if report.cum_qty is not None:
        from_totals = min(from_totals, max(0, report.last_qty - max(0, report.cum_qty - order.cum_qty)))
    if from_totals == report.last_qty:
        return Decision(facts=(_confirmed(order, report, from_totals),))
    more = _book(state, view, order, _part(report, report.last_qty - from_totals), inferred=False)
    if not from_totals or not more.facts or not isinstance(more.facts[0], OrderFilled):
        return more
    confirmed = _confirmed(order, _part(report, from_totals), from_totals, with_fees=False)
    return Decision(facts=(*more.facts, confirmed), effects=more.effects)


def _part(report: ExecutionReport, qty: int) -> ExecutionReport:
    return msgspec.structs.replace(report, last_qty=qty)


def _confirmed(order: Order, report: ExecutionReport, qty: int, *, with_fees: bool = True) -> FillConfirmed:
    return FillConfirmed(
        order_id=order.order_id,
        exec_id=report.exec_id,
        qty=qty,
        price=report.last_price,
        instrument=order.instrument,
        account=order.account,
        fees=report.fees if with_fees else (),
    )


def busted(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Decision:
    """Take an execution back (FIX ExecType H)."""
    found = _execution(state, order, report.exec_ref_id)
    if found is None:
        reason = Reason("recon.bust_unknown", {"exec_id": report.exec_ref_id, "order_id": order.order_id})
        return Decision(facts=alert(state, report.exec_ref_id, Severity.CRITICAL, reason, order))
    taken_back = _taken_back(order, found, report)
    return Decision(facts=(taken_back, *_told(state, order, found, report)))


def corrected(state: DeskState, view: View, order: Order, report: ExecutionReport) -> Decision:
    """Put another execution in the place of one (FIX ExecType G): a bust and a fill."""
    found = _execution(state, order, report.exec_ref_id)
    if found is None:
        return busted(state, view, order, report)
    taken_back = _taken_back(order, found, _renamed(report))
    right = filled(state, view, order, report)
    return Decision(facts=(taken_back, right, *_told(state, order, found, report)))


def _renamed(report: ExecutionReport) -> ExecutionReport:
    return msgspec.structs.replace(report, exec_id=f"{report.exec_id} takes back")


def _execution(state: DeskState, order: Order, exec_id: str) -> OrderFilled | None:
    """A fill of an order that is not taken back."""
    facts = [record.fact for record in state.records[order.order_id]]
    if any(isinstance(fact, FillBusted) and fact.ref_id == exec_id for fact in facts):
        return None
    return next((fact for fact in facts if isinstance(fact, OrderFilled) and fact.exec_id == exec_id), None)


def _taken_back(order: Order, found: OrderFilled, report: ExecutionReport) -> FillBusted:
    return FillBusted(
        order_id=order.order_id,
        exec_id=report.exec_id,
        ref_id=found.exec_id,
        account=found.account,
        instrument=found.instrument,
        side=found.side,
        qty=found.qty,
        price=found.price,
        amount=found.amount,
        fees=found.fees,
        liquidity=found.liquidity,
        reserve=order.reserve,
        settles=found.settles,
        reason=report.reason,
    )


def _told(state: DeskState, order: Order, found: OrderFilled, report: ExecutionReport) -> tuple[Fact, ...]:
    text = state.instruments[order.instrument].qty_text(found.qty)
    reason = Reason("recon.bust", {"exec_id": found.exec_id, "qty": text, "price": plain(found.price)})
    return alert(state, report.exec_id, Severity.WARNING, reason, order)


def _overfill(state: DeskState, order: Order, report: ExecutionReport) -> tuple[Fact, ...]:
    text = state.instruments[order.instrument].qty_text
    numbers = {"exec_id": report.exec_id, "qty": text(report.last_qty), "leaves": text(order.leaves_qty)}
    reason = Reason("recon.overfill", {"order_id": order.order_id, **numbers})
    return alert(state, f"{order.order_id}:{report.exec_id}", Severity.CRITICAL, reason, order)


def _late(state: DeskState, order: Order, report: ExecutionReport) -> tuple[Fact, ...]:
    if order.status is OrdStatus.FILLED:
        return ()
    text = state.instruments[order.instrument].qty_text(report.last_qty)
    reason = Reason("recon.late_fill", {"order_id": order.order_id, "status": order.status.value, "qty": text})
    return alert(state, f"{order.order_id}:{report.exec_id}", Severity.WARNING, reason, order)


def _used_again(state: DeskState, order: Order, report: ExecutionReport, known: str) -> tuple[Fact, ...]:
    if known == order.order_id:
        return ()
    reason = Reason("recon.exec_reused", {"exec_id": report.exec_id, "order_id": known})
    return alert(state, f"{order.order_id}:{report.exec_id}", Severity.CRITICAL, reason, order)
