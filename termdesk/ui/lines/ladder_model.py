"""What a ladder shows, as plain data."""

from __future__ import annotations

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Price, Qty
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.core.wire.topics import BookBody, QuoteBody
from termdesk.ui.lines.ladder_view import LadderView


class OwnOrder(msgspec.Struct, frozen=True):
    """An open order of this instrument. ``ahead`` is the queue estimate, None where there is none."""

    side: Side
    price: Price
    leaves: Qty
    status: OrdStatus
    is_partial: bool = False
    ahead: Qty | None = None
    restarted: bool = False


class Staged(msgspec.Struct, frozen=True):
    """An order that is typed but not sent."""

    side: Side
    price: Price
    qty: Qty


class LadderModel(msgspec.Struct, frozen=True):
    """All that a ladder shows."""

    instrument: Instrument
    book: BookBody | None
    quote: QuoteBody | None
    view: LadderView
    own: tuple[OwnOrder, ...] = ()
    staged: Staged | None = None
    is_stale: bool = False
    """The source has been silent too long: every number is greyed and the header says so."""
    depth: int = 100
    """Levels a side that were asked for; where as many came, sizes beyond the last are unknown, not zero."""
