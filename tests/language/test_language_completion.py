from __future__ import annotations

import pytest

from termdesk.core.language import Context, complete


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["buy", "sell", "cancel", "amend", "alert", "disarm"]),
        ("B", ["buy"]),
        ("卖", ["卖出"]),
        ("buy ", []),
        ("buy 1 60", ["600519.DEMO", "600519.SSE"]),
        ("buy 1 btc", ["BTCUSDT.BINANCE"]),
        ("buy 1 X1 ", ["market", "@"]),
        ("buy 1 X1 市", ["市价"]),
        ("buy 1 X1 @ 3 ", ["gtc", "day", "ioc", "fok", "post", "reduce", "open", "close", "account"]),
        ("buy 1 X1 market ioc account m", ["margin"]),
        ("cancel ", ["all", "12", "demo-7"]),
        ("cancel all s", ["sell"]),
        ("amend d", ["demo-7"]),
        ("amend 12 ", ["qty", "@"]),
        ("nonsense ", []),
    ],
)
def test_what_may_follow_is_offered(text: str, expected: list[str], context: Context) -> None:
    assert complete(text, len(text), context) == expected


def test_only_what_stands_before_the_cursor_counts(context: Context) -> None:
    assert complete("ca 12", 2, context) == ["cancel"]
