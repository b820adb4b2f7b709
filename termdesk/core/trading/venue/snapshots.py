"""A snapshot of the venue taken apart: what is decided one at a time, in an order in which nothing is counted twice."""

from __future__ import annotations

from collections.abc import Iterator

from termdesk.core.model.execution import ExecutionReport
from termdesk.core.model.terms import ExecType
from termdesk.core.model.venue import VenueFill, VenueOrder, VenueSnapshot
from termdesk.core.trading.inputs import DeskInput, OrderWord, PositionWord, WordTaken
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.state import DeskState
from termdesk.core.trading.venue.finding import order_of


def parts(state: DeskState, snapshot: VenueSnapshot) -> Iterator[DeskInput]:
    """Give what a snapshot says: executions, then orders, then positions, then that this was all.

    An order that is not known is told before the executions, so that these find it with its own quantity.
    """
    strangers = {one.venue_order_id for one in snapshot.orders if venue_order(state, one) is None}
    for one in snapshot.orders:
        if one.venue_order_id in strangers and (one.status.is_open or one.cum_qty):
            yield OrderWord(broker=snapshot.broker, order=one, at_ns=snapshot.at_ns, only_adopt=True)
    for fill in sorted(snapshot.fills, key=lambda fill: fill.at_ns):
        yield trade_of(fill)
    for one in snapshot.orders:
        yield OrderWord(broker=snapshot.broker, order=one, at_ns=snapshot.at_ns)
    for position in snapshot.positions:
        named = tuple(
            one for one in snapshot.orders if (one.account, one.instrument) == (position.account, position.instrument)
        )
        yield PositionWord(broker=snapshot.broker, position=position, orders=named)
    yield WordTaken(snapshot=snapshot, seq_before=state.seq)


def venue_order(state: DeskState, told: VenueOrder) -> Order | None:
    """The order that the venue tells of; None where it is not known here."""
    if told.account not in state.accounts:
        return None
    return order_of(state, told.account, cl_ord_id=told.venue_cl_ord_id, venue_order_id=told.venue_order_id)


def trade_of(fill: VenueFill) -> ExecutionReport:
    """An execution of the venue's list, as the report that it once was."""
    return ExecutionReport(
        exec_id=fill.exec_id,
        exec_type=ExecType.TRADE,
        order_id="",
        cl_ord_id=fill.venue_cl_ord_id,
        venue_order_id=fill.venue_order_id,
        account=fill.account,
        instrument=fill.instrument,
        at_ns=fill.at_ns,
        last_qty=fill.qty,
        last_price=fill.price,
        liquidity=fill.liquidity,
        fees=fill.fees,
        side=fill.side,
    )
