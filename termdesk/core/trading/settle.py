"""What every fact of an order does besides its own: reserve, working lists, record, and the answer to its command."""

from __future__ import annotations

from decimal import Decimal

from termdesk.core.model.command import Answer
from termdesk.core.model.facts import (
    CancelRejected,
    OrderFilled,
    OrderReleased,
    OrderReplaced,
    OrderSubmitted,
    Recorded,
    ReplaceRequested,
)
from termdesk.core.model.terms import AccountKind
from termdesk.core.trading.ledger import Account
from termdesk.core.trading.orders.links import keep_links, siblings
from termdesk.core.trading.orders.order import Order, Word
from termdesk.core.trading.risk.controls import follow
from termdesk.core.trading.state import DeskState

_ZERO = Decimal(0)


def settle(state: DeskState, record: Recorded, order: Order, reserve: Decimal | None = None) -> None:
    """Hold what the order says, count it as working or not, keep the record."""
    account = state.accounts[order.account]
    is_open = order.status.is_open
    was_working = order.order_id in state.working
    held = _ZERO if not is_open else order.reserve if reserve is None else reserve
    if order.group:
        _hold_in_group(state, order, held)
    elif held is not order.reserve:
        account.hold(order.reserve_asset, held - order.reserve)
    order.reserve = held
    if is_open is not was_working:
        _work(state, account, order, is_open=is_open)
    keep_links(state, order)
    if not is_open or reserve is not None:
        _keep_loose(state, account, order, record)
    follow(state.controls, record, order, was_working=was_working)
    order.updated_ns = record.at_ns
    state.records[order.order_id].append(record)


def _work(state: DeskState, account: Account, order: Order, *, is_open: bool) -> None:
    """Count an order among those that work, or no longer."""
    for working in (state.working, account.working):
        if is_open:
            working[order.order_id] = None
        else:
            working.pop(order.order_id, None)


_RESERVED_IN_FULL = frozenset(
    {OrderSubmitted, OrderReleased, OrderFilled, OrderReplaced, ReplaceRequested, CancelRejected}
)
"""Facts whose reserve covers the whole of an order if there is no position that it closes."""


def _keep_loose(state: DeskState, account: Account, order: Order, record: Recorded) -> None:
    """Know the orders that may need more than they hold back; with none of them nothing has to be added up."""
    loose = state.controls.loose
    if not order.status.is_open:
        mine = loose.get(order.account)
        if mine is not None:
            mine.pop(order.order_id, None)
            if not mine:
                del loose[order.account]
        return
    if account.kind is AccountKind.CASH:
        return
    closes = account.qty(order.instrument) * order.side.sign < 0
    if order.group or closes or type(record.fact) not in _RESERVED_IN_FULL:
        loose.setdefault(order.account, {})[order.order_id] = None


def _hold_in_group(state: DeskState, order: Order, held: Decimal) -> None:
    """Orders that give way to each other hold back as much as the one of them that needs most."""
    others = (each.reserve for each in siblings(state, order) if each.reserve_asset == order.reserve_asset)
    most = max(others, default=_ZERO)
    by = max(most, held) - max(most, order.reserve)
    state.accounts[order.account].hold(order.reserve_asset, by)


def accepted(state: DeskState, command_id: str, *order_ids: str) -> None:
    """Answer a command."""
    state.answers[command_id] = Answer(command_id=command_id, accepted=True, order_ids=order_ids)


def take_word(order: Order, word: Word, exec_id: str) -> None:
    """Remember who said it, and move."""
    if exec_id:
        order.exec_ids[exec_id] = None
    order.move(word)


def know_execution(state: DeskState, order: Order, exec_id: str) -> None:
    """Remember an execution of an order at a venue outside: its id means nothing else in this account any more."""
    if state.brokers and state.accounts[order.account].broker in state.brokers:
        state.executions.setdefault(order.account, {})[exec_id] = order.order_id


def know_venue_id(state: DeskState, order: Order, venue_order_id: str) -> None:
    """Remember what a venue outside calls an order; where it uses a name again the newest order has it."""
    order.venue_order_id = venue_order_id or order.venue_order_id
    if state.brokers and venue_order_id and state.accounts[order.account].broker in state.brokers:
        state.venue_orders.setdefault(order.account, {})[venue_order_id] = order.order_id
