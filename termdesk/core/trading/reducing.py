"""Reduce-only orders follow the position: what they could open is taken back.

Emulated by the desk. A reduce-only order and another order that fill in the
same instant can still both fill; the other one has then held back what opens.
"""

from __future__ import annotations

from collections.abc import Iterator

from termdesk.core.model.execution import BrokerRequest
from termdesk.core.model.facts import Fact
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import OrdStatus
from termdesk.core.trading.ledger import Account
from termdesk.core.trading.order import Order
from termdesk.core.trading.requests import cancel_request, replace_request
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View, market_seen


def exceeding(
    state: DeskState, account: Account, instrument_id: str, position: int, filled: Order | None = None, qty: int = 0
) -> Iterator[tuple[Order, int]]:
    """Reduce-only orders for which ``position`` is too small, each with what it leaves them; older ones come first.

    ``filled`` is counted as if ``qty`` of it were filled already.
    """
    left = abs(position)
    for order in map(state.orders.__getitem__, account.working):
        if not order.reduce_only or order.instrument != instrument_id:
            continue
        leaves = order.leaves_qty - (qty if order is filled else 0)
        allowed = left if order.side.sign * position < 0 else 0
        left -= min(allowed, max(0, leaves))
        if leaves > allowed:
            yield order, allowed


def follows(state: DeskState, order: Order, position: int) -> Reason:
    """Why the desk takes back a reduce-only order by itself."""
    return Reason("reduce.position", {"position": state.instruments[order.instrument].qty_text(position)})


def follow_position(
    state: DeskState, view: View, filled: Order, qty: int, exec_id: str
) -> tuple[list[Fact], list[BrokerRequest]]:
    """Shrink or cancel reduce-only orders that would open once ``filled`` has ``qty`` more; oldest orders stay."""
    facts: list[Fact] = []
    requests: list[BrokerRequest] = []
    account = state.accounts[filled.account]
    position = account.qty(filled.instrument) + filled.side.sign * qty
    for order, allowed in exceeding(state, account, filled.instrument, position, filled, qty):
        if order.status is OrdStatus.PENDING_CANCEL:
            continue
        reason = follows(state, order, position)
        command_id = f"reduce:{exec_id}:{order.order_id}"
        if allowed and order.status is OrdStatus.NEW:
            seen = market_seen(view, order.instrument)
            terms = (
                order.cum_qty + (qty if order is filled else 0) + allowed,
                order.price,
                order.reserve,
                seen,
                reason,
            )
            fact, request = replace_request(order, command_id, *terms)
            facts.append(fact)
            requests.append(request)
        else:
            asked, cancel = cancel_request(order, command_id, reason)
            facts.append(asked)
            requests.append(cancel)
    return facts, requests
