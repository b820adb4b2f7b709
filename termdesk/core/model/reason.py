"""Why something happened: a code with its numbers, and the market seen at that moment."""

from __future__ import annotations

import msgspec

from termdesk.core.model.number import Ns, Price, Qty
from termdesk.core.model.terms import Phase


class Reason(msgspec.Struct, frozen=True, gc=False):
    """A code of ``codes.CODES`` with its numbers as decimal text. Never a sentence."""

    code: str
    params: dict[str, str] = {}


class MarketSeen(msgspec.Struct, frozen=True, gc=False):
    """What a decision saw of an instrument; copied into its facts so that replay needs no market data.

    A side without orders has price and size 0. ``quote_age_ns`` counts from
    the instrument's last news, ``link_age_ns`` from the last word of its
    source; -1 where nothing was heard yet.
    """

    bid: Price
    bid_qty: Qty
    ask: Price
    ask_qty: Qty
    last: Price
    quote_age_ns: int
    link_age_ns: int
    phase: Phase
    feed: str
    at_ns: Ns
    prev_close: Price = 0
    """The venue's previous close, 0 where the source told none for this trading day."""
    on_bars: bool = False
    """Only closed bars are told of it, so there is neither bid nor ask."""
    delay_ns: int = -1
    """How much later than at the venue its source speaks by design, 0 in real time; -1 where that is not told."""
