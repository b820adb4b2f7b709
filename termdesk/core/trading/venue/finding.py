"""Which order a venue means. Client ids count first, for venues use their own ids again."""

from __future__ import annotations

from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.external import EXTERNAL


def client_id(state: DeskState, account: str, cl_ord_id: str) -> str:
    """What a venue is to call a request: in a venue outside, unlike that of any other journal."""
    broker = state.accounts[account].broker
    return f"{state.client_token}-{cl_ord_id}" if broker in state.brokers else cl_ord_id


def own_id(state: DeskState, cl_ord_id: str) -> str:
    """Our part of a client id."""
    return cl_ord_id.removeprefix(f"{state.client_token}-")


def order_of(
    state: DeskState, account: str, *, order_id: str = "", cl_ord_id: str = "", venue_order_id: str = ""
) -> Order | None:
    """Find an order of an account by our id, else by a client id, else by the venue's; None where none fits.

    A client id that is none of ours names no order of ours, whatever the venue's id next to it was once.
    """
    if order_id:
        found = state.orders.get(order_id)
        return found if found is not None and found.account == account else None
    if cl_ord_id:
        return _by_client_id(state, account, cl_ord_id) or _external(state, account, venue_order_id)
    return _by_venue_id(state, account, venue_order_id)


def _by_client_id(state: DeskState, account: str, cl_ord_id: str) -> Order | None:
    own = own_id(state, cl_ord_id)
    if own == cl_ord_id and state.accounts[account].broker in state.brokers:
        return None
    found = state.orders.get(own.rpartition(".")[0])
    return found if found is not None and found.account == account and own in found.cl_ord_ids else None


def _by_venue_id(state: DeskState, account: str, venue_order_id: str) -> Order | None:
    return state.orders.get(state.venue_orders.get(account, {}).get(venue_order_id, ""))


def _external(state: DeskState, account: str, venue_order_id: str) -> Order | None:
    found = _by_venue_id(state, account, venue_order_id)
    return found if found is not None and found.origin == EXTERNAL else None
