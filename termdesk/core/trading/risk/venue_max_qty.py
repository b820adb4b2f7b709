"""A quantity is not larger than its venue takes in one order."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse a larger order; venues take less of a market order than of a limit order."""
    rule = proposal.rule
    most = rule.max_market if proposal.ord_type.needs_market else rule.max_limit
    if most is None or proposal.qty <= most or proposal.only_smaller:
        return None
    text = proposal.instrument.qty_text
    return Reason("risk.venue_max_qty", {"qty": text(proposal.qty), "max": text(most)})
