"""Dated rule books of the venues, as data: sessions, ticks, lots, fees."""

from termdesk.core.venues.fees import FeeRate, fee_rate
from termdesk.core.venues.sessions import PhaseAt, phase, trading_day

__all__ = ["FeeRate", "PhaseAt", "fee_rate", "phase", "trading_day"]
