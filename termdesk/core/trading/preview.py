"""What a new order would cost and do, without sending it."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.model.command import SubmitOrder
from termdesk.core.model.errors import Refused
from termdesk.core.model.execution import FeeItem
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Side
from termdesk.core.trading.proposals import submit_proposal
from termdesk.core.trading.risk.gate import refusals
from termdesk.core.trading.risk.proposal import Proposal
from termdesk.core.trading.risk.warnings import warnings
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View
from termdesk.core.wire.queries import PreviewResult


def preview(state: DeskState, view: View, command: SubmitOrder) -> PreviewResult:
    """Ask the same gate as a real order would; fees are an estimate for an order that trades at once."""
    try:
        proposal = submit_proposal(state, view, command)
    except Refused as refused:
        return PreviewResult(
            refusal=Reason(refused.code, refused.params),
            refusals=(Reason(refused.code, refused.params),),
            reserve_asset="",
            reserve=Decimal(0),
            fee=Decimal(0),
            fee_asset="",
            position_after=0,
            available=None,
            instrument=command.instrument,
        )
    instrument = proposal.instrument
    account = state.accounts[command.account]
    fees = _fees(view, proposal)
    available: Decimal | None = proposal.available
    if proposal.hold.asset == instrument.id:
        available = instrument.qty_decimal(proposal.hold.closable)
    against = tuple(refusals(proposal))
    return PreviewResult(
        refusal=against[0] if against else None,
        reserve_asset=proposal.hold.asset,
        reserve=proposal.hold.amount,
        fee=sum((item.amount for item in fees), Decimal(0)),
        fee_asset=instrument.currency,
        position_after=account.qty(instrument.id) + command.side.sign * proposal.qty,
        available=available,
        instrument=instrument.id,
        fees=fees,
        fees_unknown=view.fees(instrument.id).unknown(command.side),
        refusals=against,
        warnings=tuple(warnings(proposal)),
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
