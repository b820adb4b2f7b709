"""Trading is active where the order wants to trade."""

from __future__ import annotations

from termdesk.core.model.limits import TradingState
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse everything in a halted scope, what adds risk in a reducing one, but never the kill switch's closing."""
    stop = proposal.stop
    if stop is None or (stop.state is TradingState.REDUCING and not proposal.adds_risk) or proposal.flattens:
        return None
    return Reason("risk.trading_state", {"state": stop.state.value, "note": stop.note, "actor": stop.actor})
