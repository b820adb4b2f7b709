"""A generated Binance recording: one instrument, a walking book, trades at the touch."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random

START_NS = 1_700_000_000_000_000_000
INSTRUMENT = "BTCUSDT.BINANCE"
DEPTH = 10


class Walk:
    """Writes lines ``<receive ns> <json>`` while a book walks."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)
        self._mid = 10_000
        self._seq = 100
        self._trade = 0
        self.lines: list[str] = []

    def line(self, ns: int, payload: object) -> None:
        self.lines.append(f"{START_NS + ns} {json.dumps(payload, separators=(',', ':'))}")

    def stream(self, ns: int, name: str, data: dict[str, object]) -> None:
        self.line(ns, {"stream": f"btcusdt@{name}", "data": {"E": (START_NS + ns) // 10**6, "s": "BTCUSDT"} | data})

    def size(self) -> str:
        return f"{self._rng.randint(1, 400) / 100:.8f}"

    def level(self, price: int, *, empty: bool = False) -> list[str]:
        return [f"{price / 100:.8f}", "0.00000000" if empty else self.size()]

    def snapshot(self, ns: int) -> None:
        bids = [self.level(self._mid - n) for n in range(1, DEPTH + 1)]
        asks = [self.level(self._mid + n) for n in range(1, DEPTH + 1)]
        self.line(ns, {"lastUpdateId": self._seq, "bids": bids, "asks": asks})

    def depth(self, ns: int, bids: list[list[str]], asks: list[list[str]]) -> None:
        first, self._seq = self._seq + 1, self._seq + 2
        self.stream(ns, "depth@100ms", {"e": "depthUpdate", "U": first, "u": self._seq, "b": bids, "a": asks})

    def trade(self, ns: int) -> None:
        self._trade += 1
        sold = self._rng.random() < 0.5
        price = self._mid - 1 if sold else self._mid + 1
        data = {"e": "trade", "t": self._trade, "p": f"{price / 100:.8f}", "q": self.size(), "m": sold, "M": True}
        self.stream(ns, "trade", data | {"T": (START_NS + ns) // 10**6})

    def step(self, ns: int) -> None:
        chance = self._rng.random()
        if chance < 0.4:
            self.trade(ns)
        elif chance < 0.9:
            near = self._rng.randint(1, DEPTH)
            self.depth(ns, [self.level(self._mid - near)], [self.level(self._mid + near)])
        elif chance < 0.95:
            gone = self.level(self._mid - 1, empty=True)
            self.depth(ns, [gone, self.level(self._mid - DEPTH - 1)], [self.level(self._mid)])
            self._mid -= 1
        else:
            gone = self.level(self._mid + 1, empty=True)
            self.depth(ns, [self.level(self._mid)], [gone, self.level(self._mid + DEPTH + 1)])
            self._mid += 1


def write_recording(path: Path, *, seconds: float = 4.0, a_second: int = 50, seed: int = 7) -> Path:
    """Write a recording; every fifth event has the stamp of the one before it."""
    walk = Walk(seed)
    walk.depth(0, [], [])
    walk.snapshot(1_000_000)
    gap_ns = 10**9 // a_second
    for number in range(1, int(seconds * a_second)):
        walk.step((number - (number % 5 == 0)) * gap_ns + 1_000_000)
    path.write_bytes(gzip.compress("\n".join([*walk.lines, ""]).encode()))
    return path
