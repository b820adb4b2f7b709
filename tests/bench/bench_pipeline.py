"""Recording lines to conflated topics: ours against json + float + SortedDict + ta, one core, no socket.

Run by hand: ``python tests/bench/bench_pipeline.py [FOLDER]``, where FOLDER
holds the two spot files of BTCUSDT. Prints one JSON object. CPU time per
line, rounds interleaved in shuffled order; trust the ratios of one run, not
numbers of different days.

Ours: line -> event -> market state (book in sequence, quote, day numbers,
tape, 1 m bars) -> dirty marks -> quote, book (10 levels), tape, bars and MACD
bodies 30 times per second of recorded time. The usual way: ``json.loads``,
``float``, ``SortedDict``, state in dictionaries, ``ta`` over 500 bars at each
bar close (``usual``: MACD, RSI, Bollinger, OBV as the reference script does;
``usual_macd``: MACD alone); no sequence check, no bodies.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from sortedcontainers import SortedDict
from ta.momentum import RSIIndicator
from ta.trend import MACD
from ta.volatility import BollingerBands
from ta.volume import OnBalanceVolumeIndicator

from termdesk.adapters.feeds.binance.decode import BinanceDecoder
from termdesk.adapters.feeds.replay.binance import Beginning, read_stamp, stamped
from termdesk.adapters.feeds.replay.lines import file_lines
from termdesk.adapters.feeds.replay.summary import summarise
from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState, Touched
from termdesk.core.market.topics import bars_body, book_body, quote_body, study_body, tape_body
from termdesk.core.model.bar import Bar
from termdesk.core.model.event import BarHistory, InstrumentDefined
from termdesk.core.studies.macd import MacdStudy

FILES = ("btcusdt_20240808.gz", "btcusdt_20240809.gz")
FRAME_NS = 1_000_000_000 // 30
HISTORY = 500
BOOK, QUOTE, TRADE = Touched.BOOK, Touched.QUOTE, Touched.TRADE
MINUTE_NS = 60_000_000_000


def history() -> list[float]:
    """Closes of the bars before the recording, the same for both ways."""
    rng = random.Random(3)
    return [61_800 + rng.random() for _ in range(HISTORY)]


class Ours:
    """The engine's own code, without its sockets."""

    def __init__(self, paths: list[Path], lines: list[bytes], closes: list[float]) -> None:
        self._lines = lines
        self.instrument = Beginning(paths[0]).evidence.instrument("BTCUSDT")
        start = stamped(lines[0])[0] // MINUTE_NS * MINUTE_NS
        self._bars = tuple(
            Bar(start - (HISTORY - n) * MINUTE_NS, *(4 * [round(close * 100)]), 1, self.instrument.multiplier, 1, 0)
            for n, close in enumerate(closes)
        )
        self.bodies = 0
        self.market = Market()

    def __call__(self) -> None:
        decoder = BinanceDecoder()
        decoder.introduce(self.instrument)
        self.market = market = Market(MacdStudy)
        name = self.instrument.id
        market.apply(InstrumentDefined(1, self.instrument), "bench")
        market.apply(BarHistory(name, 0, 1, MINUTE_NS, self._bars), "bench")
        decode, apply = decoder.decode, market.apply
        dirty: defaultdict[InstrumentState, int] = defaultdict(int)
        sent = {market.states[name]: (0, 0)}
        frame_ns = self.bodies = 0
        for line in self._lines:
            stamp, _, payload = line.partition(b" ")
            recv_ns = read_stamp(stamp)
            event = decode(payload, recv_ns)
            if event is not None:
                state, touched = apply(event, "bench")
                if state is not None:
                    dirty[state] |= touched
            if recv_ns >= frame_ns and dirty:
                frame_ns = recv_ns + FRAME_NS
                self._frame(dirty, sent)
                dirty.clear()

    def _frame(self, dirty: dict[InstrumentState, int], sent: dict[InstrumentState, tuple[int, int]]) -> None:
        for state, touched in dirty.items():
            if touched & QUOTE:
                quote_body(state)
                self.bodies += 1
            if touched & BOOK:
                book_body(state, 10)
                self.bodies += 1
            if touched & TRADE:
                trades, since_ns = sent[state]
                tape_body(state, trades)
                bars_body(state, since_ns)
                study_body(state, since_ns)
                sent[state] = (state.tape.count, state.bars.start_ns)
                self.bodies += 3


class Usual:
    """The usual way: dictionaries, floats, a sorted dictionary a side, batch studies at each bar close.

    ``studies`` is what runs over the last 500 bars at a close.
    """

    def __init__(
        self, lines: list[bytes], closes: list[float], studies: Callable[[pd.Series, pd.Series], None]
    ) -> None:
        self._lines = lines
        self._closes = closes
        self._studies = studies
        self.state: dict[str, Any] = {}

    def __call__(self) -> None:
        symbol = {"bid": 0.0, "ask": 0.0, "last": 0.0, "high": 0.0, "low": 1e9, "volume": 0.0, "minute": 0}
        symbol |= {"b": SortedDict(), "a": SortedDict(), "closes": list(self._closes), "volumes": [1.0] * HISTORY}
        symbols = {"BTCUSDT": symbol}
        self.state = symbol
        for line in self._lines:
            message = json.loads(line[20:])
            if "stream" not in message:
                for key, levels in (("b", message["bids"]), ("a", message["asks"])):
                    symbol[key].clear()
                    symbol[key].update((float(price), float(qty)) for price, qty in levels)
                continue
            data = message["data"]
            state = symbols[data["s"]]
            kind = message["stream"].split("@")[1]
            if kind == "bookTicker":
                state["bid"] = float(data["b"])
                state["ask"] = float(data["a"])
            elif kind == "trade":
                self._trade(state, data)
            else:
                for key in "ba":
                    book = state[key]
                    for price, qty in data[key]:
                        price, qty = float(price), float(qty)
                        if qty:
                            book[price] = qty
                        else:
                            book.pop(price, None)

    def _trade(self, state: dict[str, Any], data: dict[str, Any]) -> None:
        price = float(data["p"])
        if data["T"] // 60_000 != state["minute"]:
            state["minute"] = data["T"] // 60_000
            state["closes"] = [*state["closes"], state["last"] or price][-HISTORY:]
            state["volumes"] = [*state["volumes"], state["volume"]][-HISTORY:]
            state["volume"] = 0.0
            self._studies(pd.Series(state["closes"]), pd.Series(state["volumes"]))
        state["last"] = price
        state["volume"] += float(data["q"])
        state["high"] = max(state["high"], price)
        state["low"] = min(state["low"], price)


def macd_only(closes: pd.Series, volumes: pd.Series) -> None:
    """The study that ours keeps."""
    study = MACD(closes)
    study.macd(), study.macd_signal(), study.macd_diff()


def four_studies(closes: pd.Series, volumes: pd.Series) -> None:
    """The studies of the reference script."""
    macd_only(closes, volumes)
    RSIIndicator(closes).rsi()
    band = BollingerBands(closes)
    band.bollinger_hband(), band.bollinger_lband()
    OnBalanceVolumeIndicator(closes, volumes).on_balance_volume()


def interleaved(ways: dict[str, Callable[[], None]], rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each way, every way once a round, in shuffled order, after one unmeasured round."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    order = list(ways)
    for turn in range(rounds + 1):
        random.shuffle(order)
        for name in order:
            gc.collect()
            began = time.process_time()
            ways[name]()
            if turn:
                spent[name].append(time.process_time() - began)
    return spent


def main() -> None:
    """Measure and print."""
    default = Path(__file__).resolve().parents[3] / "shared" / "data" / "binance_spot"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    paths = [folder / name for name in FILES]
    lines = [line for path in paths for batch in file_lines(path) for line in batch]
    closes = history()
    ours, usual = Ours(paths, lines, closes), Usual(lines, closes, four_studies)
    spent = interleaved({"ours": ours, "usual": usual, "usual_macd": Usual(lines, closes, macd_only)}, rounds=7)
    state = ours.market.states[ours.instrument.id]
    ours_bids = {(price / 100, qty / 1e8) for price, qty in state.book.bids.items()}
    assert len(ours_bids ^ set(usual.state["b"].items())) < 10, "only what the usual way misses at the snapshot differs"
    medians = {name: statistics.median(times) for name, times in spent.items()}
    result = {
        "bench": "pipeline",
        "unit": "us CPU per line",
        "lines": len(lines),
        "bodies": ours.bodies,
        **{name: told(times, len(lines)) for name, times in spent.items()},
        "ratio": round(medians["usual"] / medians["ours"], 3),
        "ratio_macd": round(medians["usual_macd"] / medians["ours"], 3),
        "ratio_by_round": [round(b / a, 2) for a, b in zip(spent["ours"], spent["usual"], strict=True)],
        "replay_summary_lines_per_s": max(summarise(paths).messages_per_s for _ in range(3)),
    }
    print(json.dumps(result))


def told(seconds: list[float], lines: int) -> dict[str, float]:
    """Microseconds of CPU per line, and lines a second."""
    median = statistics.median(seconds)
    found = {"med": median, "min": min(seconds), "max": max(seconds)}
    return {key: round(value / lines * 1e6, 3) for key, value in found.items()} | {"lines_per_s": round(lines / median)}


if __name__ == "__main__":
    main()
