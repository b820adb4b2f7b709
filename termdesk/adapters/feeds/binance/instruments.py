"""Instruments of Binance as far as messages tell them.

Messages carry no tick or lot. For BTCUSDT both are known (as recorded
2024-08-08). For any other symbol the storage decimals are the decimals that
Binance writes (8 on spot), so that whatever follows fits; tick and lot are
the finest step seen in the messages looked at, which a depth snapshot of
1,000 levels makes all but certain.
"""

from __future__ import annotations

import msgspec

from termdesk.adapters.feeds.binance.messages import depth_line, rest_depth, ticker_line, trade_line
from termdesk.adapters.feeds.broken import BrokenMessage
from termdesk.core.model.instrument import Instrument, Perpetual, Spot, TradingRule

SPOT = "BINANCE"
USDM = "BINANCE_USDM"

_KNOWN = {("BTCUSDT", SPOT): ((2, 2), (8, 5)), ("BTCUSDT", USDM): ((1, 1), (3, 3))}
"""Decimals stored and decimals of the step, for price and quantity.

Spot levels hold remainders finer than the lot of 0.00001 (``25.42618900``), so 8 are stored.
"""

_QUOTES = ("USDT", "USDC", "FDUSD", "TUSD", "BUSD", "USD", "BTC", "ETH", "BNB", "TRY", "EUR", "BRL", "JPY")
_LONGEST_SYMBOL = 24
_MOST_DECIMALS = 18


class _Decimals:
    """Decimals of one kind of number: as written, and without trailing zeros."""

    __slots__ = ("significant", "written")

    def __init__(self) -> None:
        self.written = 0
        self.significant = 0

    def see(self, text: str) -> None:
        part = text.partition(".")[2][:_MOST_DECIMALS]
        self.written = max(self.written, len(part))
        self.significant = max(self.significant, len(part.rstrip("0")))


class Evidence:
    """What messages tell of symbols and venue. Broken messages tell nothing.

    Attributes:
        venue: ``BINANCE_USDM`` once a message had a field that only USD-M sends.
        symbols: In order of appearance.
    """

    def __init__(self) -> None:
        self.venue = SPOT
        self.symbols: dict[str, tuple[_Decimals, _Decimals]] = {}
        self._unnamed: list[tuple[str, str]] = []

    def see(self, payload: bytes) -> bool:
        """Look at one message; False where it is none of Binance's."""
        kind = payload[payload.find(b"@", 0, 64) + 1 :][:1]
        try:
            if kind == b"b":
                ticker = ticker_line(payload).data
                self._numbers(ticker.symbol, [(ticker.bid, ticker.bid_qty), (ticker.ask, ticker.ask_qty)])
                usdm = bool(ticker.event)
            elif kind == b"t":
                trade = trade_line(payload).data
                self._numbers(trade.symbol, [(trade.price, trade.qty)])
                usdm = b'"X":' in payload
            elif kind == b"d":
                depth = depth_line(payload).data
                self._numbers(depth.symbol, depth.bids + depth.asks)
                usdm = depth.prev_seq >= 0
            else:
                rest = rest_depth(payload)
                self._unnamed = rest.bids + rest.asks
                usdm = bool(rest.at_ms)
        except msgspec.DecodeError:
            return False
        if usdm:
            self.venue = USDM
        return True

    def instrument(self, symbol: str) -> Instrument:
        """Make the instrument of a symbol seen.

        Raises:
            BrokenMessage: The symbol is no plain code.
        """
        if not is_plain(symbol):
            raise BrokenMessage("a symbol of capital letters and digits", symbol)
        known = _KNOWN.get((symbol, self.venue))
        price, qty = self.symbols.get(symbol, (_Decimals(), _Decimals()))
        if known is not None:
            (price.written, price.significant), (qty.written, qty.significant) = known
        elif len(self.symbols) == 1:
            for price_text, qty_text in self._unnamed:
                price.see(price_text)
                qty.see(qty_text)
        base, quote = _pair(symbol)
        perpetual = self.venue == USDM
        step = 10 ** (qty.written - qty.significant)
        return Instrument(
            id=f"{symbol}.{self.venue}",
            name=f"{base}/{quote} perpetual" if perpetual else f"{base}/{quote}",
            name_zh=f"{base}/{quote} 永续" if perpetual else "",
            currency=quote,
            price_decimals=price.written,
            qty_decimals=qty.written,
            source="recording",
            rules=(TradingRule("", 10 ** (price.written - price.significant), step, step),),
            detail=Perpetual(base) if perpetual else Spot(base),
        )

    def _numbers(self, symbol: str, levels: list[tuple[str, str]]) -> None:
        held = self.symbols.setdefault(symbol, (_Decimals(), _Decimals()))
        for price, qty in levels:
            held[0].see(price)
            held[1].see(qty)


def is_plain(symbol: str) -> bool:
    """Whether a symbol or asset is a code of capital letters and digits, at least one of them a letter."""
    return symbol.isascii() and symbol.isalnum() and symbol.isupper() and len(symbol) <= _LONGEST_SYMBOL


def stored_decimals(symbol: str, segment: str) -> tuple[int, int] | None:
    """Decimals of price and quantity that an id is stored with for good; None where none are fixed here."""
    known = _KNOWN.get((symbol, segment))
    return None if known is None else (known[0][0], known[1][0])


def _pair(symbol: str) -> tuple[str, str]:
    for quote in _QUOTES:
        if symbol.endswith(quote) and len(symbol) > len(quote):
            return symbol[: -len(quote)], quote
    return symbol, symbol[-3:]
