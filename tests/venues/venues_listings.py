"""Listings for the tests of rule books."""

from __future__ import annotations

from termdesk.core.model.instrument import (
    Convertible,
    Detail,
    Fund,
    Future,
    Instrument,
    Perpetual,
    Share,
    Spot,
    Standing,
    TradingRule,
)

ORDINARY = (Standing(first_day=""),)
DETAILS: dict[str, Detail] = {
    "share": Share(),
    "fund": Fund(),
    "convertible": Convertible(),
    "spot": Spot("BTC"),
    "perpetual": Perpetual("BTC"),
    "future": Future(),
}


def listing(
    name: str,
    kind: str = "share",
    *,
    first_day: str = "2000-01-04",
    standings: tuple[Standing, ...] = ORDINARY,
    decimals: int = 3,
    currency: str = "CNY",
) -> Instrument:
    """A security that is long listed and of an ordinary standing, unless told otherwise."""
    return Instrument(
        id=name,
        name=name,
        currency=currency,
        price_decimals=decimals,
        qty_decimals=0,
        first_day=first_day,
        rules=(TradingRule(first_day="", tick=1, lot=1, min_qty=1),),
        detail=DETAILS[kind],
        standings=standings,
    )
