"""Own orders in a call auction, which they do not move.

The public orders alone make the price. Own orders that would pay more (or ask
less) than the price of the auction are filled at it, by price and time, of
each side at most what the auction traded. Orders at the price itself are
filled as the policy says once the auction has ended. Orders for the opening
or closing only wait here and end with their auction.
"""

from __future__ import annotations

from collections.abc import Iterator

from termdesk.core.market.state import InstrumentState
from termdesk.core.matching.fidelity import AtAuctionPrice
from termdesk.core.matching.floor import Floor
from termdesk.core.matching.resting import RestingOrder
from termdesk.core.model.event import OrderMatched, Trade
from termdesk.core.model.execution import BrokerReport
from termdesk.core.model.price import better
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Liquidity, Phase, Side, TimeInForce

AUCTIONS = frozenset({Phase.OPENING_AUCTION, Phase.CLOSING_AUCTION})
_ITS_TIME = {Phase.OPENING_AUCTION: TimeInForce.AT_OPEN, Phase.CLOSING_AUCTION: TimeInForce.AT_CLOSE}
ONLY_AUCTION = frozenset(_ITS_TIME.values())
_MISSED = {
    Phase.CONTINUOUS: frozenset({TimeInForce.AT_OPEN}),
    Phase.BREAK: frozenset({TimeInForce.AT_OPEN}),
    Phase.CLOSING_AUCTION: frozenset({TimeInForce.AT_OPEN}),
    Phase.CLOSED: ONLY_AUCTION,
}
"""Whose auction is over by now, whether or not it was seen."""


class Call:
    """The auction of one floor, if one is going on."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._policy = floor.fidelity.at_auction_price
        self._entered: dict[str, RestingOrder] = {}
        self._phase = Phase.UNKNOWN
        self._price = 0
        self._left = {Side.BUY: 0, Side.SELL: 0}
        self._level = {Side.BUY: 0, Side.SELL: 0}

    def enter(self, order: RestingOrder) -> None:
        """Let an order for the auction only wait; it never trades outside of it."""
        self._floor.orders[order.new.order_id] = self._entered[order.new.order_id] = order

    def waits(self, order: RestingOrder) -> Reason:
        """Why an order for the auction only does not trade now."""
        return Reason("wait.auction", {"time_in_force": order.new.time_in_force.value})

    def on_print(self, event: Trade | OrderMatched, state: InstrumentState, out: list[BrokerReport]) -> None:
        """Take a trade of the auction."""
        if state.phase not in AUCTIONS or event.aggressor is not None or not event.qty:
            return
        price, book = event.price, state.book
        if price != self._price:
            self._phase, self._price = state.phase, price
            for side in Side:
                self._left[side] = 0
                self._level[side] = book.size(side, price)
        for side in Side:
            self._left[side] += event.qty
            for order in self._candidates(side):
                if order.is_market or better(side, order.limit, price):
                    self._fill(order, state, event.recv_ns, out, order.leaves)

    def on_phase(self, state: InstrumentState, at_ns: int, out: list[BrokerReport]) -> None:
        """Take a change of phase: an auction that ended deals with what stands at its price, or was for it only."""
        ended = self._phase
        if self._price and state.phase is not ended:
            for side in Side:
                traded = self._level[side] - state.book.size(side, self._price)
                for order in self._candidates(side):
                    if order.limit == self._price and not order.is_market:
                        self._fill(order, state, at_ns, out, self._due(order, traded, state))
            self._price = 0
        over = _MISSED.get(state.phase, frozenset())
        if ended in AUCTIONS and state.phase is not ended:
            over |= {_ITS_TIME[ended]}
        self._phase = state.phase if state.phase in AUCTIONS else Phase.UNKNOWN
        for order in tuple(self._entered.values()):
            if order.new.time_in_force in over:
                self._end(order, state, at_ns, out)

    def _end(self, order: RestingOrder, state: InstrumentState, at_ns: int, out: list[BrokerReport]) -> None:
        self._drop(order)
        if order.leaves and order.new.order_id in self._floor.orders:
            reason = Reason("end.auction", {"left": state.instrument.qty_text(order.leaves)})
            out.append(self._floor.end(order, ExecType.CANCELED, reason, at_ns))

    def _due(self, order: RestingOrder, traded: int, state: InstrumentState) -> int:
        """What an order at the price gets of what its level traded."""
        if self._policy is AtAuctionPrice.ALL:
            return order.leaves
        if self._policy is AtAuctionPrice.NONE or not state.book_valid:
            return 0
        return max(0, traded - (order.level_size if order.ahead is None else order.ahead))

    def _candidates(self, side: Side) -> Iterator[RestingOrder]:
        """Own orders that take part, best price first, then oldest."""
        for order in tuple(self._entered.values()):
            if order.new.order_id not in self._floor.orders:
                self._drop(order)
            elif order.new.side is side and order.is_market and self._is_its_time(order):
                yield order
        limits = [one for one in self._entered.values() if one.new.side is side and self._is_its_time(one)]
        resting = [*self._floor.side(side), *(one for one in limits if not one.is_market)]
        resting.sort(key=lambda order: -order.limit * side.sign)
        yield from resting

    def _is_its_time(self, order: RestingOrder) -> bool:
        return order.new.time_in_force is _ITS_TIME.get(self._phase)

    def _fill(
        self, order: RestingOrder, state: InstrumentState, at_ns: int, out: list[BrokerReport], most: int
    ) -> None:
        qty = min(order.leaves, most, self._left[order.new.side])
        if not qty:
            return
        self._left[order.new.side] -= qty
        instrument = state.instrument
        reason = Reason(
            "fill.auction", {"price": instrument.price_text(self._price), "filled": instrument.qty_text(qty)}
        )
        out.append(self._floor.fill(order, state, qty, self._price, Liquidity.TAKER, reason, at_ns))
        if not order.leaves:
            self._drop(order)

    def _drop(self, order: RestingOrder) -> None:
        self._entered.pop(order.new.order_id, None)
