"""A reduce-only order opens nothing."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse one without a position to reduce, and an amend beyond what other orders leave of it."""
    if not proposal.reduce_only or not proposal.hold.opening:
        return None
    text = proposal.instrument.qty_text
    return Reason("risk.reduce_only", {"qty": text(proposal.leaves), "closable": text(proposal.hold.closable)})
