"""Decisions about what the engine itself asks: begin, go on, stop, accounts, conditions that came true."""

from __future__ import annotations

from termdesk.core.model.facts import (
    AccountOpened,
    CancelRejected,
    CashDeposited,
    ConditionTriggered,
    DeskOpened,
    DeskResumed,
    DeskStopped,
    Fact,
    OrderCanceled,
    OrderNotSent,
    OutcomeUnknown,
)
from termdesk.core.model.reason import Reason
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.inputs import ConditionMet, DepositCash, OpenAccount, OpenDesk, ResumeDesk, StopDesk
from termdesk.core.trading.orders.fitting import position_share
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.proposals import account_of, reserve_for
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View, market_seen

_RESTARTED = Reason("venue.restarted")


def open_desk(state: DeskState, view: View, given: OpenDesk) -> Decision:
    """Begin a journal, once."""
    del view
    if state.opened:
        return Decision()
    opened = DeskOpened(
        desk=given.desk, mode=given.mode, seed=given.seed, base_currency=given.base_currency, limits=given.limits
    )
    return Decision(facts=(opened,))


def open_account(state: DeskState, view: View, given: OpenAccount) -> Decision:
    """Open an account, once."""
    del view
    if given.account in state.accounts:
        return Decision()
    opened = AccountOpened(account=given.account, kind=given.kind, broker=given.broker, fidelity=given.fidelity)
    return Decision(facts=(opened,))


def deposit_cash(state: DeskState, view: View, given: DepositCash) -> Decision:
    """Put money in.

    Raises:
        Refused: There is no such account.
    """
    del view
    account_of(state, given.account)
    return Decision(facts=(CashDeposited(account=given.account, asset=given.asset, amount=given.amount),))


def resume_desk(state: DeskState, view: View, given: ResumeDesk) -> Decision:
    """Go on after a stop or a crash; settle what provably never reached a simulated broker.

    An order that had to trade at once and was interrupted while it did so is
    over: what is left of it must not meet the market of another time. So is
    one whose cancel was accepted: a person's last word outlives the engine. A
    lost replace leaves the order on its old terms.
    """
    facts: list[Fact] = [DeskResumed(clean=given.clean, engine_version=given.engine_version)]
    for order_id in state.working:
        order = state.orders[order_id]
        if state.accounts[order.account].broker not in given.simulated:
            facts += _unanswered(order)
            continue
        if order.is_local:
            continue
        if not order.acknowledged:
            facts.append(OrderNotSent(order_id=order_id, reason=_RESTARTED))
        elif not order.can_rest or _is_being_cancelled(order):
            exec_id = f"{order.cl_ord_ids[0]}-lost"
            facts.append(OrderCanceled(order_id=order_id, exec_id=exec_id, reason=_RESTARTED))
        elif _exceeds(state, order):
            position = state.accounts[order.account].qty(order.instrument)
            exec_id = f"{order.cl_ord_ids[0]}-exceeds"
            facts.append(
                OrderCanceled(
                    order_id=order_id,
                    exec_id=exec_id,
                    reason=Reason(
                        "reduce.position", {"position": state.instruments[order.instrument].qty_text(position)}
                    ),
                )
            )
        else:
            facts += _lost_requests(state, view, order)
    return Decision(facts=tuple(facts))


def _unanswered(order: Order) -> list[Fact]:
    """At a venue outside nobody knows whether a request without an answer left before the engine ended."""
    waiting = [sent.cl_ord_id for sent in order.in_flight if not sent.is_unknown]
    if not order.acknowledged and not order.unknown and not order.is_local:
        waiting.insert(0, order.cl_ord_ids[0])
    reason = Reason("broker.restarted")
    return [OutcomeUnknown(order_id=order.order_id, cl_ord_id=cl_ord_id, reason=reason) for cl_ord_id in waiting]


def _exceeds(state: DeskState, order: Order) -> bool:
    """Whether a reduce-only order could open; its shrinking may have been lost with the engine."""
    return order.reduce_only and position_share(state, order) < order.leaves_qty


def _is_being_cancelled(order: Order) -> bool:
    return any(not sent.is_replace for sent in order.in_flight)


def _lost_requests(state: DeskState, view: View, order: Order) -> list[Fact]:
    return [
        CancelRejected(
            order_id=order.order_id,
            cl_ord_id=sent.cl_ord_id,
            exec_id=f"{sent.cl_ord_id}-lost",
            is_replace=True,
            reserve=reserve_for(state, view, order, order.qty, order.price),
            reason=_RESTARTED,
        )
        for sent in order.in_flight
    ]


def stop_desk(state: DeskState, view: View, given: StopDesk) -> Decision:
    """Say that the engine stopped by itself."""
    del state, view, given
    return Decision(facts=(DeskStopped(),))


def condition_met(state: DeskState, view: View, given: ConditionMet) -> Decision:
    """Fire a condition once; one that is not armed any more is left alone."""
    armed = state.conditions.get(given.condition_id)
    if armed is None:
        return Decision()
    instrument = armed.predicate.instrument
    fired = ConditionTriggered(
        condition_id=given.condition_id, instrument=instrument, price=given.price, seen=market_seen(view, instrument)
    )
    return Decision(facts=(fired,))
