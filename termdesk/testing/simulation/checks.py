"""What must hold whatever happens: each check says in one line what it found, with the numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal

from termdesk.core.model.facts import OrderFilled
from termdesk.core.model.terms import AccountKind, OrdStatus, Side
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.state import DeskState
from termdesk.journal import replayed
from termdesk.testing.simulation.world import World

_ZERO = Decimal(0)


def violations(world: World) -> Iterator[str]:
    """Everything that does not hold now."""
    for check in CHECKS:
        for found in check(world):
            yield f"{check.__name__.lstrip('_').replace('_', ' ')}: {found}"


def _quantities_of_orders_add_up(world: World) -> Iterator[str]:
    for order in world.desk.state.orders.values():
        if order.cum_qty + order.leaves_qty != order.qty and not order.overfill_qty:
            yield f"{order.order_id}: {order.cum_qty} + {order.leaves_qty} is not {order.qty}"
        if order.status is OrdStatus.FILLED and order.leaves_qty:
            yield f"{order.order_id} is filled with {order.leaves_qty} left"


def _working_orders_are_those_that_are_open(world: World) -> Iterator[str]:
    state = world.desk.state
    is_open = {name for name, order in state.orders.items() if order.status.is_open}
    if is_open != set(state.working):
        yield f"{sorted(is_open ^ set(state.working))}"


def _positions_follow_from_fills(world: World) -> Iterator[str]:
    state = world.desk.state
    units: dict[tuple[str, str], int] = defaultdict(int)
    for record in state.fills:
        if isinstance(record.fact, OrderFilled):
            units[record.fact.account, record.fact.instrument] += record.fact.side.sign * record.fact.qty
    for name, account in state.accounts.items():
        for key, position in account.positions.items():
            if position.qty != units[name, key.instrument]:
                yield f"{name} {key.instrument}: {position.qty}, fills say {units[name, key.instrument]}"


def _reserves_are_those_of_working_orders(world: World) -> Iterator[str]:
    state = world.desk.state
    for name, account in state.accounts.items():
        held: dict[str, Decimal] = defaultdict(Decimal)
        groups: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for order in map(state.orders.__getitem__, account.working):
            if order.group:
                key = (order.group, order.reserve_asset)
                groups[key] = max(groups[key], order.reserve)
            else:
                held[order.reserve_asset] += order.reserve
        for (_, asset), most in groups.items():
            held[asset] += most
        for asset in {*held, *account.reserved}:
            if account.reserved.get(asset, _ZERO) != held[asset]:
                yield f"{name} {asset}: {account.reserved.get(asset, _ZERO)} reserved, orders say {held[asset]}"


def _a_cash_account_owes_nothing(world: World) -> Iterator[str]:
    for name, account in world.desk.state.accounts.items():
        if account.kind is not AccountKind.CASH:
            continue
        for key, position in account.positions.items():
            if position.qty < 0:
                yield f"{name} is short {position.qty} of {key.instrument}"


def _fills_are_never_worse_than_the_limit(world: World) -> Iterator[str]:
    state = world.desk.state
    for record in state.fills[-200:]:
        fact = record.fact
        if not isinstance(fact, OrderFilled):
            continue
        limits = [
            fact_price
            for one in state.records[fact.order_id]
            if (fact_price := getattr(one.fact, "price", None)) is not None and isinstance(fact_price, int)
        ]
        order = state.orders[fact.order_id]
        if not limits or not order.ord_type.has_limit:
            continue
        worst = state.instruments[fact.instrument].price_decimal(max(limits) if fact.side is Side.BUY else min(limits))
        if (fact.price - worst) * fact.side.sign > 0:
            yield f"{fact.order_id}: {fact.side.value} at {fact.price}, its limits were {worst}"


def _nothing_is_sent_twice(world: World) -> Iterator[str]:
    for cl_ord_id, times in world.sent.items():
        if times > 1:
            yield f"{cl_ord_id} reached the venue {times} times"


def _nothing_leaves_before_it_is_durable(world: World) -> Iterator[str]:
    yield from world.undurable


def _what_was_answered_is_known(world: World) -> Iterator[str]:
    known = world.desk.state.answers
    for command_id, answer in world.told.items():
        if known.get(command_id) != answer:
            yield f"{command_id}: {answer.code or 'accepted'}, the desk says {known.get(command_id)}"


def _nothing_breaks_off(world: World) -> Iterator[str]:
    if world.desk.halted and "simulated disk" not in world.desk.halted:
        yield world.desk.halted


def the_far_venue_is_believed(world: World) -> Iterator[str]:
    """At rest the desk holds of the far venue what the venue itself holds."""
    state, venue = world.desk.state, world.far.venue
    account = state.accounts["far"]
    for instrument in state.instruments:
        here, there = account.qty(instrument), venue.qty("far", instrument)
        if here != there:
            yield f"{instrument}: {here} here, {there} at the venue"
    mine = (state.orders[name] for name in account.working)
    working = {order.venue_cl_ord_id for order in mine if order.acknowledged and not _is_carried_out_here(order)}
    theirs = {order.new.client_id for order in venue.orders.values() if order.status.is_open}
    if working - theirs or theirs - working:
        yield f"working only here: {sorted(working - theirs)}, only there: {sorted(theirs - working)}"
    for order in state.orders.values():
        if order.account == "far" and venue.received.count(order.venue_cl_ord_id) > 1:
            yield f"{order.order_id} reached the venue more than once"


def _is_carried_out_here(order: Order) -> bool:
    """Whether no venue has the order itself: it waits for its trigger, or is dealt out in slices."""
    return order.emulated and (not order.triggered or order.display_qty is not None)


def replay_is_equal(world: World) -> Iterator[str]:
    """Facts on the disk give the state of the desk, byte for byte; only where everything is durable."""
    state: DeskState = replayed(world.disk)[0]
    if state.seq == world.desk.state.seq and state.snapshot() != world.desk.state.snapshot():
        yield f"replay of {state.seq} facts gives another state"


CHECKS: tuple[Callable[[World], Iterator[str]], ...] = (
    _quantities_of_orders_add_up,
    _working_orders_are_those_that_are_open,
    _positions_follow_from_fills,
    _reserves_are_those_of_working_orders,
    _a_cash_account_owes_nothing,
    _fills_are_never_worse_than_the_limit,
    _nothing_is_sent_twice,
    _nothing_leaves_before_it_is_durable,
    _what_was_answered_is_known,
    _nothing_breaks_off,
)
