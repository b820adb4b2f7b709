"""A recording played to its end trades no more."""

from __future__ import annotations

from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse everything after the end of the recording."""
    return Reason("risk.replay_ended") if proposal.limits.replay_ended else None
