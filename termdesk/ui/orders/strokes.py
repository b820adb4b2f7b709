"""Which key strokes are a person's own: not a held key going on, not pasted text arriving as keys.

Terminals tell neither, so time does. Pure; the stamps are those of reading
the terminal, so a busy screen does not shorten the gaps between them.
"""

from __future__ import annotations

from termdesk.ui.blotter.trips import Stroke


class Strokes:
    """The key strokes of one screen.

    Whatever can send an order asks ``may_trade`` of the stroke that caused it.
    Two strokes of the same key count as one held key while they are closer
    than ``repeat_gap_s``, whatever came between them. The first character of
    pasted text can't be told from a key; everything behind it can.

    Args:
        paste_gap_s: Strokes closer together than this are no person's; 0 switches it off.
        repeat_gap_s: Longest pause between two strokes of a held key; 0 switches it off.
    """

    def __init__(self, paste_gap_s: float, repeat_gap_s: float) -> None:
        self._paste_gap_s = paste_gap_s
        self._repeat_gap_s = repeat_gap_s
        self._at_s = float("-inf")
        self._by_key: dict[str, float] = {}
        self.is_pasted = False
        """Whether the newest stroke came too soon after the one before it."""
        self.is_held = False
        """Whether the newest stroke may be a held key going on."""
        self.newest: Stroke | None = None
        """The newest stroke or click, for what it causes to be measured by."""

    def take(self, key: str, at_s: float) -> None:
        """Note a stroke."""
        self.is_pasted = at_s - self._at_s < self._paste_gap_s
        self.is_held = at_s - self._by_key.get(key, float("-inf")) < self._repeat_gap_s
        self._at_s = self._by_key[key] = at_s
        self.newest = Stroke(key, round(at_s * 1e9))

    def click(self, at_s: float) -> None:
        """Note a click: it may cause a command, and says nothing of keys."""
        self.newest = Stroke("mouse", round(at_s * 1e9))

    @property
    def may_trade(self) -> bool:
        """Whether the newest stroke may send an order."""
        return not self.is_pasted and not self.is_held
