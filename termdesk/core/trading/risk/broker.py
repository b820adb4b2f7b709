"""New orders wait until the broker is reached and its venue's word was taken in whole."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Link
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse what would leave for a venue of which the desk does not know how it stands; cancels do not come here."""
    route = proposal.route
    if route is None or route.reconciled:
        return None
    name = {"broker": proposal.broker}
    return Reason("risk.reconciling" if route.link is Link.UP else "risk.broker_down", name)
