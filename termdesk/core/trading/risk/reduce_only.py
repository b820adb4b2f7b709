"""A reduce-only order opens nothing."""

from __future__ import annotations

from collections.abc import Sequence

from termdesk.core.model.limits import ReduceOnlyExceeds, TradingLimits
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.controls import Tally
from termdesk.core.trading.risk.proposal import Proposal


def caps(covering: Sequence[tuple[TradingLimits, Tally]]) -> bool:
    """Whether one larger than the position is made smaller; the narrowest scope that says anything decides."""
    for limits, _ in reversed(covering):
        if limits.reduce_only_exceeds is not ReduceOnlyExceeds.INHERIT:
            return limits.reduce_only_exceeds is ReduceOnlyExceeds.CAP
    return True


def check(proposal: Proposal) -> Reason | None:
    """Refuse one without a position to reduce, and an amend beyond what other orders leave of it."""
    if not proposal.reduce_only or not proposal.hold.opening:
        return None
    text = proposal.instrument.qty_text
    return Reason("risk.reduce_only", {"qty": text(proposal.leaves), "closable": text(proposal.hold.closable)})
