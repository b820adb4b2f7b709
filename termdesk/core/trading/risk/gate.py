"""The one way to a broker for anything that can trade. Cancels do not come here: they always pass."""

from __future__ import annotations

from collections.abc import Callable

from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk import (
    cash,
    ended,
    holding,
    link,
    lot,
    market,
    min_qty,
    phase,
    post_only,
    price,
    price_limit,
    reduce_only,
    tick,
)
from termdesk.core.trading.risk.proposal import Proposal

RULES: tuple[Callable[[Proposal], Reason | None], ...] = (
    ended.check,
    price.check,
    post_only.check,
    tick.check,
    price_limit.check,
    min_qty.check,
    lot.check,
    phase.check,
    reduce_only.check,
    market.check,
    link.check,
    holding.check,
    cash.check,
)
"""In the order in which they are asked; the first refusal counts."""


def refusal(proposal: Proposal) -> Reason | None:
    """Ask every rule; None lets the order through."""
    for rule in RULES:
        reason = rule(proposal)
        if reason is not None:
            return reason
    return None
