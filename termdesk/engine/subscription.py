"""One client's interest in one topic: its rate, whether there is news, and what it was sent already."""

from __future__ import annotations

from termdesk.core.market.state import Touched
from termdesk.core.wire.topic_names import (
    AccountTopic,
    BarsTopic,
    BookTopic,
    HealthTopic,
    QueueTopic,
    QuoteTopic,
    StudyTopic,
    TapeTopic,
    Topic,
    VolumeTopic,
)

NEWS: dict[type[Topic], int] = {
    QuoteTopic: Touched.QUOTE | Touched.PHASE,
    BookTopic: Touched.BOOK | Touched.PHASE,
    TapeTopic: Touched.TRADE,
    VolumeTopic: Touched.TRADE,
    BarsTopic: Touched.BARS,
    StudyTopic: Touched.BARS,
    AccountTopic: Touched.TRADE,
    QueueTopic: Touched.BOOK | Touched.TRADE,
}
"""What must have been touched for a topic to have news."""

MAX_RATE = 60.0
MIN_RATE = 0.01
HEALTH_RATE = 2.0

Cursor = tuple[int, int] | None
"""Where the last body ended, as the body's kind counts; None before the first."""


class Subscription:
    """State of a subscription; belongs to one session.

    Attributes:
        name: As the client named it.
        dirty: Whether there is news since the last frame.
        due_ns: Earliest tick at which the next body may go.
        cursor: Where the last body ended.
        sent: Last body, for topics that go only when they differ.
    """

    __slots__ = ("_rate", "cursor", "dirty", "due_ns", "name", "news", "period_ns", "sent", "topic")

    def __init__(self, name: str, topic: Topic, rate: float) -> None:
        self.name = name
        self.topic = topic
        self.news = NEWS.get(type(topic), 0)
        self.rate = rate
        self.due_ns = 0
        self.dirty = True
        self.cursor: Cursor = None
        self.sent: object = None

    @property
    def rate(self) -> float:
        """Bodies a second, as asked for; what is too fast or too slow is kept to the nearest that is possible."""
        return self._rate

    @rate.setter
    def rate(self, rate: float) -> None:
        top = HEALTH_RATE if isinstance(self.topic, HealthTopic) else MAX_RATE
        self._rate = rate
        self.period_ns = int(1e9 / min(top, max(MIN_RATE, rate)))
        self.due_ns = 0

    def went(self, now_ns: int, cursor: Cursor) -> None:
        """Note that a body went out at a tick."""
        self.dirty = isinstance(self.topic, HealthTopic)
        self.due_ns = max(self.due_ns + self.period_ns, now_ns + self.period_ns // 2)
        self.cursor = cursor
