"""What drives the demo's orders: when the next one comes, and where the market thinks the price belongs.

Both are random processes over time that is handed in; two runs with the same
generator and the same times are the same.
"""

from __future__ import annotations

from math import exp, log, sqrt
from random import Random

_DECAY = 1.5
"""How fast a burst fades, per second."""
_BRANCHING = 0.6
"""Events that one event brings about by itself; below 1 the flow never explodes."""
_REVERSION_S = 86_400.0
"""In what time the fair value forgets a move."""
_REGIME_S = 600.0
"""How long a regime lasts on average."""
_VOLATILITIES = (0.5, 0.8, 1.0, 1.0, 1.3, 1.9)
_DRIFTS = (-1.0, -0.4, 0.0, 0.0, 0.4, 1.0)
_DRIFT_MINUTES = 25.0
"""In how many minutes a full drift moves the price as far as volatility does."""


class Arrivals:
    """Self-exciting arrival times: an event makes the next ones likelier for a moment (Hawkes process)."""

    def __init__(self, rng: Random, rate: float) -> None:
        self._rng = rng
        self._base = rate * (1 - _BRANCHING)
        self._excited = 0.0

    def next_gap(self, jump: float) -> float:
        """Seconds until the next event, drawn by thinning.

        Args:
            jump: How exciting the event just past was; 1 on average.
        """
        rng = self._rng
        excited = self._excited + jump * _BRANCHING * _DECAY
        gap = 0.0
        while True:
            ceiling = self._base + excited
            wait = rng.expovariate(ceiling)
            gap += wait
            excited *= exp(-_DECAY * wait)
            if rng.random() * ceiling <= self._base + excited:
                self._excited = excited
                return gap


class FairValue:
    """A price around which the flow is balanced: random walk with regimes, drawn back to a home price.

    Args:
        rng: Source of chance.
        home: Price to come back to in the long run, in ticks.
        price: Price now, in ticks.
        volatility: Relative standard deviation in a calm minute.
    """

    def __init__(self, rng: Random, home: float, price: float, volatility: float) -> None:
        self._rng = rng
        self._home = log(home)
        self._log = log(price)
        self._calm = volatility / sqrt(60)
        self._volatility = self._calm
        self._drift = 0.0

    def advance(self, seconds: float) -> float:
        """Let time pass and give the fair price in ticks."""
        rng = self._rng
        if rng.random() < seconds / _REGIME_S:
            self._change_regime()
        pull = (self._home - self._log) * (seconds / _REVERSION_S)
        self._log += pull + self._drift * seconds + self._volatility * sqrt(seconds) * rng.gauss(0.0, 1.0)
        return exp(self._log)

    def _change_regime(self) -> None:
        self._volatility = self._calm * self._rng.choice(_VOLATILITIES)
        self._drift = self._calm * self._rng.choice(_DRIFTS) / sqrt(60 * _DRIFT_MINUTES)
