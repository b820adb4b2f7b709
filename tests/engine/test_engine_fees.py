"""Fees by item in the engine's own view: the venue's day, the configured commission, one schedule for many fills."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from termdesk.core.market.market import Market
from termdesk.core.model.errors import Refused
from termdesk.core.model.event import InstrumentDefined
from termdesk.core.model.instrument import Instrument, Share, TradingRule
from termdesk.core.model.terms import Side
from termdesk.core.venues import Commission
from termdesk.engine.view import DeskView


def share(name: str) -> Instrument:
    return Instrument(
        id=name,
        name="",
        currency="CNY",
        price_decimals=2,
        qty_decimals=0,
        rules=(TradingRule("", 1, 100, 100),),
        detail=Share(),
    )


def view_of(*names: str, commissions: dict[str, Commission] | None = None) -> DeskView:
    market = Market()
    for name in names:
        market.apply(InstrumentDefined(1, share(name)), "test")
    view = DeskView(market, {}, stale_link_ns=1, played_out=lambda: False, commissions=commissions)
    view.now_ns = at("2026-11-20 02:00")
    return view


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 10**9


def sale(view: DeskView, name: str) -> dict[str, str]:
    items = view.fees(name).items(Side.SELL, Decimal(100_000), Decimal(1000))
    return {item.kind: str(item.amount) for item in items}


def test_a_sale_pays_what_is_in_force_on_the_day_of_the_desk() -> None:
    view = view_of("600519.SSE")
    assert sale(view, "600519.SSE") == {"commission": "25.00", "stamp_duty": "50.00", "transfer_fee": "1.00"}
    view.now_ns = at("2023-02-01 02:00")
    assert sale(view, "600519.SSE")["stamp_duty"] == "100.00"


def test_the_configured_commission_of_a_venue_goes_before_the_assumed_one() -> None:
    own = Commission(rate=Decimal("0.0001"), all_in=False)
    view = view_of("600519.SSE", "000001.SZSE", commissions={"SSE": own})
    assert sale(view, "600519.SSE") == {
        "commission": "10.00",
        "stamp_duty": "50.00",
        "transfer_fee": "1.00",
        "handling_fee": "3.41",
        "regulatory_fee": "2.00",
    }
    assert sale(view, "000001.SZSE")["commission"] == "25.00"


def test_a_schedule_is_made_once_for_a_day() -> None:
    view = view_of("600519.SSE")
    first = view.fees("600519.SSE")
    assert view.fees("600519.SSE") is first
    view.now_ns = at("2026-11-23 02:00")
    assert view.fees("600519.SSE") == first


def test_fees_of_what_nobody_knows_are_refused() -> None:
    view = view_of("600519.SSE", "X.NOWHERE")
    with pytest.raises(Refused, match=r"command\.instrument_unknown"):
        view.fees("000002.SZSE")
    with pytest.raises(Refused, match=r"venue\.no_rules"):
        view.fees("X.NOWHERE")
