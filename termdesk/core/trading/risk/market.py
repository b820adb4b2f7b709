"""There is a market to trade against."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import TimeInForce
from termdesk.core.trading.risk.proposal import Proposal

_IN_AUCTION = frozenset({TimeInForce.AT_OPEN, TimeInForce.AT_CLOSE})


def check(proposal: Proposal) -> Reason | None:
    """Refuse a market order without a counterpart, and opening where no source was ever heard.

    For an auction a market order may close without one; to open it needs a price that its cost is reckoned from.
    """
    waits = proposal.time_in_force in _IN_AUCTION and not proposal.adds_risk
    needs = proposal.ord_type.needs_market and not proposal.has_market and not waits
    unheard = proposal.adds_risk and proposal.seen.link_age_ns < 0
    if needs or unheard:
        return Reason("risk.no_market", {"instrument": proposal.instrument.id})
    return None
