"""Which instruments of a list are seen, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from termdesk.ui.lines.watchlist_columns import CHOICES, WatchItem
from termdesk.ui.watch.lists import WatchList
from termdesk.ui.watch.terms import parse_terms

STILL = frozenset({"symbol", "name"})
"""Columns whose values do not move with the market."""


def members(listed: WatchList, known: Iterable[str]) -> Sequence[str]:
    """Give the ids of a list in its own order, each once; one of everything ends with what it does not name."""
    named = dict.fromkeys(listed.symbols)
    if not listed.everything:
        return list(named)
    present = list(known)
    here = set(present)
    return [name for name in named if name in here] + [name for name in present if name not in named]


def moves(listed: WatchList) -> bool:
    """Whether order or choice follow the market, so that quotes of all members are needed."""
    used = {term.column for term in parse_terms(listed.filter)} | {listed.sort.removeprefix("-")}
    return bool(used - STILL - {""})


def seen(listed: WatchList, ids: Sequence[str], item: Callable[[str], WatchItem | None]) -> Sequence[str]:
    """Filter and sort; what is not known comes last, equals keep their order."""
    terms = parse_terms(listed.filter)
    if not terms and not listed.sort:
        return ids
    found = [(name, item(name)) for name in ids]
    if terms:
        found = [(name, one) for name, one in found if one is not None and all(term.holds(one) for term in terms)]
    if not listed.sort:
        return [name for name, _ in found]
    value = CHOICES[listed.sort.removeprefix("-")].value
    keyed = [(value(one) if one is not None else None, name) for name, one in found]
    known = [pair for pair in keyed if pair[0] is not None]
    known.sort(key=_key, reverse=listed.sort.startswith("-"))
    return [name for _, name in known] + [name for key, name in keyed if key is None]


def _key(pair: tuple[Decimal | str | None, str]) -> tuple[Decimal, str]:
    key = pair[0]
    return (key, "") if isinstance(key, Decimal) else (Decimal(0), str(key))
