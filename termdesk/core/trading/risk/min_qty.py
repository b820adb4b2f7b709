"""A quantity is at least the venue's minimum, unless it closes a position or its odd rest."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse a quantity of zero or less, and one below the minimum that is no rest to close."""
    qty = proposal.qty
    closable = proposal.hold.closable
    rest = proposal.leaves in (closable, closable % proposal.rule.lot)
    if qty > 0 and (qty >= proposal.rule.min_qty or rest):
        return None
    text = proposal.instrument.qty_text
    return Reason("risk.min_qty", {"qty": text(qty), "min_qty": text(proposal.rule.min_qty)})
