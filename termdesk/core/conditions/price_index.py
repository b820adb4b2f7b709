"""Armed price levels per instrument, sorted, so that a trade touches only what it fires.

Does not journal, decide or act: it answers which armed conditions a traded
price satisfies. Direction is fixed at creation; a condition that is already
satisfied when armed fires with the next trade.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort

from termdesk.core.model.condition import LastAtOrAbove, Predicate

Armed = tuple[int, int, str]
"""Price, order of arming, condition id."""


class PriceIndex:
    """Every armed price condition of a desk."""

    def __init__(self) -> None:
        self._above: dict[str, list[Armed]] = {}
        self._below: dict[str, list[Armed]] = {}
        self._armed: dict[str, tuple[Predicate, Armed]] = {}
        self._count = 0

    def __len__(self) -> int:
        return len(self._armed)

    def arm(self, condition_id: str, predicate: Predicate) -> None:
        """Watch for a predicate from now on; arming an id again replaces it."""
        self.disarm(condition_id)
        self._count += 1
        entry = (predicate.price, self._count, condition_id)
        insort(self._levels(predicate), entry)
        self._armed[condition_id] = (predicate, entry)

    def disarm(self, condition_id: str) -> None:
        """Stop watching; an id that is not armed is left alone."""
        found = self._armed.pop(condition_id, None)
        if found is None:
            return
        predicate, entry = found
        levels = self._levels(predicate)
        del levels[bisect_left(levels, entry)]

    def satisfied(self, instrument: str, traded: int) -> list[str]:
        """Give the ids that a trade at a scaled price satisfies, in the order in which they were armed."""
        hits: list[Armed] = []
        above = self._above.get(instrument)
        if above and above[0][0] <= traded:
            hits += above[: bisect_right(above, traded, key=_price)]
        below = self._below.get(instrument)
        if below and below[-1][0] >= traded:
            hits += below[bisect_left(below, traded, key=_price) :]
        return [entry[2] for entry in sorted(hits, key=_order)]

    def _levels(self, predicate: Predicate) -> list[Armed]:
        side = self._above if isinstance(predicate, LastAtOrAbove) else self._below
        return side.setdefault(predicate.instrument, [])


def _price(entry: Armed) -> int:
    return entry[0]


def _order(entry: Armed) -> int:
    return entry[1]
