"""Binance combined-stream messages and REST depth into market events; pure, live and recorded alike.

The stream is told by the envelope's first bytes, so that each message is
parsed once, by the decoder of its own type. The first message of a stream and
every unusual one are read as text, exactly; the rest by ``fast``.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from termdesk.adapters.feeds.binance.fast import DECIMALS, NOT_SURE, FastSymbol
from termdesk.adapters.feeds.binance.messages import Levels, depth_line, rest_depth, ticker_line, trade_line
from termdesk.adapters.feeds.broken import BrokenMessage
from termdesk.adapters.feeds.scaled_text import ScaledText
from termdesk.core.model.event import BestQuote, BookDelta, BookSnapshot, InstrumentEvent, Level, Trade
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Side

_MS = 1_000_000
_STREAM_NAME_WITHIN = 64
"""Bytes in which the ``@`` of a stream name is looked for."""

_HEADS = 4_096
_HEAD = slice(11, 33)
"""Bytes after ``{"stream":"``: the stream's name as far as its kind, and text that is the same in all its messages."""

Decode = Callable[[bytes, int], InstrumentEvent | None]


class UnknownSymbol(BrokenMessage):
    """A message of a symbol that was not introduced to the decoder.

    Attributes:
        symbol: As it came.
    """

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        super().__init__("a known symbol", symbol)


class _Scale:
    """How one symbol's text becomes numbers."""

    __slots__ = ("fast", "instrument", "price", "qty")

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument.id
        self.price = ScaledText(instrument.price_decimals)
        self.qty = ScaledText(instrument.qty_decimals)
        sure = max(instrument.price_decimals, instrument.qty_decimals) <= DECIMALS
        self.fast = FastSymbol(instrument) if sure else None

    def levels(self, levels: Levels) -> tuple[Level, ...]:
        price, qty = self.price, self.qty
        return tuple([(price[p], qty[q]) for p, q in levels])


class BinanceDecoder:
    """Bytes of one connection or recording to events, at most one a message.

    Does not check sequences and holds no market state. A REST snapshot names
    no symbol: it belongs to the only symbol introduced.
    """

    def __init__(self) -> None:
        self._scales: dict[str, _Scale] = {}
        self._fast: dict[bytes, Decode] = {}
        self._kinds: dict[bytes, Decode] = {
            b"b": self._ticker,
            b"t": self._trade,
            b"d": self._depth,
            b"{": self._snapshot,
        }

    def introduce(self, instrument: Instrument) -> None:
        """Make a symbol known; its code is Binance's symbol."""
        self._scales[instrument.code] = _Scale(instrument)
        self._fast.clear()

    def decode(self, payload: bytes, recv_ns: int) -> InstrumentEvent | None:
        """Decode one message; None for a trade that is not of the book (USD-M ``X`` other than MARKET).

        Raises:
            UnknownSymbol: The symbol was not introduced.
            BrokenMessage: Not a message of a depth, trade or bookTicker
                stream nor a REST depth snapshot, or a number that is none.
        """
        try:
            return self._fast[payload[_HEAD]](payload, recv_ns)
        except NOT_SURE:
            return self._exact(payload, recv_ns)

    def _exact(self, payload: bytes, recv_ns: int) -> InstrumentEvent | None:
        begins = payload.find(b"@", 0, _STREAM_NAME_WITHIN) + 1
        kind = self._kinds.get(payload[begins : begins + 1])
        if kind is None:
            raise BrokenMessage("a depth, trade or bookTicker stream, or a depth snapshot", payload)
        try:
            return kind(payload, recv_ns)
        except msgspec.DecodeError as error:
            raise BrokenMessage(f"a Binance message ({error})"[:120], payload) from None

    def _remember(self, payload: bytes, fast: Decode) -> None:
        """Decode this stream's next messages fast; only where the head holds the whole name up to its kind."""
        if b"@" in payload[_HEAD.start : _HEAD.stop - 1]:
            if len(self._fast) >= _HEADS:
                self._fast.clear()
            self._fast[payload[_HEAD]] = fast

    def _scale(self, symbol: str) -> _Scale:
        scale = self._scales.get(symbol)
        if scale is None:
            raise UnknownSymbol(symbol)
        return scale

    def _ticker(self, payload: bytes, recv_ns: int) -> BestQuote:
        data = ticker_line(payload).data
        scale = self._scale(data.symbol)
        price, qty = scale.price, scale.qty
        event = BestQuote(
            scale.instrument,
            data.at_ms * _MS,
            recv_ns,
            data.seq,
            price[data.bid],
            qty[data.bid_qty],
            price[data.ask],
            qty[data.ask_qty],
        )
        if scale.fast is not None:
            self._remember(payload, scale.fast.ticker)
        return event

    def _trade(self, payload: bytes, recv_ns: int) -> Trade | None:
        data = trade_line(payload).data
        scale = self._scale(data.symbol)
        if data.kind != "MARKET":
            return None
        event = Trade(
            scale.instrument,
            data.at_ms * _MS,
            recv_ns,
            data.trade_id,
            scale.price[data.price],
            scale.qty[data.qty],
            Side.SELL if data.buyer_is_maker else Side.BUY,
        )
        if scale.fast is not None:
            self._remember(payload, scale.fast.trade)
        return event

    def _depth(self, payload: bytes, recv_ns: int) -> BookDelta:
        data = depth_line(payload).data
        scale = self._scale(data.symbol)
        event = BookDelta(
            scale.instrument,
            data.at_ms * _MS,
            recv_ns,
            data.first_seq,
            data.last_seq,
            data.prev_seq,
            scale.levels(data.bids),
            scale.levels(data.asks),
        )
        if scale.fast is not None:
            self._remember(payload, scale.fast.depth)
        return event

    def _snapshot(self, payload: bytes, recv_ns: int) -> BookSnapshot:
        data = rest_depth(payload)
        if len(self._scales) != 1:
            raise BrokenMessage("a depth snapshot among messages of exactly one symbol", f"{len(self._scales)} symbols")
        (scale,) = self._scales.values()
        return BookSnapshot(
            scale.instrument,
            data.at_ms * _MS,
            recv_ns,
            data.seq,
            scale.levels(data.bids),
            scale.levels(data.asks),
        )
