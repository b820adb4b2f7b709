"""What must hold after every fact. A breach means that the program is wrong: trading halts, quotes go on.

``check`` looks at what one fact touched; ``check_all`` adds everything up and
belongs to snapshots and starts. Neither changes anything.

A cash account may owe money in these cases only: a market order met prices
more than ``exposure.MARKET_MARGIN`` worse than what was held back for it, a
fill was busted or booked by hand, interest or financing was charged, or a fee
was paid in an asset that is not held. It then buys nothing more until it is
covered.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from termdesk.core.model.errors import InvariantBroken
from termdesk.core.model.facts import (
    CashDeposited,
    CashPosted,
    FillBusted,
    OrderFilled,
    PositionAdjusted,
    PositionMarked,
    Recorded,
    UnitsPosted,
    UnitsScaled,
)
from termdesk.core.model.money import money_unit
from termdesk.core.model.number import plain
from termdesk.core.model.posting import Place
from termdesk.core.model.terms import AccountKind, Side
from termdesk.core.trading.ledger import Account, Position
from termdesk.core.trading.orders.links import promises
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.state import DeskState

_ZERO = Decimal(0)
_ROUNDINGS = 10
"""Smallest amounts by which rounded fees may exceed what was held back for them."""
_FEW_LOTS = 8
"""Lots are added up with every fact only where there are not more."""


def check(state: DeskState, record: Recorded) -> None:
    """Look at what a fact touched.

    Raises:
        InvariantBroken: Names the fact, the invariant and its numbers.
    """
    fact = record.fact
    order = state.orders.get(getattr(fact, "order_id", ""))
    if order is not None:
        _check_order(state, record, order)
    if type(fact) not in _MOVING:
        return
    account = state.accounts[fact.account]  # type: ignore[union-attr]  # every fact that moves something names it
    if type(fact) in _CASH:
        _check_sum(record, account, fact.asset)  # type: ignore[union-attr]
        return
    position = account.position(fact.instrument)  # type: ignore[union-attr, arg-type]
    if position is None:
        return
    _check_sum(record, account, position.instrument)
    _check_sum(record, account, position.currency)
    _check_position(state, record, account, position)
    if type(fact) is OrderFilled and order is not None and account.kind is AccountKind.CASH:
        _check_owes_nothing(record, account, order, fact)


_CASH = frozenset({CashDeposited, CashPosted})
_MOVING = frozenset(
    {OrderFilled, FillBusted, PositionAdjusted, CashDeposited, CashPosted, UnitsPosted, UnitsScaled, PositionMarked}
)


def check_all(state: DeskState, record: Recorded | None = None) -> None:
    """Add everything up.

    Raises:
        InvariantBroken: Names the newest fact, the invariant and its numbers.
    """
    for account in state.accounts.values():
        for asset in {asset for held in account.places.values() for asset in held}:
            _check_sum(record, account, asset)
        for position in account.positions.values():
            _check_position(state, record, account, position)
            _check_lots(record, account, position)
        _check_reserves(state, record, account)
        _check_promises(state, record, account)
    for order in state.orders.values():
        _check_order(state, record, order)


def _check_order(state: DeskState, record: Recorded | None, order: Order) -> None:
    if order.cum_qty + order.leaves_qty != order.qty + order.overfill_qty:
        numbers = (order.cum_qty, order.leaves_qty, order.qty, order.overfill_qty)
        raise _broken(record, "order.quantities", order.order_id, *numbers)
    is_open = order.status.is_open
    if order.reserve < 0 or (order.reserve and not is_open):
        raise _broken(record, "order.reserve", order.order_id, order.status.value, order.reserve)
    if is_open is not (order.order_id in state.working):
        raise _broken(record, "order.working", order.order_id, order.status.value)
    held = state.accounts[order.account].reserved.get(order.reserve_asset, _ZERO)
    if held < order.reserve:
        raise _broken(record, "account.reserved", order.account, order.reserve_asset, held, order.reserve)


def _check_sum(record: Recorded | None, account: Account, asset: str) -> None:
    total = _ZERO
    for held in account.places.values():
        if asset in held:
            total += held[asset]
    if total:
        raise _broken(record, "places.sum", account.name, asset, total)


def _check_position(state: DeskState, record: Recorded | None, account: Account, position: Position) -> None:
    units = account.places[Place.HOLDING].get(position.instrument, _ZERO)
    if units != state.instruments[position.instrument].qty_decimal(position.qty):
        raise _broken(record, "position.units", account.name, position.instrument, position.qty, units)
    if len(position.lots) <= _FEW_LOTS:
        _check_lots(record, account, position)


def _check_lots(record: Recorded | None, account: Account, position: Position) -> None:
    in_lots = 0
    for lot in position.lots:
        in_lots += lot.qty
    if in_lots != abs(position.qty):
        raise _broken(record, "position.lots", account.name, position.instrument, position.qty, in_lots)


def _check_owes_nothing(record: Recorded, account: Account, order: Order, fact: OrderFilled) -> None:
    """What a limit order can cost was held back; what a sale delivers was there."""
    if order.overfill_qty or order.price is None or order.origin == "external":
        return
    if fact.side is Side.SELL:
        held = account.qty(fact.instrument)
        if held < 0 <= held + fact.qty:
            raise _broken(record, "cash_account.short", account.name, fact.instrument, held)
        return
    currency = order.reserve_asset
    left = account.cash(currency)
    if left >= 0:
        return
    paid = fact.amount + sum((fee.amount for fee in fact.fees if fee.asset == currency), _ZERO)
    if left + paid >= 0 and left < -_ROUNDINGS * money_unit(currency):
        raise _broken(record, "cash_account.owes", account.name, currency, left)


def _check_reserves(state: DeskState, record: Recorded | None, account: Account) -> None:
    due: dict[str, Decimal] = {}
    for asset, amount in _reserves(state, account):
        due[asset] = due.get(asset, _ZERO) + amount
    for asset in {*due, *account.reserved}:
        held = account.reserved.get(asset, _ZERO)
        if held != due.get(asset, _ZERO):
            raise _broken(record, "account.reserved", account.name, asset, held, due.get(asset, _ZERO))


def _check_promises(state: DeskState, record: Recorded | None, account: Account) -> None:
    """What is kept of open orders by side of an instrument is what the orders say."""
    due: dict[tuple[str, Side], int] = {}
    for order in map(state.orders.__getitem__, account.working):
        if promises(order) and not order.group:
            due[order.instrument, order.side] = due.get((order.instrument, order.side), 0) + order.leaves_qty
    for instrument, book in state.promises.get(account.name, {}).items():
        for side, kept in ((Side.BUY, book.buys), (Side.SELL, book.sells)):
            told = due.get((instrument, side), 0)
            if kept.total != told or sum(kept.alone.values()) != told:
                raise _broken(record, "account.promised", account.name, instrument, kept.total, told)


def _reserves(state: DeskState, account: Account) -> Iterator[tuple[str, Decimal]]:
    """By asset what each order holds back; orders of a group hold as much as the one that needs most."""
    groups: dict[tuple[str, str], Decimal] = {}
    for order in map(state.orders.__getitem__, account.working):
        if order.group:
            key = (order.group, order.reserve_asset)
            groups[key] = max(groups.get(key, _ZERO), order.reserve)
        else:
            yield order.reserve_asset, order.reserve
    for (_, asset), most in groups.items():
        yield asset, most


def _broken(record: Recorded | None, invariant: str, *numbers: object) -> InvariantBroken:
    told = tuple(plain(one) if isinstance(one, Decimal) else str(one) for one in numbers)
    if record is None:
        return InvariantBroken(invariant, told)
    tag = str(record.fact.__struct_config__.tag)
    return InvariantBroken(invariant, told, seq=record.seq, tag=tag)
