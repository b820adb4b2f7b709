"""The venue takes the order in its present phase.

Breaks, auctions and the time before the open take limit orders, which rest
until continuous trading; orders that must trade at once need it now. An
unknown phase stops nothing.
"""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdType, Phase
from termdesk.core.trading.risk.proposal import Proposal

_TRADING = frozenset({Phase.CONTINUOUS, Phase.UNKNOWN})


def check(proposal: Proposal) -> Reason | None:
    """Refuse any order when closed, and a market, IOC or FOK order outside continuous trading."""
    phase = proposal.seen.phase
    at_once = proposal.ord_type is OrdType.MARKET or proposal.time_in_force.is_at_once
    if phase in _TRADING or (phase is not Phase.CLOSED and not at_once):
        return None
    return Reason("risk.phase", {"instrument": proposal.instrument.id, "phase": phase.value})
