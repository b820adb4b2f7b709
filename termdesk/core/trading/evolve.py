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
from termdesk.core.model.terms import Link, OrdStatus
from termdesk.core.trading.control.control_facts import CONTROL_FACTS
from termdesk.core.trading.day.day_facts import DAY_FACTS
from termdesk.core.trading.ledger import Account, book_fill, move_of
from termdesk.core.trading.money_facts import MONEY_FACTS
from termdesk.core.trading.orders.links import link, siblings
from termdesk.core.trading.orders.noting import NOTE_FACTS
from termdesk.core.trading.orders.order import GIVES_WAY, TIME_OVER, InFlight, Order, Word
from termdesk.core.trading.orders.waiting_facts import WAITING_FACTS, fill_parent, slice_off
from termdesk.core.trading.risk.controls import count_result, set_limits
from termdesk.core.trading.settle import accepted, know_execution, know_venue_id, settle, take_word
from termdesk.core.trading.state import ArmedCondition, DeskState
from termdesk.core.trading.venue.venue_facts import VENUE_FACTS

_ZERO = Decimal(0)


def evolve(state: DeskState, record: Recorded) -> None:
    """Take one record into the state."""
    state.seq = record.seq
    _EVOLVE[type(record.fact)](state, record, record.fact)


def _desk_opened(state: DeskState, record: Recorded, fact: DeskOpened) -> None:
    state.desk = fact.desk
    state.mode = fact.mode
    state.seed = fact.seed
    state.base_currency = fact.base_currency
    state.opened = state.running = True
    for scoped in fact.limits:
        set_limits(state.controls, scoped.account, scoped.instrument, scoped.limits)
    state.client_token = _token(record.at_ns)


def _token(at_ns: int) -> str:
    """A short word for the moment a journal began, so that no two journals use the same client ids at a venue."""
    text, left = "", at_ns // 1_000_000
    while left:
        left, digit = divmod(left, 36)
        text = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + text
    return text or "0"


def _desk_resumed(state: DeskState, record: Recorded, fact: DeskResumed) -> None:
    del record, fact
    state.running = True
    for broker in state.brokers.values():
        broker.link = Link.DOWN
        broker.reconciled = False


def _desk_stopped(state: DeskState, record: Recorded, fact: DeskStopped) -> None:
    del record, fact
    state.running = False


def _account_opened(state: DeskState, record: Recorded, fact: AccountOpened) -> None:
    del record
    state.accounts[fact.account] = Account(
        name=fact.account, kind=fact.kind, broker=fact.broker, fidelity=fact.fidelity
    )


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


def _cancel_all_done(state: DeskState, record: Recorded, fact: CancelAllDone) -> None:
    del record
    accepted(state, fact.command_id, *fact.order_ids)


def _order_submitted(state: DeskState, record: Recorded, fact: OrderSubmitted) -> None:
    order = Order(
        order_id=fact.order_id,
        cl_ord_ids=[fact.cl_ord_id],
        venue_cl_ord_id=fact.venue_cl_ord_id,
        client_prefix=fact.venue_cl_ord_id.removesuffix(fact.cl_ord_id),
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
        expires_here=fact.expires_here,
        qty=fact.qty,
        target_qty=fact.qty,
        leaves_qty=fact.qty,
        status=OrdStatus.PENDING_NEW if fact.release is None else OrdStatus.HELD,
        reserve_asset=fact.reserve_asset,
        reserve=_ZERO,
        fee_terms=fact.fee_terms or (FeeTerm("commission", fact.fee_rate),),
        submitted_ns=record.at_ns,
        updated_ns=record.at_ns,
    )
    state.orders[order.order_id] = order
    state.records[order.order_id] = []
    link(state, order)
    known = state.answers.get(fact.command_id)
    accepted(state, fact.command_id, *(() if known is None else known.order_ids), fact.order_id)
    settle(state, record, order, reserve=fact.reserve)
    if order.parent_id:
        slice_off(state, record, order, fact)


def _order_accepted(state: DeskState, record: Recorded, fact: OrderAccepted) -> None:
    order = state.orders[fact.order_id]
    know_venue_id(state, order, fact.venue_order_id)
    order.acknowledged = True
    if order.unknown or order.presumed:
        order.unknown, order.reason = False, None
    if fact.price is not None:
        order.price = fact.price
    take_word(order, Word.NEW, fact.exec_id)
    settle(state, record, order)


def _order_filled(state: DeskState, record: Recorded, fact: OrderFilled) -> None:
    order = state.orders[fact.order_id]
    order.acknowledged = True
    order.fill(fact.qty, fact.price)
    if fact.inferred:
        order.inferred_qty += fact.qty
    know_execution(state, order, fact.exec_id)
    take_word(order, Word.TRADE, fact.exec_id)
    order.end_if_filled()
    state.fills.append(record)
    instrument = state.instruments[fact.instrument]
    account = state.accounts[fact.account]
    move = move_of(fact.order_id, fact.exec_id, fact.side, fact.qty, fact.amount, fact.settles)
    held = account.position(fact.instrument)
    realised = held.realised if held is not None else _ZERO
    book_fill(account, record, instrument, move, fact.fees)
    held = account.position(fact.instrument)
    gain = held.realised - realised if held is not None else _ZERO
    count_result(state.controls, record, fact, instrument.currency, gain)
    settle(state, record, order, reserve=fact.reserve)
    if order.parent_id:
        fill_parent(state, record, order, fact)


def _ended(
    word: Word,
) -> Callable[[DeskState, Recorded, OrderCanceled | OrderRejected | OrderExpired | OrderNotSent], None]:
    def end(
        state: DeskState, record: Recorded, fact: OrderCanceled | OrderRejected | OrderExpired | OrderNotSent
    ) -> None:
        order = state.orders[fact.order_id]
        order.in_flight.clear()
        take_word(order, word, "" if isinstance(fact, OrderNotSent) else fact.exec_id)
        order.reason = fact.reason
        order.presumed = getattr(fact, "presumed", isinstance(fact, OrderNotSent))
        settle(state, record, order)

    return end


def _cancel_requested(state: DeskState, record: Recorded, fact: CancelRequested) -> None:
    order = state.orders[fact.order_id]
    order.cl_ord_ids.append(fact.cl_ord_id)
    order.in_flight.append(InFlight(fact.cl_ord_id, is_replace=False, sent_ns=record.at_ns))
    order.move(Word.PENDING_CANCEL)
    if fact.reason is not None:
        order.expire_asked = fact.reason.code == TIME_OVER
        order.gave_way = fact.reason.code in GIVES_WAY
    accepted(state, fact.command_id, fact.order_id)
    settle(state, record, order)


def _replace_requested(state: DeskState, record: Recorded, fact: ReplaceRequested) -> None:
    order = state.orders[fact.order_id]
    order.cl_ord_ids.append(fact.cl_ord_id)
    order.in_flight.append(
        InFlight(
            fact.cl_ord_id,
            is_replace=True,
            sent_ns=record.at_ns,
            qty=fact.qty,
            price=fact.price,
            trigger_price=fact.trigger_price,
            by_desk=fact.reason is not None,
        )
    )
    order.move(Word.PENDING_REPLACE)
    accepted(state, fact.command_id, fact.order_id)
    settle(state, record, order, reserve=fact.reserve)


def _answered(order: Order, cl_ord_id: str) -> None:
    order.in_flight = [sent for sent in order.in_flight if sent.cl_ord_id != cl_ord_id]


def _aim(state: DeskState, order: Order, fact: OrderReplaced) -> None:
    """What its owner asked for is the new quantity besides what siblings filled; what the desk took off stays off."""
    if not any(sent.cl_ord_id == fact.cl_ord_id and sent.by_desk for sent in order.in_flight):
        order.target_qty = fact.qty + sum(sibling.cum_qty for sibling in siblings(state, order))


def _order_replaced(state: DeskState, record: Recorded, fact: OrderReplaced) -> None:
    order = state.orders[fact.order_id]
    order.acknowledged = order.status is not OrdStatus.HELD
    if fact.qty != order.qty:
        _aim(state, order, fact)
    _answered(order, fact.cl_ord_id)
    order.change_terms(fact.qty, fact.price)
    if fact.trigger_price is not None:
        order.trigger_price = fact.trigger_price
    take_word(order, Word.REPLACED, fact.exec_id)
    order.end_if_filled()
    settle(state, record, order, reserve=fact.reserve)


def _cancel_rejected(state: DeskState, record: Recorded, fact: CancelRejected) -> None:
    order = state.orders[fact.order_id]
    _answered(order, fact.cl_ord_id)
    take_word(order, Word.CANCEL_REJECTED, fact.exec_id)
    settle(state, record, order, reserve=fact.reserve)


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
    **MONEY_FACTS,
    **DAY_FACTS,
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
    **VENUE_FACTS,
    **CONTROL_FACTS,
    **NOTE_FACTS,
    **WAITING_FACTS,
}
