"""Only an order that may rest can be post-only."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse a post-only order that trades at once or not at all."""
    at_once = not proposal.ord_type.has_limit or proposal.time_in_force.is_at_once
    if not proposal.post_only or not at_once:
        return None
    words = {"ord_type": proposal.ord_type.value, "time_in_force": proposal.time_in_force.value}
    return Reason("risk.post_only", words)
