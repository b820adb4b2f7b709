"""What the venue's rule book says for one instrument on one day, looked up once."""

from __future__ import annotations

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Price, Qty
from termdesk.core.venues.limits import price_limits
from termdesk.core.venues.lots import lot_rule

KEPT = 4096
"""Days of instruments that are kept; past it all are looked up anew."""


class DayRules(msgspec.Struct, frozen=True, kw_only=True):
    """Rules of a trading day in the instrument's scale; what is not known is None or comes from the listing."""

    min_qty: Qty
    lot: Qty
    tick: Price
    max_limit: Qty | None = None
    """Largest limit order."""
    max_market: Qty | None = None
    low: Price | None = None
    """Lowest price of the day."""
    high: Price | None = None


_kept: dict[tuple[str, int, str, Price], tuple[Instrument, DayRules]] = {}


def day_rules(instrument: Instrument, day: str, prev_close: Price) -> DayRules:
    """Give the rules of a day; lots of the venue's book go before those of the listing."""
    key = (instrument.id, instrument.version, day, prev_close)
    kept = _kept.get(key)
    if kept is not None and (kept[0] is instrument or kept[0] == instrument):
        return kept[1]
    if len(_kept) >= KEPT:
        _kept.clear()
    rules = _looked_up(instrument, day, prev_close)
    _kept[key] = (instrument, rules)
    return rules


def _looked_up(instrument: Instrument, day: str, prev_close: Price) -> DayRules:
    listed = instrument.rule(day)
    lots = lot_rule(instrument, day)
    limits = price_limits(instrument, day, prev_close) if prev_close > 0 else None
    return DayRules(
        min_qty=listed.min_qty if lots is None else lots.min_qty,
        lot=listed.lot if lots is None else lots.step,
        tick=listed.tick,
        max_limit=None if lots is None else lots.max_limit,
        max_market=None if lots is None else lots.max_market,
        low=listed.limit_down if listed.limit_down is not None else limits.low if limits is not None else None,
        high=listed.limit_up if listed.limit_up is not None else limits.high if limits is not None else None,
    )
