"""Positions and orders of an account together are not worth more than their limit."""

from __future__ import annotations

from termdesk.core.model.limits import TradingLimits
from termdesk.core.model.number import plain
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal, limits: TradingLimits) -> Reason | None:
    """Refuse what adds risk beyond the limit of long and short positions added up at cost."""
    if not limits.max_gross or not proposal.adds_risk or proposal.measures.gross_after <= limits.max_gross:
        return None
    words = {"after": plain(proposal.measures.gross_after), "max": plain(limits.max_gross)}
    return Reason("risk.max_gross", {**words, "currency": proposal.instrument.currency})
