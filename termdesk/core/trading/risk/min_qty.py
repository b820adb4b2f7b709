"""A quantity is at least the venue's minimum, unless it closes the whole position."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse a quantity of zero or less, and one below the minimum that does not close everything."""
    qty = proposal.qty
    closes_all = qty > 0 and proposal.leaves == proposal.hold.closable
    if qty > 0 and (qty >= proposal.rule.min_qty or closes_all):
        return None
    text = proposal.instrument.qty_text
    return Reason("risk.min_qty", {"qty": text(qty), "min_qty": text(proposal.rule.min_qty)})
