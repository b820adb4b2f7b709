"""A trading day has room for one more order."""

from __future__ import annotations

from termdesk.core.model.limits import TradingLimits
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.controls import Tally
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal, limits: TradingLimits, tally: Tally) -> Reason | None:
    """Refuse a new order after the most orders or cancels of a day, and any message that leaves no room for cancels.

    Every working order keeps one message, so that all of them can still be cancelled within the day's total.
    """
    is_today = proposal.day <= tally.day
    orders, cancels, messages = (tally.orders, tally.cancels, tally.messages) if is_today else (0, 0, 0)
    if proposal.is_new and limits.max_orders_day and orders >= limits.max_orders_day:
        return Reason("risk.max_orders_day", {"orders": str(orders), "max": str(limits.max_orders_day)})
    if proposal.is_new and limits.max_cancels_day and cancels >= limits.max_cancels_day:
        return Reason("risk.max_cancels_day", {"cancels": str(cancels), "max": str(limits.max_cancels_day)})
    kept = tally.working + proposal.is_new
    if limits.max_messages_day and messages + 1 + kept > limits.max_messages_day:
        words = {"messages": str(messages), "max": str(limits.max_messages_day), "kept": str(kept)}
        return Reason("risk.max_messages_day", words)
    return None
