"""Whether a screen may send orders that add risk. Belongs to the screen; nothing of it leaves it."""

from __future__ import annotations


class Arming:
    """Armed or not, and for how long without a key.

    Args:
        armed: How the screen starts.
        idle_ns: Silence after which it disarms itself; 0 never.
    """

    def __init__(self, armed: bool, idle_ns: int) -> None:
        self.is_armed = armed
        self._idle_ns = idle_ns
        self._looked_ns = 0
        self.touched_ns = 0
        """When somebody was there last; 0 before anybody was."""

    def toggle(self, now_ns: int) -> bool:
        """Arm or disarm; gives how it stands then."""
        self.is_armed = not self.is_armed
        self.touched_ns = now_ns
        return self.is_armed

    def disarm(self) -> None:
        """Take the right to add risk away."""
        self.is_armed = False

    def touch(self, now_ns: int) -> None:
        """Note that somebody is there."""
        self.touched_ns = now_ns

    def expire(self, now_ns: int) -> bool:
        """Disarm after long silence, which begins at the first look; gives whether that happened now."""
        self._looked_ns = self._looked_ns or now_ns
        since_ns = self.touched_ns or self._looked_ns
        if not self.is_armed or not self._idle_ns or now_ns - since_ns < self._idle_ns:
            return False
        self.is_armed = False
        return True
