"""Bodies of topics, made from the engine's state at the moment of a flush."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState
from termdesk.core.market.topics import bars_body, book_body, quote_body, study_body, tape_body, volume_body
from termdesk.core.wire.topic_names import (
    AccountTopic,
    BarsTopic,
    BookTopic,
    HealthTopic,
    LinksTopic,
    QueueTopic,
    QuoteTopic,
    StudyTopic,
    TapeTopic,
    Topic,
    VolumeTopic,
    WorkspacesTopic,
)
from termdesk.core.wire.topics import AccountBody, BarsBody, HealthBody, QueueBody, StudyBody, TopicBody, VolumeBody
from termdesk.engine.sharing import Sharing
from termdesk.engine.subscription import Cursor

FIRST_TRADES = 200
"""Trades in the first body of a tape."""
BODY_ROWS = 500
"""Bars or points in one body, so that no body outgrows a frame; more go in bodies that follow."""

Made = tuple[tuple[TopicBody, ...], Cursor] | None
"""Bodies to send, in order, and where they end; None where nothing is known yet."""


class DeskBodies(Protocol):
    """Bodies that come from the desk and the engine rather than from the market."""

    sharing: Sharing

    def account_body(self, account: str) -> AccountBody | None:
        """Cash and positions; None where there is no such account."""
        ...

    def queue_body(self, account: str) -> QueueBody | None:
        """Queue estimates; None where there is no such account."""
        ...

    def health_body(self) -> HealthBody:
        """How the engine is."""
        ...


class Bodies:
    """Makes the bodies that go on from a cursor."""

    def __init__(self, market: Market, desk: DeskBodies) -> None:
        self._states = market.states
        self._desk = desk
        self._make: dict[type[Topic], Callable[[Any, Cursor], Made]] = {
            QuoteTopic: self._quote,
            BookTopic: self._book,
            TapeTopic: self._tape,
            VolumeTopic: self._volume,
            BarsTopic: self._bars,
            StudyTopic: self._study,
            AccountTopic: self._account,
            QueueTopic: self._queue,
            HealthTopic: self._health,
            LinksTopic: self._links,
            WorkspacesTopic: self._workspaces,
        }

    def make(self, topic: Topic, cursor: Cursor) -> Made:
        """Give what a subscriber at ``cursor`` has not seen; no bodies where nothing is known yet."""
        return self._make[type(topic)](topic, cursor)

    def _quote(self, topic: QuoteTopic, _: Cursor) -> Made:
        state = self._states.get(topic.instrument)
        return ((quote_body(state),), None) if state is not None else None

    def _book(self, topic: BookTopic, _: Cursor) -> Made:
        state = self._states.get(topic.instrument)
        return ((book_body(state, topic.depth),), None) if state is not None else None

    def _tape(self, topic: TapeTopic, cursor: Cursor) -> Made:
        state = self._states.get(topic.instrument)
        if state is None:
            return None
        count = state.tape.count
        if cursor is None:
            body = msgspec.structs.replace(tape_body(state, max(0, count - FIRST_TRADES)), dropped=0)
        elif cursor[0] == count:
            return (), cursor
        else:
            body = tape_body(state, cursor[0])
        return (body,), (count, 0)

    def _volume(self, topic: VolumeTopic, cursor: Cursor) -> Made:
        state = self._states.get(topic.instrument)
        if state is None:
            return None
        end = state.tape.count, state.tape.day
        if cursor == end:
            return (), cursor
        body = volume_body(state, cursor[0] if cursor is not None and cursor[1] == end[1] else None)
        rows = _pages(body.rows, complete=body.complete)
        bodies = tuple(VolumeBody(body.instrument, body.version, part, first, body.since_ns) for part, first in rows)
        return bodies, end

    def _bars(self, topic: BarsTopic, cursor: Cursor) -> Made:
        state = self._states.get(topic.instrument)
        if state is None:
            return None
        body = bars_body(state, _since(state, cursor))
        rows = _pages(body.bars, complete=body.complete)
        bodies = tuple(BarsBody(body.instrument, body.version, body.interval_ns, part, first) for part, first in rows)
        return bodies, (state.bars.revision, state.bars.start_ns)

    def _study(self, topic: StudyTopic, cursor: Cursor) -> Made:
        state = self._states.get(topic.instrument)
        if state is None:
            return None
        body = study_body(state, _since(state, cursor))
        rows = _pages(body.points, complete=body.complete)
        bodies = tuple(
            StudyBody(body.instrument, body.study, body.lines, part, first, body.warming, body.warm_bars)
            for part, first in rows
        )
        return bodies, (state.bars.revision, state.bars.start_ns)

    def _account(self, topic: AccountTopic, _: Cursor) -> Made:
        body = self._desk.account_body(topic.account)
        return ((body,), None) if body is not None else None

    def _queue(self, topic: QueueTopic, _: Cursor) -> Made:
        body = self._desk.queue_body(topic.account)
        return ((body,), None) if body is not None else None

    def _health(self, _: HealthTopic, __: Cursor) -> Made:
        return (self._desk.health_body(),), None

    def _links(self, _: LinksTopic, __: Cursor) -> Made:
        return (self._desk.sharing.held.links,), None

    def _workspaces(self, _: WorkspacesTopic, __: Cursor) -> Made:
        return (self._desk.sharing.held.workspaces,), None


def _since(state: InstrumentState, cursor: Cursor) -> int | None:
    """Start of the first bar to send; None for all, at first and after closed bars changed."""
    return None if cursor is None or cursor[0] != state.bars.revision else cursor[1]


def _pages(rows: tuple[Any, ...], *, complete: bool) -> list[tuple[tuple[Any, ...], bool]]:
    """Cut rows into bodies; only the first of a complete set replaces what is held."""
    starts = range(0, max(1, len(rows)), BODY_ROWS)
    return [(rows[start : start + BODY_ROWS], complete and start == 0) for start in starts]
