"""Which key strokes are a person's own: not a held key going on, not pasted text arriving as keys.

Terminals tell neither, so time does. Pure; the stamps are those of reading
the terminal, so a busy screen does not shorten the gaps between them.
"""

from __future__ import annotations

from termdesk.ui.blotter.trips import Stroke

TEXT = 8
"""Strokes together that are text: more than a slow line gathers of a hand's while it stands still for a moment."""
PIECES_S = 0.25
"""Longest pause between pieces of a text; a hand that pastes and then presses a key takes longer."""


class Strokes:
    """The key strokes of one screen.

    Whatever can send an order asks ``may_trade`` of the stroke that caused it,
    which by then has to be the acting one.
    Two strokes of the same key count as one held key while they are closer
    than ``repeat_gap_s``, whatever came between them. The first character of
    pasted text can't be told from a key; everything behind it can, also where
    a slow line brings it in pieces with pauses up to ``PIECES_S``.

    Args:
        paste_gap_s: Strokes closer together than this are no person's; 0 switches it off.
        repeat_gap_s: Longest pause between two strokes of a held key; 0 switches it off.
    """

    def __init__(self, paste_gap_s: float, repeat_gap_s: float) -> None:
        self._paste_gap_s = paste_gap_s
        self._repeat_gap_s = repeat_gap_s
        self._at_s = float("-inf")
        self._together = 0
        """Strokes until now that no person can have made one by one."""
        self._text_at_s = float("-inf")
        """Newest stroke of a text."""
        self._by_key: dict[str, float] = {}
        self._clicked_ns = 0
        self.acting: Stroke | None = None
        """The stroke or click that what happens now goes back to. Not always the newest: a busy screen acts later."""

    def take(self, key: str, at_s: float) -> Stroke:
        """Note a stroke, which acts now."""
        is_together = at_s - self._at_s < self._paste_gap_s
        is_pasted = is_together or at_s - self._text_at_s < PIECES_S
        self._together = self._together + 1 if is_together else 1
        if self._together >= TEXT:
            self._text_at_s = at_s
        is_held = at_s - self._by_key.get(key, float("-inf")) < self._repeat_gap_s
        self._at_s = self._by_key[key] = at_s
        self.acting = Stroke(key, round(at_s * 1e9), is_pasted, is_held)
        return self.acting

    def click(self, at_s: float) -> None:
        """Note a click: it may cause a command, and says nothing of keys."""
        self._clicked_ns = round(at_s * 1e9)
        self.acting = Stroke("mouse", self._clicked_ns)

    @property
    def is_overtaken(self) -> bool:
        """Whether the mouse was pressed after the acting stroke: focus and cursor are elsewhere by now."""
        return self.acting is not None and self.acting.clock_ns < self._clicked_ns

    @property
    def is_pasted(self) -> bool:
        """Whether the acting stroke came as text does."""
        return self.acting is not None and self.acting.is_pasted

    @property
    def is_held(self) -> bool:
        """Whether the acting stroke may be a held key going on."""
        return self.acting is not None and self.acting.is_held

    @property
    def may_trade(self) -> bool:
        """Whether the acting stroke may send an order."""
        return not self.is_pasted and not self.is_held
