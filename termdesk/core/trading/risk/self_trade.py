"""An order does not meet an own one at the same broker."""

from __future__ import annotations

from termdesk.core.model.limits import SelfTrade
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse an order that would meet an own one, where the account's rule is to give up the new one."""
    if not proposal.own_ahead or proposal.self_trade is not SelfTrade.EXPIRE_TAKER:
        return None
    order = proposal.own_ahead[0]
    price = proposal.instrument.price_text(order.price or 0)
    return Reason("risk.self_trade", {"order_id": order.order_id, "price": price, "account": order.account})
