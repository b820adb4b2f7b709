"""Plain data for the tests of line surfaces."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from termdesk.core.model.bar import Bar
from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.core.model.terms import Phase, Side
from termdesk.core.wire.topics import BookBody, Level, QuoteBody
from termdesk.ui.lines.format import width_of
from termdesk.ui.lines.idiom import Idiom, Row

MINUTE = 60 * 10**9
IDIOM = Idiom(lambda key: key.rpartition(".")[2])
MOUTAI = Instrument(
    id="600519.DEMO",
    name="Kweichow Moutai",
    name_zh="贵州茅台",
    currency="CNY",
    price_decimals=2,
    qty_decimals=0,
    rules=(TradingRule("", 1, 100, 100),),
    detail=Share(),
)


def quote(last: int = 1000, aggressor: Side | None = Side.BUY, **changes: object) -> QuoteBody:
    values: dict[str, object] = {
        "instrument": MOUTAI.id, "version": 1, "bid": 999, "bid_qty": 300, "ask": 1001, "ask_qty": 500,
        "last": last, "last_qty": 200, "aggressor": aggressor, "open": 995, "high": 1005, "low": 992,
        "prev_close": 990, "volume": 1_234_500, "turnover": Decimal(0), "trades": 10, "phase": Phase.CONTINUOUS,
        "venue_ns": 0, "recv_ns": 0, "feed": "demo", "book_valid": True,
    }  # fmt: skip
    return QuoteBody(**{**values, **changes})  # type: ignore[arg-type]


def book(bids: Sequence[Level] = ((999, 300), (997, 1200)), asks: Sequence[Level] = ((1001, 500),)) -> BookBody:
    return BookBody(MOUTAI.id, 1, tuple(bids), tuple(asks), seq=1, valid=True, recv_ns=0)


def bars(prices: Sequence[int], volume: int = 100) -> list[Bar]:
    opens = [prices[0], *prices]
    return [
        Bar(i * MINUTE, o, max(o, c) + 1, min(o, c) - 1, c, volume + i, Decimal(0), 1, 1)
        for i, (o, c) in enumerate(zip(opens, prices, strict=False))
    ]


def said(row: Row) -> str:
    return "".join(cell[0] for cell in row)


def styles(row: Row) -> set[str]:
    return {cell[1] for cell in row}


def style_of(row: Row, part: str) -> str:
    return next(style for text, style in row if part in text)


def assert_fills(rows: Sequence[Row], width: int, height: int) -> None:
    assert len(rows) == height
    assert {width_of(said(row)) for row in rows} == {width}
