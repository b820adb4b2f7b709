"""Names of topics: text on the wire, structs inside.

``str(topic)`` is the one canonical name; ``parse_topic`` takes that and the
short form ``book/ID``, which means ten levels.
"""

from __future__ import annotations

import msgspec

from termdesk.core.model.errors import Refused

DEFAULT_DEPTH = 10
MAX_DEPTH = 100

INTERVALS = {"1m": 60_000_000_000}
"""Bar intervals by name, in nanoseconds."""

STUDIES = ("macd",)


class QuoteTopic(msgspec.Struct, frozen=True):
    """The quote line of an instrument."""

    instrument: str

    def __str__(self) -> str:
        return f"quote/{self.instrument}"


class BookTopic(msgspec.Struct, frozen=True):
    """The best ``depth`` levels a side."""

    instrument: str
    depth: int = DEFAULT_DEPTH

    def __str__(self) -> str:
        return f"book/{self.instrument}?depth={self.depth}"


class TapeTopic(msgspec.Struct, frozen=True):
    """Public trades of an instrument."""

    instrument: str

    def __str__(self) -> str:
        return f"tape/{self.instrument}"


class BarsTopic(msgspec.Struct, frozen=True):
    """Bars of an instrument."""

    instrument: str
    interval: str

    def __str__(self) -> str:
        return f"bars/{self.instrument}/{self.interval}"


class StudyTopic(msgspec.Struct, frozen=True):
    """A study along the bars of an instrument."""

    instrument: str
    interval: str
    study: str

    def __str__(self) -> str:
        return f"study/{self.instrument}/{self.interval}/{self.study}"


class AccountTopic(msgspec.Struct, frozen=True):
    """Cash and positions of an account."""

    account: str

    def __str__(self) -> str:
        return f"account/{self.account}"


class QueueTopic(msgspec.Struct, frozen=True):
    """Queue estimates of an account's orders."""

    account: str

    def __str__(self) -> str:
        return f"queue/{self.account}"


class HealthTopic(msgspec.Struct, frozen=True):
    """How the engine is."""

    def __str__(self) -> str:
        return "engine/health"


Topic = QuoteTopic | BookTopic | TapeTopic | BarsTopic | StudyTopic | AccountTopic | QueueTopic | HealthTopic

_SHAPES: dict[str, tuple[type[Topic], int]] = {
    "quote": (QuoteTopic, 1),
    "book": (BookTopic, 1),
    "tape": (TapeTopic, 1),
    "bars": (BarsTopic, 2),
    "study": (StudyTopic, 3),
    "account": (AccountTopic, 1),
    "queue": (QueueTopic, 1),
}
"""Type of each topic and how many parts follow the first."""


def parse_topic(name: str) -> Topic:
    """Read a topic's name. Does not look whether the instrument or account exists.

    Raises:
        Refused: ``topic.unknown`` where no topic is named so, ``topic.depth``
            where the depth is no whole number from 1 to 100.
    """
    path, question, option = name.partition("?")
    first, *rest = path.split("/")
    if path == "engine/health" and not question:
        return HealthTopic()
    kind, parts = _SHAPES.get(first, (None, 0))
    if kind is None or len(rest) != parts or not all(rest) or (question and kind is not BookTopic):
        raise _unknown(name)
    if kind is BookTopic:
        return BookTopic(rest[0], _depth(name, option) if question else DEFAULT_DEPTH)
    if (parts > 1 and rest[1] not in INTERVALS) or (kind is StudyTopic and rest[2] not in STUDIES):
        raise _unknown(name)
    return kind(*rest)


def _depth(name: str, option: str) -> int:
    key, _, value = option.partition("=")
    if key != "depth":
        raise _unknown(name)
    if not (value.isascii() and value.isdigit() and len(value) <= 3 and 1 <= int(value) <= MAX_DEPTH):
        raise Refused("topic.depth", {"depth": value[:40], "max": str(MAX_DEPTH)})
    return int(value)


def _unknown(name: str) -> Refused:
    return Refused("topic.unknown", {"topic": name[:80]})
