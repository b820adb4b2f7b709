"""Every key that a painter may ask its translator for; a catalogue is complete when it has them all."""

from __future__ import annotations

from collections.abc import Iterable

from termdesk.core.model.terms import Link, Liquidity, Mode, OrdStatus, Phase, Side
from termdesk.ui.lines import blotter_tables, depth, ladder_marks, tape, watchlist_columns
from termdesk.ui.lines.blotter import TABS
from termdesk.ui.lines.ladder_model import Notice
from termdesk.ui.lines.table import Column


def _titles(columns: Iterable[Column]) -> tuple[str, ...]:
    return tuple(column.key for column in columns)


def _each(prefix: str, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{prefix}.{name}" for name in names)


KEYS = frozenset(
    (
        *_each("ladder", ("empty", "waiting", "too_small", "stale", "gap", "compressed")),
        *_each("ladder", ("locked", "flat", "ticks", "today", "fills")),
        *_each("ladder.header", ("price", "bid", "ask", "last", "own_buys", "own_sells")),
        *_each("ladder.header", ("volume", "traded", "flow", "pnl", "note")),
        *_each("ladder.mark", ladder_marks.KINDS),
        *_each("ladder.notice", (notice.value for notice in Notice if notice is not Notice.NONE)),
        *_each("ladder.mode", (mode.value for mode in Mode)),
        *_each("watch", ("empty", "filtered", "late")),
        *_titles(one.column for one in watchlist_columns.CHOICES.values()),
        *_each("watch.phase", (p.value for p in Phase if p not in (Phase.CONTINUOUS, Phase.UNKNOWN))),
        "tape.empty",
        *_each("depth", ("ask", "bid", "ratio", "last", "bought", "sold")),
        *_each("depth.rank", map(str, range(1, max(depth.LEVELS) + 1))),
        *_titles(tape.COLUMNS),
        *_each("chart", ("empty", "waiting", "too_small", "warming", "open", "high", "low", "close")),
        "blotter.market",
        *_each("blotter.tab", TABS),
        *_each("blotter.empty", TABS),
        *_each("blotter.side", (side.value for side in Side)),
        *_each("blotter.status", ("partial", *(status.value for status in OrdStatus))),
        *_each("blotter.liquidity", (liquidity.value for liquidity in Liquidity)),
        *(key for columns in blotter_tables.ALL_COLUMNS.values() for key in _titles(columns)),
        *_each("status", ("account", "source", "halted", "pnl", "feed.stale", "armed", "disarmed")),
        *_each("status", ("also", "arming_unknown", "looks_on")),
        *_each("status.trading", ("killed", "halted", "reducing")),
        *_each("status.mode", (mode.value for mode in Mode)),
        *_each("status.replay", ("max", "paused", "ended")),
        *_each("status.engine", ("silent", *(link.value for link in Link))),
        *_each("status.feed", (link.value for link in Link)),
    )
)
