"""Conflation: what moved since the last frame, sent once, the latest state only.

Nothing is made per market event but a mark. At each tick the bodies that some
client wants and that have news are built and encoded once, then shared.
A client that can't take a frame now keeps its marks and gets the newest state
when it can; nobody waits for it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol

import msgspec

from termdesk.core.market.state import Touched
from termdesk.core.wire.codec import encode_body
from termdesk.core.wire.topic_names import (
    AccountTopic,
    HealthTopic,
    LinksTopic,
    QueueTopic,
    Topic,
    WorkspacesTopic,
)
from termdesk.core.wire.topics import TopicBody
from termdesk.engine.bodies import Bodies, Made
from termdesk.engine.clock import SystemClock
from termdesk.engine.meter import Meter
from termdesk.engine.subscription import Cursor, Subscription

IDLE_NS = 250_000_000
FASTEST_NS = 1_000_000_000 // 60


class Body:
    """A topic's body, encoded when the first binary client needs it."""

    __slots__ = ("_raw", "body")

    def __init__(self, body: TopicBody) -> None:
        self.body = body
        self._raw: msgspec.Raw | None = None

    @property
    def raw(self) -> msgspec.Raw:
        """The msgpack of the body."""
        if self._raw is None:
            self._raw = encode_body(self.body)
        return self._raw


class Subscriber(Protocol):
    """A session, as far as topics are concerned."""

    subscriptions: dict[str, Subscription]

    @property
    def takes_topics(self) -> bool:
        """Whether the last frame has left."""
        ...

    def send_topics(self, desk_ns: int, updates: list[tuple[str, Body]]) -> None:
        """Take a frame's worth of news."""
        ...


class Desk(Protocol):
    """What conflation reads of the desk."""

    def now_ns(self) -> int:
        """Desk time."""
        ...

    def is_durable(self) -> bool:
        """Whether everything in its state may be shown."""
        ...

    def interests(self, account: str) -> set[str]:
        """Instruments that an account holds or has orders in."""
        ...


class Board:
    """The marks of all topics, and the task that flushes them.

    Attributes:
        dirty: Bits of ``Touched`` by instrument since the last tick; the desk writes them.
        subscribers: Sessions that are attached.
    """

    def __init__(self, desk: Desk, bodies: Bodies, dirty: dict[str, int], clock: SystemClock, meter: Meter) -> None:
        self.dirty = dirty
        self.subscribers: list[Subscriber] = []
        self._desk = desk
        self._bodies = bodies
        self._clock = clock
        self._meter = meter
        self._kicked = asyncio.Event()

    def kick(self) -> None:
        """Flush soon: someone subscribed, or can take a frame again."""
        self._kicked.set()

    def desk_changed(self) -> None:
        """Mark everything that shows accounts and orders."""
        for subscription in self._all():
            if isinstance(subscription.topic, AccountTopic | QueueTopic):
                subscription.dirty = True

    def changed(self, kind: type[Topic]) -> None:
        """Mark a topic that the market does not move; health, of which all else may wait, goes at once."""
        for subscription in self._all():
            if isinstance(subscription.topic, kind):
                subscription.dirty = True
                if kind is HealthTopic:
                    subscription.due_ns = 0
        self.kick()

    async def run(self) -> None:
        """Flush at the pace of the fastest subscription until cancelled, and between when kicked."""
        due_ns = 0
        while True:
            now_ns = self._clock.ticks_ns()
            due_ns = next_due(due_ns, self._period_ns(), now_ns)
            with suppress(TimeoutError):
                async with asyncio.timeout((due_ns - now_ns) / 1e9):
                    await self._kicked.wait()
            self._kicked.clear()
            self.flush()

    def flush(self) -> None:
        """Send every client what is new and due."""
        began = self._clock.ticks_ns()
        self._mark()
        made: dict[tuple[str, Cursor], _Shared] = {}
        for subscriber in self.subscribers:
            if subscriber.takes_topics:
                updates = self._updates(subscriber, began, made)
                if updates:
                    subscriber.send_topics(self._desk.now_ns(), updates)
        self._meter.clients += self._clock.ticks_ns() - began

    def _updates(
        self, subscriber: Subscriber, now_ns: int, made: dict[tuple[str, Cursor], _Shared]
    ) -> list[tuple[str, Body]]:
        updates: list[tuple[str, Body]] = []
        slack_ns = FASTEST_NS // 2
        durable = self._desk.is_durable()
        for subscription in subscriber.subscriptions.values():
            if not subscription.dirty or subscription.due_ns > now_ns + slack_ns:
                continue
            if not durable and isinstance(subscription.topic, AccountTopic | QueueTopic):
                continue
            key = (subscription.name, subscription.cursor)
            if key not in made:
                made[key] = _shared(self._bodies.make(subscription.topic, subscription.cursor))
            found = made[key]
            if found is not None:
                bodies, cursor = found
                if _differs(subscription, bodies):
                    updates += [(subscription.name, body) for body in bodies]
                subscription.went(now_ns, cursor)
        return updates

    def _mark(self) -> None:
        """Spread the marks of instruments over the subscriptions that they concern."""
        if not self.dirty:
            return
        dirty, moved = self.dirty, {name for name, bits in self.dirty.items() if bits & (Touched.TRADE | Touched.BOOK)}
        for subscription in self._all():
            if subscription.dirty:
                continue
            topic = subscription.topic
            if isinstance(topic, AccountTopic | QueueTopic):
                interests = self._desk.interests(topic.account)
                subscription.dirty = not moved.isdisjoint(interests) if interests else False
            elif not isinstance(topic, HealthTopic | LinksTopic | WorkspacesTopic):
                subscription.dirty = bool(dirty.get(topic.instrument, 0) & subscription.news)
        dirty.clear()

    def _all(self) -> list[Subscription]:
        return [each for subscriber in self.subscribers for each in subscriber.subscriptions.values()]

    def _period_ns(self) -> int:
        return min(IDLE_NS, max(FASTEST_NS, min((each.period_ns for each in self._all()), default=IDLE_NS)))


def next_due(due_ns: int, period_ns: int, now_ns: int) -> int:
    """Give the next tick of an even row of them: what a tick costs does not delay the next, missed ones are left out.

    Args:
        due_ns: Any tick of the row.
        period_ns: Between two of them; one that is still to come is not waited for longer.
        now_ns: Now.
    """
    if due_ns > now_ns:
        return min(due_ns, now_ns + period_ns)
    return due_ns + period_ns * ((now_ns - due_ns) // period_ns + 1)


_Shared = tuple[list[Body], Cursor] | None


def _shared(made: Made) -> _Shared:
    if made is None:
        return None
    bodies, cursor = made
    return [Body(body) for body in bodies], cursor


def _differs(subscription: Subscription, bodies: list[Body]) -> bool:
    """Hold back account and queue bodies that say what was said before."""
    if not bodies or not isinstance(subscription.topic, AccountTopic | QueueTopic):
        return True
    body = bodies[-1].body
    same = subscription.sent == body
    subscription.sent = body
    return not same
