"""A person's word on an order of which nobody knows what became of it."""

from __future__ import annotations

from termdesk.core.model.command import ResolveOrder
from termdesk.core.model.errors import Refused
from termdesk.core.model.execution import ExecutionReport
from termdesk.core.model.facts import Fact, OrderResolved
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Outcome
from termdesk.core.model.text import sanitise
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.executions import filled
from termdesk.core.trading.view import View


def resolve_order(state: DeskState, view: View, command: ResolveOrder) -> Decision:
    """Settle an order in doubt. Sends nothing; a later word of the venue still counts.

    Raises:
        Refused: No such order, nothing is in doubt about it, no reason is
            given, or the quantity is not what can be filled of it.
    """
    order = state.orders.get(command.order_id)
    if order is None:
        raise Refused("command.order_unknown", {"order_id": command.order_id})
    if not order.in_doubt:
        raise Refused("command.not_unknown", {"order_id": order.order_id, "status": order.status.value})
    note = sanitise(command.note.strip())
    if not note:
        raise Refused("command.note_missing")
    qty = _filled_qty(state, order, command)
    facts: list[Fact] = []
    if qty:
        facts.append(filled(state, view, order, _execution(state, view, order, command, qty), inferred=True))
    facts.append(
        OrderResolved(
            command_id=command.command_id,
            order_id=order.order_id,
            outcome=command.outcome,
            note=note,
            venue_order_id=command.venue_order_id,
            reason=Reason("recon.resolved", {"outcome": command.outcome.value, "note": note}),
        )
    )
    return Decision(facts=tuple(facts))


def _filled_qty(state: DeskState, order: Order, command: ResolveOrder) -> int:
    is_whole = command.outcome is Outcome.FILLED
    qty = command.qty if command.qty is not None else order.leaves_qty if is_whole else 0
    fits = qty == order.leaves_qty if is_whole else 0 <= qty < order.leaves_qty
    never_there = qty and command.outcome in (Outcome.NOT_SENT, Outcome.REJECTED)
    if not fits or never_there:
        text = state.instruments[order.instrument].qty_text
        numbers = {"qty": text(qty), "leaves": text(order.leaves_qty), "outcome": command.outcome.value}
        raise Refused("command.resolve_qty", numbers)
    return qty


def _execution(state: DeskState, view: View, order: Order, command: ResolveOrder, qty: int) -> ExecutionReport:
    price = command.price if command.price is not None else order.price
    if price is None:
        raise Refused("risk.price_missing")
    if price <= 0:
        raise Refused("risk.price_positive", {"price": state.instruments[order.instrument].price_text(price)})
    return ExecutionReport(
        exec_id=f"resolve:{command.command_id}",
        exec_type=ExecType.TRADE,
        order_id=order.order_id,
        cl_ord_id=order.cl_ord_ids[0],
        venue_order_id=command.venue_order_id or order.venue_order_id,
        account=order.account,
        instrument=order.instrument,
        at_ns=view.now_ns,
        last_qty=qty,
        last_price=state.instruments[order.instrument].price_decimal(price),
        reason=Reason("recon.by_person"),
    )
