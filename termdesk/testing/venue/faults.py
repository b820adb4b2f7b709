"""What can go wrong between a venue and its members, each switched on for a number of times."""

from __future__ import annotations

from collections import Counter
from enum import Enum


class Fault(Enum):
    """One way in which a venue or the way to it fails."""

    LOST_REQUEST = "lost_request"
    """The next request never arrives."""
    LOST_ACK = "lost_ack"
    """The venue takes the next request and its first answer is lost."""
    DUPLICATE = "duplicate"
    """The next execution is told twice."""
    REORDER = "reorder"
    """The next execution is told after the one that follows it."""
    DELAY = "delay"
    """The next execution waits until the next request or ``Venue.flush``."""
    DISCONNECT_BEFORE = "disconnect_before"
    """The connection breaks with the next request, which never arrives."""
    DISCONNECT_AFTER = "disconnect_after"
    """The venue takes the next request and the connection breaks before it answers."""
    LATE_FILL = "late_fill"
    """The next cancel is confirmed, and half of what was left is filled all the same."""
    ID_REUSE = "id_reuse"
    """The venue's next order gets the id of its first one."""
    SNAPSHOT_ERROR = "snapshot_error"
    """The next question for everything fails."""
    HOSTILE_TEXT = "hostile_text"
    """The next answer carries text that would command a terminal, as a reason."""


HOSTILE = (
    "\x1b]0;owned\x07",
    "\x1b[2J\x1b[6n",
    "\x9b31m",
    "\x1b]52;c;ZXZpbA==\x1b\\",
    "[/]",
    "[@click=app.quit]x[/]",
    "\u202eevil\u2066",
    "\x00\x08\x0b\r\n\t",
    "\u200b\u200d\ufeff",
    "=cmd|' /C calc'!A0",
    "\u0301" * 500,
    "A" * 5000,
)
"""Text that an adapter must make harmless: escapes (7 and 8 bit, cut short), markup, bidi and zero-width marks."""


class Faults:
    """Switches; each counts down as it strikes."""

    def __init__(self) -> None:
        self._armed: Counter[Fault] = Counter()
        self._texts = 0

    def arm(self, fault: Fault, times: int = 1) -> None:
        """Let a fault strike the next times."""
        self._armed[fault] += times

    def clear(self) -> None:
        """Let nothing fail any more."""
        self._armed.clear()

    def strikes(self, fault: Fault) -> bool:
        """Whether a fault strikes now; it is used up then."""
        if not self._armed[fault]:
            return False
        self._armed[fault] -= 1
        return True

    def hostile(self) -> str:
        """The next hostile text, in turn."""
        self._texts += 1
        return HOSTILE[(self._texts - 1) % len(HOSTILE)]
