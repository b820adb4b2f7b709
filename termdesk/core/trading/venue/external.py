"""Orders that the venue has and that were not placed here: shown as external, booked like any other."""

from __future__ import annotations

from termdesk.core.model.facts import Fact, InstrumentListed, OrderAdopted
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import Severity
from termdesk.core.model.venue import VenueOrder
from termdesk.core.trading.control.alerts import alert
from termdesk.core.trading.decision import Decision
from termdesk.core.trading.exposure import Terms, hold_for
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.view import View

EXTERNAL = "external"
"""Origin of an order that was not placed here."""


def adopt(state: DeskState, view: View, order: VenueOrder, *then: object) -> Decision:
    """Take an order of the venue over, and go on with ``then``; what can't be understood raises an alert instead."""
    instrument = view.instrument(order.instrument) or state.instruments.get(order.instrument)
    account = state.accounts.get(order.account)
    if instrument is None or account is None or order.side is None or order.qty <= 0:
        reason = Reason("recon.not_adopted", {"venue_order_id": order.venue_order_id, "instrument": order.instrument})
        key = f"{order.account}:{order.venue_order_id}"
        where = {"account": order.account, "instrument": order.instrument}
        return Decision(facts=alert(state, key, Severity.CRITICAL, reason, **where))
    fee_terms = view.fees(instrument.id).terms(order.side)
    terms = Terms(
        side=order.side,
        ord_type=order.ord_type,
        time_in_force=order.time_in_force,
        price=order.price,
        qty=order.qty,
        leaves=order.qty,
        fee_terms=fee_terms,
    )
    hold = hold_for(state, view, account, instrument, terms)
    listed: tuple[Fact, ...] = ()
    if state.instruments.get(instrument.id) != instrument:
        listed = (InstrumentListed(instrument=instrument),)
    adopted = OrderAdopted(
        order_id=f"O{len(state.orders) + 1}",
        venue_order_id=order.venue_order_id,
        venue_cl_ord_id=order.venue_cl_ord_id,
        account=order.account,
        instrument=instrument.id,
        instrument_version=instrument.version,
        side=order.side,
        ord_type=order.ord_type,
        qty=order.qty,
        price=order.price,
        time_in_force=order.time_in_force,
        reserve_asset=hold.asset,
        reserve=hold.amount,
        fee_terms=fee_terms,
    )
    return Decision(facts=(*listed, adopted), follow_ups=then)
