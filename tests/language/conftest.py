from __future__ import annotations

import pytest

from termdesk.core.language import Context
from termdesk.core.model.instrument import Detail, Instrument, Share, Spot, TradingRule


def listed(name: str, price_decimals: int, qty_decimals: int, detail: Detail) -> Instrument:
    rule = TradingRule(first_day="", tick=1, lot=1, min_qty=1)
    return Instrument(
        id=name,
        name=name,
        currency="CNY",
        price_decimals=price_decimals,
        qty_decimals=qty_decimals,
        rules=(rule,),
        detail=detail,
    )


@pytest.fixture(scope="session")
def context() -> Context:
    """Instruments whose codes are digits, look like keywords, begin with x or hold a dot."""
    instruments = [
        listed("600519.DEMO", 2, 0, Share()),
        listed("600519.SSE", 2, 0, Share()),
        listed("BTCUSDT.BINANCE", 2, 5, Spot("BTC")),
        listed("XRPUSDT.BINANCE", 4, 1, Spot("XRP")),
        listed("X1.LOAD", 0, 0, Share()),
        listed("BUY.DEMO", 2, 0, Share()),
        listed("ALL.DEMO", 2, 0, Share()),
        listed("BRK.B.NYSE", 2, 0, Share()),
    ]
    return Context(
        instruments={one.id: one for one in instruments},
        account="cash",
        command_id="c1",
        origin="line",
        orders={"demo-7": "BTCUSDT.BINANCE", "12": "600519.DEMO"},
        accounts=("cash", "margin"),
    )
