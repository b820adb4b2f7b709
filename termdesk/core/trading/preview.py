"""What a new order, or other terms of a working one, would cost and do, without sending it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from termdesk.core.model.command import AmendOrder, SubmitOrder
from termdesk.core.model.errors import Refused
from termdesk.core.model.execution import FeeItem
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.core.trading.commands import amended
from termdesk.core.trading.orders.placing import refusals_held
from termdesk.core.trading.proposals import submit_proposal
from termdesk.core.trading.risk.gate import refusals
from termdesk.core.trading.risk.proposal import Proposal
from termdesk.core.trading.risk.warnings import fires_at_once, warnings
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View
from termdesk.core.wire.queries import PreviewResult


def preview(state: DeskState, view: View, command: SubmitOrder) -> PreviewResult:
    """Ask the same gate as a real order would; fees are an estimate for an order that trades at once."""
    try:
        proposal = submit_proposal(state, view, command)
    except Refused as refused:
        return _refused(refused, command.instrument)
    at_once = None
    if command.trail is None:
        at_once = fires_at_once(proposal, command.ord_type, command.trigger_price, command.trigger_by)
    return _told(state, view, proposal, proposal.qty, refusals(proposal), at_once)


def preview_amend(state: DeskState, view: View, command: AmendOrder) -> PreviewResult:
    """Ask the same gate as a real amend would; reserve and fee are those of all that is left of the order."""
    order = state.orders.get(command.order_id)
    try:
        proposal = amended(state, view, command)
    except Refused as refused:
        return _refused(refused, order.instrument if order is not None else "")
    is_held = order is not None and order.status is OrdStatus.HELD
    at_once = None
    if order is not None and not is_held and order.trail is None:
        at_once = fires_at_once(proposal, order.ord_type, command.trigger_price, order.trigger_by)
    against = refusals_held(proposal) if is_held else refusals(proposal)
    return _told(state, view, proposal, proposal.leaves, against, at_once)


def _refused(refused: Refused, instrument: str) -> PreviewResult:
    reason = Reason(refused.code, refused.params)
    return PreviewResult(
        refusal=reason,
        refusals=(reason,),
        reserve_asset="",
        reserve=Decimal(0),
        fee=Decimal(0),
        fee_asset="",
        position_after=0,
        available=None,
        instrument=instrument,
    )


def _told(
    state: DeskState, view: View, proposal: Proposal, qty: int, refused: Iterable[Reason], at_once: Reason | None
) -> PreviewResult:
    instrument = proposal.instrument
    account = state.accounts[proposal.account]
    fees = _fees(view, proposal)
    available: Decimal | None = proposal.available
    if proposal.hold.asset == instrument.id:
        available = instrument.qty_decimal(proposal.hold.closable)
    against = tuple(refused)
    return PreviewResult(
        refusal=against[0] if against else None,
        reserve_asset=proposal.hold.asset,
        reserve=proposal.hold.amount,
        fee=sum((item.amount for item in fees), Decimal(0)),
        fee_asset=instrument.currency,
        position_after=account.qty(instrument.id) + proposal.side.sign * qty,
        available=available,
        instrument=instrument.id,
        fees=fees,
        fees_unknown=view.fees(instrument.id).unknown(proposal.side),
        refusals=against,
        warnings=(*((at_once,) if at_once is not None else ()), *warnings(proposal)),
        fidelity=account.fidelity,
    )


def _fees(view: View, proposal: Proposal) -> tuple[FeeItem, ...]:
    instrument = proposal.instrument
    price = proposal.price
    if price is None and proposal.side is Side.SELL:
        price = proposal.seen.bid
    if price is None:
        cost = view.buy_cost(instrument.id, proposal.qty) or Decimal(0)
    else:
        cost = instrument.cash(instrument.price_decimal(price), proposal.qty, view.trading_day(instrument.id))
    units = instrument.qty_decimal(proposal.qty)
    return view.fees(instrument.id).items(proposal.side, abs(cost), units)
