"""Conditions, notes, events, requests and messages as a screen keeps them. Pure; the newest of what has no end."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

import msgspec

from termdesk.core.model.facts import ConditionArmed, ConditionDisarmed, ConditionTriggered, NoteAdded, Recorded
from termdesk.core.model.number import Ns
from termdesk.core.wire.notes import NoteLine
from termdesk.core.wire.queries import ConditionLine
from termdesk.core.wire.requests import CANCEL, RequestLine, Requests
from termdesk.ui.blotter.trips import Trip, Trips

EVENTS, MESSAGES, REQUESTS = 1_000, 300, 1_000
"""Records of the log, messages of the bar and requests that are kept."""


class Message(msgspec.Struct, frozen=True):
    """What the message bar said."""

    number: int
    """Counted from the first; the desk's time may stand still."""
    at_ns: Ns
    text: str
    ink: str


class Asked(msgspec.Struct, frozen=True):
    """A request as the session log shows it: what the journal holds of it, and what this screen measured."""

    journal: RequestLine
    screen: Trip
    by: str = ""
    """Who asked, where it was not this screen."""

    @property
    def at_ns(self) -> int:
        """Desk time."""
        return self.journal.asked_ns


class Kept:
    """One desk's conditions, notes, newest events and requests, and what this screen said and measured."""

    def __init__(self) -> None:
        self.conditions: dict[str, ConditionLine] = {}
        self.notes: list[NoteLine] = []
        self.events: deque[Recorded] = deque(maxlen=EVENTS)
        self.messages: deque[Message] = deque(maxlen=MESSAGES)
        self.requests = Requests(REQUESTS)
        self.trips = Trips()
        self._noted: dict[str, str] = {}
        self._answers: dict[int, RequestLine] = {}
        self._cancels: dict[str, RequestLine] = {}
        self._log: list[Asked | Message] = []
        self._log_state = (0, 0, 0)

    def say(self, at_ns: Ns, text: str, ink: str) -> None:
        """Keep what the message bar said."""
        number = self.messages[-1].number + 1 if self.messages else 1
        self.messages.append(Message(number, at_ns, text, ink))

    def load_conditions(self, lines: Iterable[ConditionLine]) -> None:
        """Replace what is armed by a snapshot."""
        self.conditions = {line.condition_id: line for line in lines}

    def load_notes(self, lines: Iterable[NoteLine]) -> None:
        """Replace the notes by a snapshot."""
        self.notes, self._noted = [], {}
        for line in lines:
            self._note(line)

    def recall(self, record: Recorded, clock_ns: int = 0) -> None:
        """Take one record for events and requests only: the snapshots have the rest of it, if it is an older one.

        Args:
            record: The next one of the log.
            clock_ns: Monotonic clock now; 0 for a record from before this screen.
        """
        self.events.append(record)
        for line in self.requests.fold(record):
            if line.venue_seq == record.seq:
                self._answers[record.seq] = line
                if len(self._answers) > REQUESTS:
                    del self._answers[next(iter(self._answers))]
                if line.what == CANCEL:
                    self._cancels[line.order_id] = line
                    if len(self._cancels) > REQUESTS:
                        del self._cancels[next(iter(self._cancels))]
                if clock_ns:
                    self.trips.heard(line.command_id, clock_ns)

    def fold(self, record: Recorded, clock_ns: int = 0) -> None:
        """Take one record of the log, see ``recall``."""
        self.recall(record, clock_ns)
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
        self.requests = Requests(REQUESTS)
        self._answers.clear()
        self._cancels.clear()
        self._log_state = (-1, 0, 0)

    def asked_by(self, record: Recorded) -> Asked | None:
        """Give the request that a record answered."""
        line = self._answers.get(record.seq)
        return None if line is None else self._asked(line)

    def cancelled_by(self, order_id: str) -> str:
        """Give who had an order cancelled, where it was not this screen and still is known; else nothing."""
        line = self._cancels.get(order_id)
        return "" if line is None else self._asked(line).by

    def _asked(self, line: RequestLine) -> Asked:
        is_own = line.command_id in self.trips.made
        return Asked(line, self.trips.of(line.command_id), "" if is_own else line.actor)

    def session_log(self) -> list[Asked | Message]:
        """Give requests and messages together, newest first; the same list while nothing changed."""
        newest = id(self.messages[-1]) if self.messages else 0
        state = (self.requests.changes, self.trips.changes, newest)
        if state != self._log_state:
            asked = map(self._asked, reversed(self.requests.lines.values()))
            self._log = sorted((*reversed(self.messages), *asked), key=_at, reverse=True)
            self._log_state = state
        return self._log

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


def _at(entry: Asked | Message) -> int:
    return entry.at_ns


def subject(account: str, instrument: str, order_id: str = "", exec_id: str = "") -> str:
    """Name what a note is about: an order, a fill of it, or a position."""
    return f"{order_id}/{exec_id}" if order_id else f"{account} {instrument}"
