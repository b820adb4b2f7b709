"""Decisions about commands. Each raises ``Refused`` with the rule and its numbers, or gives facts."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.model.command import (
    AmendOrder,
    ArmCondition,
    CancelAll,
    CancelOrder,
    DisarmCondition,
    SubmitOrder,
)
from termdesk.core.model.errors import Refused
from termdesk.core.model.execution import NewOrderSingle
from termdesk.core.model.facts import (
    CancelAllDone,
    ConditionArmed,
    ConditionDisarmed,
    InstrumentListed,
    OrderSubmitted,
)
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdStatus
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.finding import client_id
from termdesk.core.trading.order import Order
from termdesk.core.trading.proposals import account_of, amend_proposal, instrument_of, submit_proposal
from termdesk.core.trading.requests import cancel_request, replace_request
from termdesk.core.trading.risk.gate import passes
from termdesk.core.trading.risk.own_orders import ousted
from termdesk.core.trading.risk.proposal import Proposal
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View, market_seen


def submit_order(state: DeskState, view: View, command: SubmitOrder) -> Decision:
    """Take a new order through the gate."""
    proposal = submit_proposal(state, view, command)
    passes(proposal)
    return new_order(state, view, command, proposal)


def new_order(state: DeskState, view: View, command: SubmitOrder, proposal: Proposal) -> Decision:
    """Send an order that has passed the gate; own orders that have to make way for it go first."""
    order_id = f"O{len(state.orders) + 1}"
    cl_ord_id = f"{order_id}.1"
    instrument = proposal.instrument
    fee_terms = view.fees(instrument.id).terms(command.side)
    submitted = OrderSubmitted(
        command_id=command.command_id,
        order_id=order_id,
        cl_ord_id=cl_ord_id,
        venue_cl_ord_id=client_id(state, command.account, cl_ord_id),
        account=command.account,
        instrument=instrument.id,
        instrument_version=instrument.version,
        side=command.side,
        ord_type=command.ord_type,
        qty=proposal.qty,
        price=proposal.price,
        time_in_force=command.time_in_force,
        position_effect=command.position_effect,
        origin=command.origin,
        note=command.note,
        tags=command.tags,
        post_only=command.post_only,
        reduce_only=command.reduce_only,
        reason=_capped(command, proposal),
        reserve_asset=proposal.hold.asset,
        reserve=proposal.hold.amount,
        fee_rate=sum((term.rate for term in fee_terms), Decimal(0)),
        fee_terms=fee_terms,
        seen=proposal.seen,
    )
    request = NewOrderSingle(
        cl_ord_id=cl_ord_id,
        venue_cl_ord_id=client_id(state, command.account, cl_ord_id),
        order_id=order_id,
        account=command.account,
        instrument=instrument.id,
        side=command.side,
        ord_type=command.ord_type,
        qty=proposal.qty,
        price=proposal.price,
        time_in_force=command.time_in_force,
        post_only=command.post_only,
    )
    makers = ousted(proposal, command.command_id)
    return Decision(
        facts=(*_listing(state, instrument), *(fact for fact, _ in makers), submitted),
        effects=(*(cancel for _, cancel in makers), request),
    )


def cancel_order(state: DeskState, view: View, command: CancelOrder) -> Decision:
    """Ask the venue to take an order off; passes no gate."""
    del view
    order = _open_order(state, command.order_id)
    if order.status is OrdStatus.PENDING_CANCEL and not order.in_doubt:
        raise Refused("command.amend_pending", {"order_id": order.order_id, "status": order.status.value})
    requested, request = cancel_request(order, command.command_id)
    return Decision(facts=(requested,), effects=(request,))


def cancel_all(state: DeskState, view: View, command: CancelAll) -> Decision:
    """Cancel every open order that matches and is not being cancelled already.

    A name that is not known is refused: who mistypes it must not believe that nothing works any more.
    """
    if command.account is not None:
        account_of(state, command.account)
    if command.instrument is not None:
        instrument_of(view, command.instrument)
    pairs = [
        cancel_request(order, command.command_id)
        for order in map(state.orders.__getitem__, state.working)
        if _matches(order, command) and (order.status is not OrdStatus.PENDING_CANCEL or order.in_doubt)
    ]
    done = CancelAllDone(command_id=command.command_id, order_ids=tuple(fact.order_id for fact, _ in pairs))
    return Decision(facts=(*(fact for fact, _ in pairs), done), effects=tuple(request for _, request in pairs))


def amend_order(state: DeskState, view: View, command: AmendOrder) -> Decision:
    """Take an order's new terms through the gate; it holds back the larger reserve until the venue answers."""
    order = _open_order(state, command.order_id)
    if order.status is not OrdStatus.NEW:
        raise Refused("command.amend_pending", {"order_id": order.order_id, "status": order.status.value})
    instrument = instrument_of(view, order.instrument)
    qty = order.qty if command.qty is None else command.qty
    price = order.price if command.price is None else command.price
    if (qty, price) == (order.qty, order.price):
        raise Refused("command.nothing_to_amend", {"order_id": order.order_id})
    if qty <= order.cum_qty:
        text = instrument.qty_text
        raise Refused("command.amend_below_filled", {"qty": text(qty), "filled": text(order.cum_qty)})
    proposal = amend_proposal(state, view, order, qty, price)
    passes(proposal)
    makers = ousted(proposal, command.command_id)
    reserve = max(order.reserve, proposal.hold.amount)
    requested, request = replace_request(order, command.command_id, qty, price, reserve, proposal.seen)
    return Decision(
        facts=(*_listing(state, instrument), *(fact for fact, _ in makers), requested),
        effects=(*(cancel for _, cancel in makers), request),
    )


def arm_condition(state: DeskState, view: View, command: ArmCondition) -> Decision:
    """Watch for a predicate of a known instrument, at a price on its tick."""
    predicate = command.predicate
    instrument = instrument_of(view, predicate.instrument)
    tick = instrument.rule(view.trading_day(instrument.id)).tick
    text = instrument.price_text
    if predicate.price <= 0:
        raise Refused("risk.price_positive", {"price": text(predicate.price)})
    if predicate.price % tick:
        raise Refused("risk.tick", {"price": text(predicate.price), "tick": text(tick)})
    armed = ConditionArmed(
        command_id=command.command_id,
        condition_id=f"C{state.conditions_made + 1}",
        predicate=predicate,
        action=command.action,
        origin=command.origin,
        seen=market_seen(view, instrument.id),
    )
    return Decision(facts=(*_listing(state, instrument), armed))


def disarm_condition(state: DeskState, view: View, command: DisarmCondition) -> Decision:
    """Take an armed condition back."""
    del view
    if command.condition_id not in state.conditions:
        raise Refused("command.condition_unknown", {"condition_id": command.condition_id})
    return Decision(facts=(ConditionDisarmed(command_id=command.command_id, condition_id=command.condition_id),))


def _capped(command: SubmitOrder, proposal: Proposal) -> Reason | None:
    if proposal.qty == command.qty:
        return None
    text = proposal.instrument.qty_text
    return Reason("reduce.capped", {"asked": text(command.qty), "closable": text(proposal.qty)})


def _listing(state: DeskState, instrument: Instrument) -> tuple[InstrumentListed, ...]:
    """The version in force goes on record before the first fact that uses it."""
    return () if state.instruments.get(instrument.id) == instrument else (InstrumentListed(instrument=instrument),)


def _open_order(state: DeskState, order_id: str) -> Order:
    order = state.orders.get(order_id)
    if order is None:
        raise Refused("command.order_unknown", {"order_id": order_id})
    if not order.status.is_open:
        raise Refused("command.order_ended", {"order_id": order_id, "status": order.status.value})
    return order


def _matches(order: Order, command: CancelAll) -> bool:
    wanted = (
        (command.account, order.account),
        (command.instrument, order.instrument),
        (command.side, order.side),
        (command.price, order.price),
    )
    return all(asked is None or asked == has for asked, has in wanted)
