"""Facts about routes to venues, and about what has to be looked at."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.execution import FeeItem
from termdesk.core.model.fee import FeeTerm
from termdesk.core.model.number import Price, Qty
from termdesk.core.model.posting import Cause, Settles
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Link, Liquidity, OrdType, Outcome, Severity, Side, TimeInForce
from termdesk.core.model.venue import BrokerRules


class BrokerLinkChanged(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="broker_link_changed.1"):
    """The link to a broker came up or went down. New orders wait for ``BrokerReconciled``; cancels pass."""

    broker: str
    link: Link
    detail: str
    rules: BrokerRules


class BrokerReconciled(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="broker_reconciled.1"):
    """The venue's word was taken in whole; new orders may leave again."""

    broker: str
    orders: int
    """Orders that the venue told."""
    changes: int
    """Facts that it led to."""


class AlertRaised(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="alert_raised.1"):
    """Something that a person has to look at. The same alert is raised once."""

    key: str
    """Tells alerts apart."""
    severity: Severity
    reason: Reason
    broker: str = ""
    account: str = ""
    instrument: str = ""
    order_id: str = ""


class OrderAdopted(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_adopted.1"):
    """The venue has an order that was not placed here; shown as external, and may be cancelled."""

    order_id: str
    venue_order_id: str
    venue_cl_ord_id: str
    account: str
    instrument: str
    instrument_version: int
    side: Side
    ord_type: OrdType
    qty: Qty
    price: Price | None
    time_in_force: TimeInForce
    reserve_asset: str
    reserve: Decimal
    fee_terms: tuple[FeeTerm, ...] = ()


class OutcomeUnknown(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="outcome_unknown.1"):
    """Nobody knows whether a request reached the venue. It is asked for and never sent again."""

    order_id: str
    cl_ord_id: str
    reason: Reason


class OrderResolved(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="order_resolved.1"):
    """A person said what became of an order; what was filled of it follows as fills of its own."""

    command_id: str
    order_id: str
    outcome: Outcome
    note: str
    venue_order_id: str = ""
    reason: Reason | None = None
    """The above in words."""


class FillConfirmed(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="fill_confirmed.1"):
    """The venue's own report of an execution that was booked before from its totals; books nothing."""

    order_id: str
    exec_id: str
    qty: Qty
    price: Decimal
    instrument: str
    account: str
    fees: tuple[FeeItem, ...] = ()
    """Not known when it was booked; paid now."""


class FillBusted(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="fill_busted.1"):
    """An execution never happened; its booking is reversed. A correction is a bust and a fill."""

    order_id: str
    exec_id: str
    """Of the bust."""
    ref_id: str
    """Of the execution that is taken back."""
    account: str
    instrument: str
    side: Side
    """Of the execution."""
    qty: Qty
    price: Decimal
    amount: Decimal
    fees: tuple[FeeItem, ...]
    liquidity: Liquidity | None
    reserve: Decimal
    """What the order holds back from here on."""
    settles: Settles | None = None
    reason: Reason | None = None


class PositionAdjusted(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="position_adjusted.1"):
    """The venue holds another position than its executions explain; taken over as it says, without money."""

    account: str
    instrument: str
    qty_before: Qty
    qty: Qty
    """Signed, from here on."""
    average: Decimal
    """Average price from here on, as the venue tells it."""
    cost: Decimal
    """Unsigned cost of what is taken in."""
    cause: Cause
    reason: Reason
