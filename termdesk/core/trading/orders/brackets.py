"""Brackets: an entry with exits that the engine holds until the entry fills (OTO), linked with each other."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from termdesk.core.model.command import SubmitBracket, SubmitOrder
from termdesk.core.model.errors import Refused
from termdesk.core.model.facts import Fact, OrderSubmitted
from termdesk.core.trading.commands import handling_of, new_order
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.orders.placing import passes_held, submitted_fact
from termdesk.core.trading.proposals import submit_proposal
from termdesk.core.trading.risk.gate import passes
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View


def submit_bracket(state: DeskState, view: View, command: SubmitBracket) -> Decision:
    """Send the entry; its exits are recorded with it and reduce only."""
    if not command.exits:
        raise Refused("bracket.no_exit")
    entry = replace(command.entry, command_id=command.command_id, origin=command.origin, contingency=None, group="")
    proposal = submit_proposal(state, view, entry)
    passes(proposal)
    sent = new_order(state, view, entry, proposal)
    entry_id = next(fact.order_id for fact in sent.facts if isinstance(fact, OrderSubmitted))
    held = [
        _held(state, view, command, entry, entry_id, exit_order, number)
        for number, exit_order in enumerate(command.exits, 1)
    ]
    return Decision(facts=(*sent.facts, *held), effects=sent.effects)


def _held(
    state: DeskState,
    view: View,
    command: SubmitBracket,
    entry: SubmitOrder,
    entry_id: str,
    exit_order: SubmitOrder,
    number: int,
) -> Fact:
    wanted = (entry.account, entry.instrument, entry.side.opposite)
    if (exit_order.account, exit_order.instrument, exit_order.side) != wanted:
        raise Refused("bracket.exit", {"account": wanted[0], "instrument": wanted[1], "side": wanted[2].value})
    linked = replace(
        exit_order,
        command_id=command.command_id,
        origin=command.origin,
        reduce_only=True,
        contingency=None,
        group="",
    )
    proposal = submit_proposal(state, view, linked)
    passes_held(proposal)
    handled = handling_of(state, view, linked)
    fact = submitted_fact(state, view, linked, proposal, handled, f"O{len(state.orders) + 1 + number}")
    return replace(
        fact,
        qty=linked.qty,
        reason=None,
        reserve=Decimal(0),
        parent_id=entry_id,
        release=command.release,
        contingency=command.contingency,
        group=f"{entry_id}.exits",
    )
