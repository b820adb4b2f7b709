"""Names of topics: text on the wire, structs inside.

``str(topic)`` is the one canonical name; ``parse_topic`` takes that and the
short form ``book/ID``, which means ten levels.
"""

from __future__ import annotations

from collections.abc import Callable

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


class VolumeTopic(msgspec.Struct, frozen=True):
    """Volume at price of an instrument."""

    instrument: str

    def __str__(self) -> str:
        return f"volume/{self.instrument}"


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


class LinksTopic(msgspec.Struct, frozen=True):
    """What each link group shows."""

    def __str__(self) -> str:
        return "view/links"


class WorkspacesTopic(msgspec.Struct, frozen=True):
    """How panes are arranged."""

    def __str__(self) -> str:
        return "view/workspaces"


Topic = (
    QuoteTopic
    | BookTopic
    | TapeTopic
    | VolumeTopic
    | BarsTopic
    | StudyTopic
    | AccountTopic
    | QueueTopic
    | HealthTopic
    | LinksTopic
    | WorkspacesTopic
)

_PLAIN: dict[str, Callable[[str], Topic]] = {
    "quote": QuoteTopic,
    "tape": TapeTopic,
    "volume": VolumeTopic,
    "account": AccountTopic,
    "queue": QueueTopic,
}


def parse_topic(name: str) -> Topic:
    """Read a topic's name. Does not look whether the instrument or account exists.

    Raises:
        Refused: ``topic.unknown`` where no topic is named so, ``topic.depth``
            where the depth is no whole number from 1 to 100.
    """
    path, question, option = name.partition("?")
    kind, *rest = path.split("/")
    match (kind, *rest):
        case ("book", instrument) if instrument:
            return BookTopic(instrument, _depth(name, option) if question else DEFAULT_DEPTH)
        case _ if question or not all(rest):
            raise _unknown(name)
        case (_, about) if kind in _PLAIN:
            return _PLAIN[kind](about)
        case ("bars", instrument, interval) if interval in INTERVALS:
            return BarsTopic(instrument, interval)
        case ("study", instrument, interval, study) if interval in INTERVALS and study in STUDIES:
            return StudyTopic(instrument, interval, study)
        case ("engine", "health"):
            return HealthTopic()
        case ("view", "links"):
            return LinksTopic()
        case ("view", "workspaces"):
            return WorkspacesTopic()
        case _:
            raise _unknown(name)


def _depth(name: str, option: str) -> int:
    key, _, value = option.partition("=")
    if key != "depth":
        raise _unknown(name)
    if not (value.isascii() and value.isdigit() and len(value) <= 3 and 1 <= int(value) <= MAX_DEPTH):
        raise Refused("topic.depth", {"depth": value[:40], "max": str(MAX_DEPTH)})
    return int(value)


def _unknown(name: str) -> Refused:
    return Refused("topic.unknown", {"topic": name[:80]})
