"""Facts about what may trade: limits, halts, the kill switch, and what surveillance noticed."""

from __future__ import annotations

import msgspec

from termdesk.core.model.limits import TradingLimits, TradingState
from termdesk.core.model.reason import Reason


class LimitsChanged(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="limits_changed.1"):
    """All limits of a scope from here on."""

    command_id: str
    account: str
    instrument: str
    """An instrument, a segment, or empty for all."""
    limits: TradingLimits


class TradingStateChanged(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="trading_state_changed.1"):
    """Trading in a scope is active, reducing or halted from here on; the record says who did it and when."""

    command_id: str
    """Empty where a limit did it."""
    account: str
    instrument: str
    state: TradingState
    note: str
    killed: bool = False
    """The kill switch: working orders are cancelled besides."""
    flatten: tuple[tuple[str, str], ...] = ()
    """Positions (account, instrument) to be closed once no order of theirs works any more."""
    order_ids: tuple[str, ...] = ()
    """Orders that were asked to be cancelled with it."""


class FlattenRefused(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="flatten_refused.1"):
    """A position was to be closed by the kill switch and could not be; nobody tries again by itself."""

    account: str
    instrument: str
    reason: Reason


class SurveillanceNoticed(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="surveillance_noticed.1"):
    """A counter of the trading day passed what a supervisor would ask about; warns, stops nothing."""

    account: str
    instrument: str
    """The instrument that led to it."""
    reason: Reason
