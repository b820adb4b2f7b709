"""What was bought today is not sold today where the venue settles later (T+1).

Shanghai and Shenzhen trading rules: shares may be sold from the trading day
after the one on which they were bought; what was held at the day's start is
free. For margin accounts too: a sale must not deliver what is not settled.
"""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Side
from termdesk.core.trading.exposure import free_to_sell
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse a sale of units that may not be sold yet."""
    held = proposal.held
    if held is None or not held.due or proposal.side is not Side.SELL:
        return None
    free = free_to_sell(held, proposal.hold.closable, proposal.day)
    if proposal.leaves <= free or free == proposal.hold.closable:
        return None
    text = proposal.instrument.qty_text
    day = held.first_sell_day(proposal.day)
    return Reason(
        "risk.sellable",
        {"need": text(proposal.leaves), "sellable": text(free), "instrument": proposal.instrument.id, "day": day},
    )
