"""Distances of a trailing trigger: ``5%``, ``25bp``, ``3t`` (ticks), or a price difference."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.model.terms import TrailUnit
from termdesk.core.model.trigger import SUFFIXES


def read_distance(text: str) -> tuple[TrailUnit, Decimal]:
    """Read unit and value of what the grammar let through."""
    for suffix, unit in SUFFIXES.items():
        if text.casefold().endswith(suffix):
            return unit, Decimal(text[: -len(suffix)])
    return TrailUnit.PRICE, Decimal(text)
