"""How much of an order opens a position, and what it must hold back.

An order first reduces what stands on the other side (and is not already
promised to other open orders); only the rest opens. What opens is paid for:
a buy holds back its cost and every fee as a taker, a short sale its notional
and the fees, a sale of a cash account the units themselves. A market buy holds back
what the visible asks cost plus ``MARKET_MARGIN``, because quotes move between
the decision and the venue.

Orders of a group give way to each other, so a group counts once, with its
largest order; orders that the engine holds until another one fills count
nothing.

Orders may fill in any order: where a later one closes the position first, an
earlier one opens after all, and held back nothing for it. What such orders
would need is no longer available to others (``uncovered``).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

import msgspec

from termdesk.core.model.fee import FeeTerm
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.money import round_money, round_money_up
from termdesk.core.model.terms import AccountKind, OrdStatus, OrdType, Side, TimeInForce
from termdesk.core.trading.ledger import Account, Position
from termdesk.core.trading.orders.links import is_slice, promises
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.orders.promises import Promised
from termdesk.core.trading.state import DeskState, group_key
from termdesk.core.trading.view import View, market_seen

MARKET_MARGIN = Decimal("0.01")
"""Added to the estimated cost of a market order."""


class Terms(msgspec.Struct, frozen=True, gc=False):
    """What an order asks for, as far as it costs."""

    side: Side
    ord_type: OrdType
    time_in_force: TimeInForce
    price: int | None
    qty: int
    """Total quantity."""
    leaves: int
    """What of it is not filled."""
    fee_terms: tuple[FeeTerm, ...]
    weighted: Decimal = Decimal(0)
    """Sum of execution price times scaled quantity so far."""
    post_only: bool = False
    reduce_only: bool = False
    trigger_price: int | None = None
    """Where it begins to work; what it costs is reckoned from there where it has no limit."""
    group: str = ""


class Hold(msgspec.Struct, frozen=True, gc=False):
    """What an order holds back, and how much of it opens a position."""

    asset: str
    amount: Decimal
    opening: int
    closable: int
    """Quantity of the other side that orders may still reduce."""


def promised(state: DeskState, account: Account, besides: str = "", group: str = "") -> Iterator[Order]:
    """Open orders that may trade besides each other; of a group the largest of a side, of a sliced order the whole.

    ``besides`` is left out, and so are orders of ``group``, which give way to each other.
    """
    for order_id in account.working:
        order = state.orders[order_id]
        if order_id == besides or not promises(order):
            continue
        if order.group and (order.group == group or not _is_largest(state, order, besides)):
            continue
        yield order


def _is_largest(state: DeskState, order: Order, besides: str) -> bool:
    mine, after = order.leaves_qty, False
    for order_id in state.groups[group_key(order.account, order.group)]:
        if order_id == order.order_id:
            after = True
            continue
        other = state.orders[order_id]
        if order_id == besides or other.status is OrdStatus.HELD or not other.status.is_open:
            continue
        is_like = other.side is order.side and other.instrument == order.instrument
        if is_like and (other.leaves_qty > mine or (other.leaves_qty == mine and not after)):
            return False
    return True


def closable_qty(
    state: DeskState, account: Account, instrument_id: str, side: Side, besides: str = "", group: str = ""
) -> int:
    """Quantity that an order of ``side`` can reduce: the position against it less other open orders of that side."""
    against = max(0, -side.sign * account.qty(instrument_id))
    if not against:
        return 0
    book = state.promises.get(account.name, {}).get(instrument_id)
    if book is not None:
        against -= _promised_qty(state, book.buys if side is Side.BUY else book.sells, besides, group)
    return max(0, against)


def _promised_qty(state: DeskState, side: Promised, besides: str, group: str) -> int:
    """What ``promised`` orders of one side of an instrument may still trade."""
    total = side.total - side.alone.get(besides, 0)
    for order in map(state.orders.__getitem__, side.grouped):
        if order.order_id != besides and order.group != group and _is_largest(state, order, besides):
            total += order.leaves_qty
    return total


def shared_hold(state: DeskState, account: Account, group: str, asset: str) -> Decimal:
    """What a group of orders holds back of an asset already; another member needs only what is more."""
    if not group:
        return Decimal(0)
    members = state.groups.get(group_key(account.name, group), ())
    orders = (state.orders[order_id] for order_id in members)
    return max((order.reserve for order in orders if order.reserve_asset == asset), default=Decimal(0))


def free_to_sell(position: Position, closable: int, day: str) -> int:
    """What of ``closable`` may be sold on an ISO day: other orders take what is settled first."""
    return max(0, closable - (max(0, position.qty) - position.sellable(day)))


def hold_for(
    state: DeskState, view: View, account: Account, instrument: Instrument, terms: Terms, besides: str = ""
) -> Hold:
    """Work out what an order with these terms holds back; ``besides`` is the order itself where it exists already."""
    side = terms.side
    closable = closable_qty(state, account, instrument.id, side, besides, terms.group)
    opening = max(0, terms.leaves - closable)
    if side is Side.SELL and account.kind is AccountKind.CASH:
        return Hold(instrument.id, instrument.qty_decimal(terms.leaves), opening, closable)
    if terms.ord_type.has_limit and terms.price is not None:
        cost = instrument.cash(instrument.price_decimal(terms.price), opening, view.trading_day(instrument.id))
    elif terms.trigger_price is not None:
        trigger = instrument.price_decimal(terms.trigger_price)
        cost = instrument.cash(trigger, opening, view.trading_day(instrument.id)) * (1 + MARKET_MARGIN)
    else:
        cost = _market_cost(view, instrument, side, opening)
    held = cost + _fees(instrument, terms.fee_terms, cost, opening, terms.weighted, terms.qty - terms.leaves)
    return Hold(instrument.currency, held, opening, closable)


def uncovered(state: DeskState, account: Account, currency: str, besides: str = "") -> Decimal:
    """Money that open orders of a margin account need beyond what they hold back, should they open."""
    if account.kind is AccountKind.CASH or account.name not in state.controls.loose:
        return Decimal(0)
    return missing_in_full(state, account, currency, besides)


def missing_in_full(state: DeskState, account: Account, currency: str, besides: str = "") -> Decimal:
    """``uncovered``, order by order; where every reserve was taken without a position to close it gives 0."""
    closable: dict[tuple[str, Side], int] = {}
    missing = Decimal(0)
    for order in promised(state, account, besides):
        instrument = state.instruments[order.instrument]
        if instrument.currency != currency or order.price is None:
            continue
        key = (order.instrument, order.side)
        left = closable.setdefault(key, max(0, -order.side.sign * account.qty(order.instrument)))
        closable[key] = max(0, left - order.leaves_qty)
        opening = 0 if order.reduce_only else max(0, order.leaves_qty - left)
        cost = instrument.cash(instrument.price_decimal(order.price), opening, "")
        needed = cost + _fees(instrument, order.fee_terms, cost, opening, order.weighted, order.cum_qty)
        missing += max(Decimal(0), needed - _held_with_slices(state, order))
    return missing


def _held_with_slices(state: DeskState, order: Order) -> Decimal:
    """What a sliced order holds back lies partly with the slice that works."""
    if not order.is_sliced:
        return order.reserve
    children = map(state.orders.__getitem__, state.children.get(order.order_id, ()))
    return order.reserve + sum((child.reserve for child in children if is_slice(child)), Decimal(0))


def _market_cost(view: View, instrument: Instrument, side: Side, qty: int) -> Decimal:
    if side is Side.BUY:
        cost = view.buy_cost(instrument.id, qty) or Decimal(0)
    else:
        bid = market_seen(view, instrument.id).bid
        cost = instrument.cash(instrument.price_decimal(bid), qty, view.trading_day(instrument.id))
    return cost * (1 + MARKET_MARGIN)


def _fees(
    instrument: Instrument, terms: tuple[FeeTerm, ...], cost: Decimal, qty: int, weighted: Decimal, filled: int
) -> Decimal:
    """The most that fees of ``qty`` more can be, after fills that were charged already.

    Fees are reckoned and rounded on all fills of an order, so what is left is
    the whole less what was charged; fills at a maker's rate were charged less,
    which leaves the rest by itself.
    """
    if not qty:
        return Decimal(0)
    units, currency = instrument.qty_decimal(qty), instrument.currency
    left = Decimal(0)
    if not filled:
        for term in terms:
            left += round_money_up(term.bounded(term.due(cost, units)), currency)
        return left
    paid, done = instrument.cash(weighted, 1, ""), instrument.qty_decimal(filled)
    for term in terms:
        if term.maker_rate is not None:
            left += round_money_up(term.due(cost, units), currency)
            continue
        whole = term.bounded(term.due(paid + cost, done + units))
        left += round_money_up(whole, currency) - round_money(term.bounded(term.due(paid, done)), currency)
    return left


def reserve_after_fill(order: Order, instrument: Instrument, qty: int, price: Decimal) -> Decimal:
    """What an order still holds back after ``qty`` more of it is filled at ``price``; never more than now.

    While a replace is under way that is what the larger of both terms can cost.
    """
    most = _rest_cost(order, instrument, order.leaves_qty - qty, order.price, qty, price)
    for sent in order.in_flight:
        if sent.is_replace:
            left = sent.qty - order.cum_qty - qty
            most = max(most, _rest_cost(order, instrument, left, sent.price, qty, price))
    return min(order.reserve, most)


def _rest_cost(order: Order, instrument: Instrument, left: int, limit: int | None, qty: int, price: Decimal) -> Decimal:
    """What ``left`` of an order can cost at its limit once ``qty`` more is filled at ``price``."""
    if left <= 0:
        return Decimal(0)
    if order.reserve_asset == instrument.id:
        return instrument.qty_decimal(left)
    if order.ord_type.has_limit and limit is not None:
        cost = instrument.cash(instrument.price_decimal(limit), left, "")
        weighted, filled = order.weighted + price * qty, order.cum_qty + qty
        return cost + _fees(instrument, order.fee_terms, cost, left, weighted, filled)
    share = order.reserve * left / order.leaves_qty
    return share.quantize(order.reserve, ROUND_CEILING)
