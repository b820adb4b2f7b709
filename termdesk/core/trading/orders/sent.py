"""What left the desk for a simulated venue, read back out of the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from termdesk.core.matching.comparison import Sent
from termdesk.core.model.execution import (
    BrokerRequest,
    NewOrderSingle,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
)
from termdesk.core.model.facts import (
    CancelRequested,
    OrderNotSent,
    OrderReleased,
    OrderSubmitted,
    OrderTriggered,
    Recorded,
    ReplaceRequested,
)
from termdesk.core.trading.orders.placing import submitted_single


def sent_by(records: Iterable[Recorded], account: str) -> list[Sent]:
    """Every request about an account's orders, with the desk time of the fact that it rests on, oldest first."""
    log = _Log(account)
    for record in records:
        read = _READ.get(type(record.fact))
        request = read(log, record.fact) if read is not None else None
        if request is not None:
            log.sent.append(Sent(record.at_ns, request))
    return [one for one in log.sent if one.request.order_id not in log.not_sent]


class _Log:
    """Orders met so far."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.sent: list[Sent] = []
        self.not_sent: set[str] = set()
        self.orders: dict[str, tuple[OrderSubmitted, NewOrderSingle]] = {}

    def submitted(self, fact: OrderSubmitted) -> BrokerRequest | None:
        if fact.account != self.account:
            return None
        single = submitted_single(fact)
        self.orders[fact.order_id] = fact, single
        held = fact.release is not None or (fact.emulated and fact.ord_type.has_trigger)
        return None if held else single

    def released(self, fact: OrderReleased) -> BrokerRequest | None:
        known = self.orders.get(fact.order_id)
        if known is None or (known[0].emulated and known[0].ord_type.has_trigger):
            return None
        return replace(known[1], qty=fact.qty, released=True)

    def triggered(self, fact: OrderTriggered) -> BrokerRequest | None:
        known = self.orders.get(fact.order_id)
        if known is None or not known[0].emulated:
            return None
        ord_type = known[1].ord_type.triggered
        return replace(known[1], ord_type=ord_type, price=fact.price, trigger_price=None, trail=None)

    def cancelled(self, fact: CancelRequested) -> BrokerRequest | None:
        known = self.orders.get(fact.order_id)
        if known is None:
            return None
        return OrderCancelRequest(
            cl_ord_id=fact.cl_ord_id,
            order_id=fact.order_id,
            account=self.account,
            instrument=known[0].instrument,
            venue_order_id="",
        )

    def replaced(self, fact: ReplaceRequested) -> BrokerRequest | None:
        known = self.orders.get(fact.order_id)
        if known is None:
            return None
        return OrderCancelReplaceRequest(
            cl_ord_id=fact.cl_ord_id,
            order_id=fact.order_id,
            account=self.account,
            instrument=known[0].instrument,
            venue_order_id="",
            qty=fact.qty,
            price=fact.price,
            trigger_price=fact.trigger_price,
        )

    def unsent(self, fact: OrderNotSent) -> BrokerRequest | None:
        self.not_sent.add(fact.order_id)
        return None


_READ: dict[type, Callable[[_Log, Any], BrokerRequest | None]] = {
    OrderSubmitted: _Log.submitted,
    OrderReleased: _Log.released,
    OrderTriggered: _Log.triggered,
    CancelRequested: _Log.cancelled,
    ReplaceRequested: _Log.replaced,
    OrderNotSent: _Log.unsent,
}
