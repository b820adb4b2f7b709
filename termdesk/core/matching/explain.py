"""Reasons in numbers: why an order stands where it does, was filled, ended, or waits."""

from __future__ import annotations

from termdesk.core.market.book import Book
from termdesk.core.market.state import InstrumentState
from termdesk.core.matching.consumption import Consumption
from termdesk.core.matching.queue import Share
from termdesk.core.matching.resting import RestingOrder
from termdesk.core.matching.taking import Take, best_first
from termdesk.core.matching.triggers import TriggerBook
from termdesk.core.matching.watch import Fired, Prices, Triggers
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import plain, to_text
from termdesk.core.model.price import better, crosses
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdType, Phase, Side, TimeInForce, TriggerBy
from termdesk.core.model.trigger import followed_by

_NO_TRADING = frozenset(Phase) - {Phase.CONTINUOUS, Phase.UNKNOWN}


def taken(got: Take, instrument: Instrument) -> Reason:
    """A displayed level was taken."""
    decimals = instrument.qty_decimals
    return Reason(
        "fill.take",
        {
            "price": to_text(got.price, instrument.price_decimals),
            "displayed": to_text(got.displayed, decimals),
            "consumed": to_text(got.consumed, decimals),
            "filled": to_text(got.qty, decimals),
        },
    )


def slipped(price: int, qty: int, best: int, instrument: Instrument) -> Reason:
    """The rest of a taker found nothing more to see."""
    return Reason(
        "fill.slip",
        {
            "price": instrument.price_text(price),
            "best": instrument.price_text(best),
            "filled": instrument.qty_text(qty),
        },
    )


def after_print(got: Take, price: int, instrument: Instrument) -> Reason:
    """A level was taken that is older than the print that triggered the order; it gave no better price than that."""
    qty = instrument.qty_text
    return Reason(
        "fill.after_print",
        {
            "price": instrument.price_text(price),
            "level": instrument.price_text(got.price),
            "consumed": qty(got.consumed),
            "filled": qty(got.qty),
        },
    )


def met_own(other: str, price: int, qty: int, instrument: Instrument) -> Reason:
    """Another own order stood there."""
    return Reason(
        "fill.own", {"order_id": other, "price": instrument.price_text(price), "filled": instrument.qty_text(qty)}
    )


def reached(order: RestingOrder, best: int, instrument: Instrument) -> Reason:
    """The market came to the limit, which is all that the policy asks for."""
    return Reason(
        "fill.reached",
        {
            "price": instrument.price_text(order.limit),
            "best": instrument.price_text(best),
            "filled": instrument.qty_text(order.leaves),
        },
    )


def overtaken(traded: int, filled: int, instrument: Instrument) -> Reason:
    """A public order that stands behind it in the exact queue was traded."""
    return Reason("fill.fifo", {"traded": instrument.qty_text(traded), "filled": instrument.qty_text(filled)})


def triggered(order: RestingOrder, fired: Fired, instrument: Instrument) -> Reason:
    """The followed price reached the trigger."""
    price = _followed_text(order.new.trigger_by, fired.followed, instrument)
    return Reason(
        "venue.triggered",
        {
            "followed": order.new.trigger_by.value,
            "trigger": instrument.price_text(fired.trigger_price),
            "price": price,
        },
    )


def in_market(order: RestingOrder, fired: Fired, instrument: Instrument) -> Reason:
    """The trigger of a new order has been reached before."""
    return Reason("venue.stop_in_market", dict(triggered(order, fired, instrument).params))


def waits_for_trigger(
    order: RestingOrder, triggers: Triggers | TriggerBook, prices: Prices, instrument: Instrument
) -> Reason:
    """What a waiting order waits for, and where the market is."""
    new = order.new
    order_id, followed = new.order_id, new.trigger_by.value
    now = _now(order, prices, instrument)
    rises = (new.side is Side.BUY) is not new.ord_type.in_favour
    if not triggers.activated(order_id) and new.trail is not None and new.trail.activation_price is not None:
        price = instrument.price_text(new.trail.activation_price)
        word = "<=" if new.side is Side.BUY else ">="
        return Reason("wait.activation", {"followed": followed, "op": word, "activation": price, "now": now})
    at = triggers.trigger_of(order_id)
    if at is None:
        return Reason("wait.first_price", {"followed": followed})
    code = "wait.trigger_restarted" if triggers.restored(order_id) else "wait.trigger"
    params = {"followed": followed, "op": ">=" if rises else "<=", "trigger": instrument.price_text(at), "now": now}
    return Reason(code, params)


def _now(order: RestingOrder, prices: Prices, instrument: Instrument) -> str:
    trigger_by = order.new.trigger_by
    price = followed_by(order.new.side, trigger_by, prices)
    return _followed_text(trigger_by, price, instrument) if price else ""


def _followed_text(trigger_by: TriggerBy, followed: int, instrument: Instrument) -> str:
    if trigger_by is not TriggerBy.MID:
        return instrument.price_text(followed)
    return plain(instrument.price_decimal(followed) / 2)


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
    code = "end.no_liquidity" if order.is_market else "end.ioc"
    return Reason(code, {"left": instrument.qty_text(order.leaves)})


def would_take(order: RestingOrder, limit: int, book: Book, instrument: Instrument) -> Reason | None:
    """Why a post-only order can't stand at ``limit``; None where nothing displayed is crossed.

    What own orders took counts as displayed: an order resting against it would be filled without a queue.
    """
    if not order.new.post_only:
        return None
    best = book.best(order.new.side.opposite)
    if best is None or not crosses(order.new.side, limit, best[0]):
        return None
    price = instrument.price_text
    return Reason("venue.post_only", {"price": price(limit), "best": price(best[0])})


def place(order: RestingOrder, state: InstrumentState | None, *, kept: bool = False) -> Reason:
    """Where an order stands after it came or was changed."""
    if order.new.ord_type is OrdType.MARKET and state is not None:
        return Reason("queue.protected", {"price": state.instrument.price_text(order.limit)})
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
    if order.shown:
        return Reason(
            "wait.iceberg",
            {
                "shown": instrument.qty_text(order.shown),
                "ahead": instrument.qty_text(order.ahead),
                "price": instrument.price_text(order.limit),
            },
        )
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
