"""Cost of the simulated exchange per market event and per order, process CPU, one core.

Run by hand: ``python tests/bench/bench_exchange.py``. Prints one JSON object.
An event is one decoded level change or trade; the book, quote, tape and bar
update is counted with it. ``resting_100`` has 100 resting orders on one
instrument, ``resting_10000`` as many over 500 instruments, ``none`` the same
events without orders. Rounds are interleaved in shuffled order; trust the
ratios of one run, not numbers of different days.
"""

from __future__ import annotations

import gc
import json
import random
import statistics
import time
from collections.abc import Callable
from decimal import Decimal

from msgspec.structs import replace

from termdesk.core.market.market import Market
from termdesk.core.matching.exchange import SimulatedExchange
from termdesk.core.matching.fidelity import PROFILES, QUEUE, Fidelity
from termdesk.core.model.event import BookDelta, BookSnapshot, InstrumentDefined, InstrumentEvent, Trade
from termdesk.core.model.execution import NewOrderSingle, OrderCancelRequest
from termdesk.core.model.instrument import Instrument, Spot, TradingRule
from termdesk.core.model.terms import OrdType, Side, TimeInForce, TriggerBy
from termdesk.core.venues.schedule import flat

MID, LEVELS, EVENTS, ROUNDS, ORDERS, DISPLAYED = 10_000, 200, 40_000, 9, 3_000, 5_000
FEES = flat("USDT", Decimal("0.001"), Decimal("0.001"))


def instrument(number: int) -> Instrument:
    """One of many alike."""
    return Instrument(
        id=f"X{number}.BENCH",
        name="X",
        currency="USDT",
        price_decimals=2,
        qty_decimals=3,
        rules=(TradingRule("", 1, 1, 1),),
        detail=Spot("X"),
    )


def stream(seqs: dict[str, int], count: int) -> list[InstrumentEvent]:
    """Level changes, most of them near the best price, and one trade in five; nothing crosses the middle.

    ``seqs`` is the last sequence number by instrument, and goes on.
    """
    rng = random.Random(7)
    names = list(seqs)
    events: list[InstrumentEvent] = []
    for number in range(count):
        name = rng.choice(names)
        buy = rng.random() < 0.5
        depth = min(LEVELS, 1 + int(rng.expovariate(0.1)))
        price = MID - depth if buy else MID + depth
        if rng.random() < 0.2:
            events.append(Trade(name, number, number, number, MID - 1 if buy else MID + 1, 1, _aggressor(buy)))
            continue
        seqs[name] += 1
        level = ((price, rng.randrange(100, 900)),)
        bids, asks = (level, ()) if buy else ((), level)
        events.append(BookDelta(name, number, number, seqs[name], seqs[name], -1, bids, asks))
    return events


def _aggressor(buy: bool) -> Side:
    return Side.SELL if buy else Side.BUY


def order(name: str, number: int, side: Side, price: int | None, **terms: object) -> NewOrderSingle:
    """A limit order, or a market order without a price."""
    given: dict[str, object] = {
        "cl_ord_id": f"O{number}.1",
        "venue_cl_ord_id": f"O{number}.1",
        "order_id": f"O{number}",
        "account": "cash",
        "instrument": name,
        "side": side,
        "ord_type": OrdType.LIMIT if price is not None else OrdType.MARKET,
        "qty": 10,
        "price": price,
        "time_in_force": TimeInForce.GTC,
    }
    return NewOrderSingle(**{**given, **terms})  # type: ignore[arg-type]


class World:
    """A market with full books and an exchange with resting orders."""

    def __init__(self, instruments: int, resting: int, fidelity: Fidelity = QUEUE, stops: bool = False) -> None:
        self.market = Market()
        self.names = [f"X{number}.BENCH" for number in range(instruments)]
        self.seqs = dict.fromkeys(self.names, 1)
        self.exchange = SimulatedExchange(self.market, lambda _: FEES, fidelity)
        bids = tuple((MID - n, DISPLAYED) for n in range(1, LEVELS + 1))
        asks = tuple((MID + n, DISPLAYED) for n in range(1, LEVELS + 1))
        for number, name in enumerate(self.names):
            self.market.apply(InstrumentDefined(1, instrument(number)), "bench")
            self.market.apply(BookSnapshot(name, 1, 1, 1, bids, asks), "bench")
        for number in range(resting):
            name, depth = self.names[number % instruments], 2 + number // instruments % 50
            buy = number // instruments % 2 == 0
            new = order(name, number, Side.BUY if buy else Side.SELL, MID - depth if buy else MID + depth)
            if stops:
                new = replace(
                    new, ord_type=OrdType.STOP, price=None, trigger_by=TriggerBy.LAST,
                    trigger_price=MID + depth + 50 if buy else MID - depth - 50,
                )  # fmt: skip
            self.exchange.on_request(new, 1)

    def run(self) -> float:
        """Nanoseconds of CPU per event."""
        events = stream(self.seqs, EVENTS)
        market, exchange, reports = self.market.apply, self.exchange.on_event, 0
        begin = time.process_time_ns()
        for event in events:
            state, _ = market(event, "bench")
            reports += len(exchange(event, state))  # type: ignore[arg-type]
        spent = time.process_time_ns() - begin
        assert reports == 0, "events of the benchmark fill nothing"
        assert all(state.book_valid for state in self.market.states.values())
        return spent / len(events)


def taking() -> float:
    """Nanoseconds for a market order that takes one level, from request to reports."""
    world = World(1, 100)
    orders = [replace(order(world.names[0], 10_000 + n, Side.BUY, None), qty=1) for n in range(ORDERS)]
    begin = time.process_time_ns()
    for one in orders:
        world.exchange.on_request(one, 1)
    return (time.process_time_ns() - begin) / ORDERS


def resting_and_cancelling() -> float:
    """Nanoseconds for a limit order that rests, and its cancel."""
    world = World(1, 100)
    name = world.names[0]
    pairs = [
        (
            order(name, 10_000 + n, Side.BUY, MID - 3),
            OrderCancelRequest(
                cl_ord_id=f"C{n}", order_id=f"O{10_000 + n}", account="cash", instrument=name, venue_order_id=""
            ),
        )
        for n in range(ORDERS)
    ]
    begin = time.process_time_ns()
    for new, cancel in pairs:
        world.exchange.on_request(new, 1)
        world.exchange.on_request(cancel, 1)
    return (time.process_time_ns() - begin) / ORDERS


def main() -> None:
    """Measure and print."""
    runs: dict[str, Callable[[], float]] = {}
    for name, (instruments, resting, fidelity, stops) in {
        "none": (1, 0, QUEUE, False),
        "resting_100": (1, 100, QUEUE, False),
        "stops_100": (1, 100, QUEUE, True),
        "none_500": (500, 0, QUEUE, False),
        "resting_10000": (500, 10_000, QUEUE, False),
        "touch_100": (1, 100, PROFILES["touch"], False),
    }.items():
        runs[name] = World(instruments, resting, fidelity, stops).run
    runs["take_order"] = taking
    runs["rest_and_cancel"] = resting_and_cancelling
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        names = list(runs)
        random.shuffle(names)
        for name in names:
            gc.collect()
            found[name].append(runs[name]())
    best = {name: min(values) for name, values in found.items()}
    print(
        json.dumps(
            {
                "ns_lowest": {name: round(value) for name, value in best.items()},
                "ns_median": {name: round(statistics.median(values)) for name, values in found.items()},
                "events_per_s_100": round(1e9 / best["resting_100"]),
                "many_over_few": round(best["resting_10000"] / best["resting_100"], 2),
                "many_over_same_without_orders": round(best["resting_10000"] / best["none_500"], 2),
                "with_orders_over_without": round(best["resting_100"] / best["none"], 2),
            }
        )
    )


if __name__ == "__main__":
    main()
