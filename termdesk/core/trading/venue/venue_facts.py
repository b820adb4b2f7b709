"""State after facts about routes, unknown outcomes, external orders and what reconciliation found."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from termdesk.core.model.facts import (
    AlertRaised,
    BrokerLinkChanged,
    BrokerReconciled,
    FillBusted,
    FillConfirmed,
    OrderAdopted,
    OrderResolved,
    OutcomeUnknown,
    PositionAdjusted,
    Recorded,
)
from termdesk.core.model.posting import Cause
from termdesk.core.model.terms import Link, OrdStatus, Outcome, PositionEffect
from termdesk.core.trading.ledger import book_bust, book_units
from termdesk.core.trading.ledger.booking import move_of
from termdesk.core.trading.orders.order import Order, Word
from termdesk.core.trading.settle import accepted, know_execution, know_venue_id, settle, take_word
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.external import EXTERNAL
from termdesk.core.trading.venue.route import BrokerState

_ENDS = {
    Outcome.CANCELED: OrdStatus.CANCELED,
    Outcome.REJECTED: OrdStatus.REJECTED,
    Outcome.EXPIRED: OrdStatus.EXPIRED,
    Outcome.NOT_SENT: OrdStatus.NOT_SENT,
}


def _link_changed(state: DeskState, record: Recorded, fact: BrokerLinkChanged) -> None:
    del record
    state.brokers[fact.broker] = BrokerState(fact.link, fact.rules)


def _reconciled(state: DeskState, record: Recorded, fact: BrokerReconciled) -> None:
    del record
    state.brokers[fact.broker].reconciled = state.brokers[fact.broker].link is Link.UP


def _alert(state: DeskState, record: Recorded, fact: AlertRaised) -> None:
    state.alerts[fact.key] = record
    if fact.order_id in state.records:
        state.records[fact.order_id].append(record)


def _adopted(state: DeskState, record: Recorded, fact: OrderAdopted) -> None:
    order = Order(
        order_id=fact.order_id,
        cl_ord_ids=[f"{fact.order_id}.1"],
        venue_cl_ord_id=fact.venue_cl_ord_id,
        client_prefix=f"{state.client_token}-",
        account=fact.account,
        instrument=fact.instrument,
        instrument_version=fact.instrument_version,
        side=fact.side,
        ord_type=fact.ord_type,
        price=fact.price,
        time_in_force=fact.time_in_force,
        position_effect=PositionEffect.AUTO,
        origin=EXTERNAL,
        note="",
        tags=(),
        qty=fact.qty,
        leaves_qty=fact.qty,
        status=OrdStatus.NEW,
        acknowledged=True,
        reserve_asset=fact.reserve_asset,
        reserve=Decimal(0),
        fee_terms=fact.fee_terms,
        submitted_ns=record.at_ns,
        updated_ns=record.at_ns,
    )
    state.orders[order.order_id] = order
    state.records[order.order_id] = []
    know_venue_id(state, order, fact.venue_order_id)
    settle(state, record, order, reserve=fact.reserve)


def _unknown(state: DeskState, record: Recorded, fact: OutcomeUnknown) -> None:
    order = state.orders[fact.order_id]
    if fact.cl_ord_id == order.cl_ord_ids[0]:
        order.unknown = True
        order.move(Word.UNKNOWN)
    for sent in order.in_flight:
        if sent.cl_ord_id == fact.cl_ord_id:
            sent.is_unknown = True
    order.reason = fact.reason
    settle(state, record, order)


def _resolved(state: DeskState, record: Recorded, fact: OrderResolved) -> None:
    order = state.orders[fact.order_id]
    order.in_flight.clear()
    order.unknown = False
    order.presumed = True
    order.reason = fact.reason
    know_venue_id(state, order, fact.venue_order_id)
    if fact.outcome is Outcome.WORKING:
        order.acknowledged = True
        order.status = OrdStatus.NEW
    order.status = _ENDS.get(fact.outcome, order.status)
    order.end_if_filled()
    accepted(state, fact.command_id, fact.order_id)
    settle(state, record, order)


def _confirmed(state: DeskState, record: Recorded, fact: FillConfirmed) -> None:
    order = state.orders[fact.order_id]
    order.inferred_qty -= fact.qty
    order.exec_ids[fact.exec_id] = None
    know_execution(state, order, fact.exec_id)
    account = state.accounts[fact.account]
    for fee in fact.fees:
        account.pay_fee(record, Cause.FEE, fee.asset, fee.amount, fee.kind)
        position = account.position(fact.instrument)
        if position is not None and fee.asset == position.currency:
            position.fees += fee.amount
    settle(state, record, order)


def _busted(state: DeskState, record: Recorded, fact: FillBusted) -> None:
    order = state.orders[fact.order_id]
    move = move_of(fact.order_id, fact.ref_id, fact.side, fact.qty, fact.amount, fact.settles)
    book_bust(state.accounts[fact.account], record, state.instruments[fact.instrument], move, fact.fees)
    order.bust(fact.qty, fact.price)
    take_word(order, Word.BUSTED, fact.exec_id)
    settle(state, record, order, reserve=fact.reserve)


def _adjusted(state: DeskState, record: Recorded, fact: PositionAdjusted) -> None:
    account, instrument = state.accounts[fact.account], state.instruments[fact.instrument]
    held = account.qty(fact.instrument)
    if held:
        book_units(account, record, fact.cause, instrument, -held, Decimal(0), None)
    if fact.qty:
        book_units(account, record, fact.cause, instrument, fact.qty, fact.cost, None)


VENUE_FACTS: dict[type, Callable[[DeskState, Recorded, Any], None]] = {
    BrokerLinkChanged: _link_changed,
    BrokerReconciled: _reconciled,
    AlertRaised: _alert,
    OrderAdopted: _adopted,
    OutcomeUnknown: _unknown,
    OrderResolved: _resolved,
    FillConfirmed: _confirmed,
    FillBusted: _busted,
    PositionAdjusted: _adjusted,
}
