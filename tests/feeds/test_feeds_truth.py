"""Real recordings against independent results: the truth files beside them."""

from __future__ import annotations

import csv
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import to_builtins

from termdesk.adapters.feeds.replay.summary import BarLine, ReplaySummary, summarise

BINANCE = {
    "spot": ("binance_spot", ("btcusdt_20240809.gz", "btcusdt_20240808.gz"), "btcusdt_20240808-09"),
    "usdm": ("binance_usdm", ("btcusdt_20240808.gz",), "btcusdt_20240808"),
}

FIELDS = (
    *("instrument", "lines", "depth_applied", "depth_dropped", "gaps", "trades", "trade_volume", "book_tickers"),
    *("first_ns", "last_ns", "n_bids", "n_asks", "best_bid", "best_ask", "book_sha256", "bbo_compared", "bbo_equal"),
    *("seconds", "messages_per_s", "skipped"),
)


@pytest.fixture(scope="session")
def replays(shared_data: Path) -> dict[str, ReplaySummary]:
    """Every recording, played once; the spot files in the wrong order on purpose."""
    played = {
        name: summarise([shared_data / folder / file for file in files], bars=True)
        for name, (folder, files, _) in BINANCE.items()
    }
    played["600519"] = summarise([shared_data / "ashare_l2" / "600519_20230201.zip"], bars=True)
    return played


def truth_of(shared_data: Path, name: str) -> dict:
    folder, _, stem = BINANCE[name]
    return json.loads((shared_data / folder / f"{stem}.truth.json").read_text())


@pytest.mark.parametrize("name", BINANCE)
def test_binance_counts_equal_the_truth(replays: dict[str, ReplaySummary], shared_data: Path, name: str) -> None:
    ours, truth = replays[name], truth_of(shared_data, name)
    counts = truth["counts"]
    assert (ours.lines, ours.depth_applied, ours.depth_dropped, ours.gaps, ours.book_tickers, ours.skipped) == (
        counts["lines"],
        counts["depth_applied"],
        counts["depth_dropped"],
        counts["gaps"],
        counts["bookTicker"],
        0,
    )
    assert (ours.first_ns, ours.last_ns) == (truth["local_first_ns"], truth["local_last_ns"])
    assert (ours.trades, Decimal(ours.trade_volume)) == (truth["trades"]["used"], Decimal(truth["trades"]["volume"]))


@pytest.mark.parametrize("name", BINANCE)
def test_binance_final_book_equals_the_truth(replays: dict[str, ReplaySummary], shared_data: Path, name: str) -> None:
    ours, final = replays[name], truth_of(shared_data, name)["final"]
    assert (ours.n_bids, ours.n_asks, ours.book_sha256) == (final["n_bids"], final["n_asks"], final["sha256_canonical"])
    assert Decimal(ours.best_bid) == Decimal(final["bids20"][0][0])
    assert Decimal(ours.best_ask) == Decimal(final["asks20"][0][0])


@pytest.mark.parametrize("name", BINANCE)
def test_the_book_equals_the_exchanges_own_best_quote(
    replays: dict[str, ReplaySummary], shared_data: Path, name: str
) -> None:
    ours, truth = replays[name], truth_of(shared_data, name)["bbo_vs_exchange_bookTicker"]
    assert (ours.bbo_compared, ours.bbo_equal) == (truth["compared"], truth["equal"])


def numbers(bar: BarLine) -> tuple:
    return (
        dt.datetime.fromisoformat(bar.time),
        *map(Decimal, (bar.open, bar.high, bar.low, bar.close, bar.volume, bar.turnover)),
        bar.trades,
    )


def truth_bars(path: Path, turnover: str) -> list[tuple]:
    with path.open(newline="") as text:
        return [
            (
                dt.datetime.fromisoformat(row["time"]),
                *(Decimal(row[key]) for key in ("open", "high", "low", "close", "volume", turnover)),
                int(row["trades"]),
            )
            for row in csv.DictReader(text)
        ]


@pytest.mark.parametrize("name", BINANCE)
def test_binance_minute_bars_equal_the_truth(replays: dict[str, ReplaySummary], shared_data: Path, name: str) -> None:
    folder, _, stem = BINANCE[name]
    path = shared_data / folder / f"{stem}.bars_1m.csv"
    assert [numbers(bar) for bar in replays[name].bars] == truth_bars(path, "quote_volume")
    with path.open(newline="") as text:
        assert [Decimal(bar.buy_volume) for bar in replays[name].bars] == [
            Decimal(row["taker_buy_volume"]) for row in csv.DictReader(text)
        ]


def test_the_shanghai_book_equals_every_exchange_snapshot(replays: dict[str, ReplaySummary], shared_data: Path) -> None:
    ours = replays["600519"]
    truth = json.loads((shared_data / "ashare_l2" / "600519_20230201.truth.json").read_text())
    compared = truth["rebuild_vs_snapshots"]
    assert (ours.snapshots, ours.snapshots_equal) == (
        compared["compared"],
        compared["full_10_level_and_volume_match"],
    )
    assert (ours.trades, int(ours.trade_volume), ours.lines, ours.skipped) == (
        truth["checks"]["n_trades"],
        truth["checks"]["sum_trade_volume"],
        sum(truth["rows"].values()),
        0,
    )
    assert sum(Decimal(bar.turnover) for bar in ours.bars) == Decimal(truth["checks"]["sum_amount"])


def test_shanghai_minute_bars_equal_the_truth(replays: dict[str, ReplaySummary], shared_data: Path) -> None:
    path = shared_data / "ashare_l2" / "600519_20230201.bars_1m.csv"
    assert [numbers(bar) for bar in replays["600519"].bars] == truth_bars(path, "amount")


def test_fields_that_do_not_apply_are_left_out(replays: dict[str, ReplaySummary]) -> None:
    spot, shanghai = to_builtins(replays["spot"]), to_builtins(replays["600519"])
    assert tuple(spot)[:20] == FIELDS
    assert not {"depth_applied", "gaps", "book_tickers", "bbo_compared"} & set(shanghai)
