"""The venue takes the order in its present phase.

Breaks, auctions and the time before the open take limit orders, which rest
until continuous trading; orders that must trade at once need it now; orders
for the opening come before it is over. An unknown phase stops nothing.
"""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Phase, TimeInForce
from termdesk.core.trading.risk.proposal import Proposal

_IN_AUCTION = frozenset({TimeInForce.AT_OPEN, TimeInForce.AT_CLOSE})
_TRADING = frozenset({Phase.CONTINUOUS, Phase.UNKNOWN})
_BEFORE_OPEN = frozenset({Phase.PRE_OPEN, Phase.OPENING_AUCTION, Phase.UNKNOWN})


def check(proposal: Proposal) -> Reason | None:
    """Refuse any order when closed, a market, IOC or FOK order outside continuous trading, one for a past opening."""
    phase = proposal.seen.phase
    needs_market = proposal.ord_type.needs_market and proposal.time_in_force not in _IN_AUCTION
    late = proposal.time_in_force is TimeInForce.AT_OPEN and phase not in _BEFORE_OPEN
    at_once = late or needs_market or proposal.time_in_force.is_at_once
    if (phase in _TRADING and not late) or (phase is not Phase.CLOSED and not at_once):
        return None
    return Reason("risk.phase", {"instrument": proposal.instrument.id, "phase": phase.value})
