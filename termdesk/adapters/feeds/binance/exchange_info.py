"""``GET /api/v3/exchangeInfo`` (spot) and ``/fapi/v1/exchangeInfo`` (USD-M): listings with their filters.

Takes PRICE_FILTER, LOT_SIZE and MIN_NOTIONAL or NOTIONAL. Does not take the
filters that hang on an average price (PERCENT_PRICE…), on the account
(MAX_NUM_ORDERS, MAX_POSITION) or on market orders alone (MARKET_LOT_SIZE).
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.adapters.feeds.binance.instruments import USDM, is_plain, stored_decimals
from termdesk.adapters.feeds.broken import BrokenMessage
from termdesk.core.model.errors import NumberRefused
from termdesk.core.model.instrument import Instrument, Perpetual, Spot, TradingRule
from termdesk.core.model.number import to_decimal, to_scaled


class _Filter(msgspec.Struct):
    kind: str = msgspec.field(name="filterType")
    tick: str = msgspec.field(name="tickSize", default="")
    step: str = msgspec.field(name="stepSize", default="")
    min_qty: str = msgspec.field(name="minQty", default="")
    max_qty: str = msgspec.field(name="maxQty", default="")
    min_notional: str = msgspec.field(name="minNotional", default="")
    notional: str = ""


class _Symbol(msgspec.Struct):
    symbol: str
    status: str
    base: str = msgspec.field(name="baseAsset")
    quote: str = msgspec.field(name="quoteAsset")
    filters: list[_Filter]
    contract: str = msgspec.field(name="contractType", default="")


class _Info(msgspec.Struct):
    symbols: list[_Symbol]


class Listings(msgspec.Struct, frozen=True):
    """What an answer lists."""

    instruments: tuple[Instrument, ...]
    """Symbols that trade, in the order of the answer."""
    skipped: tuple[str, ...]
    """Symbols that trade and are not taken: no plain code, a dated future, or filters that make no sense."""


_DECODER = msgspec.json.Decoder(_Info)
_PERPETUAL = ("", "PERPETUAL")
_MONEY_DECIMALS = 8


def decode_exchange_info(payload: bytes, segment: str) -> Listings:
    """Read the listings of one venue.

    Args:
        payload: Body of the answer.
        segment: ``BINANCE`` or ``BINANCE_USDM``.

    Raises:
        BrokenMessage: It is no such answer.
    """
    try:
        info = _DECODER.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenMessage(f"exchangeInfo of {segment}: {error}", payload[:80].decode("utf-8", "replace")) from error
    taken: list[Instrument] = []
    skipped: list[str] = []
    for symbol in info.symbols:
        if symbol.status != "TRADING":
            continue
        instrument = _instrument(symbol, segment)
        if instrument is None:
            skipped.append(symbol.symbol)
        else:
            taken.append(instrument)
    return Listings(tuple(taken), tuple(skipped))


def _instrument(listed: _Symbol, segment: str) -> Instrument | None:
    filters = {each.kind: each for each in listed.filters}
    price, lot = filters.get("PRICE_FILTER"), filters.get("LOT_SIZE")
    plain = all(map(is_plain, (listed.symbol, listed.base, listed.quote)))
    if price is None or lot is None or not plain or listed.contract not in _PERPETUAL:
        return None
    decimals = stored_decimals(listed.symbol, segment) or (_written(price.tick), _written(lot.step))
    least = filters.get("NOTIONAL") or filters.get("MIN_NOTIONAL")
    try:
        rule = TradingRule(
            first_day="",
            tick=to_scaled(price.tick, decimals[0]),
            lot=to_scaled(lot.step, decimals[1]),
            min_qty=to_scaled(lot.min_qty, decimals[1]),
            max_qty=to_scaled(lot.max_qty, decimals[1]),
            min_notional=_money(least),
        )
    except NumberRefused:
        return None
    if rule.tick <= 0 or rule.lot <= 0:
        return None
    perpetual = segment == USDM
    name = f"{listed.base}/{listed.quote}"
    return Instrument(
        id=f"{listed.symbol}.{segment}",
        name=f"{name} perpetual" if perpetual else name,
        name_zh=f"{name} 永续" if perpetual else "",
        currency=listed.quote,
        price_decimals=decimals[0],
        qty_decimals=decimals[1],
        source="exchangeInfo",
        rules=(rule,),
        detail=Perpetual(listed.base) if perpetual else Spot(listed.base),
    )


def _written(number: str) -> int:
    return len(number.partition(".")[2])


def _money(least: _Filter | None) -> Decimal | None:
    text = "" if least is None else least.min_notional or least.notional
    return to_decimal(to_scaled(text, _MONEY_DECIMALS), _MONEY_DECIMALS) if text else None
