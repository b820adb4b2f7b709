"""Listings and filters out of exchangeInfo: recorded answers, and answers that make no sense."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from termdesk.adapters.feeds.binance.exchange_info import decode_exchange_info
from termdesk.adapters.feeds.binance.instruments import SPOT, USDM
from termdesk.adapters.feeds.broken import BrokenMessage
from termdesk.core.model.instrument import Perpetual, Spot

FILTERS = [
    {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000", "tickSize": "0.01000000"},
    {"filterType": "LOT_SIZE", "minQty": "0.00010000", "maxQty": "9000.00000000", "stepSize": "0.00010000"},
    {"filterType": "NOTIONAL", "minNotional": "5.00000000", "applyMinToMarket": True},
]


def answer(**changes) -> bytes:
    symbol = {"symbol": "AAAUSDT", "status": "TRADING", "baseAsset": "AAA", "quoteAsset": "USDT", "filters": FILTERS}
    return json.dumps({"timezone": "UTC", "symbols": [symbol | changes]}).encode()


def recorded(folder: Path, name: str) -> bytes:
    with gzip.open(folder / f"wire_cryptofeed/{name}.0.gz", "rb") as file:
        return file.readline().split(b": ", 1)[1]


def test_filters_become_tick_lot_and_least_notional() -> None:
    (found,) = decode_exchange_info(answer(), SPOT).instruments
    (rule,) = found.rules
    assert (found.id, found.name, found.currency, found.detail) == ("AAAUSDT.BINANCE", "AAA/USDT", "USDT", Spot("AAA"))
    assert (found.price_text(rule.tick), found.qty_text(rule.lot)) == ("0.01000000", "0.00010000")
    assert (found.qty_text(rule.min_qty), found.qty_text(rule.max_qty)) == ("0.00010000", "9000.00000000")
    assert rule.min_notional == Decimal(5)


@pytest.mark.parametrize(
    "changes",
    [
        {"symbol": "币安USDT"},
        {"symbol": "\x1b[2JUSDT"},
        {"baseAsset": "A[/]"},
        {"filters": FILTERS[:1]},
        {"filters": [{**FILTERS[0], "tickSize": "0"}, FILTERS[1]]},
        {"filters": [{**FILTERS[0], "tickSize": "NaN"}, FILTERS[1]]},
        {"filters": [FILTERS[0], {**FILTERS[1], "minQty": "-"}]},
        {"contractType": "CURRENT_QUARTER"},
    ],
)
def test_a_listing_that_is_not_understood_is_named_and_left_out(changes) -> None:
    found = decode_exchange_info(answer(**changes), SPOT)
    assert found.instruments == ()
    assert found.skipped == (changes.get("symbol", "AAAUSDT"),)


def test_a_listing_that_does_not_trade_is_left_out() -> None:
    found = decode_exchange_info(answer(status="BREAK"), SPOT)
    assert found.instruments == found.skipped == ()


@given(st.binary() | st.sampled_from([b"{}", b"[]", b'{"symbols": 1}', b'{"symbols": [{}]}']))
def test_what_is_no_such_answer_is_a_broken_message(payload: bytes) -> None:
    with pytest.raises(BrokenMessage):
        decode_exchange_info(payload, SPOT)


def test_a_recorded_spot_answer_lists_every_symbol(shared_data: Path) -> None:
    payload = recorded(shared_data, "BINANCE_TR")
    found = decode_exchange_info(payload, SPOT)
    raw = {each["symbol"]: each for each in json.loads(payload)["symbols"] if each["status"] == "TRADING"}
    assert [each.code for each in found.instruments] == list(raw)
    assert found.skipped == ()
    for each in found.instruments:
        filters = {one["filterType"]: one for one in raw[each.code]["filters"]}
        (rule,) = each.rules
        assert Decimal(each.price_text(rule.tick)) == Decimal(filters["PRICE_FILTER"]["tickSize"])
        assert Decimal(each.qty_text(rule.lot)) == Decimal(filters["LOT_SIZE"]["stepSize"])
        assert rule.min_notional == Decimal(filters["MIN_NOTIONAL"]["minNotional"])
    bitcoin = next(each for each in found.instruments if each.code == "BTCUSDT")
    assert (bitcoin.price_decimals, bitcoin.qty_decimals) == (2, 8)
    assert (bitcoin.rules[0].tick, bitcoin.rules[0].lot) == (1, 1000)


def test_a_recorded_futures_answer_lists_perpetuals(shared_data: Path) -> None:
    found = decode_exchange_info(recorded(shared_data, "BINANCE_FUTURES"), USDM)
    ether = next(each for each in found.instruments if each.code == "ETHUSDT")
    assert ether.detail == Perpetual("ETH")
    assert ether.rules[0].min_notional is not None
    # In 2021 BTCUSDT stepped by 0.01, finer than what its id is stored with since; the others are dated futures.
    assert found.skipped == ("BTCUSDT", "BTCUSDT_210924", "ETHUSDT_210924")
