"""What grows along time, as the store keeps it."""

from __future__ import annotations

from collections import deque

from termdesk.core.wire.topics import StudyPoint, TapeTrade

TAPE_TRADES = 500
"""Trades kept per instrument."""


class Tape:
    """The newest trades of one instrument, oldest first; ``total`` counts all that came."""

    __slots__ = ("total", "trades")

    def __init__(self) -> None:
        self.trades: deque[TapeTrade] = deque(maxlen=TAPE_TRADES)
        self.total = 0


class Study:
    """Points of one study along its bars, by bar start, oldest first."""

    __slots__ = ("lines", "points", "warm_bars", "warming")

    def __init__(self) -> None:
        self.lines: tuple[str, ...] = ()
        self.points: dict[int, StudyPoint] = {}
        self.warming = 0
        self.warm_bars = 0
