"""A cash account sells only what it holds."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import AccountKind, Side
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse a sale beyond the holding that is not promised to other orders."""
    if proposal.account_kind is not AccountKind.CASH or proposal.side is not Side.SELL or not proposal.hold.opening:
        return None
    text = proposal.instrument.qty_text
    return Reason(
        "risk.holding",
        {
            "need": text(proposal.leaves),
            "available": text(proposal.hold.closable),
            "instrument": proposal.instrument.id,
        },
    )
