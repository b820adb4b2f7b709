"""There is a market to trade against."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdType
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse a market order without a counterpart, and opening where no source was ever heard."""
    needs = proposal.ord_type is OrdType.MARKET and not proposal.has_market
    unheard = proposal.adds_risk and proposal.seen.link_age_ns < 0
    if needs or unheard:
        return Reason("risk.no_market", {"instrument": proposal.instrument.id})
    return None
