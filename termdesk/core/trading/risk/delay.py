"""The source of the prices may be late by design; then a market order has no price that still holds."""

from __future__ import annotations

from termdesk.core.model.number import plain, to_decimal
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.proposal import Proposal


def check(proposal: Proposal) -> Reason | None:
    """Refuse a market order that adds risk on delayed quotes, unless its venue is simulated; seconds in the reason.

    A simulated venue fills it at the same delayed quotes. A delay that is not told stops nothing.
    """
    route = proposal.route
    if route is None or route.rules.simulated or not proposal.adds_risk or proposal.seen.delay_ns <= 0:
        return None
    if not proposal.ord_type.triggered.needs_market:
        return None
    return Reason("risk.delayed_market", {"delay": _seconds(proposal)})


def warning(proposal: Proposal) -> Reason | None:
    """Say by how much the quotes are late, whatever the order does."""
    return Reason("risk.delayed", {"delay": _seconds(proposal)}) if proposal.seen.delay_ns > 0 else None


def _seconds(proposal: Proposal) -> str:
    return plain(to_decimal(proposal.seen.delay_ns // 1_000_000, 3))
