from __future__ import annotations

import pytest

from termdesk.core.language import Context, complete

TAIL = ["gtc", "day", "ioc", "fok", "gtd", "at-open", "at-close", "post", "reduce", "open", "close"]
TAIL += ["show", "sl", "tp", "oco", "ouo", "account"]

SYMBOLS = ["600519.DEMO", "600519.SSE", "ALL.DEMO", "BRK.B.NYSE", "BTCUSDT.BINANCE", "BUY.DEMO", "X1.LOAD"]
SYMBOLS += ["XRPUSDT.BINANCE"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["buy", "sell", "cancel", "amend", "alert", "disarm"]),
        ("B", ["buy"]),
        ("卖", ["卖出"]),
        ("buy ", []),
        ("buy 1 60", ["600519.DEMO", "600519.SSE"]),
        ("buy 1 btc", ["BTCUSDT.BINANCE"]),
        ("buy 1 X1 ", ["market", "mtl", "stop", "touch", "trail", "@"]),
        ("buy 1 X1 市", ["市价", "市转限"]),
        ("buy 1 X1 @ 3 ", TAIL),
        ("sell 1 X1 trail 5% ", ["stop", "from", "limit", "by", *TAIL]),
        ("sell 1 X1 stop 3 by ", ["last2", "last", "bidask", "mid"]),
        ("sell 1 X1 @ 3 sl 2 ", ["tp", "oto", "oco", "ouo", "account", "@"]),
        ("buy 1 X1 market ioc account m", ["margin"]),
        ("cancel ", ["all", "12", "demo-7"]),
        ("cancel all s", ["sell"]),
        ("cancel all buy 6005", ["600519.DEMO", "600519.SSE"]),
        ("cancel all buy ", ["account", *SYMBOLS]),
        ("amend d", ["demo-7"]),
        ("amend 12 ", ["qty", "trigger", "@"]),
        ("nonsense ", []),
    ],
)
def test_what_may_follow_is_offered(text: str, expected: list[str], context: Context) -> None:
    assert complete(text, len(text), context) == expected


def test_only_what_stands_before_the_cursor_counts(context: Context) -> None:
    assert complete("ca 12", 2, context) == ["cancel"]
