"""Own orders that a new one would meet at the same broker."""

from __future__ import annotations

from collections.abc import Sequence

from termdesk.core.model.execution import OrderCancelRequest
from termdesk.core.model.facts import CancelRequested
from termdesk.core.model.limits import SelfTrade, TradingLimits
from termdesk.core.model.reason import MarketSeen, Reason
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.core.trading.exposure import Terms
from termdesk.core.trading.ledger import Account
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.orders.requests import cancel_request
from termdesk.core.trading.risk.controls import Tally
from termdesk.core.trading.risk.proposal import Proposal
from termdesk.core.trading.state import DeskState


def own_ahead(
    state: DeskState, account: Account, instrument_id: str, terms: Terms, seen: MarketSeen, besides: str = ""
) -> tuple[Order, ...]:
    """Give working orders of the other side within reach of the terms, the best price first.

    A better price of others that shows enough for the whole order keeps it from reaching an own one.
    """
    book = state.controls.own.get(instrument_id)
    if book is None or terms.ord_type.has_trigger:
        return ()
    is_buy = terms.side is Side.BUY
    resting = book.sells if is_buy else book.buys
    if not resting.prices:
        return ()
    nearest = resting.prices[0] if is_buy else resting.prices[-1]
    best, shown = (seen.ask, seen.ask_qty) if is_buy else (seen.bid, seen.bid_qty)
    sign = terms.side.sign
    if terms.price is not None and (terms.price - nearest) * sign < 0:
        return ()
    if shown >= terms.leaves and best and (nearest - best) * sign > 0:
        return ()
    broker = state.accounts[account.name].broker
    met = [
        state.orders[order_id]
        for order_id, price in resting.orders.items()
        if terms.price is None or (terms.price - price) * sign >= 0
    ]
    near = [order for order in met if state.accounts[order.account].broker == broker and order.order_id != besides]
    return tuple(sorted(near, key=lambda order: (order.price or 0) * sign))


def self_trade_of(covering: Sequence[tuple[TradingLimits, Tally]]) -> SelfTrade:
    """What the narrowest scope that says anything says; the new order gives way where none does."""
    for limits, _ in reversed(covering):
        if limits.self_trade is not SelfTrade.INHERIT:
            return limits.self_trade
    return SelfTrade.EXPIRE_TAKER


def ousted(proposal: Proposal, command_id: str) -> list[tuple[CancelRequested, OrderCancelRequest]]:
    """Cancel the own orders that a new one would meet, where the account's rule is to give those up."""
    if not proposal.own_ahead or proposal.self_trade is not SelfTrade.EXPIRE_MAKER:
        return []
    reason = Reason("reduce.self_trade", {"instrument": proposal.instrument.id})
    return [
        cancel_request(order, f"{command_id}:{order.order_id}", reason)
        for order in proposal.own_ahead
        if order.status is not OrdStatus.PENDING_CANCEL
    ]
