"""Limits, stops and notices as their readers want them."""

from __future__ import annotations

from termdesk.core.model.limits import ScopedLimits
from termdesk.core.trading.risk.controls import stops_of
from termdesk.core.trading.state import DeskState
from termdesk.core.wire.queries import LimitsResult, Notice


def limits_result(state: DeskState) -> LimitsResult:
    """Give what is in force, the widest scope first."""
    controls = state.controls
    limits = tuple(
        ScopedLimits(account=account, instrument=instrument, limits=found)
        for account, scoped in sorted(controls.limits.items())
        for instrument, found in sorted(scoped.items())
    )
    notices = tuple(
        Notice(account, notice.instrument, notice.trading_day, notice.reason)
        for account, habits in controls.habits.items()
        for notice in habits.noticed.values()
    )
    return LimitsResult(limits, stops_of(controls), notices)
