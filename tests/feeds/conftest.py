"""Recordings written for one test."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from recorded_lines import ORDER_HEADER, SNAPSHOT_HEADER, TRADE_HEADER, depth, rest, ticker, trade


@pytest.fixture
def recorded(tmp_path: Path) -> Callable[..., Path]:
    """Write lines as a recording file."""

    def write(lines: Sequence[str | bytes], name: str = "rec.gz") -> Path:
        raw = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
        path = tmp_path / name
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return path

    return write


@pytest.fixture
def small_day() -> list[str]:
    """A Binance recording: snapshot, deltas, trades, tickers."""
    return [
        depth(0, 1, 5, [["100.00000000", "9.00000000"]], []),
        depth(1, 6, 10, [["100.00000000", "1.00000000"]], []),
        rest(2, 7, [["100.00000000", "3.00000000"]], [["100.01000000", "2.00000000"]]),
        ticker(3, 10),
        trade(4, 1),
        depth(5, 11, 12, [["99.99000000", "4.00000000"]], [["100.01000000", "0.00000000"], ["100.02", "1.5"]]),
        trade(6, 2, price="100.01000000"),
        depth(7, 13, 13, [], [["100.03000000", "2.50000000"]]),
    ]


@pytest.fixture
def shanghai(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a Shanghai day archive; headers are put before them."""

    def write(
        orders: Sequence[str], trades: Sequence[str] = (), snapshots: Sequence[str] = (), folder: str = "20230201"
    ) -> Path:
        path = tmp_path / "day.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, header, rows in (
                ("entrust.csv", ORDER_HEADER, orders),
                ("trade.csv", TRADE_HEADER, trades),
                ("snapshot.csv", SNAPSHOT_HEADER, snapshots),
            ):
                archive.writestr(f"{folder}/{member}", "\n".join([header, *rows, ""]))
        return path

    return write
