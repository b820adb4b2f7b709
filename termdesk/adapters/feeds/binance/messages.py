"""Binance's public stream messages as they come; what a number is read as is a parameter.

Fields as documented for spot and USD-M and as recorded on 2024-08-08: USD-M
adds ``pu`` to depth, ``X`` to trades, ``e``, ``E`` and ``T`` to tickers and snapshots.
"""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

import msgspec

Sequence = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Previous = Annotated[int, msgspec.Meta(ge=-1, le=2**63 - 1)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=9_000_000_000_000)]
Levels = list[tuple[str, str]]

Number = TypeVar("Number")
Sides = TypeVar("Sides")


class Ticker(msgspec.Struct, Generic[Number], gc=False):
    """``bookTicker``: best bid and ask."""

    symbol: str = msgspec.field(name="s")
    seq: Sequence = msgspec.field(name="u")
    bid: Number = msgspec.field(name="b")
    bid_qty: Number = msgspec.field(name="B")
    ask: Number = msgspec.field(name="a")
    ask_qty: Number = msgspec.field(name="A")
    at_ms: Milliseconds = msgspec.field(name="T", default=0)
    event: str = msgspec.field(name="e", default="")


class TradePrint(msgspec.Struct, Generic[Number], gc=False):
    """``trade``; ``kind`` (USD-M ``X``) is MARKET for trades of the book, else insurance fund or ADL."""

    symbol: str = msgspec.field(name="s")
    trade_id: Sequence = msgspec.field(name="t")
    price: Number = msgspec.field(name="p")
    qty: Number = msgspec.field(name="q")
    at_ms: Milliseconds = msgspec.field(name="T")
    buyer_is_maker: bool = msgspec.field(name="m")
    kind: str = msgspec.field(name="X", default="MARKET")


class Depth(msgspec.Struct, Generic[Sides], gc=False):
    """``depthUpdate``: absolute sizes of changed levels."""

    symbol: str = msgspec.field(name="s")
    at_ms: Milliseconds = msgspec.field(name="E")
    first_seq: Sequence = msgspec.field(name="U")
    last_seq: Sequence = msgspec.field(name="u")
    bids: Sides = msgspec.field(name="b")
    asks: Sides = msgspec.field(name="a")
    prev_seq: Previous = msgspec.field(name="pu", default=-1)


class RestDepth(msgspec.Struct, gc=False):
    """REST depth snapshot; names no symbol."""

    seq: Sequence = msgspec.field(name="lastUpdateId")
    bids: Levels
    asks: Levels
    at_ms: Milliseconds = msgspec.field(name="E", default=0)


Message = TypeVar("Message")


class Line(msgspec.Struct, Generic[Message], gc=False):
    """Envelope of a combined stream."""

    data: Message


ticker_line = msgspec.json.Decoder(Line[Ticker[str]]).decode
trade_line = msgspec.json.Decoder(Line[TradePrint[str]]).decode
depth_line = msgspec.json.Decoder(Line[Depth[Levels]]).decode
rest_depth = msgspec.json.Decoder(RestDepth).decode
