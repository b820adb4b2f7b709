"""Facts into state: the only writer of the desk's state. Never fails, never decides, looks at nothing else."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from termdesk.core.model.command import Answer
from termdesk.core.model.facts import (
    AccountOpened,
    CancelAllDone,
    CancelRejected,
    CancelRequested,
    CashDeposited,
    CommandRefused,
    ConditionArmed,
    ConditionDisarmed,
    ConditionTriggered,
    DeskOpened,
    DeskResumed,
    DeskStopped,
    InstrumentListed,
    OrderAccepted,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderNotSent,
    OrderRejected,
    OrderReplaced,
    OrderSubmitted,
    Recorded,
    ReplaceRequested,
)
from termdesk.core.model.fee import FeeTerm
from termdesk.core.model.posting import Cause
from termdesk.core.model.terms import Side
from termdesk.core.trading.ledger import Account, Move, book_fill, book_money
from termdesk.core.trading.order import InFlight, Order, Word
from termdesk.core.trading.state import ArmedCondition, DeskState

_ZERO = Decimal(0)


def evolve(state: DeskState, record: Recorded) -> None:
    """Take one record into the state."""
    state.seq = record.seq
    _EVOLVE[type(record.fact)](state, record, record.fact)


def _desk_opened(state: DeskState, record: Recorded, fact: DeskOpened) -> None:
    del record
    state.desk = fact.desk
    state.mode = fact.mode
    state.seed = fact.seed
    state.base_currency = fact.base_currency
    state.opened = state.running = True


def _desk_resumed(state: DeskState, record: Recorded, fact: DeskResumed) -> None:
    del record, fact
    state.running = True


def _desk_stopped(state: DeskState, record: Recorded, fact: DeskStopped) -> None:
    del record, fact
    state.running = False


def _account_opened(state: DeskState, record: Recorded, fact: AccountOpened) -> None:
    del record
    state.accounts[fact.account] = Account(name=fact.account, kind=fact.kind, broker=fact.broker)


def _cash_deposited(state: DeskState, record: Recorded, fact: CashDeposited) -> None:
    book_money(state.accounts[fact.account], record.seq, Cause.TRANSFER, fact.asset, fact.amount)


def _instrument_listed(state: DeskState, record: Recorded, fact: InstrumentListed) -> None:
    del record
    state.instruments[fact.instrument.id] = fact.instrument


def _command_refused(state: DeskState, record: Recorded, fact: CommandRefused) -> None:
    del record
    orders = (fact.order_id,) if fact.order_id else ()
    state.answers[fact.command_id] = Answer(
        command_id=fact.command_id,
        accepted=False,
        code=fact.reason.code,
        params=fact.reason.params,
        order_ids=orders,
    )


def _accepted(state: DeskState, command_id: str, *order_ids: str) -> None:
    state.answers[command_id] = Answer(command_id=command_id, accepted=True, order_ids=order_ids)


def _cancel_all_done(state: DeskState, record: Recorded, fact: CancelAllDone) -> None:
    del record
    _accepted(state, fact.command_id, *fact.order_ids)


def _order_submitted(state: DeskState, record: Recorded, fact: OrderSubmitted) -> None:
    order = Order(
        order_id=fact.order_id,
        cl_ord_ids=[fact.cl_ord_id],
        venue_cl_ord_id=fact.venue_cl_ord_id,
        account=fact.account,
        instrument=fact.instrument,
        instrument_version=fact.instrument_version,
        side=fact.side,
        ord_type=fact.ord_type,
        price=fact.price,
        time_in_force=fact.time_in_force,
        position_effect=fact.position_effect,
        origin=fact.origin,
        note=fact.note,
        tags=fact.tags,
        post_only=fact.post_only,
        reduce_only=fact.reduce_only,
        trigger_price=fact.trigger_price,
        trigger_by=fact.trigger_by,
        trail=fact.trail,
        display_qty=fact.display_qty,
        expire_ns=fact.expire_ns,
        contingency=fact.contingency,
        group=fact.group,
        parent_id=fact.parent_id,
        release=fact.release,
        emulated=fact.emulated,
        qty=fact.qty,
        leaves_qty=fact.qty,
        reserve_asset=fact.reserve_asset,
        reserve=_ZERO,
        fee_terms=fact.fee_terms or (FeeTerm("commission", fact.fee_rate),),
        submitted_ns=record.at_ns,
        updated_ns=record.at_ns,
    )
    state.orders[order.order_id] = order
    state.records[order.order_id] = []
    _accepted(state, fact.command_id, fact.order_id)
    _settle(state, record, order, reserve=fact.reserve)


def _settle(state: DeskState, record: Recorded, order: Order, reserve: Decimal | None = None) -> None:
    """After every fact of an order: hold what it says, count it as working or not, keep the record."""
    account = state.accounts[order.account]
    is_open = order.status.is_open
    held = _ZERO if not is_open else order.reserve if reserve is None else reserve
    account.hold(order.reserve_asset, held - order.reserve)
    order.reserve = held
    for working in (state.working, account.working):
        if is_open:
            working[order.order_id] = None
        else:
            working.pop(order.order_id, None)
    order.updated_ns = record.at_ns
    state.records[order.order_id].append(record)


def _take_word(order: Order, word: Word, exec_id: str) -> None:
    if exec_id:
        order.exec_ids[exec_id] = None
    order.move(word)


def _order_accepted(state: DeskState, record: Recorded, fact: OrderAccepted) -> None:
    order = state.orders[fact.order_id]
    order.venue_order_id = fact.venue_order_id
    order.acknowledged = True
    _take_word(order, Word.NEW, fact.exec_id)
    _settle(state, record, order)


def _order_filled(state: DeskState, record: Recorded, fact: OrderFilled) -> None:
    order = state.orders[fact.order_id]
    order.acknowledged = True
    order.fill(fact.qty, fact.price)
    _take_word(order, Word.TRADE, fact.exec_id)
    order.end_if_filled()
    state.fills.append(record)
    instrument = state.instruments[fact.instrument]
    account = state.accounts[fact.account]
    signed = fact.qty if fact.side is Side.BUY else -fact.qty
    move = Move(fact.order_id, fact.exec_id, signed, fact.amount, fact.settles)
    book_fill(account, record.seq, instrument, move, fact.fees)
    _settle(state, record, order, reserve=fact.reserve)


def _ended(
    word: Word,
) -> Callable[[DeskState, Recorded, OrderCanceled | OrderRejected | OrderExpired | OrderNotSent], None]:
    def end(
        state: DeskState, record: Recorded, fact: OrderCanceled | OrderRejected | OrderExpired | OrderNotSent
    ) -> None:
        order = state.orders[fact.order_id]
        order.in_flight.clear()
        _take_word(order, word, "" if isinstance(fact, OrderNotSent) else fact.exec_id)
        order.reason = fact.reason
        _settle(state, record, order)

    return end


def _cancel_requested(state: DeskState, record: Recorded, fact: CancelRequested) -> None:
    order = state.orders[fact.order_id]
    order.cl_ord_ids.append(fact.cl_ord_id)
    order.in_flight.append(InFlight(fact.cl_ord_id, is_replace=False))
    order.move(Word.PENDING_CANCEL)
    _accepted(state, fact.command_id, fact.order_id)
    _settle(state, record, order)


def _replace_requested(state: DeskState, record: Recorded, fact: ReplaceRequested) -> None:
    order = state.orders[fact.order_id]
    order.cl_ord_ids.append(fact.cl_ord_id)
    order.in_flight.append(InFlight(fact.cl_ord_id, is_replace=True))
    order.move(Word.PENDING_REPLACE)
    _accepted(state, fact.command_id, fact.order_id)
    _settle(state, record, order, reserve=fact.reserve)


def _answered(order: Order, cl_ord_id: str) -> None:
    order.in_flight = [sent for sent in order.in_flight if sent.cl_ord_id != cl_ord_id]


def _order_replaced(state: DeskState, record: Recorded, fact: OrderReplaced) -> None:
    order = state.orders[fact.order_id]
    order.acknowledged = True
    _answered(order, fact.cl_ord_id)
    order.change_terms(fact.qty, fact.price)
    _take_word(order, Word.REPLACED, fact.exec_id)
    order.end_if_filled()
    _settle(state, record, order, reserve=fact.reserve)


def _cancel_rejected(state: DeskState, record: Recorded, fact: CancelRejected) -> None:
    order = state.orders[fact.order_id]
    _answered(order, fact.cl_ord_id)
    _take_word(order, Word.CANCEL_REJECTED, fact.exec_id)
    _settle(state, record, order, reserve=fact.reserve)


def _condition_armed(state: DeskState, record: Recorded, fact: ConditionArmed) -> None:
    state.conditions_made += 1
    state.conditions[fact.condition_id] = ArmedCondition(
        fact.condition_id, fact.predicate, fact.action, fact.origin, record.at_ns
    )
    _accepted_condition(state, fact.command_id, fact.condition_id)


def _condition_triggered(state: DeskState, record: Recorded, fact: ConditionTriggered) -> None:
    del record
    state.conditions.pop(fact.condition_id, None)


def _condition_disarmed(state: DeskState, record: Recorded, fact: ConditionDisarmed) -> None:
    del record
    state.conditions.pop(fact.condition_id, None)
    _accepted_condition(state, fact.command_id, fact.condition_id)


def _accepted_condition(state: DeskState, command_id: str, condition_id: str) -> None:
    state.answers[command_id] = Answer(command_id=command_id, accepted=True, condition_ids=(condition_id,))


_EVOLVE: dict[type, Callable[[DeskState, Recorded, Any], None]] = {
    DeskOpened: _desk_opened,
    DeskResumed: _desk_resumed,
    DeskStopped: _desk_stopped,
    AccountOpened: _account_opened,
    CashDeposited: _cash_deposited,
    InstrumentListed: _instrument_listed,
    CommandRefused: _command_refused,
    CancelAllDone: _cancel_all_done,
    OrderSubmitted: _order_submitted,
    OrderNotSent: _ended(Word.NOT_SENT),
    OrderAccepted: _order_accepted,
    OrderRejected: _ended(Word.REJECTED),
    OrderFilled: _order_filled,
    CancelRequested: _cancel_requested,
    OrderCanceled: _ended(Word.CANCELED),
    ReplaceRequested: _replace_requested,
    OrderReplaced: _order_replaced,
    CancelRejected: _cancel_rejected,
    OrderExpired: _ended(Word.EXPIRED),
    ConditionArmed: _condition_armed,
    ConditionTriggered: _condition_triggered,
    ConditionDisarmed: _condition_disarmed,
}
