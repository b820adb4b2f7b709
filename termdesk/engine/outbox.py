"""The outbox: broker requests, answers and log records wait here until the facts they rest on are durable."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

import msgspec

from termdesk.core.model.command import Answer
from termdesk.core.model.facts import Recorded
from termdesk.core.model.venue import VenueReport, VenueRequest


class Waiting(msgspec.Struct, frozen=True):
    """What one turn let wait."""

    seq: int
    """Newest fact it rests on."""
    records: Sequence[Recorded]
    effects: Sequence[VenueRequest]
    answers: Sequence[Answer]
    report: VenueReport | None = None
    """The broker's word that led to it; it must not be lost where the facts are."""


class Outbox:
    """Turns in order, released in order."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._effects = 0

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    @property
    def holds_effects(self) -> bool:
        """Whether a request to a broker waits."""
        return self._effects > 0

    def records(self) -> Iterator[Recorded]:
        """Give the records that are submitted and not known to be durable, in order."""
        for waiting in self._waiting:
            yield from waiting.records

    def put(self, waiting: Waiting) -> None:
        """Let a turn's outcome wait."""
        self._waiting.append(waiting)
        self._effects += len(waiting.effects)

    def release(self, durable_seq: int) -> Iterator[Waiting]:
        """Give, in order, what rests on facts up to ``durable_seq``; each is out before it is given."""
        while self._waiting and self._waiting[0].seq <= durable_seq:
            yield self._take()

    def drop(self) -> list[Waiting]:
        """Empty it without letting anything out: the facts will never be durable."""
        return [self._take() for _ in range(len(self._waiting))]

    def _take(self) -> Waiting:
        waiting = self._waiting.popleft()
        self._effects -= len(waiting.effects)
        return waiting
