"""The simulated exchange that a scenario's policies ask for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from termdesk.core.matching.fidelity import QUEUE, CrossFill, Fidelity, Queue, SelfTrade, StopInMarket

_MS = 1_000_000
_MAKE: dict[str, tuple[str, Callable[[str], Any]]] = {
    "consumption": ("consumption", "tracked".__eq__),
    "price_protection_points": ("price_protection_points", int),
    "l1_residual": ("slip_one_tick", "slip_one_tick".__eq__),
    "queue": ("queue", Queue),
    "queue_n": ("queue_n", Decimal),
    "cross_fill": ("cross_fill", CrossFill),
    "trade_execution": ("trade_execution", "on".__eq__),
    "stop_in_market": ("stop_in_market", StopInMarket),
    "last_as_book": ("last_as_book", "on".__eq__),
    "own_orders_match": ("own_orders_match", "on".__eq__),
    "stp": ("stp", SelfTrade),
    "latency_entry_ms": ("entry_latency_ns", lambda text: int(Decimal(text) * _MS)),
    "latency_response_ms": ("response_latency_ns", lambda text: int(Decimal(text) * _MS)),
}
_MAKE_BARS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "bar_path": ("path", str),
    "bar_limit": ("limit", str),
    "bar_stop_fill": ("stop_fill", str),
    "bar_touch_fill": ("touch_fill", str),
    "bar_stoplimit": ("stop_limit", str),
    "bar_trail": ("trail", str),
    "bar_trail_fill": ("trail_fill", str),
    "bar_volume": ("volume", str),
    "participation_pct": ("participation_pct", Decimal),
    "market_on_bar": ("market", str),
    "slippage_pct": ("slippage_pct", Decimal),
    "slippage_cap": ("slippage_cap", str),
    "slippage_on_open": ("slippage_on_open", "on".__eq__),
}
BARS: dict[str, tuple[str, ...]] = {
    "bar_path": ("ohlc", "olhc", "adaptive", "pessimistic"),
    "bar_limit": ("touch", "through"),
    "bar_stop_fill": ("trigger_or_open",),
    "bar_touch_fill": ("trigger",),
    "bar_stoplimit": ("close_then_limit", "backtrader"),
    "bar_trail": ("from_extreme", "from_close"),
    "bar_trail_fill": ("worse_of_stop_and_close",),
    "bar_volume": ("unlimited", "split_four", "participation"),
    "market_on_bar": ("next_open",),
    "slippage_cap": ("bar_extreme",),
    "slippage_on_open": ("on",),
}
"""Rules of bars that the exchange knows. Numbers, such as percentages, are taken as they are."""
NUMBERS = frozenset(
    {
        "participation_pct",
        "slippage_pct",
        "latency_entry_ms",
        "latency_response_ms",
        "queue_n",
        "price_protection_points",
    }
)


def fidelity_of(policy: dict[str, str]) -> Fidelity:
    """The default profile with a scenario's policies in place of its own; those of the desk are not looked at."""
    bars = {name: make(policy[key]) for key, (name, make) in _MAKE_BARS.items() if key in policy}
    rules = {name: make(policy[key]) for key, (name, make) in _MAKE.items() if key in policy}
    return replace(QUEUE, **rules, bars=replace(QUEUE.bars, **bars))
