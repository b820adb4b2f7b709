"""An instrument may be traded at all."""

from __future__ import annotations

from termdesk.core.model.limits import TradingLimits
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal, limits: TradingLimits) -> Reason | None:
    """Refuse any order of a restricted scope; making one smaller passes."""
    if not limits.restricted or proposal.only_smaller:
        return None
    return Reason("risk.restricted", {"instrument": proposal.instrument.id})
