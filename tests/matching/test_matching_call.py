"""Own orders in call auctions."""

from __future__ import annotations

from pathlib import Path

import pytest
from matching_venue import Venue

from termdesk.adapters.feeds.replay import FEED
from termdesk.core.market.market import Market
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.matching.fidelity import PROFILES
from termdesk.core.model.event import InstrumentDefined, MarketEvent, OrderMatched, PhaseChanged
from termdesk.core.model.execution import ExecutionReport, NewOrderSingle
from termdesk.core.model.terms import ExecType, OrdType, Phase, Side, TimeInForce
from termdesk.core.venues.schedule import flat

BUY, SELL = Side.BUY, Side.SELL


@pytest.fixture
def call() -> Venue:
    """An opening auction with 40 bid and 60 asked at 100."""
    venue = Venue()
    venue.phase(Phase.OPENING_AUCTION)
    venue.book([(100, 40)], [(100, 60)])
    return venue


def test_a_better_limit_is_filled_at_the_price_of_the_auction(call):
    call.send(BUY, 10, 103)
    call.send(SELL, 10, 98)
    assert call.fills() == []
    call.trade(100, 40)
    assert call.fills() == [("O1", 100, 10, "fill.auction"), ("O2", 100, 10, "fill.auction")]


def test_own_orders_get_no_more_than_the_auction_traded(call):
    call.send(BUY, 70, 103)
    call.send(BUY, 70, 104)
    call.trade(100, 30)
    call.trade(100, 10)
    assert [fill[:3] for fill in call.fills()] == [("O2", 100, 30), ("O2", 100, 10)]


def test_an_order_at_the_price_stands_behind_what_was_there_when_it_came(call):
    call.send(SELL, 10, 100)
    call.trade(100, 40)
    call.book([], [(100, 20)])
    call.phase(Phase.CONTINUOUS)
    assert call.fills() == []


def test_an_order_for_the_opening_ends_with_it(call):
    call.send(BUY, 10, 99, tif=TimeInForce.AT_OPEN)
    call.send(BUY, 10, tif=TimeInForce.AT_OPEN)
    call.send(BUY, 10, 105, tif=TimeInForce.AT_CLOSE)
    assert call.waits("O1").code == "wait.auction"
    call.trade(100, 40)
    assert call.fills() == [("O2", 100, 10, "fill.auction")]
    call.phase(Phase.CONTINUOUS)
    assert [(r.order_id, r.reason.code) for r in call.reports if r.exec_type is ExecType.CANCELED] == [
        ("O1", "end.auction")
    ]
    call.book([(99, 5)], [(101, 5)])
    assert len(call.fills()) == 1
    call.phase(Phase.CLOSING_AUCTION)
    call.trade(102, 5)
    assert call.fills()[1:] == [("O3", 102, 5, "fill.auction")]


def test_an_order_for_the_closing_can_be_taken_off(call):
    call.send(BUY, 10, tif=TimeInForce.AT_OPEN)
    call.cancel("O1")
    call.trade(100, 40)
    assert call.fills() == []


def test_what_the_opening_left_trades_on(call):
    call.send(BUY, 10, 99)
    call.trade(100, 40)
    call.phase(Phase.CONTINUOUS)
    call.book([(98, 5)], [(99, 50)])
    assert call.fills() == [("O1", 99, 10, "fill.crossed")]


@pytest.fixture(scope="module")
def opening(shared_data: Path) -> tuple[list[MarketEvent], int, int]:
    """The morning of 600519 up to 09:25:01, the price of its opening and what traded there."""
    archive = shared_data / "ashare_l2" / "600519_20230201.zip"
    if not archive.is_file():
        pytest.skip("the Level-2 day of 600519 is not here")
    events: list[MarketEvent] = []
    traded = 0
    price = 0
    for event in FEED.open_recording((archive,)).events():
        events.append(event)
        if isinstance(event, OrderMatched) and event.aggressor is None:
            price, traded = event.price, traded + event.qty
        if isinstance(event, PhaseChanged) and traded:
            break
    return events, price, traded


@pytest.mark.parametrize("profile", ["touch", "queue", "pessimistic"])
def test_the_recorded_opening_of_600519_fills_better_limits_at_its_price(opening, profile):
    events, price, traded = opening
    market = Market()
    venue = SimulatedExchange(market, lambda x: flat(x.currency, 0, 0), PROFILES[profile])
    said: list[ExecutionReport] = []
    started = False
    for event in events:
        state, _ = market.apply(event, "replay")
        if state is None or isinstance(event, InstrumentDefined):
            continue
        said += venue.on_event(event, state)
        if not started and state.phase is Phase.OPENING_AUCTION:
            started = True
            for name, side, limit, qty in (
                ("buy-better", BUY, price + 100, 300),
                ("sell-better", SELL, price - 100, 300),
                ("buy-worse", BUY, price - 100, 300),
                ("buy-large", BUY, price + 50, 10 * traded),
                ("buy-at", BUY, price, 100),
            ):
                new = NewOrderSingle(
                    cl_ord_id=f"{name}.1",
                    venue_cl_ord_id=f"{name}.1",
                    order_id=name,
                    account="cash",
                    instrument=state.instrument.id,
                    side=side,
                    ord_type=OrdType.LIMIT,
                    qty=qty,
                    price=limit,
                    time_in_force=TimeInForce.DAY,
                )
                said += venue.on_request(new, event.recv_ns)
    said += venue.on_time(events[-1].recv_ns + 1_000_000_000)
    filled: dict[str, int] = {}
    for report in said:
        if report.exec_type is ExecType.TRADE:
            assert int(report.last_price.scaleb(2)) == price
            filled[report.order_id] = filled.get(report.order_id, 0) + report.last_qty
    assert (price, traded > 0) == (185498, True)
    assert filled["buy-better"] == filled["sell-better"] == 300
    assert "buy-worse" not in filled
    assert sum(qty for name, qty in filled.items() if name.startswith("buy")) <= traded
    assert profile != "pessimistic" or "buy-at" not in filled


def test_an_amended_order_for_the_closing_still_waits_for_it(call):
    call.phase(Phase.CONTINUOUS)
    call.book([(99, 5)], [(101, 5)])
    call.send(BUY, 10, 99, tif=TimeInForce.AT_CLOSE)
    call.replace("O1", 8, 105)
    assert call.fills() == [], "it takes nothing before its auction"
    call.phase(Phase.CLOSING_AUCTION)
    call.trade(102, 50)
    assert call.fills() == [("O1", 102, 8, "fill.auction")]


def test_an_order_that_missed_its_auction_ends(call):
    call.phase(Phase.PRE_OPEN)
    call.send(BUY, 10, 99, tif=TimeInForce.AT_OPEN)
    call.send(BUY, 10, 99, tif=TimeInForce.AT_CLOSE)
    call.phase(Phase.CONTINUOUS)
    call.phase(Phase.CLOSED)
    ended = [(r.order_id, r.reason.code) for r in call.reports if r.exec_type is ExecType.CANCELED]
    assert ended == [("O1", "end.auction"), ("O2", "end.auction")]
