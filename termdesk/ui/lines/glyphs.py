"""Glyph sets: the marks that say without colour what colour repeats.

Every glyph is one cell wide by Unicode. Terminals set up for Chinese may draw
some of the ``unicode`` set two cells wide; ``ascii`` is for those.
"""

from __future__ import annotations

import msgspec

from termdesk.core.model.terms import OrdStatus


class Glyphs(msgspec.Struct, frozen=True):
    """One set of marks."""

    up: str
    down: str
    flat: str
    cursor: str
    staged: str
    working: str
    partial: str
    pending: str
    replacing: str
    canceling: str
    held: str
    """Waits in the engine for another order."""
    emulated: str
    """Works in the engine; the venue does not know of it."""
    unknown: str
    linked: str
    """Behind an order that depends on others."""
    mixed: str
    """Stands for several types in one row."""
    up_old: str
    """A rise that is not new any more."""
    down_old: str
    skipped: str
    """Stands where prices are left out above a row."""
    total: str
    separator: str
    beyond: str
    """Stands where a size is not known because the book is cut off there."""
    restarted: str
    """Behind a queue estimate that began anew after a restart."""
    then: str
    """Between a trigger and what an order is once it is reached."""
    last_line: str
    body: str
    body_top: str
    body_bottom: str
    body_down: str
    """Whole body cell of a falling bar, so that it differs without colour."""
    wick: str
    wick_top: str
    wick_bottom: str
    levels: str
    """Bars of growing height, lowest first."""
    braille: bool
    """Whether lines are drawn in braille dots, else in ``dot``."""
    dot: str

    def direction(self, sign: int) -> str:
        """Give the mark of a rise, a fall or neither."""
        return self.up if sign > 0 else self.down if sign < 0 else self.flat

    def traded(self, sign: int, *, is_fresh: bool) -> str:
        """Give the mark of the last trade's direction."""
        if is_fresh:
            return self.direction(sign)
        return self.up_old if sign > 0 else self.down_old

    def order(self, status: OrdStatus, is_partial: bool, *, is_emulated: bool = False) -> str:
        """Give the mark of an open order; only one that works at the venue looks like working."""
        if status is OrdStatus.NEW:
            if is_emulated:
                return self.emulated
            return self.partial if is_partial else self.working
        return {
            OrdStatus.HELD: self.held,
            OrdStatus.PENDING_NEW: self.pending,
            OrdStatus.PENDING_REPLACE: self.replacing,
            OrdStatus.PENDING_CANCEL: self.canceling,
        }.get(status, self.unknown)


UNICODE = Glyphs(
    up="▲",
    down="▼",
    flat=" ",
    cursor="›",
    staged="»",
    working="●",
    partial="◕",
    pending="○",
    replacing="◌",
    canceling="⊗",
    held="◇",
    emulated="◈",
    unknown="?",
    linked="&",
    mixed="*",
    up_old="△",
    down_old="▽",
    skipped="⋮",
    total="Σ",
    separator="·",
    beyond="·",
    restarted="'",
    then="→",
    last_line="┈",
    body="█",
    body_top="▀",
    body_bottom="▄",
    body_down="▓",
    wick="│",
    wick_top="╵",
    wick_bottom="╷",
    levels="▁▂▃▄▅▆▇█",
    braille=True,
    dot="•",
)

ASCII = Glyphs(
    up="^",
    down="v",
    flat=" ",
    cursor=">",
    staged="+",
    working="*",
    partial="%",
    pending="o",
    replacing="=",
    canceling="x",
    held="h",
    emulated="@",
    unknown="?",
    linked="&",
    mixed="*",
    up_old="/",
    down_old="\\",
    skipped=":",
    total="=",
    separator="|",
    beyond=".",
    restarted="'",
    then=">",
    last_line="-",
    body="O",
    body_top="O",
    body_bottom="O",
    body_down="#",
    wick="|",
    wick_top="|",
    wick_bottom="|",
    levels=".:-=+*%#",
    braille=False,
    dot="*",
)

GLYPH_SETS = {"unicode": UNICODE, "ascii": ASCII}
