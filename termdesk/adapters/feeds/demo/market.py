"""The demo market: all its instruments on one clock that is handed in. Pure: no I/O, no clock of its own."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heapreplace

from termdesk.adapters.feeds.demo.source import DemoSource, Known
from termdesk.adapters.feeds.demo.spec import DemoSpec
from termdesk.core.model.event import DayReference, FeedHeard, FeedLink, InstrumentDefined, MarketEvent, Trade
from termdesk.core.model.number import Ns
from termdesk.core.model.terms import Link

NAME = "demo"
HEARTBEAT_NS = 1_000_000_000


class DemoMarket:
    """Generates every event up to a given time, in the order of time.

    The same arguments give the same events, in whatever steps time is
    handed in.

    Args:
        specs: What is traded.
        seed: Seed of all chance.
        start_ns: When the market begins.
        resume: Last trades (and day references) from before a restart; other events are not looked at.
    """

    def __init__(self, specs: Sequence[DemoSpec], *, seed: int, start_ns: Ns, resume: Sequence[MarketEvent]) -> None:
        known = _known(resume)
        self._start_ns = start_ns
        self._sources = [DemoSource(spec, seed=seed, start_ns=start_ns, known=known.get(spec.id)) for spec in specs]
        self._beat_ns = start_ns + HEARTBEAT_NS
        self._due = [(source.next_ns, index) for index, source in enumerate(self._sources)]
        heapify(self._due)

    def opening(self) -> list[MarketEvent]:
        """What comes before all else: the link, the instruments, their past and books."""
        at_ns = self._start_ns
        events: list[MarketEvent] = [FeedLink(NAME, at_ns, Link.UP, "generated")]
        events += [InstrumentDefined(at_ns, source.instrument) for source in self._sources]
        for source in self._sources:
            events += source.opening(at_ns)
        return events

    def advance(self, to_ns: Ns) -> list[MarketEvent]:
        """Let time pass and give what happened up to and including ``to_ns``."""
        events: list[MarketEvent] = []
        due = self._due
        while min(due[0][0], self._beat_ns) <= to_ns:
            next_ns, index = due[0]
            if self._beat_ns <= next_ns:
                events.append(FeedHeard(NAME, self._beat_ns))
                self._beat_ns += HEARTBEAT_NS
                continue
            source = self._sources[index]
            events += source.step()
            heapreplace(due, (source.next_ns, index))
        return events

    def skip(self, gap_ns: int) -> None:
        """Let time pass in which the whole market stood still (a machine that slept)."""
        self._beat_ns += gap_ns
        for source in self._sources:
            source.skip(gap_ns)
        self._due = [(next_ns + gap_ns, index) for next_ns, index in self._due]


def _known(resume: Sequence[MarketEvent]) -> dict[str, Known]:
    references = {event.instrument: event for event in resume if isinstance(event, DayReference)}
    trades = {event.instrument: event for event in resume if isinstance(event, Trade)}
    return {name: Known(last=trade, reference=references.get(name)) for name, trade in trades.items()}
