"""From the store to what the watchlist shows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from termdesk.ui.lines.watchlist import WatchItem, WatchModel
from termdesk.ui.lines.watchlist_columns import CHOICES, SPARK_CELLS
from termdesk.ui.models import Looking
from termdesk.ui.store import Store
from termdesk.ui.watch.lists import WatchList
from termdesk.ui.watch.terms import inks, parse_rules

Items = Callable[[str], WatchItem | None]


def items(store: Store, looking: Looking, *, with_closes: bool) -> Items:
    """Give how to get what is known of one instrument; nothing is looked up for those that are not asked for."""
    desk_ns = store.desk_ns(looking.clock_ns)
    account = store.accounts.get(looking.account)
    held = {line.instrument: line.qty for line in account.positions} if account is not None else None

    def item(name: str) -> WatchItem | None:
        instrument = store.instruments.get(name)
        if instrument is None:
            return None
        quote, feed = store.quotes.get(name), store.feed_of(name)
        bars = store.bars.get(name, {}) if with_closes else {}
        return WatchItem(
            instrument,
            quote,
            max(0, desk_ns - quote.recv_ns) if quote is not None and quote.recv_ns else None,
            store.is_stale(name, looking.clock_ns, looking.stale_ns),
            None if held is None else held.get(name, 0),
            len(store.armed.prices(name)),
            [bar.close for bar in islice(reversed(bars.values()), SPARK_CELLS)][::-1],
            looking.catalogue.language,
            feed.delay_ns if feed is not None else 0,
        )

    return item


def watch_model(listed: WatchList, ids: Sequence[str], item: Items) -> WatchModel:
    """Give a list with its columns and colour rules."""
    rules = parse_rules(listed.rules)
    return WatchModel(
        ids,
        item,
        tuple(CHOICES[name].column for name in listed.columns),
        lambda one: inks(rules, one),
        "watch.filtered" if listed.filter else "watch.empty",
    )
