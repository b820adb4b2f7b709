"""The simulated exchange against a naive matcher, and against itself under changes that must not matter."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_venue import Venue, X
from naive_exchange import Naive

from termdesk.core.model.event import BookDelta, BookSnapshot, InstrumentDefined, Trade
from termdesk.core.model.terms import ExecType, Side, TimeInForce, TriggerBy

FAR = ((1, 51), (-1, 151))
"""Levels so far away that everything between them is in sight."""
SIDES = {1: Side.BUY, -1: Side.SELL}
sign = st.sampled_from([1, -1])
price = st.integers(98, 103)
qty = st.integers(1, 20)

moves = st.lists(
    st.one_of(
        st.tuples(st.just("level"), sign, price, st.integers(0, 30)),
        st.tuples(st.just("trade"), price, qty, st.sampled_from([1, -1, 0])),
        st.tuples(st.just("send"), sign, qty, price, st.booleans()),
        st.tuples(st.just("stop"), sign, qty, price),
        st.tuples(st.just("cancel"), st.integers(1, 12)),
        st.tuples(st.just("amend"), st.integers(1, 12), qty, price),
    ),
    min_size=5,
    max_size=40,
)


class World:
    """The exchange under the same moves as the naive one; crossed books are left out as no venue shows them."""

    def __init__(self, mirror: bool = False, scale: int = 1, split: bool = False, noise: bool = False) -> None:
        self.venue = Venue()
        self.axis = 202 if mirror else 0
        self.scale, self.split, self.noise = scale, split, noise
        self.amends = 10
        self.venue.book()
        for side, at in FAR:
            self.level(side, at, 1)
        if noise:
            other = msgspec.structs.replace(X, id="Y.TEST")
            self.venue.market.apply(InstrumentDefined(1, other), "feed")
            self.venue.event(BookSnapshot("Y.TEST", 1, 1, 1, ((100, 5),), ((101, 5),)))
            self.seq = 1

    def price(self, price):
        return (self.axis - price if self.axis else price) * self.scale

    def side(self, sign):
        return SIDES[-sign if self.axis else sign]

    def level(self, sign, price, qty):
        change = ((self.price(price), qty),)
        bids = self.side(sign) is Side.BUY
        self.venue.change(bids=change if bids else (), asks=() if bids else change)

    def trade(self, price, qty, aggressor):
        side = self.side(aggressor) if aggressor else None
        for part in (qty // 2, qty - qty // 2) if self.split else (qty,):
            if part:
                self.venue.trade(self.price(price), part, side)

    def send(self, sign, qty, limit, ioc):
        self.venue.send(self.side(sign), qty, self.price(limit), TimeInForce.IOC if ioc else TimeInForce.GTC)

    def stop(self, sign, qty, trigger):
        self.venue.stop(self.side(sign), qty, self.price(trigger), TriggerBy.BID_ASK)

    def cancel(self, number):
        self.amends += 1
        self.venue.cancel(f"O{number}", self.amends)

    def amend(self, number, qty, limit):
        self.amends += 1
        self.venue.replace(f"O{number}", qty, self.price(limit), self.amends)

    def go(self, given):
        for what, *how in shown(given):
            getattr(self, what)(*how)
            if self.noise:
                self.seq += 1
                self.venue.event(Trade("Y.TEST", 1, 1, 1, 100, 5, None))
                self.venue.event(BookDelta("Y.TEST", 1, 1, self.seq, self.seq, -1, ((100, self.seq),), ()))
        return self

    def fills(self):
        return [
            (one.order_id, abs(int(one.last_price) // self.scale - self.axis), one.last_qty)
            for one in self.venue.reports
            if getattr(one, "exec_type", None) is ExecType.TRADE
        ]


def shown(given):
    """Only moves after which bids are below asks; amends only of orders that rest, as waiting ones have no limit."""
    book, stops, number = {1: set(), -1: set()}, set(), 0
    for move in given:
        if move[0] == "level":
            _, side, at, size = move
            others = book[-side]
            if size and any((at - other) * side >= 0 for other in others):
                continue
            (book[side].add if size else book[side].discard)(at)
        number += move[0] in ("send", "stop")
        if move[0] == "stop":
            stops.add(number)
        if move[0] == "amend" and move[1] in stops:
            continue
        yield move


@given(moves)
@settings(max_examples=400)
def test_it_fills_what_the_naive_matcher_fills(given) -> None:
    naive, world = Naive(), World()
    for side, at in FAR:
        naive.level(side, at, 1)
    for what, *how in shown(given):
        getattr(world, what)(*how)
        match what:
            case "stop":
                naive.send_stop(*how)
            case "cancel":
                naive.cancel(f"O{how[0]}")
            case "amend":
                naive.amend(f"O{how[0]}", *how[1:])
            case _:
                getattr(naive, what)(*how)
        assert world.fills() == naive.fills
    left = {one["id"]: one["left"] for one in (*naive.orders, *naive.waiting)}
    assert {name: order.leaves for name, order in resting(world).items()} == left


def resting(world):
    return {name: order for pit in world.venue.exchange._pits.values() for name, order in pit.orders.items()}


@given(moves)
def test_no_fill_is_worse_than_a_limit_or_more_than_a_quantity(given) -> None:
    world = World().go(given)
    terms = {}
    for request in world.venue.requests:
        if hasattr(request, "qty"):
            terms.setdefault(request.order_id, []).append(request)
    for order_id, asked in terms.items():
        fills = [fill for fill in world.fills() if fill[0] == order_id]
        assert sum(fill[2] for fill in fills) <= max(one.qty for one in asked)
        limits = [one.price for one in asked if one.price is not None]
        side = getattr(asked[0], "side", None)
        if limits and side is not None:
            worst = max(limits) if side is Side.BUY else min(limits)
            assert all((worst - fill[1]) * side.sign >= 0 for fill in fills)


@given(moves)
def test_buys_and_sales_are_mirror_images(given) -> None:
    """A print without an aggressor reaches buys first, so the order of two fills of one event may differ."""
    assert sorted(World(mirror=True).go(given).fills()) == sorted(World().go(given).fills())


@given(moves)
def test_the_unit_of_prices_does_not_matter(given) -> None:
    assert World(scale=100).go(given).fills() == World().go(given).fills()


@given(moves)
def test_events_of_another_instrument_do_not_matter(given) -> None:
    assert World(noise=True).go(given).fills() == World().go(given).fills()


@given(moves)
def test_a_print_in_two_parts_fills_the_same_quantity(given) -> None:
    def totals(world):
        found = {}
        for order_id, at, size in world.fills():
            found[order_id, at] = found.get((order_id, at), 0) + size
        return found

    assert totals(World(split=True).go(given)) == totals(World().go(given))
