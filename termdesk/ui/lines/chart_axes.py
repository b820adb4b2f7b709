"""Axes of a chart: which prices and times are named, and where."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from termdesk.core.model.bar import Bar
from termdesk.ui.lines import format as text
from termdesk.ui.lines.grid import Scale

_MINUTE = 60 * 10**9
_STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440)


def nice_step(span: int, labels: int) -> int:
    """Give the smallest 1, 2 or 5 times a power of ten that names a span with at most ``labels`` prices."""
    wanted = max(1, -(-span // max(1, labels)))
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power >= wanted:
                return factor * power
        power *= 10


def price_labels(scale: Scale, rows: int, decimals: int) -> dict[int, str]:
    """Name round prices by row; a scale without range names its one price."""
    low, high = int(scale.low), int(scale.high)
    if high <= low:
        return {rows - 1 - scale.at(low) // 2: text.price(low, decimals)}
    step = nice_step(high - low, max(1, rows // 3))
    labels: dict[int, str] = {}
    for price in range(-(-low // step) * step, high + 1, step):
        labels.setdefault(rows - 1 - scale.at(price) // 2, text.price(price, decimals))
    return labels


def time_axis(bars: Sequence[Bar], width: int, offset_s: int) -> str:
    """Name round times under their bars, at least two blanks apart; a new day shows its date."""
    if not bars:
        return " " * width
    interval = min((b.start_ns - a.start_ns for a, b in pairwise(bars)), default=_MINUTE)
    every = next((m for m in _STEPS_MIN if m * _MINUTE >= 10 * interval), _STEPS_MIN[-1]) * _MINUTE
    line = ""
    day = _day(bars[0], offset_s)
    for at, bar in enumerate(bars):
        label = ""
        if _day(bar, offset_s) != day:
            day = _day(bar, offset_s)
            label = text.clock(bar.start_ns, offset_s, "%m-%d")
        elif (bar.start_ns + offset_s * 10**9) % every == 0:
            label = text.clock(bar.start_ns, offset_s, "%H:%M")
        if label and (not line or at >= len(line) + 2) and at + len(label) <= width:
            line = line.ljust(at) + label
    return line.ljust(width)


def _day(bar: Bar, offset_s: int) -> int:
    return (bar.start_ns // 10**9 + offset_s) // 86_400
