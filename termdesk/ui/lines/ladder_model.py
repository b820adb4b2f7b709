"""What a ladder shows, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum

import msgspec

from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Price, Qty
from termdesk.core.model.terms import Mode, OrdStatus, OrdType, Side
from termdesk.core.wire.topics import BookBody, QuoteBody
from termdesk.ui.lines.ladder_columns import ORDER, Column
from termdesk.ui.lines.ladder_view import LadderView


class OwnOrder(msgspec.Struct, frozen=True):
    """An open order of this instrument. ``ahead`` is the queue estimate, None where there is none."""

    side: Side
    price: Price
    """Where it stands on the axis: its trigger while it waits for one, else its limit."""
    leaves: Qty
    status: OrdStatus
    is_partial: bool = False
    ahead: Qty | None = None
    restarted: bool = False
    ord_type: OrdType = OrdType.LIMIT
    """What it is now; a triggered stop is the order that it has become."""
    qty: Qty = 0
    """Its whole quantity; 0 is not told."""
    is_linked: bool = False
    """Depends on other orders: a leg of a bracket, one that cancels another."""
    is_emulated: bool = False
    """Lives in the engine, not at the venue."""
    note: str = ""


class Staged(msgspec.Struct, frozen=True):
    """An order that is typed but not sent."""

    side: Side
    price: Price
    qty: Qty


class Notice(Enum):
    """What a ladder has to say about its axis."""

    NONE = ""
    EDGE = "edge"
    """It will recentre in a moment."""
    HELD = "held"
    ABOVE = "above"
    """The market is above the screen, and nothing brings it back by itself."""
    BELOW = "below"


class Volume(msgspec.Struct, frozen=True):
    """What traded at one price."""

    qty: Qty
    bought: Qty
    sold: Qty


class LastTrade(msgspec.Struct, frozen=True):
    """What the screen knows of the last trade besides the quote line."""

    age_ns: int
    """Since the screen saw it."""
    at_price: Qty
    """Traded at its price since the last trade at another one."""


class Strip(msgspec.Struct, frozen=True, kw_only=True):
    """The position and who trades it, below the prices. None is unknown."""

    mode: Mode
    account: str
    is_locked: bool = False
    """The ladder keeps its instrument whatever the others show."""
    qty: Qty = 0
    """Signed."""
    average: Decimal = Decimal(0)
    ticks: Decimal | None = None
    """Open profit per unit, in ticks."""
    unrealised: Decimal | None = None
    today: Decimal | None = None
    """Realised today, without fees."""
    currency: str = ""
    tick: Price = 1
    """That of the day."""
    buys: tuple[int, Qty] = (0, 0)
    """Count and quantity of working buys; what is held for its entry works not yet."""
    sells: tuple[int, Qty] = (0, 0)
    fidelity: str = ""
    """Profile of the simulated exchange, which says how queue estimates are made; empty is not told."""


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
    columns: tuple[Column, ...] = ORDER
    notice: Notice = Notice.NONE
    volumes: Mapping[Price, Volume] = {}
    traded: Mapping[Price, tuple[Qty, Qty]] = {}
    """Sold and bought lately, by price."""
    flow: Mapping[Price, Qty] = {}
    """Added less pulled lately, by price."""
    last: LastTrade | None = None
    """None shows the last trade as one of a moment ago."""
    alerts: tuple[Price, ...] = ()
    """Prices that armed conditions watch for."""
    strip: Strip | None = None
    exit_in_ticks: bool = False
    """Whether profit if exited is told in ticks of one unit, else in money."""
