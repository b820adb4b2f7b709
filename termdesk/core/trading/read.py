"""The desk as its readers want it: pure functions from state to the lines of ``core/wire``."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from termdesk.core.matching.restored import ChargedFill, RestoredOrder
from termdesk.core.model.errors import Refused
from termdesk.core.model.execution import NewOrderSingle
from termdesk.core.model.facts import Fact, OrderFilled, Recorded
from termdesk.core.model.reason import Reason
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.orders.requests import order_single
from termdesk.core.trading.state import DeskState
from termdesk.core.wire.queries import ConditionLine, FillLine, OrderLine, WhyResult, WhyStep


def order_line(order: Order) -> OrderLine:
    """One order as it stands; what an ended order did not fill no longer counts as leaves."""
    return OrderLine(
        order_id=order.order_id,
        account=order.account,
        instrument=order.instrument,
        version=order.instrument_version,
        side=order.side,
        ord_type=order.ord_type,
        qty=order.qty,
        price=order.price,
        time_in_force=order.time_in_force,
        status=order.status,
        cum_qty=order.cum_qty,
        leaves_qty=order.leaves_qty if order.status.is_open else 0,
        average=order.average,
        submitted_ns=order.submitted_ns,
        updated_ns=order.updated_ns,
        origin=order.origin,
        note=order.note,
        post_only=order.post_only,
        reduce_only=order.reduce_only,
        reason=order.reason,
        trigger_price=order.trigger_price,
        trigger_by=order.trigger_by,
        trail=order.trail,
        triggered=order.triggered,
        display_qty=order.display_qty,
        expire_ns=order.expire_ns,
        contingency=order.contingency,
        group=order.group,
        parent_id=order.parent_id,
        release=order.release,
        emulated=order.emulated,
        expires_here=order.expires_here,
    )


def order_lines(
    state: DeskState, account: str = "", *, working_only: bool = False, archived: bool = True
) -> tuple[OrderLine, ...]:
    """Orders of an account (empty: of all), oldest first; those of closed days where ``archived``."""
    ids: Iterable[str] = state.working if working_only else state.orders
    if not archived:
        ids = (order_id for order_id in ids if order_id not in state.archived)
    orders = (state.orders[order_id] for order_id in ids)
    return tuple(order_line(order) for order in orders if account in ("", order.account))


def fill_lines(state: DeskState, account: str = "", order_id: str = "") -> tuple[FillLine, ...]:
    """Fills of an account or an order (empty: of all), oldest first."""
    records = state.records.get(order_id, []) if order_id else state.fills
    return tuple(
        FillLine(record.seq, record.at_ns, record.trading_day, record.fact)
        for record in records
        if isinstance(record.fact, OrderFilled) and account in ("", record.fact.account)
    )


def condition_lines(state: DeskState) -> tuple[ConditionLine, ...]:
    """Armed conditions in the order of arming."""
    return tuple(
        ConditionLine(
            armed.condition_id,
            armed.predicate.instrument,
            state.instruments[armed.predicate.instrument].version,
            armed.predicate,
            armed.action,
            armed.armed_ns,
            armed.origin,
        )
        for armed in state.conditions.values()
    )


def why(state: DeskState, order_id: str, waits: Reason | None) -> WhyResult:
    """Everything that happened to an order, and what it waits for while it works.

    Raises:
        Refused: There is no such order.
    """
    order = state.orders.get(order_id)
    if order is None:
        raise Refused("command.order_unknown", {"order_id": order_id})
    steps = tuple(_why_step(state, order, record) for record in state.records[order_id])
    return WhyResult(order_line(order), steps, waits if order.status.is_open else None)


def restorable(state: DeskState, broker: str) -> tuple[RestoredOrder, ...]:
    """Open orders of a simulated broker that it had accepted, oldest first, for it to take up again."""
    return tuple(
        RestoredOrder(
            new=_as_sent(order),
            cum_qty=order.cum_qty,
            triggered=order.triggered and not order.emulated,
            fee_terms=order.fee_terms,
            fills=_charged(state, order),
        )
        for order in map(state.orders.__getitem__, state.working)
        if order.acknowledged and not order.is_local and state.accounts[order.account].broker == broker
    )


def _as_sent(order: Order) -> NewOrderSingle:
    """Terms in force; an order that the venue triggered itself is still the one that waited."""
    sent = order_single(order)
    return sent if order.emulated else replace(sent, ord_type=order.ord_type, trail=order.trail)


def _charged(state: DeskState, order: Order) -> tuple[ChargedFill, ...]:
    instrument = state.instruments[order.instrument]
    fills = (record.fact for record in state.records[order.order_id])
    return tuple(
        ChargedFill(fill.amount, instrument.qty_decimal(fill.qty), fill.liquidity, fill.fees)
        for fill in fills
        if isinstance(fill, OrderFilled)
    )


def _why_step(state: DeskState, order: Order, record: Recorded) -> WhyStep:
    fact = record.fact
    price = getattr(fact, "price", None)
    if isinstance(price, int):
        price = state.instruments[order.instrument].price_decimal(price)
    return WhyStep(
        seq=record.seq,
        at_ns=record.at_ns,
        what=_tag(fact),
        reason=getattr(fact, "reason", None),
        qty=getattr(fact, "qty", 0),
        price=price,
        seen=getattr(fact, "seen", None),
    )


def _tag(fact: Fact) -> str:
    return str(fact.__struct_config__.tag).rpartition(".")[0]
