"""A price lies on the tick in force."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse a price off the tick."""
    if proposal.price is None or proposal.price % proposal.rule.tick == 0:
        return None
    text = proposal.instrument.price_text
    return Reason("risk.tick", {"price": text(proposal.price), "tick": text(proposal.rule.tick)})
