"""What opens a position is covered by cash."""

from __future__ import annotations

from termdesk.core.model.number import plain
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse an order whose cost and fee exceed the available cash; closing is never refused for cash."""
    hold = proposal.hold
    if hold.asset == proposal.instrument.id or not hold.opening or hold.amount <= proposal.available:
        return None
    return Reason(
        "risk.cash", {"need": plain(hold.amount), "available": plain(proposal.available), "asset": hold.asset}
    )
