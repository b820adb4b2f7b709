"""From a command that passed the gate to the fact of a new order, and to what the venue hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.errors import Refused
from termdesk.core.model.execution import NewOrderSingle
from termdesk.core.model.facts import OrderSubmitted
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import TimeInForce
from termdesk.core.trading.orders.native import Handling
from termdesk.core.trading.risk.gate import refusals
from termdesk.core.trading.risk.proposal import Proposal
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.finding import client_id
from termdesk.core.trading.view import View

_OF_THE_MOMENT = frozenset({"risk.reduce_only", "risk.holding", "risk.cash", "risk.no_market", "risk.self_trade"})
"""What an exit can't satisfy before its entry is filled; asked again when it is let go."""


def refusals_held(proposal: Proposal) -> Iterator[Reason]:
    """Ask the gate about an order that is held: what only its entry's fill can bring is asked later."""
    return (reason for reason in refusals(proposal) if reason.code not in _OF_THE_MOMENT)


def passes_held(proposal: Proposal) -> None:
    """Let a held order through.

    Raises:
        Refused: A rule refuses it.
    """
    for reason in refusals_held(proposal):
        raise Refused(reason.code, reason.params)


def submitted_fact(
    state: DeskState, view: View, command: SubmitOrder, proposal: Proposal, handled: Handling, order_id: str
) -> OrderSubmitted:
    """The fact of a new order."""
    cl_ord_id = f"{order_id}.1"
    instrument = proposal.instrument
    fee_terms, fee_rate = proposal.fee_terms, Decimal(0)
    for term in fee_terms:
        fee_rate += term.rate
    expire_ns = command.expire_ns
    if command.time_in_force is TimeInForce.DAY:
        expire_ns = view.day_end_ns(instrument.id)
    return OrderSubmitted(
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
        trigger_price=command.trigger_price,
        trigger_by=command.trigger_by,
        trail=command.trail,
        display_qty=command.display_qty,
        expire_ns=expire_ns,
        contingency=command.contingency,
        group=command.group,
        emulated=handled.emulated,
        expires_here=handled.expires_here,
        reason=_capped(command, proposal),
        reserve_asset=proposal.hold.asset,
        reserve=proposal.hold.amount,
        fee_rate=fee_rate,
        fee_terms=fee_terms,
        seen=proposal.seen,
    )


def submitted_single(fact: OrderSubmitted) -> NewOrderSingle:
    """The order as the venue is to know it; the engine's part of it is left out."""
    return NewOrderSingle(
        cl_ord_id=fact.cl_ord_id,
        venue_cl_ord_id=fact.venue_cl_ord_id,
        order_id=fact.order_id,
        account=fact.account,
        instrument=fact.instrument,
        side=fact.side,
        ord_type=fact.ord_type,
        qty=fact.qty,
        price=fact.price,
        time_in_force=TimeInForce.GTC if fact.expires_here else fact.time_in_force,
        post_only=fact.post_only,
        trigger_price=fact.trigger_price,
        trigger_by=fact.trigger_by,
        trail=fact.trail,
        display_qty=fact.display_qty,
        expire_ns=None if fact.expires_here else fact.expire_ns,
        group=fact.group,
    )


def _capped(command: SubmitOrder, proposal: Proposal) -> Reason | None:
    if proposal.qty == command.qty:
        return None
    text = proposal.instrument.qty_text
    return Reason("reduce.capped", {"asked": text(command.qty), "closable": text(proposal.qty)})
