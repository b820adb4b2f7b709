"""Daily price limits of an instrument, looked up when its day, its record or its previous close changes."""

from __future__ import annotations

from termdesk.core.market.state import InstrumentState
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Ns, Price
from termdesk.core.venues.limits import price_limits
from termdesk.core.venues.sessions import trading_day

Limits = tuple[Price, Price]
"""Lowest and highest price; 0 where there is none or it is not known."""

_UNKNOWN: Limits = (0, 0)
_KEPT = 8192
_kept: dict[str, tuple[Instrument, Price, Ns, str, Limits]] = {}
"""By instrument id: the newest answer and what it was made from."""


def day_limits(state: InstrumentState) -> Limits:
    """Give the limits of the present trading day; a close told on an earlier day gives none."""
    close = state.prev_close
    if not close:
        return _UNKNOWN
    instrument = state.instrument
    kept = _kept.get(instrument.id)
    if kept is None or kept[0] is not instrument or kept[1] != close or kept[2] != state.reference_ns:
        day = trading_day(instrument.id, state.reference_ns)
        if len(_kept) >= _KEPT:
            _kept.clear()
        kept = _kept[instrument.id] = (instrument, close, state.reference_ns, day, _looked_up(instrument, day, close))
    limits = kept[4]
    if limits is _UNKNOWN or kept[3] != trading_day(instrument.id, state.recv_ns):
        return _UNKNOWN
    return limits


def _looked_up(instrument: Instrument, day: str, close: Price) -> Limits:
    told = instrument.rule(day)
    if told.limit_up is not None:
        return told.limit_down or 0, told.limit_up
    found = price_limits(instrument, day, close)
    if found is None or found.high is None:
        return _UNKNOWN
    return found.low or 0, found.high
