"""The source of the prices is alive."""

from __future__ import annotations

from termdesk.core.model.number import plain, to_decimal
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse what adds risk while the source is silent beyond its limit; seconds in the reason."""
    age, limit = proposal.seen.link_age_ns, proposal.limits.stale_link_ns
    if not proposal.adds_risk or age <= limit:
        return None
    return Reason("risk.stale_link", {"age": _seconds(age), "limit": _seconds(limit)})


def _seconds(ns: int) -> str:
    return plain(to_decimal(ns // 1_000_000, 3))
