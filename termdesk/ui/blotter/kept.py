"""Conditions, notes, events and messages as a screen keeps them. Pure; the newest of what has no end."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

import msgspec

from termdesk.core.model.facts import ConditionArmed, ConditionDisarmed, ConditionTriggered, NoteAdded, Recorded
from termdesk.core.wire.notes import NoteLine
from termdesk.core.wire.queries import ConditionLine

EVENTS, MESSAGES = 1_000, 300
"""Records of the log and messages of the bar that are kept."""


class Message(msgspec.Struct, frozen=True):
    """What the message bar said."""

    at_ns: int
    text: str
    ink: str


class Kept:
    """One desk's conditions, notes and newest events, and what this screen said."""

    def __init__(self) -> None:
        self.conditions: dict[str, ConditionLine] = {}
        self.notes: list[NoteLine] = []
        self.events: deque[Recorded] = deque(maxlen=EVENTS)
        self.messages: deque[Message] = deque(maxlen=MESSAGES)
        self._noted: dict[str, str] = {}

    def load_conditions(self, lines: Iterable[ConditionLine]) -> None:
        """Replace what is armed by a snapshot."""
        self.conditions = {line.condition_id: line for line in lines}

    def load_notes(self, lines: Iterable[NoteLine]) -> None:
        """Replace the notes by a snapshot."""
        self.notes, self._noted = [], {}
        for line in lines:
            self._note(line)

    def fold(self, record: Recorded) -> None:
        """Take one record of the log."""
        self.events.append(record)
        match record.fact:
            case ConditionArmed() as fact:
                self.conditions[fact.condition_id] = ConditionLine(
                    fact.condition_id,
                    fact.predicate.instrument,
                    0,
                    fact.predicate,
                    fact.action,
                    record.at_ns,
                    fact.origin,
                )
            case ConditionTriggered(condition_id=name) | ConditionDisarmed(condition_id=name):
                self.conditions.pop(name, None)
            case NoteAdded() as fact:
                named = (fact.account, fact.instrument, fact.order_id, fact.exec_id, fact.text)
                self._note(NoteLine(record.seq, record.at_ns, record.actor, *named))

    def forget(self) -> None:
        """Drop all that came from the log; what the screen said stays."""
        self.load_conditions(())
        self.load_notes(())
        self.events.clear()

    @property
    def noted(self) -> Mapping[str, str]:
        """Notes by what they are about (``subject``), joined, oldest first."""
        return self._noted

    def _note(self, line: NoteLine) -> None:
        if self.notes and line.seq <= self.notes[-1].seq:
            return
        self.notes.append(line)
        key = subject(line.account, line.instrument, line.order_id, line.exec_id)
        before = self._noted.get(key)
        self._noted[key] = f"{before} · {line.text}" if before else line.text


def subject(account: str, instrument: str, order_id: str = "", exec_id: str = "") -> str:
    """Name what a note is about: an order, a fill of it, or a position."""
    return f"{order_id}/{exec_id}" if order_id else f"{account} {instrument}"
