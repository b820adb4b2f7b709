"""Instruments and events that the market tests speak of."""

from __future__ import annotations

import pytest

from termdesk.core.market.market import Market
from termdesk.core.model.event import InstrumentDefined
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.studies.macd import MacdStudy

COIN = Instrument(
    id="COIN.TEST",
    name="Coin",
    currency="USD",
    price_decimals=2,
    qty_decimals=3,
    rules=(TradingRule("", 1, 1, 1),),
    detail=Spot("COIN"),
)


@pytest.fixture
def coin() -> Instrument:
    return COIN


@pytest.fixture
def market(coin: Instrument) -> Market:
    made = Market(MacdStudy)
    made.apply(InstrumentDefined(1, coin), "test")
    return made
