"""Values by name that all screens share, as one of them saw and changed them. Pure.

The engine puts all changes in one order, and the last of them counts. A screen
that shows what ``news`` gives, and hands every change of its own to the engine,
ends where all others do, whatever crossed on the way; and since only a person
changes something, never what came from elsewhere, two screens can't drive each
other to and fro.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Generic, NamedTuple, TypeVar

V = TypeVar("V")


class Told(NamedTuple, Generic[V]):
    """One value as the engine tells it."""

    name: str
    value: V
    revision: int
    session: str


class Shared(Generic[V]):
    """What one screen knows of shared values of a kind."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, str]] = {}
        self._put: dict[str, V] = {}

    def begin_anew(self) -> None:
        """Take all that the engine tells next for news: this is another connection, maybe to another engine."""
        self._seen.clear()
        self._put.clear()

    def put(self, name: str, value: V) -> None:
        """Note a change of this screen's own."""
        self._put[name] = value

    def news(self, told: Iterable[Told[V]], session: str, unsent: Container[str]) -> list[Told[V]]:
        """Give what was not told before and is to be shown.

        Args:
            told: All values that the engine has.
            session: This screen's own; what it put itself is no news, except where it is the last word.
            unsent: Names of own changes that have not left yet: they will be the last word.
        """
        found = []
        for one in told:
            if self._seen.get(one.name) == (one.revision, one.session):
                continue
            self._seen[one.name] = (one.revision, one.session)
            is_overtaken = one.session == session and self._put.get(one.name, one.value) != one.value
            if one.name not in unsent and not is_overtaken:
                found.append(one)
        return found
