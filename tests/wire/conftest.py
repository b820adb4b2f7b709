"""Fixtures of the wire tests."""

from __future__ import annotations

import pytest
from wire_messages import SCALES, KnownScales


@pytest.fixture
def scales() -> KnownScales:
    return SCALES
