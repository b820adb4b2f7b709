"""There is a market to trade against."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import TimeInForce
from termdesk.core.trading.risk.proposal import Proposal

_IN_AUCTION = frozenset({TimeInForce.AT_OPEN, TimeInForce.AT_CLOSE})


def check(proposal: Proposal) -> Reason | None:
    """Refuse a market order without a counterpart, and opening where no source was ever heard."""
    needs = proposal.ord_type.needs_market and not proposal.has_market and proposal.time_in_force not in _IN_AUCTION
    unheard = proposal.adds_risk and proposal.seen.link_age_ns < 0
    if needs or unheard:
        return Reason("risk.no_market", {"instrument": proposal.instrument.id})
    return None
