"""Bars: what traded in one interval."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.number import Ns, Price, Qty


class Bar(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One bar by the venue's trade time, labelled with its start."""

    start_ns: Ns
    open: Price
    high: Price
    low: Price
    close: Price
    volume: Qty
    turnover: Decimal
    trades: int
    buy_volume: Qty
    """Volume whose aggressor bought."""
