"""Deterministic simulation: the real desk, journal and simulated exchange in a world of seeded chance and faults.

``world.py`` is the clock and the order of things, ``prices.py`` the market,
``trader.py`` who gives commands, ``disk.py`` what keeps facts, ``checks.py``
what must always hold, ``run.py`` a whole run. The same seed gives the same
run, so a failing seed is its own reproduction.
"""

from termdesk.testing.simulation.run import Simulation, simulate

__all__ = ["Simulation", "simulate"]
