"""A quantity is a multiple of the lot.

An odd rest of a position may be closed, but only all of it at once (Shanghai
and Shenzhen trading rules: the part below one lot is sold in one order).
"""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse a quantity off the lot that does not take the odd rest with it."""
    lot = proposal.rule.lot
    if proposal.qty % lot == 0:
        return None
    closable = proposal.hold.closable
    if proposal.leaves <= closable and (closable - proposal.leaves) % lot == 0:
        return None
    text = proposal.instrument.qty_text
    return Reason("risk.lot", {"qty": text(proposal.qty), "lot": text(lot)})
