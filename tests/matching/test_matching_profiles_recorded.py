"""The profiles on a real hour of Bitcoin and a real morning of 600519."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from termdesk.adapters.feeds.replay import FEED
from termdesk.core.market.market import Market
from termdesk.core.matching.comparison import Comparison, Sent, compare
from termdesk.core.matching.fidelity import PROFILES
from termdesk.core.model.event import MarketEvent
from termdesk.core.model.execution import NewOrderSingle, OrderCancelRequest
from termdesk.core.model.terms import OrdType, Side, TimeInForce
from termdesk.core.venues.schedule import flat

SECOND = 1_000_000_000
FREE = flat("USDT", Decimal(0), Decimal(0))


def joins(events: list[MarketEvent], every_ns: int, qty: int) -> list[Sent]:
    """Join the best bid or ask now and then, and give up after twenty seconds."""
    market, sent, due, number = Market(), [], 0, 0
    for event in events:
        state, _ = market.apply(event, "replay")
        if state is None or event.recv_ns < due or not (state.bid and state.ask and state.book_valid):
            continue
        due, number = event.recv_ns + every_ns, number + 1
        side = Side.BUY if number % 2 else Side.SELL
        name, listed = f"O{number}", state.instrument.id
        new = NewOrderSingle(
            cl_ord_id=f"{name}.1",
            venue_cl_ord_id=f"{name}.1",
            order_id=name,
            account="margin",
            instrument=listed,
            side=side,
            ord_type=OrdType.LIMIT,
            qty=qty,
            price=state.bid if side is Side.BUY else state.ask,
            time_in_force=TimeInForce.GTC,
        )
        gone = OrderCancelRequest(
            cl_ord_id=f"{name}.2", order_id=name, account="margin", instrument=listed, venue_order_id=""
        )
        sent += [Sent(event.recv_ns, new), Sent(event.recv_ns + 20 * SECOND, gone)]
    return sorted(sent, key=lambda one: one.at_ns)


def check(found: Comparison, orders: int) -> None:
    """Latency also lets orders work longer, so the pessimist is held against touch only."""
    counts = {name: sum(outcome.filled.values()) for name, outcome in found.outcomes.items()}
    assert found.untold == ()
    assert orders > 20
    assert counts["touch"] > counts["queue"] > 0
    assert counts["touch"] > counts["pessimistic"]
    assert list(counts) == list(PROFILES)


@pytest.mark.parametrize(
    ("file", "count", "every", "qty"),
    [
        (Path("binance_spot") / "btcusdt_20240808.gz", 40_000, 5 * SECOND, 1_000),
        (Path("ashare_l2") / "600519_20230201.zip", 20_000, 30 * SECOND, 200),
    ],
    ids=["btcusdt", "600519"],
)
def test_real_hours_fill_more_the_more_a_profile_flatters(shared_data, file, count, every, qty):
    recording = shared_data / file
    if not recording.is_file():
        pytest.skip(f"{file} is not here")
    events = list(islice(FEED.open_recording((recording,)).events(), count))
    sent = joins(events, every, qty)
    found = compare(events, sent, lambda *_: FREE, PROFILES)
    check(found, len(sent) // 2)
    again = compare(events, sent, lambda *_: FREE, PROFILES)
    assert {n: o.filled for n, o in again.outcomes.items()} == {n: o.filled for n, o in found.outcomes.items()}
