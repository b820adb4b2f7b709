"""A limit order has a price above zero."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdType
from termdesk.core.trading.risk.proposal import Proposal

_FOLLOWS = frozenset({OrdType.TRAILING_STOP_LIMIT})
"""Its limit follows the market together with its trigger."""


def check(proposal: Proposal) -> Reason | None:
    """Refuse a limit order without a price, or with one that is not above zero."""
    if not proposal.ord_type.has_limit or (proposal.price is None and proposal.ord_type in _FOLLOWS):
        return None
    if proposal.price is None:
        return Reason("risk.price_missing")
    if proposal.price <= 0:
        return Reason("risk.price_positive", {"price": proposal.instrument.price_text(proposal.price)})
    return None
