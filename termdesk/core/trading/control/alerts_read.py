"""Brokers outside the engine and alerts, as their readers want them."""

from __future__ import annotations

from termdesk.core.model.facts import AlertRaised
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.unknown import doubts
from termdesk.core.wire.attention import AlertLine, BrokerLine

NEWEST = 20
"""Alerts that are told; the log has them all."""


def broker_lines(state: DeskState) -> tuple[BrokerLine, ...]:
    """How the ways to venues stand, by name."""
    return tuple(
        BrokerLine(
            broker=name,
            link=broker.link,
            reconciled=broker.reconciled,
            in_doubt=tuple(order.order_id for order in doubts(state, name)),
        )
        for name, broker in sorted(state.brokers.items())
    )


def alert_lines(state: DeskState) -> tuple[AlertLine, ...]:
    """The newest alerts, oldest first."""
    records = list(state.alerts.values())[-NEWEST:]
    return tuple(_line(record.at_ns, record.fact) for record in records if isinstance(record.fact, AlertRaised))


def _line(at_ns: int, fact: AlertRaised) -> AlertLine:
    return AlertLine(
        at_ns=at_ns,
        severity=fact.severity,
        reason=fact.reason,
        broker=fact.broker,
        account=fact.account,
        instrument=fact.instrument,
        order_id=fact.order_id,
    )
