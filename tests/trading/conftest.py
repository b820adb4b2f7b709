"""A desk with a cash and a margin account over a small book."""

from __future__ import annotations

import pytest
from trading_world import BUY, SELL, World, share

from termdesk.core.model.terms import AccountKind


@pytest.fixture
def world() -> World:
    """Bids 100.00 x 5, 99.99 x 10; asks 100.02 x 5, 100.03 x 10; 10,000 CNY in each account; fees 0.1 and 0.2 %."""
    made = World(share(lot="0.1"))
    made.open(("cash", AccountKind.CASH, "10000"), ("margin", AccountKind.MARGIN, "10000"))
    made.quote("100.00", "5.0", "100.02", "5.0")
    made.level(BUY, "99.99", "10.0")
    made.level(SELL, "100.03", "10.0")
    return made
