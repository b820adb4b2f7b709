"""What passes between the desk and a broker besides orders and their reports: links, questions, and what was lost.

All of it is plain data. Account, instrument and numbers are the desk's own;
whatever the venue calls its orders and executions stays text of the venue.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from termdesk.core.model.execution import BrokerReport, BrokerRequest, FeeItem
from termdesk.core.model.instrument import Instrument
from termdesk.core.model.number import Ns, Price, Qty
from termdesk.core.model.terms import Link, Liquidity, OrdStatus, OrdType, Overfill, Side, TimeInForce


class BrokerRules(msgspec.Struct, frozen=True, kw_only=True):
    """What a broker declares about its venue, as far as decisions rest on it."""

    overfill: Overfill = Overfill.REFUSE
    absent_after_ns: int | None = None
    """A request that the venue does not know so long after it was sent never gets there; None: nothing proves that."""
    lookup: bool = True
    """The venue answers questions about one order by its client id."""
    simulated: bool = True


class OrderStatusRequest(msgspec.Struct, frozen=True, kw_only=True, tag="order_status_request"):
    """Ask the venue what became of one order (FIX 35=H). Changes nothing there."""

    order_id: str
    account: str
    instrument: str
    venue_cl_ord_id: str
    venue_order_id: str = ""


class SnapshotRequest(msgspec.Struct, frozen=True, kw_only=True, tag="snapshot_request"):
    """Ask for working orders, recent executions and positions of accounts. Changes nothing at the venue."""

    broker: str
    accounts: tuple[str, ...]


class TellInstrument(msgspec.Struct, frozen=True, kw_only=True, tag="tell_instrument"):
    """The version of an instrument in force; a broker hears it before the first request that names it."""

    instrument: Instrument


class VenueOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order as the venue tells it."""

    account: str
    instrument: str
    venue_order_id: str
    venue_cl_ord_id: str = ""
    """Client id that the venue holds; of someone else, or empty, for an external order."""
    side: Side | None = None
    """None where the venue does not repeat it; such an order can be matched, never adopted."""
    ord_type: OrdType = OrdType.LIMIT
    time_in_force: TimeInForce = TimeInForce.GTC
    qty: Qty
    price: Price | None = None
    cum_qty: Qty = 0
    average: Decimal | None = None
    status: OrdStatus = OrdStatus.NEW


class VenueFill(msgspec.Struct, frozen=True, kw_only=True):
    """An execution as the venue tells it."""

    account: str
    instrument: str
    exec_id: str
    venue_order_id: str
    venue_cl_ord_id: str = ""
    side: Side | None = None
    qty: Qty
    price: Decimal
    liquidity: Liquidity | None = None
    fees: tuple[FeeItem, ...] = ()
    at_ns: Ns = 0


class VenuePosition(msgspec.Struct, frozen=True, kw_only=True):
    """A position as the venue tells it; flat is told as 0, for silence says nothing."""

    account: str
    instrument: str
    qty: int
    """Signed scaled quantity."""
    average: Decimal = Decimal(0)


class VenueSnapshot(msgspec.Struct, frozen=True, kw_only=True, tag="venue_snapshot"):
    """The venue's answer to ``SnapshotRequest``. With ``error`` it says nothing at all."""

    broker: str
    accounts: tuple[str, ...]
    at_ns: Ns
    """When it was true, by desk time."""
    orders: tuple[VenueOrder, ...] = ()
    """Every working order, and ended ones as far back as the venue tells."""
    fills: tuple[VenueFill, ...] = ()
    positions: tuple[VenuePosition, ...] = ()
    unreadable: tuple[str, ...] = ()
    """What was there and could not be read, such as instruments that are not known here."""
    error: str = ""


class OrderStatusReport(msgspec.Struct, frozen=True, kw_only=True, tag="order_status_report"):
    """The venue's answer to ``OrderStatusRequest``; ``order`` is None where it knows no such order."""

    order_id: str
    account: str
    at_ns: Ns
    order: VenueOrder | None = None
    fills: tuple[VenueFill, ...] = ()


class TransportError(msgspec.Struct, frozen=True, kw_only=True, tag="transport_error"):
    """A request got no answer: time-out, broken link, fault on the way. Says nothing about the venue."""

    order_id: str
    cl_ord_id: str
    account: str
    at_ns: Ns
    left: bool = True
    """False only where it provably never left this machine."""
    detail: str = ""


class BrokerLink(msgspec.Struct, frozen=True, kw_only=True, tag="broker_link"):
    """The link to a broker came up or went down."""

    broker: str
    at_ns: Ns
    link: Link
    detail: str = ""
    rules: BrokerRules = BrokerRules()


VenueRequest = BrokerRequest | OrderStatusRequest | SnapshotRequest
ToBroker = VenueRequest | TellInstrument
"""All that a broker is told."""
VenueReport = BrokerReport | VenueSnapshot | OrderStatusReport | TransportError | BrokerLink
