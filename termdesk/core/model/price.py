"""Better, worse, through: the only place that compares prices of two sides.

``orientation`` is +1 where a higher bid is the better bid (prices), -1 where
a lower one is (yields). All prices are scaled ints of one instrument.
"""

from __future__ import annotations

from termdesk.core.model.terms import Side


def better(side: Side, price: int, than: int, orientation: int = 1) -> bool:
    """Whether a resting order of ``side`` at ``price`` stands before one at ``than``."""
    return (price - than) * side.sign * orientation > 0


def crosses(side: Side, limit: int, opposite_best: int, orientation: int = 1) -> bool:
    """Whether an order of ``side`` with ``limit`` can trade with the opposite best (touch included)."""
    return (limit - opposite_best) * side.sign * orientation >= 0


def through(side: Side, limit: int, traded: int, orientation: int = 1) -> bool:
    """Whether a trade went strictly beyond a resting order's limit, so that it must have been reached."""
    return (limit - traded) * side.sign * orientation > 0
