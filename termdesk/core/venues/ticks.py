"""Price steps of a venue."""

from __future__ import annotations

import msgspec

from termdesk.core.model.errors import NumberRefused
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Price
from termdesk.core.venues.boards import book_and_board
from termdesk.core.venues.rulebook import in_force


class TickRule(msgspec.Struct, frozen=True):
    """Price step in the instrument's scale."""

    tick: Price
    limit_is_a_tick_away: bool | None
    """Whether a daily limit lies at least one tick from the previous close; None where it is not known."""


def tick_rule(instrument: Instrument, day: str) -> TickRule | None:
    """Give the step in force; None where it is not known or finer than the instrument stores."""
    placed = book_and_board(instrument, day)
    row = in_force(placed[0].ticks, placed[1], day) if placed is not None else None
    if row is None:
        return None
    try:
        return TickRule(instrument.price(row.tick), row.limit_is_a_tick_away)
    except NumberRefused:
        return None
