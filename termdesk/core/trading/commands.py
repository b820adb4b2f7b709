"""Decisions about commands. Each raises ``Refused`` with the rule and its numbers, or gives facts."""

from __future__ import annotations

from termdesk.core.model.command import (
    AmendOrder,
    ArmCondition,
    CancelAll,
    CancelOrder,
    DisarmCondition,
    SubmitOrder,
)
from termdesk.core.model.errors import Refused
from termdesk.core.model.facts import (
    CancelAllDone,
    ConditionArmed,
    ConditionDisarmed,
    Fact,
    InstrumentListed,
)
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.terms import Contingency, OrdStatus
from termdesk.core.model.venue import VenueRequest
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.orders.native import Handling, handling
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.orders.placing import passes_held, submitted_fact, submitted_single
from termdesk.core.trading.orders.releasing import accepted_here
from termdesk.core.trading.orders.requests import cancel_request, replace_request
from termdesk.core.trading.orders.wording import check_price
from termdesk.core.trading.proposals import account_of, amend_proposal, instrument_of, submit_proposal
from termdesk.core.trading.risk.gate import passes
from termdesk.core.trading.risk.own_orders import ousted
from termdesk.core.trading.risk.proposal import Proposal
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View, market_seen


def submit_order(state: DeskState, view: View, command: SubmitOrder) -> Decision:
    """Take a new order through the gate."""
    proposal = submit_proposal(state, view, command)
    passes(proposal)
    return new_order(state, view, command, proposal)


def new_order(state: DeskState, view: View, command: SubmitOrder, proposal: Proposal) -> Decision:
    """Send an order that has passed the gate, or keep it here; own orders that have to make way for it go first."""
    handled = handling_of(state, view, command)
    submitted = submitted_fact(state, view, command, proposal, handled, f"O{len(state.orders) + 1}")
    facts: tuple[Fact, ...] = (*_listing(state, proposal.instrument), submitted)
    cancels: tuple[VenueRequest, ...] = ()
    makers = ousted(proposal, command.command_id)
    if makers:
        facts = (*facts[:-1], *(fact for fact, _ in makers), submitted)
        cancels = tuple(cancel for _, cancel in makers)
    if handled.emulated:
        return Decision(facts=(*facts, accepted_here(submitted.order_id, submitted.cl_ord_id)), effects=cancels)
    return Decision(facts=facts, effects=(*cancels, submitted_single(submitted)))


def handling_of(state: DeskState, view: View, command: SubmitOrder) -> Handling:
    """What the engine does for a new order in the venue's place.

    Raises:
        Refused: The venue has no such order, and it can't be emulated.
    """
    native = view.native(state.accounts[command.account].broker, command.instrument)
    if not native.replace and _must_shrink(command):
        raise Refused("risk.not_offered", {"what": "reduce_only" if command.reduce_only else Contingency.OUO.value})
    return handling(native, command.ord_type, command.time_in_force, command.trigger_by, command.display_qty)


def _must_shrink(command: SubmitOrder) -> bool:
    """Whether an order rests at the venue and the engine has to make it smaller there when others fill."""
    rests = not command.ord_type.triggered.needs_market and not command.time_in_force.is_at_once
    return rests and (command.reduce_only or command.contingency is Contingency.OUO)


def cancel_order(state: DeskState, view: View, command: CancelOrder) -> Decision:
    """Ask the venue to take an order off; passes no gate."""
    del view
    order = _open_order(state, command.order_id)
    if order.status is OrdStatus.PENDING_CANCEL and not order.in_doubt:
        raise Refused("command.amend_pending", {"order_id": order.order_id, "status": order.status.value})
    requested, request = cancel_request(order, command.command_id)
    return Decision(facts=(requested,), effects=(request,))


def cancel_all(state: DeskState, view: View, command: CancelAll) -> Decision:
    """Cancel every open order that matches and is not being cancelled already.

    A name that is not known is refused: who mistypes it must not believe that nothing works any more.
    """
    if command.account is not None:
        account_of(state, command.account)
    if command.instrument is not None:
        instrument_of(view, command.instrument)
    pairs = [
        cancel_request(order, command.command_id)
        for order in map(state.orders.__getitem__, state.working)
        if _matches(order, command) and (order.status is not OrdStatus.PENDING_CANCEL or order.in_doubt)
    ]
    done = CancelAllDone(command_id=command.command_id, order_ids=tuple(fact.order_id for fact, _ in pairs))
    return Decision(facts=(*(fact for fact, _ in pairs), done), effects=tuple(request for _, request in pairs))


def amended(state: DeskState, view: View, command: AmendOrder) -> Proposal:
    """Lay a working order before the gate as it would be with the terms of an amend; decides nothing.

    Raises:
        Refused: There is no such order to change, or it is changed already.
    """
    order, qty, price, _ = _terms(state, view, command)
    if _is_fixed(state, view, order) and not 0 < qty <= order.cum_qty:
        raise Refused("command.no_amend", {"broker": state.accounts[order.account].broker})
    return amend_proposal(state, view, order, max(qty, order.cum_qty), price)


def _terms(state: DeskState, view: View, command: AmendOrder) -> tuple[Order, int, int | None, int | None]:
    """The order with the quantity, the price and, where it changes, the trigger that an amend gives it."""
    order = _open_order(state, command.order_id)
    if order.status is not OrdStatus.NEW and order.status is not OrdStatus.HELD:
        raise Refused("command.amend_pending", {"order_id": order.order_id, "status": order.status.value})
    qty = order.qty if command.qty is None else command.qty
    price = order.price if command.price is None else command.price
    trigger_price = _new_trigger(view, order, command)
    if (qty, price, trigger_price) == (order.qty, order.price, None):
        raise Refused("command.nothing_to_amend", {"order_id": order.order_id})
    return order, qty, price, trigger_price


def amend_order(state: DeskState, view: View, command: AmendOrder) -> Decision:
    """Take an order's new terms through the gate; it holds back the larger reserve until the venue answers."""
    order, qty, price, trigger_price = _terms(state, view, command)
    instrument = instrument_of(view, order.instrument)
    is_fixed = _is_fixed(state, view, order)
    if 0 < qty <= order.cum_qty:
        return _end_at_filled(view, order, command, is_fixed=is_fixed)
    if is_fixed:
        raise Refused("command.no_amend", {"broker": state.accounts[order.account].broker})
    proposal = amend_proposal(state, view, order, qty, price)
    is_held = order.status is OrdStatus.HELD
    (passes_held if is_held else passes)(proposal)
    makers = [] if is_held else ousted(proposal, command.command_id)
    reserve = order.reserve if is_held else max(order.reserve, proposal.hold.amount)
    terms = (qty, price, reserve, proposal.seen, None, trigger_price)
    requested, request = replace_request(order, command.command_id, *terms)
    return Decision(
        facts=(*_listing(state, instrument), *(fact for fact, _ in makers), requested),
        effects=(*(cancel for _, cancel in makers), request),
    )


def _is_fixed(state: DeskState, view: View, order: Order) -> bool:
    """Whether the venue has the order and changes none that rests; what the engine keeps can always be changed."""
    is_here = order.is_local or order.status is OrdStatus.HELD
    return not is_here and not view.native(state.accounts[order.account].broker, order.instrument).replace


def _end_at_filled(view: View, order: Order, command: AmendOrder, *, is_fixed: bool) -> Decision:
    """A quantity at or below what is filled means what is filled, so that nothing is left (FIX 4.4, Appendix D).

    It can only make the order smaller and passes no gate, as a cancel does; slices of the engine's own are
    cancelled, and so is what the venue can not change.
    """
    if order.is_sliced or is_fixed:
        cancel, cancelled = cancel_request(order, command.command_id)
        return Decision(facts=(cancel,), effects=(cancelled,))
    terms = (order.cum_qty, order.price, order.reserve, market_seen(view, order.instrument))
    replace, replaced = replace_request(order, command.command_id, *terms)
    return Decision(facts=(replace,), effects=(replaced,))


def _new_trigger(view: View, order: Order, command: AmendOrder) -> int | None:
    price = command.trigger_price
    if price is None or price == order.trigger_price:
        return None
    if not order.is_watching:
        raise Refused("risk.misplaced", {"what": "trigger", "ord_type": order.now_type.value})
    instrument = instrument_of(view, order.instrument)
    check_price(price, instrument, instrument.rule(view.trading_day(instrument.id)).tick)
    return price


def arm_condition(state: DeskState, view: View, command: ArmCondition) -> Decision:
    """Watch for a predicate of a known instrument, at a price on its tick."""
    predicate = command.predicate
    instrument = instrument_of(view, predicate.instrument)
    tick = instrument.rule(view.trading_day(instrument.id)).tick
    text = instrument.price_text
    if predicate.price <= 0:
        raise Refused("risk.price_positive", {"price": text(predicate.price)})
    if predicate.price % tick:
        raise Refused("risk.tick", {"price": text(predicate.price), "tick": text(tick)})
    armed = ConditionArmed(
        command_id=command.command_id,
        condition_id=f"C{state.conditions_made + 1}",
        predicate=predicate,
        action=command.action,
        origin=command.origin,
        seen=market_seen(view, instrument.id),
    )
    return Decision(facts=(*_listing(state, instrument), armed))


def disarm_condition(state: DeskState, view: View, command: DisarmCondition) -> Decision:
    """Take an armed condition back."""
    del view
    if command.condition_id not in state.conditions:
        raise Refused("command.condition_unknown", {"condition_id": command.condition_id})
    return Decision(facts=(ConditionDisarmed(command_id=command.command_id, condition_id=command.condition_id),))


def _listing(state: DeskState, instrument: Instrument) -> tuple[InstrumentListed, ...]:
    """The version in force goes on record before the first fact that uses it."""
    return () if state.instruments.get(instrument.id) == instrument else (InstrumentListed(instrument=instrument),)


def _open_order(state: DeskState, order_id: str) -> Order:
    order = state.orders.get(order_id)
    if order is None:
        raise Refused("command.order_unknown", {"order_id": order_id})
    if not order.status.is_open:
        raise Refused("command.order_ended", {"order_id": order_id, "status": order.status.value})
    return order


def _matches(order: Order, command: CancelAll) -> bool:
    wanted = (
        (command.account, order.account),
        (command.instrument, order.instrument),
        (command.side, order.side),
        (command.price, order.price),
    )
    return all(asked is None or asked == has for asked, has in wanted)
