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
        self._touched_ns = 0

    def toggle(self, now_ns: int) -> bool:
        """Arm or disarm; gives how it stands then."""
        self.is_armed = not self.is_armed
        self._touched_ns = now_ns
        return self.is_armed

    def disarm(self) -> None:
        """Take the right to add risk away."""
        self.is_armed = False

    def touch(self, now_ns: int) -> None:
        """Note that somebody is there."""
        self._touched_ns = now_ns

    def expire(self, now_ns: int) -> bool:
        """Disarm after long silence, which begins at the first look; gives whether that happened now."""
        self._touched_ns = self._touched_ns or now_ns
        if not self.is_armed or not self._idle_ns or now_ns - self._touched_ns < self._idle_ns:
            return False
        self.is_armed = False
        return True
