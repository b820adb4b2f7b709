"""The one way to a broker for anything that can trade. Cancels do not come here: they always pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from termdesk.core.model.errors import Refused
from termdesk.core.model.limits import TradingLimits
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk import (
    broker,
    cage,
    cash,
    collar,
    day_counts,
    delay,
    ended,
    holding,
    identical,
    link,
    lot,
    market,
    max_active_orders,
    max_gross,
    max_loss,
    max_notional,
    max_position,
    max_qty,
    min_qty,
    phase,
    post_only,
    price,
    price_limit,
    rate,
    reduce_only,
    restricted,
    self_trade,
    sellable,
    tick,
    trading_state,
    venue_max_qty,
)
from termdesk.core.trading.risk.controls import Tally
from termdesk.core.trading.risk.proposal import Proposal

RULES: tuple[Callable[[Proposal], Reason | None], ...] = (
    trading_state.check,
    broker.check,
    ended.check,
    price.check,
    post_only.check,
    tick.check,
    price_limit.check,
    cage.check,
    min_qty.check,
    lot.check,
    venue_max_qty.check,
    phase.check,
    reduce_only.check,
    market.check,
    link.check,
    delay.check,
    holding.check,
    sellable.check,
    cash.check,
    self_trade.check,
)
"""In the order in which they are asked; the first refusal counts."""

LIMIT_RULES: tuple[Callable[[Proposal, TradingLimits], Reason | None], ...] = (
    restricted.check,
    max_qty.check,
    max_notional.check,
    collar.check,
    max_position.check,
    max_gross.check,
    max_loss.check,
    identical.check,
)
"""Asked for every scope whose limits are in force."""

COUNT_RULES: tuple[Callable[[Proposal, TradingLimits, Tally], Reason | None], ...] = (
    max_active_orders.check,
    day_counts.check,
    rate.check,
)
"""Likewise, held against the counts of the scope; the kill switch's own closing is not counted out."""


def refusals(proposal: Proposal) -> Iterator[Reason]:
    """Ask every rule and give each refusal, the weightiest first."""
    for rule in RULES:
        reason = rule(proposal)
        if reason is not None:
            yield reason
    yield from _beyond_limits(proposal)


def refusal(proposal: Proposal) -> Reason | None:
    """Ask until a rule refuses; None lets the order through."""
    for rule in RULES:
        reason = rule(proposal)
        if reason is not None:
            return reason
    return next(_beyond_limits(proposal), None) if proposal.covering else None


def _beyond_limits(proposal: Proposal) -> Iterator[Reason]:
    if proposal.flattens:
        return
    for limits, tally in proposal.covering:
        for limit_rule in LIMIT_RULES:
            reason = limit_rule(proposal, limits)
            if reason is not None:
                yield reason
        for count_rule in COUNT_RULES:
            reason = count_rule(proposal, limits, tally)
            if reason is not None:
                yield reason


def passes(proposal: Proposal) -> None:
    """Let an order through: new, amended, or released from where it was held.

    Raises:
        Refused: A rule refuses it.
    """
    reason = refusal(proposal)
    if reason is not None:
        raise Refused(reason.code, reason.params)
