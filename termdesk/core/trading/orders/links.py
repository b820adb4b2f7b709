"""What orders have to do with each other and with time, kept up as they come, change and end. Decides nothing."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator

from termdesk.core.model.terms import OrdStatus
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.orders.promises import Promises
from termdesk.core.trading.state import DeskState, group_key


def link(state: DeskState, order: Order) -> None:
    """Take a new order into its group, under its parent, and among those that follow the position."""
    if order.group:
        members = state.groups.setdefault(group_key(order.account, order.group), [])
        if not any(state.orders[order_id].status.is_open for order_id in members):
            # A name whose orders have all ended begins anew.
            members.clear()
        members.append(order.order_id)
    if order.parent_id:
        state.children.setdefault(order.parent_id, []).append(order.order_id)
    if order.reduce_only:
        state.reducing.setdefault(order.account, {})[order.order_id] = None


def keep_links(state: DeskState, order: Order) -> None:
    """Count the order's deadline, what it may still trade and whether it follows the position, as it stands now."""
    _keep_promise(state, order)
    if order.expire_ns is not None:
        _keep_deadline(state, order, order.expire_ns)
    if order.reduce_only:
        reducing = state.reducing.setdefault(order.account, {})
        if order.status.is_open:
            reducing[order.order_id] = None
        else:
            reducing.pop(order.order_id, None)


def siblings(state: DeskState, order: Order) -> Iterator[Order]:
    """Other orders of its group, ended ones too, oldest first."""
    if order.group:
        for order_id in state.groups[group_key(order.account, order.group)]:
            if order_id != order.order_id:
                yield state.orders[order_id]


def promises(order: Order) -> bool:
    """Whether it may trade by itself: it is open, not held, and no part of another order."""
    return order.status.is_open and order.status is not OrdStatus.HELD and not (order.parent_id and is_slice(order))


def is_slice(order: Order) -> bool:
    """Whether it works off a part of its parent; the parent counts, not the slice."""
    return bool(order.parent_id) and order.release is None


def _keep_promise(state: DeskState, order: Order) -> None:
    books = state.promises.get(order.account)
    if books is None:
        books = state.promises[order.account] = {}
    book = books.get(order.instrument)
    if book is None:
        book = books[order.instrument] = Promises()
    side = book.buys if order.side.sign > 0 else book.sells
    if not promises(order):
        side.drop(order)
    elif side.alone.get(order.order_id) != order.leaves_qty:
        side.keep(order)


def _keep_deadline(state: DeskState, order: Order, expire_ns: int) -> None:
    entry = (expire_ns, order.order_id)
    at = bisect_left(state.deadlines, entry)
    known = at < len(state.deadlines) and state.deadlines[at] == entry
    if order.deadline_ns is None:
        if known:
            del state.deadlines[at]
    elif not known:
        insort(state.deadlines, entry)
