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
    """At the price or above where the step hangs on it, else at any."""
    limit_is_a_tick_away: bool | None
    """Whether a daily limit lies at least one tick from the previous close; None where it is not known."""
    below: Price = 0
    """Prices under this one step by ``tick_below``."""
    tick_below: Price = 0

    def at(self, price: Price) -> Price:
        """The step at a price."""
        return self.tick_below if price < self.below else self.tick


def tick_rule(instrument: Instrument, day: str) -> TickRule | None:
    """Give the step in force; None where it is not known or finer than the instrument stores."""
    placed = book_and_board(instrument, day)
    row = in_force(placed[0].ticks, placed[1], day) if placed is not None else None
    if row is None or row.tick is None:
        return None
    try:
        below = instrument.price(row.below or "0")
        tick_below = instrument.price(row.tick_below or "0")
        return TickRule(instrument.price(row.tick), row.limit_is_a_tick_away, below, tick_below)
    except NumberRefused:
        return None
