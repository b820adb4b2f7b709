"""What the desk knows for its gate: limits, halts, and counts that go on with every order.

Counts are per account, once by segment of the venue and once by instrument.
Everything here changes by facts only, in constant time, and is equal after
replaying them; a trading day that lies behind the one at hand starts nothing anew.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from termdesk.core.model.facts import (
    CancelRequested,
    OrderFilled,
    OrderReleased,
    OrderSubmitted,
    OrderTriggered,
    Recorded,
    ReplaceRequested,
    SurveillanceNoticed,
    TradingStateChanged,
)
from termdesk.core.model.limits import TradingLimits, TradingState, TradingStop
from termdesk.core.model.reason import Reason
from termdesk.core.trading.orders.order import Order

if TYPE_CHECKING:
    from termdesk.core.trading.exposure import Terms

STAMPS = 1000
"""Messages whose times are kept; no window counts more."""


class Window(msgspec.Struct):
    """Times of the newest ``STAMPS`` messages, in a ring."""

    stamps: list[int] = []
    next: int = 0

    def add(self, at_ns: int) -> None:
        """Count one message."""
        if len(self.stamps) < STAMPS:
            self.stamps.append(at_ns)
            return
        self.stamps[self.next] = at_ns
        self.next = (self.next + 1) % STAMPS

    def nth(self, count: int) -> int | None:
        """Time of the ``count``-th newest message, None where there were fewer."""
        if count > len(self.stamps):
            return None
        return self.stamps[self.next - count]


class Tally(msgspec.Struct):
    """Counts of one account in one segment or instrument; of its trading day where not said otherwise."""

    day: str = ""
    orders: int = 0
    cancels: int = 0
    messages: int = 0
    working: int = 0
    """Orders that work now."""
    submitted: Window = msgspec.field(default_factory=Window)
    """New and amended orders. Kept for segments only."""
    sent: Window = msgspec.field(default_factory=Window)
    """Every message. Kept for segments only."""

    def begin(self, day: str) -> None:
        """Start a later trading day."""
        if day > self.day:
            self.day = day
            self.orders = self.cancels = self.messages = 0


Tallies = tuple[Tally, Tally]
"""Counts by segment and by instrument."""


class Noticed(msgspec.Struct, frozen=True):
    """What surveillance noticed, and on which trading day."""

    instrument: str
    trading_day: str
    reason: Reason


class Habits(msgspec.Struct):
    """What surveillance looks at of one account."""

    last: tuple[str, str, int | None, int] = ("", "", None, 0)
    """Instrument, side, price and quantity of the newest order."""
    in_a_row: int = 0
    """How many orders were equal to it without another between."""
    closed: int = 0
    """Fills that closed at a profit or loss."""
    won: int = 0
    noticed: dict[str, Noticed] = {}
    """By what was noticed and in which segment, the newest time."""


class DayResult(msgspec.Struct):
    """What an account realised in one currency on its trading day, fees in that currency taken off."""

    day: str = ""
    instrument: str = ""
    """Whose venue says which trading day it is."""
    realised: Decimal = Decimal(0)


class OwnSide(msgspec.Struct):
    """Limit orders of the desk that work on one side of an instrument."""

    orders: dict[str, int] = {}
    """Prices by order id."""
    prices: list[int] = []
    """The same, lowest first."""

    def put(self, order_id: str, price: int) -> None:
        """Know an order at a price, whether it was known at another before or not."""
        before = self.orders.get(order_id)
        if before is not None:
            del self.prices[bisect_left(self.prices, before)]
        self.orders[order_id] = price
        insort(self.prices, price)

    def drop(self, order_id: str) -> None:
        """Forget an order that is known."""
        del self.prices[bisect_left(self.prices, self.orders.pop(order_id))]


class OwnBook(msgspec.Struct):
    """Limit orders of the desk that work in one instrument."""

    buys: OwnSide = msgspec.field(default_factory=OwnSide)
    sells: OwnSide = msgspec.field(default_factory=OwnSide)


class Controls(msgspec.Struct):
    """Part of the desk's state. ``limits`` and ``stops`` are by account, then by instrument; ``""`` is all."""

    limits: dict[str, dict[str, TradingLimits]] = {}
    stops: dict[str, dict[str, TradingStop]] = {}
    tallies: dict[str, dict[str, Tally]] = {}
    habits: dict[str, Habits] = {}
    own: dict[str, OwnBook] = {}
    identical: dict[str, list[int]] = {}
    """Times of equal orders; kept while a limit asks for it."""
    counts_identical: bool = False
    results: dict[str, dict[str, DayResult]] = {}
    """By account and currency."""
    loose: dict[str, dict[str, None]] = {}
    """Orders, by account, that may need more than they hold back, because they were to close when it was reckoned."""
    flattening: dict[str, dict[str, None]] = {}
    """Positions, by account, that the kill switch is to close once none of their orders works."""

    def covering(self, account: str, instrument: str, segment: str) -> list[tuple[TradingLimits, Tally]]:
        """Limits in force for an order, the widest scope first, each with the counts it is held against."""
        if not self.limits:
            return []
        return [
            (found, self.counts(account, instrument if scope == instrument else segment))
            for by_instrument in (self.limits.get(""), self.limits.get(account))
            if by_instrument
            for scope in ("", segment, instrument)
            if (found := by_instrument.get(scope)) is not None
        ]

    def stop_of(self, account: str, instrument: str, segment: str) -> TradingStop | None:
        """The strictest stop in force for an order, None where trading is active."""
        if not self.stops:
            return None
        found = [
            stop
            for by_instrument in (self.stops.get(""), self.stops.get(account))
            if by_instrument
            for scope in ("", segment, instrument)
            if (stop := by_instrument.get(scope)) is not None
        ]
        return next((stop for stop in found if stop.state is TradingState.HALTED), found[0] if found else None)

    def counts(self, account: str, place: str) -> Tally:
        """Counts of an account in a segment or instrument, to be read only."""
        return self.tallies.get(account, _NO_TALLIES).get(place, _NO_TALLY)

    def tallies_of(self, order: Order) -> Tallies:
        """Counts that an order belongs to; kept from the first call on."""
        places = self.tallies.get(order.account)
        if places is None:
            places = self.tallies[order.account] = {}
        by_instrument = places.get(order.instrument)
        if by_instrument is None:
            places.setdefault(segment_of(order.instrument), Tally())
            by_instrument = places[order.instrument] = Tally()
        return places[segment_of(order.instrument)], by_instrument


_NO_TALLIES: dict[str, Tally] = {}
_NO_TALLY = Tally()


@lru_cache(maxsize=8192)
def segment_of(instrument_id: str) -> str:
    """The part of an id after its last dot."""
    return instrument_id.rpartition(".")[2]


def covers(scope: str, instrument_id: str) -> bool:
    """Whether a scope (an instrument, a segment, or empty for all) holds an instrument."""
    return scope in ("", instrument_id) or scope == segment_of(instrument_id)


def follow(controls: Controls, record: Recorded, order: Order, *, was_working: bool) -> None:
    """Count a fact of an order that has just taken it."""
    count = _COUNTED.get(type(record.fact))
    by = order.status.is_open - was_working
    if by or count is not None:
        tallies = controls.tallies_of(order)
        for tally in tallies:
            tally.working += by
        if count is not None and not order.is_local:
            count(controls, record, order, tallies)
    _keep_own(controls, order)


def _keep_own(controls: Controls, order: Order) -> None:
    """Follow where an order rests at its venue, for the check against trading with oneself."""
    book = controls.own.get(order.instrument)
    if book is None:
        book = controls.own[order.instrument] = OwnBook()
    side = book.buys if order.side.sign > 0 else book.sells
    price = order.price if order.is_resting else None
    if price is not None:
        if side.orders.get(order.order_id) != price:
            side.put(order.order_id, price)
    elif order.order_id in side.orders:
        side.drop(order.order_id)


def _count_submit(controls: Controls, record: Recorded, order: Order, tallies: Tallies) -> None:
    _count_message(record, tallies)
    for tally in tallies:
        tally.orders += 1
    if controls.flattening:
        flattened(controls, order.account, order.instrument)
    habits = controls.habits.get(order.account)
    if habits is None:
        habits = controls.habits[order.account] = Habits()
    same = (order.instrument, order.side.value, order.price, order.qty)
    habits.in_a_row = habits.in_a_row + 1 if same == habits.last else 1
    habits.last = same
    if controls.counts_identical:
        stamps = controls.identical.setdefault(key_of(order.account, order.instrument, order), [])
        stamps.append(record.at_ns)
        del stamps[:-STAMPS]


def _count_trigger(controls: Controls, record: Recorded, order: Order, tallies: Tallies) -> None:
    """What the engine watched goes to the venue now; at the venue it was counted when it was sent."""
    if order.emulated:
        _count_submit(controls, record, order, tallies)


def _count_amend(controls: Controls, record: Recorded, order: Order, tallies: Tallies) -> None:
    del controls, order
    _count_message(record, tallies)


def _count_cancel(controls: Controls, record: Recorded, order: Order, tallies: Tallies) -> None:
    del controls, order
    _count_message(record, tallies, is_cancel=True)
    for tally in tallies:
        tally.cancels += 1


def _count_message(record: Recorded, tallies: Tallies, *, is_cancel: bool = False) -> None:
    for tally in tallies:
        tally.begin(record.trading_day)
        tally.messages += 1
    by_segment, _ = tallies
    by_segment.sent.add(record.at_ns)
    if not is_cancel:
        by_segment.submitted.add(record.at_ns)


_COUNTED: dict[type, Callable[[Controls, Recorded, Order, Tallies], None]] = {
    OrderSubmitted: _count_submit,
    OrderReleased: _count_submit,
    OrderTriggered: _count_trigger,
    ReplaceRequested: _count_amend,
    CancelRequested: _count_cancel,
}


def count_result(controls: Controls, record: Recorded, fill: OrderFilled, currency: str, gain: Decimal) -> None:
    """A fill realised ``gain``, fees apart; what only opened realised nothing."""
    by_currency = controls.results.setdefault(fill.account, {})
    result = by_currency.get(currency)
    if result is None:
        result = by_currency[currency] = DayResult()
    if record.trading_day > result.day:
        result.day = record.trading_day
        result.instrument = fill.instrument
        result.realised = Decimal(0)
    result.realised += gain
    for fee in fill.fees:
        if fee.asset == currency:
            result.realised -= fee.amount
    if gain:
        habits = controls.habits.setdefault(fill.account, Habits())
        habits.closed += 1
        habits.won += gain > 0


def key_of(account: str, instrument: str, terms: Order | Terms) -> str:
    """What makes orders identical."""
    parts = (account, instrument, terms.side.value, terms.ord_type.value, terms.price, terms.qty)
    return "|".join(map(str, parts))


def set_limits(controls: Controls, account: str, instrument: str, limits: TradingLimits) -> None:
    """Put limits of a scope in force; limits that limit nothing are kept as none."""
    by_instrument = controls.limits.setdefault(account, {})
    if limits == TradingLimits():
        by_instrument.pop(instrument, None)
    else:
        by_instrument[instrument] = limits
    if not by_instrument:
        del controls.limits[account]
    controls.counts_identical = any(
        limits.max_identical for scoped in controls.limits.values() for limits in scoped.values()
    )
    if not controls.counts_identical:
        controls.identical.clear()


def take_state(controls: Controls, record: Recorded, fact: TradingStateChanged) -> None:
    """Trading of a scope stops or goes on; a stop that is lifted takes its pending closes with it."""
    by_instrument = controls.stops.setdefault(fact.account, {})
    if fact.state is TradingState.ACTIVE:
        by_instrument.pop(fact.instrument, None)
        _forget_flattening(controls, fact)
    else:
        by_instrument[fact.instrument] = TradingStop(
            account=fact.account,
            instrument=fact.instrument,
            state=fact.state,
            note=fact.note,
            actor=record.actor,
            at_ns=record.at_ns,
            killed=fact.killed,
        )
    if not by_instrument:
        del controls.stops[fact.account]
    for account, instrument in fact.flatten:
        controls.flattening.setdefault(account, {})[instrument] = None


def _forget_flattening(controls: Controls, fact: TradingStateChanged) -> None:
    for account in [fact.account] if fact.account else list(controls.flattening):
        for instrument in list(controls.flattening.get(account, ())):
            if covers(fact.instrument, instrument):
                flattened(controls, account, instrument)


def flattened(controls: Controls, account: str, instrument: str) -> None:
    """A position needs no closing by the kill switch any more."""
    pending = controls.flattening.get(account, {})
    pending.pop(instrument, None)
    if not pending:
        controls.flattening.pop(account, None)


def take_notice(controls: Controls, record: Recorded, fact: SurveillanceNoticed) -> None:
    """Notice the same thing once a trading day."""
    habits = controls.habits.setdefault(fact.account, Habits())
    key = notice_key(fact.reason.code, fact.instrument)
    habits.noticed[key] = Noticed(fact.instrument, record.trading_day, fact.reason)


def notice_key(code: str, instrument: str) -> str:
    """What is noticed once a day: a habit of an account in one segment."""
    return f"{code}|{segment_of(instrument)}"


def stops_of(controls: Controls) -> tuple[TradingStop, ...]:
    """Every scope in which trading is not active."""
    return tuple(stop for scoped in controls.stops.values() for stop in scoped.values())
