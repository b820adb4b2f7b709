"""The common messages of one symbol, converted to scaled ints at the parser's speed, or not at all.

Depth: every number gets the exponent of its decimals before it is parsed
(``61837.63`` becomes ``61837.63e2``), so that the parser itself makes the
scaled int and refuses whatever is no whole multiple. Tickers and trades: a
float times its unit, rounded, counts only where dividing back gives the same
float. Both are exact below 2 ** 51, where every int has a float of its own;
beyond it, and for anything unusual, ``NOT_SURE`` sends the message to the
decoder that reads the text.
"""

from __future__ import annotations

from math import floor
from typing import Annotated

import msgspec

from termdesk.adapters.feeds.binance.messages import Depth, Line, Ticker, TradePrint
from termdesk.core.model.event import BestQuote, BookDelta, Trade
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Side

SURE = 2**51
DECIMALS = 8
"""Most decimals of an instrument that is decoded here."""

_MS = 1_000_000
_PRICES = 4_096
"""Prices remembered; when full, all are let go."""
_BUY = Side.BUY
_SELL = Side.SELL

Number = Annotated[float, msgspec.Meta(ge=0, le=SURE / 10**DECIMALS)]
Scaled = Annotated[int, msgspec.Meta(ge=0, le=SURE)]
ScaledLevels = tuple[tuple[Scaled, Scaled], ...]


class NotSure(Exception):
    """The message must be read as text."""


NOT_SURE = (NotSure, KeyError, msgspec.DecodeError)
"""What sends a message to the text decoder; KeyError is a stream not met before."""


_ticker_line = msgspec.json.Decoder(Line[Ticker[Number]], strict=False).decode
_trade_line = msgspec.json.Decoder(Line[TradePrint[Number]], strict=False).decode
_depth_line = msgspec.json.Decoder(Line[Depth[ScaledLevels]], strict=False).decode

_TEXTS_BEFORE_LEVELS = 3
"""Strings of a depth message that another string follows and that are no price: stream, event, symbol."""


class _Prices(dict[float, int]):
    """Scaled ints of the prices near the top, which come again and again."""

    def __init__(self, decimals: int) -> None:
        super().__init__()
        self._unit = 10.0**decimals

    def __missing__(self, price: float) -> int:
        scaled = floor(price * self._unit + 0.5)
        if scaled / self._unit != price:
            raise NotSure
        if len(self) >= _PRICES:
            self.clear()
        self[price] = scaled
        return scaled


class FastSymbol:
    """One symbol's decoders. Each raises one of ``NOT_SURE`` where it does not vouch for its result."""

    __slots__ = (
        "_depth_symbol",
        "_instrument",
        "_price_end",
        "_prices",
        "_qty_end",
        "_qty_unit",
        "_symbol",
    )

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument.id
        self._symbol = instrument.code
        self._prices = _Prices(instrument.price_decimals)
        self._qty_unit = 10.0**instrument.qty_decimals
        self._price_end = f'e{instrument.price_decimals}","'.encode()
        self._qty_end = f'e{instrument.qty_decimals}"]'.encode()
        self._depth_symbol = f"{instrument.code}e{instrument.price_decimals}"

    def ticker(self, payload: bytes, recv_ns: int) -> BestQuote:
        """Decode a ``bookTicker``."""
        data = _ticker_line(payload).data
        unit = self._qty_unit
        bid_qty, ask_qty = floor(data.bid_qty * unit + 0.5), floor(data.ask_qty * unit + 0.5)
        if bid_qty / unit == data.bid_qty and ask_qty / unit == data.ask_qty and data.symbol == self._symbol:
            bid, ask = self._prices[data.bid], self._prices[data.ask]
            return BestQuote(self._instrument, data.at_ms * _MS, recv_ns, data.seq, bid, bid_qty, ask, ask_qty)
        raise NotSure

    def trade(self, payload: bytes, recv_ns: int) -> Trade:
        """Decode a ``trade`` of the book."""
        data = _trade_line(payload).data
        qty = floor(data.qty * self._qty_unit + 0.5)
        if qty / self._qty_unit == data.qty and data.kind == "MARKET" and data.symbol == self._symbol:
            price, aggressor = self._prices[data.price], _SELL if data.buyer_is_maker else _BUY
            return Trade(self._instrument, data.at_ms * _MS, recv_ns, data.trade_id, price, qty, aggressor)
        raise NotSure

    def depth(self, payload: bytes, recv_ns: int) -> BookDelta:
        """Decode a ``depthUpdate``.

        The exponents go where a price ends (``","``) and a size ends (``"]``).
        How often they went in must match the levels found, so that a message
        written otherwise (with spaces, say) is left to the text decoder.
        """
        priced = payload.replace(b'","', self._price_end)
        sized = priced.replace(b'"]', self._qty_end)
        data = _depth_line(sized).data
        bids, asks = data.bids, data.asks
        levels = len(bids) + len(asks)
        added = len(self._price_end) - 3
        if (
            len(priced) - len(payload) == added * (levels + _TEXTS_BEFORE_LEVELS)
            and len(sized) - len(priced) == (len(self._qty_end) - 2) * levels
            and data.symbol == self._depth_symbol
        ):
            instrument, venue_ns = self._instrument, data.at_ms * _MS
            return BookDelta(instrument, venue_ns, recv_ns, data.first_seq, data.last_seq, data.prev_seq, bids, asks)
        raise NotSure
