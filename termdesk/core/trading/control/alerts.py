"""What a person has to look at, as facts. The same alert is raised once."""

from __future__ import annotations

from termdesk.core.model.facts import AlertRaised
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Severity
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.state import DeskState


def alert(
    state: DeskState,
    key: str,
    severity: Severity,
    reason: Reason,
    order: Order | None = None,
    /,
    *,
    broker: str = "",
    account: str = "",
    instrument: str = "",
) -> tuple[AlertRaised, ...]:
    """Raise an alert about an order, or about what is named; nothing where it was raised before.

    ``key`` is what makes it the same one, told apart further by its code.
    """
    key = f"{reason.code}:{key}"
    if key in state.alerts:
        return ()
    if order is not None:
        account, instrument = order.account, order.instrument
    return (
        AlertRaised(
            key=key,
            severity=severity,
            reason=reason,
            broker=broker,
            account=account,
            instrument=instrument,
            order_id=order.order_id if order is not None else "",
        ),
    )
