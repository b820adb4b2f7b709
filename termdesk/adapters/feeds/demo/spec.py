"""What the demo trades: instruments and the character of their order flow, from this package's TOML."""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec

from termdesk.core.model.instrument import Detail, Instrument, TradingRule
from termdesk.core.model.number import to_scaled


class FlowSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How lively one instrument is. Distances are in ticks, sizes in lots."""

    rate: float
    """Orders, cancels and market orders a second, bursts included."""
    volatility: float
    """Standard deviation of the fair value's relative move in a minute."""
    orders: int
    """How many orders rest in a calm book."""
    tight: float
    """Spread at which half of the new orders no longer improve the best price."""
    reach: float
    """Typical distance of a new order behind the best."""
    size: float
    """Median size of an order."""
    size_sigma: float
    """Spread of the logarithm of sizes."""
    roundness: float
    """Share of orders whose size has one significant digit."""


class DemoSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One instrument of the demo."""

    id: str
    name: str
    name_zh: str
    currency: str
    detail: Detail
    price_decimals: int
    qty_decimals: int
    tick: str
    lot: str
    price: str
    """Where the price starts, and what it comes back to in the long run."""
    flow: FlowSpec

    def instrument(self) -> Instrument:
        """The instrument as the feed introduces it."""
        lot = to_scaled(self.lot, self.qty_decimals)
        tick = to_scaled(self.tick, self.price_decimals)
        return Instrument(
            id=self.id,
            name=self.name,
            name_zh=self.name_zh,
            currency=self.currency,
            price_decimals=self.price_decimals,
            qty_decimals=self.qty_decimals,
            source="demo",
            rules=(TradingRule(first_day="", tick=tick, lot=lot, min_qty=lot),),
            detail=self.detail,
        )


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    instrument: tuple[DemoSpec, ...]


@cache
def specs() -> tuple[DemoSpec, ...]:
    """Every instrument of the demo, in the order of its watchlist. Reads the package's data once."""
    data = (resources.files(__package__) / "instruments.toml").read_bytes()
    return msgspec.toml.decode(data, type=_File).instrument
