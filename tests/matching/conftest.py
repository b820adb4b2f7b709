"""A simulated exchange with a small book."""

from __future__ import annotations

import pytest
from matching_venue import Venue


@pytest.fixture
def venue() -> Venue:
    """Bids 100 x 10, 99 x 20, 95 x 5; asks 102 x 10, 103 x 20."""
    made = Venue()
    made.book(((100, 10), (99, 20), (95, 5)), ((102, 10), (103, 20)))
    return made
