"""An invented past: minute bars that end where the demo begins."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import exp, sqrt
from random import Random

from termdesk.core.model.bar import Bar
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Ns

MINUTE_NS = 60_000_000_000
BARS = 240
_STEPS = 12
"""Moves within a bar."""


def minute_bars(
    rng: Random, instrument: Instrument, *, last: int, volatility: float, volume: float, until_ns: Ns
) -> tuple[Bar, ...]:
    """Invent the bars of the minutes before ``until_ns``, oldest first.

    Args:
        rng: Source of chance.
        instrument: Whose bars; prices lie on its tick, volumes on its lot.
        last: Scaled price at which the last bar closes.
        volatility: Relative standard deviation of a minute's move.
        volume: Typical scaled volume of a minute.
        until_ns: End of the last bar, a whole minute.
    """
    rule = instrument.rules[0]
    bars = []
    close = float(last)
    for index in range(1, BARS + 1):
        mood = exp(0.5 * rng.gauss(0.0, 1.0))
        path = _path_back(rng, close, volatility * mood)
        prices = [max(rule.tick, round(price / rule.tick) * rule.tick) for price in path]
        quantity = max(1, round(volume * mood * exp(0.3 * rng.gauss(0.0, 1.0)) / rule.lot)) * rule.lot
        bars.append(_bar(rng, instrument, until_ns - index * MINUTE_NS, prices, quantity))
        close = path[0]
    return tuple(reversed(bars))


def whole(bars: Sequence[Bar]) -> Bar:
    """Put bars together, oldest first; none give a bar without trades."""
    if not bars:
        return Bar(0, 0, 0, 0, 0, 0, Decimal(0), 0, 0)
    return Bar(
        start_ns=bars[0].start_ns,
        open=bars[0].open,
        high=max(bar.high for bar in bars),
        low=min(bar.low for bar in bars),
        close=bars[-1].close,
        volume=sum(bar.volume for bar in bars),
        turnover=sum((bar.turnover for bar in bars), Decimal(0)),
        trades=sum(bar.trades for bar in bars),
        buy_volume=sum(bar.buy_volume for bar in bars),
    )


def _path_back(rng: Random, close: float, volatility: float) -> list[float]:
    """Prices of one minute that ends at ``close``, in the order of time."""
    path = [close]
    for _ in range(_STEPS):
        path.append(path[-1] * exp(volatility / sqrt(_STEPS) * rng.gauss(0.0, 1.0)))
    return path[::-1]


def _bar(rng: Random, instrument: Instrument, start_ns: Ns, prices: list[int], quantity: int) -> Bar:
    lot = instrument.rules[0].lot
    typical = (prices[0] + max(prices) + min(prices) + prices[-1]) // 4
    rising = 0.15 if prices[-1] > prices[0] else -0.15
    bought = int(quantity // lot * min(0.9, max(0.1, 0.5 + rising + 0.1 * rng.gauss(0.0, 1.0)))) * lot
    return Bar(
        start_ns=start_ns,
        open=prices[0],
        high=max(prices),
        low=min(prices),
        close=prices[-1],
        volume=quantity,
        turnover=instrument.cash(instrument.price_decimal(typical), quantity, ""),
        trades=max(1, round(60 * rng.random() ** 0.5)),
        buy_volume=bought,
    )
