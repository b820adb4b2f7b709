from __future__ import annotations

from decimal import Decimal

import pytest

from termdesk.core.model.errors import Refused
from termdesk.core.model.instrument import Convertible, Detail, Instrument, Perpetual, Share, Spot, TradingRule
from termdesk.core.venues import FeeRate, fee_rate
from termdesk.core.venues.rulebook import rule_books


def listed(name: str, detail: Detail) -> Instrument:
    rule = TradingRule(first_day="", tick=1, lot=1, min_qty=1)
    return Instrument(
        id=name, name=name, currency="CNY", price_decimals=2, qty_decimals=0, rules=(rule,), detail=detail
    )


@pytest.mark.parametrize(
    ("instrument", "day", "maker", "taker"),
    [
        (listed("BTCUSDT.BINANCE", Spot("BTC")), "2026-11-22", "0.001", "0.001"),
        (listed("BTCUSDT.BINANCE_USDM", Perpetual("BTC")), "2026-11-22", "0.0002", "0.0005"),
        (listed("BTCUSDT.DEMO", Spot("BTC")), "2026-11-22", "0.001", "0.001"),
        (listed("600519.DEMO", Share()), "2026-11-22", "0.00025", "0.00025"),
        (listed("600519.SSE", Share()), "2026-11-22", "0.00026", "0.00026"),
        (listed("600519.SSE", Share()), "2022-04-28", "0.00027", "0.00027"),
        (listed("113050.SSE", Convertible()), "2026-11-22", "0.00025", "0.00025"),
    ],
)
def test_the_row_of_the_kind_in_force_that_day_counts(instrument: Instrument, day: str, maker: str, taker: str) -> None:
    assert fee_rate(instrument, day) == FeeRate(maker=Decimal(maker), taker=Decimal(taker))


def test_a_segment_without_rule_book_has_no_fee_rather_than_none() -> None:
    with pytest.raises(Refused) as refused:
        fee_rate(listed("AAPL.NASDAQ", Share()), "2026-11-22")
    assert refused.value.code == "venue.no_rules"
    assert refused.value.params["segment"] == "NASDAQ"
    assert "BINANCE" in refused.value.params["known"]


def test_every_rate_names_its_source() -> None:
    assert all(row.source for book in rule_books().values() for row in book.fees)
