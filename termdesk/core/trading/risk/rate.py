"""Orders do not go out faster than their limit; cancels are counted, never refused."""

from __future__ import annotations

from termdesk.core.model.limits import TradingLimits
from termdesk.core.model.reason import Reason
from termdesk.core.trading.risk.controls import Tally
from termdesk.core.trading.risk.proposal import Proposal

MS = 1_000_000


def check(proposal: Proposal, limits: TradingLimits, tally: Tally) -> Reason | None:
    """Refuse the order that would be one too many within its window.

    Of all messages a share is kept for cancels, at least one.
    """
    if limits.max_submits and _is_full(proposal, tally.submitted.nth(limits.max_submits), limits.submit_window_ms):
        words = {"max": str(limits.max_submits), "window": str(limits.submit_window_ms)}
        return Reason("risk.max_submits", words)
    if limits.max_messages:
        kept = max(1, limits.max_messages * limits.cancel_reserve // 100) if limits.cancel_reserve else 0
        free = limits.max_messages - kept
        if free <= 0 or _is_full(proposal, tally.sent.nth(free), limits.message_window_ms):
            words = {"max": str(limits.max_messages), "window": str(limits.message_window_ms), "kept": str(kept)}
            return Reason("risk.max_messages", words)
    return None


def _is_full(proposal: Proposal, oldest_ns: int | None, window_ms: int) -> bool:
    return oldest_ns is not None and proposal.at_ns - oldest_ns < window_ms * MS
