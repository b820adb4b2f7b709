"""A market state told again as events, so that whoever begins to listen now can follow from here.

What was traded before is left out of the sums: the last price comes as a
trade without quantity.
"""

from __future__ import annotations

from termdesk.core.market.state import InstrumentState
from termdesk.core.model.event import (
    BestQuote,
    BookSnapshot,
    DayReference,
    InstrumentDefined,
    MarketEvent,
    OrderAdded,
    PhaseChanged,
    Trade,
)
from termdesk.core.model.terms import Phase, Side


def introduction(state: InstrumentState, now_ns: int) -> list[MarketEvent]:
    """Tell an instrument, its phase, previous close, last price, and its book as far as it is valid."""
    name, venue_ns = state.instrument.id, state.venue_ns
    events: list[MarketEvent] = [InstrumentDefined(now_ns, state.instrument)]
    if state.phase is not Phase.UNKNOWN:
        events.append(PhaseChanged(name, venue_ns, now_ns, state.phase))
    if state.prev_close or state.mean_volume:
        reference = DayReference(name, state.reference_ns, now_ns, state.prev_close, mean_volume=state.mean_volume)
        events.append(reference)
    if state.bar is not None:
        events.append(state.bar)
    elif state.last:
        events.append(Trade(name, venue_ns, now_ns, 0, state.last, 0, None))
    if state.book_valid:
        events += _book(state, now_ns)
    if state.quote_seq > state.book_seq:
        quote = (state.bid, state.bid_qty, state.ask, state.ask_qty)
        events.append(BestQuote(name, venue_ns, now_ns, state.quote_seq, *quote))
    return events


def _book(state: InstrumentState, now_ns: int) -> list[MarketEvent]:
    name, venue_ns, book = state.instrument.id, state.venue_ns, state.book
    if state.depth.seq < 0:
        return [
            OrderAdded(name, venue_ns, now_ns, state.book_seq, number, side, price, qty)
            for side in (Side.BUY, Side.SELL)
            for number, price, qty in state.orders.open(side)
        ]
    sides = (book.levels(side, book.count(side)) for side in (Side.BUY, Side.SELL))
    return [BookSnapshot(name, venue_ns, now_ns, state.depth.seq, *sides)]
