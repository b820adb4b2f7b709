"""What an order may still be for, and bringing it there: groups, entries, and the position that it only reduces.

Everything here is emulated by the desk: two orders that fill in the same
instant at the venue can still both fill.
"""

from __future__ import annotations

from termdesk.core.model.facts import CancelRejected, OrderCanceled, OrderExpired, OrderReplaced
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Contingency, OrdStatus, ReleaseMode
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.orders.follow_inputs import AnswerHere, EndOrder, FitOrder
from termdesk.core.trading.orders.links import siblings
from termdesk.core.trading.orders.order import TIME_OVER, Order
from termdesk.core.trading.orders.releasing import release
from termdesk.core.trading.orders.requests import cancel_request, next_cl_ord_id, replace_request
from termdesk.core.trading.proposals import amend_proposal
from termdesk.core.trading.risk.gate import refusal
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View, market_seen

_NONE = Decision()
_UNSAID = Reason("venue.refused")


def wanted_qty(state: DeskState, order: Order) -> int:
    """What of an order may still be filled: its target, less what its group filled, within entry and position."""
    filled = order.cum_qty
    if order.contingency is Contingency.OUO:
        filled += sum(sibling.cum_qty for sibling in siblings(state, order))
    target = order.target_qty
    if order.release is not None:
        target = min(target, _let_go(state.orders[order.parent_id], order.release))
    left = target - filled
    if order.reduce_only:
        left = min(left, position_share(state, order))
    return max(0, left)


def _let_go(entry: Order, release_mode: ReleaseMode) -> int:
    """For how much of its entry an exit may work; an entry that ended early lets it go for what was filled."""
    if release_mode is ReleaseMode.FULL and entry.status.is_open:
        return 0
    return entry.cum_qty


def position_share(state: DeskState, order: Order) -> int:
    """What the position leaves a reduce-only order; older orders come first, orders of a group share."""
    account = state.accounts[order.account]
    left = -order.side.sign * account.qty(order.instrument)
    counted: dict[str, int] = {}
    for order_id in state.reducing.get(order.account, ()):
        other = state.orders[order_id]
        if other is order or (order.group and other.group == order.group):
            break
        if other.instrument != order.instrument or other.side is not order.side or other.status is OrdStatus.HELD:
            continue
        key = other.group or order_id
        more = max(0, other.leaves_qty - counted.get(key, 0))
        counted[key] = counted.get(key, 0) + more
        left -= more
    return max(0, left)


def fit_order(state: DeskState, view: View, given: FitOrder) -> Decision:
    """Shrink, end, let go or enlarge an order; what waits for the venue's word is looked at again after it."""
    order = state.orders[given.order_id]
    if not order.status.is_open or order.is_leaving:
        return Decision()
    wanted = wanted_qty(state, order)
    if order.status is OrdStatus.HELD:
        return release(state, view, order, wanted) if wanted and given.grow else Decision()
    if not wanted:
        return end_order(state, view, EndOrder(order_id=order.order_id, reason=given.reason))
    qty, (asked, _, _) = order.cum_qty + wanted, order.asked
    if qty == asked or (qty > asked and not given.grow) or order.status is OrdStatus.PENDING_NEW:
        return Decision()
    return _resize(state, view, order, qty, given)


def _resize(state: DeskState, view: View, order: Order, qty: int, given: FitOrder) -> Decision:
    asked, price, trigger_price = order.asked
    if not order.is_local and not view.native(state.accounts[order.account].broker, order.instrument).replace:
        # A triggered order that the venue can't make smaller: too much must not fill.
        return end_order(state, view, EndOrder(order_id=order.order_id, reason=given.reason)) if qty < asked else _NONE
    reserve, seen = order.reserve, market_seen(view, order.instrument)
    if qty > asked:
        proposal = amend_proposal(state, view, order, qty, price)
        if refusal(proposal) is not None:
            return Decision()
        reserve, seen = max(reserve, proposal.hold.amount), proposal.seen
    terms = (qty, price, reserve, seen, given.reason, trigger_price)
    fact, request = replace_request(order, f"desk:{next_cl_ord_id(order)}", *terms)
    return Decision(facts=(fact,), effects=(request,))


def end_order(state: DeskState, view: View, given: EndOrder) -> Decision:
    """Take an order off, once."""
    del view
    order = state.orders[given.order_id]
    if not order.status.is_open or order.is_leaving:
        return Decision()
    fact, request = cancel_request(order, f"desk:{next_cl_ord_id(order)}", given.reason)
    return Decision(facts=(fact,), effects=(request,))


def answer_here(state: DeskState, view: View, given: AnswerHere) -> Decision:
    """Carry out a cancel or an amend of an order that no venue has heard of, or say that it can't be."""
    order = state.orders[given.order_id]
    if not order.status.is_open:
        return Decision()
    exec_id = f"{given.cl_ord_id}-here"
    if given.is_refused:
        refused = CancelRejected(
            order_id=order.order_id,
            cl_ord_id=given.cl_ord_id,
            exec_id=exec_id,
            is_replace=given.is_replace,
            reserve=order.reserve,
            reason=given.reason or _UNSAID,
        )
        return Decision(facts=(refused,))
    if not given.is_replace and order.expire_asked:
        reason = Reason(TIME_OVER)
        return Decision(facts=(OrderExpired(order_id=order.order_id, exec_id=exec_id, reason=reason),))
    if not given.is_replace:
        return Decision(facts=(OrderCanceled(order_id=order.order_id, exec_id=exec_id, reason=given.reason),))
    reserve = order.reserve
    if order.status is not OrdStatus.HELD:
        reserve = min(reserve, amend_proposal(state, view, order, given.qty, given.price).hold.amount)
    replaced = OrderReplaced(
        order_id=order.order_id,
        cl_ord_id=given.cl_ord_id,
        exec_id=exec_id,
        qty=given.qty,
        price=given.price,
        reserve=reserve,
        reason=given.reason,
        trigger_price=given.trigger_price,
    )
    return Decision(facts=(replaced,))
