"""Reasons in numbers: why an order stands where it does, was filled, ended, or waits."""

from __future__ import annotations

from termdesk.core.market.state import InstrumentState
from termdesk.core.matching.consumption import Consumption
from termdesk.core.matching.queue import Share
from termdesk.core.matching.resting import RestingOrder
from termdesk.core.matching.taking import Take, best_first
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.price import better, crosses
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdType, Phase, TimeInForce

_NO_TRADING = frozenset(Phase) - {Phase.CONTINUOUS, Phase.UNKNOWN}


def taken(got: Take, instrument: Instrument) -> Reason:
    """A displayed level was taken."""
    qty = instrument.qty_text
    return Reason(
        "fill.take",
        {
            "price": instrument.price_text(got.price),
            "displayed": qty(got.displayed),
            "consumed": qty(got.consumed),
            "filled": qty(got.qty),
        },
    )


def crossed(got: Take, order: RestingOrder, instrument: Instrument) -> Reason:
    """The opposite side came to the order's limit or beyond."""
    return Reason(
        "fill.crossed",
        {
            "price": instrument.price_text(order.limit),
            "best": instrument.price_text(got.price),
            "displayed": instrument.qty_text(got.displayed),
            "filled": instrument.qty_text(got.qty),
        },
    )


def printed(share: Share, price: int, instrument: Instrument) -> Reason:
    """A public trade reached the order."""
    qty = instrument.qty_text
    if share.through:
        return Reason(
            "fill.through",
            {
                "price": instrument.price_text(share.order.limit),
                "traded_price": instrument.price_text(price),
                "traded": qty(share.traded),
                "filled": qty(share.filled),
            },
        )
    return Reason("fill.queue", {"ahead": qty(share.ahead), "traded": qty(share.traded), "filled": qty(share.filled)})


def end(order: RestingOrder, instrument: Instrument, available: int) -> Reason:
    """The rest of an order that trades at once or not at all; ``available`` is what it found on arrival."""
    if order.new.time_in_force is TimeInForce.FOK:
        return Reason(
            "end.fok", {"qty": instrument.qty_text(order.leaves), "available": instrument.qty_text(available)}
        )
    code = "end.no_liquidity" if order.new.ord_type is OrdType.MARKET else "end.ioc"
    return Reason(code, {"left": instrument.qty_text(order.leaves)})


def would_take(order: RestingOrder, limit: int, state: InstrumentState) -> Reason | None:
    """Why a post-only order can't stand at ``limit``; None where nothing displayed is crossed.

    What own orders took counts as displayed: an order resting against it would be filled without a queue.
    """
    if not order.new.post_only:
        return None
    best = state.book.best(order.new.side.opposite)
    if best is None or not crosses(order.new.side, limit, best[0]):
        return None
    price = state.instrument.price_text
    return Reason("venue.post_only", {"price": price(limit), "best": price(best[0])})


def place(order: RestingOrder, state: InstrumentState | None, *, kept: bool = False) -> Reason:
    """Where an order stands after it came or was changed."""
    blocked = _blocked(state)
    if state is None or blocked is not None:
        return blocked or Reason("wait.no_book")
    if order.ahead is None:
        return _against_best("queue.behind_best", order, state)
    qty = state.instrument.qty_text
    if kept:
        return Reason("queue.kept", {"ahead": qty(order.ahead)})
    level = state.book.size(order.new.side, order.limit)
    return Reason("queue.back", {"ahead": qty(order.ahead), "level": qty(level)})


def waits(order: RestingOrder, state: InstrumentState | None, consumption: Consumption) -> Reason:
    """Why a resting order does not trade now."""
    blocked = _blocked(state)
    if state is None or blocked is not None:
        return blocked or Reason("wait.no_book")
    side, book = order.new.side, state.book
    opposite, best = book.best(side.opposite), book.best(side)
    if opposite is not None and crosses(side, order.limit, opposite[0]):
        return _all_taken(order, state, consumption)
    if order.ahead is None or (best is not None and better(side, best[0], order.limit)):
        return _against_best("wait.price", order, state)
    instrument = state.instrument
    return Reason(
        "wait.queue", {"ahead": instrument.qty_text(order.ahead), "price": instrument.price_text(order.limit)}
    )


def _blocked(state: InstrumentState | None) -> Reason | None:
    if state is None or not state.book_valid:
        return Reason("wait.no_book")
    if state.phase in _NO_TRADING:
        return Reason("wait.phase", {"phase": state.phase.value})
    return None


def _against_best(code: str, order: RestingOrder, state: InstrumentState) -> Reason:
    best = state.book.best(order.new.side)
    price = state.instrument.price_text
    return Reason(code, {"price": price(order.limit), "best": price(best[0]) if best is not None else ""})


def _all_taken(order: RestingOrder, state: InstrumentState, consumption: Consumption) -> Reason:
    side, total = order.new.side, 0
    for price, _ in best_first(state.book, side.opposite):
        if not crosses(side, order.limit, price):
            break
        total += consumption.taken(side.opposite, price)
    instrument = state.instrument
    return Reason("wait.taken", {"price": instrument.price_text(order.limit), "taken": instrument.qty_text(total)})
