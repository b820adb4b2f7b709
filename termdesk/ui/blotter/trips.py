"""What this screen measured of its own commands: from the key stroke to the engine's answer and the venue's word.

Pure. The engine answers once a command's facts are durable, so the time to its
answer is that of the durable acknowledgement. The clock is this process's own;
what was measured is gone with the screen.
"""

from __future__ import annotations

import msgspec

from termdesk.core.model.number import Ns

KEPT = 1_000
LONGEST_NS = 60 * 10**9
"""A command that leaves later than this after the last stroke was not caused by it."""


class Stroke(msgspec.Struct, frozen=True):
    """A key stroke, or a click, and when it was read from the terminal."""

    key: str
    clock_ns: int
    """Monotonic clock of this process."""
    is_pasted: bool = False
    """Whether it came too soon after the one before it to be a hand's own."""
    is_held: bool = False
    """Whether it may be a held key going on."""


class Trip(msgspec.Struct, frozen=True, kw_only=True):
    """One command. Durations are nanoseconds since the stroke; None is not measured."""

    key: str = ""
    """The key that sent it; ``mouse`` for a click."""
    key_ns: Ns = 0
    """Desk time of the stroke."""
    sent_after_ns: int | None = None
    answered_after_ns: int | None = None
    """The engine's answer: durable, or refused."""
    venue_after_ns: int | None = None
    """The venue's first word, as it was shown here."""
    accepted: bool | None = None
    """What the engine answered; None where no answer came."""


NOT_MEASURED = Trip()


class Trips:
    """The newest commands of one screen.

    Attributes:
        made: By command id.
        changes: Grows with every change of them.
    """

    def __init__(self) -> None:
        self.made: dict[str, Trip] = {}
        self.changes = 0
        self._since: dict[str, int] = {}

    def begin(self, command_id: str, stroke: Stroke | None, clock_ns: int, desk_ns: Ns) -> None:
        """Note that a command leaves now; without a stroke that may have caused it, only that it left."""
        waited = clock_ns - stroke.clock_ns if stroke is not None else -1
        if stroke is None or not 0 <= waited <= LONGEST_NS:
            self.made[command_id] = Trip()
        else:
            self._since[command_id] = stroke.clock_ns
            self.made[command_id] = Trip(key=stroke.key, key_ns=max(0, desk_ns - waited), sent_after_ns=waited)
        if len(self.made) > KEPT:
            oldest = next(iter(self.made))
            del self.made[oldest]
            self._since.pop(oldest, None)

    def answered(self, command_id: str, clock_ns: int, *, accepted: bool) -> None:
        """Note the engine's answer."""
        self._change(command_id, answered_after_ns=self._after(command_id, clock_ns), accepted=accepted)

    def heard(self, command_id: str, clock_ns: int) -> None:
        """Note the venue's word; only the first one counts."""
        trip = self.made.get(command_id)
        if trip is not None and trip.venue_after_ns is None:
            self._change(command_id, venue_after_ns=self._after(command_id, clock_ns))

    def of(self, command_id: str) -> Trip:
        """Give what was measured of a command."""
        return self.made.get(command_id, NOT_MEASURED)

    def _after(self, command_id: str, clock_ns: int) -> int | None:
        since = self._since.get(command_id)
        return clock_ns - since if since is not None and clock_ns >= since else None

    def _change(self, command_id: str, **fields: object) -> None:
        if command_id in self.made:
            self.made[command_id] = msgspec.structs.replace(self.made[command_id], **fields)
            self.changes += 1
