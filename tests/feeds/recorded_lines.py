"""Lines of Binance recordings and rows of Shanghai days, made up in the venues' own formats."""

from __future__ import annotations

import json
from collections.abc import Sequence

START_NS = 1_700_000_000_000_000_000

ORDER_HEADER = (
    "DataStatus,OrderIndex,OrderChannel,SecurityID,OrderTime,OrderType,OrderNO,"
    "OrderPrice,Balance,OrderBSFlag,BizIndex,LocalTime,SeqNo"
)
TRADE_HEADER = (
    "DataStatus,TradeIndex,TradeChan,SecurityID,TradTime,TradPrice,TradVolume,"
    "TradeMoney,TradeBuyNo,TradeSellNo,TradeBSFlag,BizIndex,LocalTime,SeqNo"
)
SNAPSHOT_HEADER = ",".join(
    [
        "UpdateTime,SecurityID,PreCloPrice,InstruStatus,TradNumber,TradVolume",
        *(f"{side}{what}{n}" for side in ("Ask", "Bid") for n in range(1, 11) for what in ("Price", "Volume")),
    ]
)


def at(n: int, payload: object) -> str:
    """A recording line, ``n`` milliseconds after the start."""
    return f"{START_NS + n * 1_000_000} {json.dumps(payload, separators=(',', ':'))}"


def ticker(n: int, seq: int, bid: str = "100.00000000", ask: str = "100.01000000", symbol: str = "BTCUSDT") -> str:
    data = {"u": seq, "s": symbol, "b": bid, "B": "1.00000000", "a": ask, "A": "2.00000000"}
    return at(n, {"stream": f"{symbol.lower()}@bookTicker", "data": data})


def trade(n: int, number: int, price: str = "100.00000000", symbol: str = "BTCUSDT", **more: object) -> str:
    data = {"e": "trade", "E": 1, "s": symbol, "t": number, "p": price, "q": "0.50000000", "T": n, "m": True, "M": True}
    return at(n, {"stream": f"{symbol.lower()}@trade", "data": data | more})


def depth(n: int, first: int, last: int, bids: list, asks: list, symbol: str = "BTCUSDT", **more: object) -> str:
    data = {"e": "depthUpdate", "E": n, "s": symbol, "U": first, "u": last, "b": bids, "a": asks}
    return at(n, {"stream": f"{symbol.lower()}@depth@100ms", "data": data | more})


def rest(n: int, seq: int, bids: list, asks: list) -> str:
    return at(n, {"lastUpdateId": seq, "bids": bids, "asks": asks})


def sse_order(
    time: str, kind: str, number: int, price: str, qty: int, side: str, seq: int, code: str = "600519"
) -> str:
    return f"0,1,6,{code},{time},{kind},{number},{price},{qty},{side},{seq},09:00:00.000,1"


def sse_trade(time: str, price: str, qty: int, buy: int, sell: int, flag: str, seq: int) -> str:
    return f"0,{seq},6,600519,{time},{price},{qty},0,{buy},{sell},{flag},{seq},09:00:00.000,1"


def sse_snapshot(time: str, status: str, volume: int = 0, asks: Sequence[str] = (), bids: Sequence[str] = ()) -> str:
    """Levels as ``price,volume``; the rest of ten stays empty."""
    cells = [",".join([*side, *[","] * (10 - len(side))]) for side in (asks, bids)]
    return f"{time},600519,1845.75999999999999,{status},0,{volume},{cells[0]},{cells[1]}"
