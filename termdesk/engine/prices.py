"""Marks and rates from what sources quote now."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.market.market import Market
from termdesk.core.market.state import InstrumentState
from termdesk.core.model.instrument import Spot
from termdesk.core.model.terms import Side
from termdesk.core.trading.valuation import Mark, Rate
from termdesk.engine.view import DeskView


class MarketPrices:
    """``Prices`` of a running engine. A pair that is quoted gives its rate, read both ways; nothing is chained."""

    def __init__(self, market: Market, view: DeskView) -> None:
        self._market = market
        self._view = view

    def mark(self, instrument_id: str) -> Mark | None:
        """The last trade; between bid and ask where nothing traded yet."""
        state = self._market.states.get(instrument_id)
        if state is None:
            return None
        if state.last:
            return Mark(state.instrument.price_decimal(state.last), "last", state.venue_ns)
        mid = _mid(state)
        return Mark(mid, "mid", state.recv_ns) if mid is not None else None

    def rate(self, currency: str, into: str) -> Rate | None:
        """The mark of a pair of the two."""
        for state in self._market.states.values():
            instrument = state.instrument
            if not isinstance(instrument.detail, Spot) or {instrument.detail.base, instrument.currency} != {
                currency,
                into,
            }:
                continue
            mark = self.mark(instrument.id)
            if mark is not None and mark.price:
                rate = mark.price if instrument.detail.base == currency else 1 / mark.price
                return Rate(rate, f"{instrument.id} {mark.source}", mark.at_ns)
        return None

    def day(self, instrument_id: str) -> str:
        """As the venue counts."""
        return self._view.trading_day(instrument_id)


def _mid(state: InstrumentState) -> Decimal | None:
    bid, ask = state.book.best(Side.BUY), state.book.best(Side.SELL)
    if bid is None or ask is None:
        return None
    return state.instrument.price_decimal(bid[0] + ask[0]) / 2
