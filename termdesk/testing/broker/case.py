"""The cases, by number. Each is told apart by what it proves, and runs against any venue that can do what it needs."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from decimal import Decimal

import msgspec

from termdesk.core.model.facts import OrderFilled, OrderNotSent
from termdesk.core.model.terms import OrdStatus, Side
from termdesk.core.trading.evolve import evolve
from termdesk.core.trading.state import DeskState
from termdesk.testing.broker.bench import ConformanceDesk
from termdesk.testing.broker.control import VenueControl
from termdesk.testing.venue.faults import HOSTILE, Fault

BUY, SELL = Side.BUY, Side.SELL
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_LONGEST = 200


class NotApplicable(Exception):
    """The venue can't do what the case needs; the text says what."""


class Conformance(msgspec.Struct, frozen=True):
    """What a case has at hand."""

    desk: ConformanceDesk
    venue: VenueControl


Proof = Callable[[Conformance], Awaitable[None]]


class Case(msgspec.Struct, frozen=True):
    """One numbered claim."""

    number: str
    claim: str
    prove: Proof
    needs: frozenset[Fault] = frozenset()
    remote: bool = False

    def __str__(self) -> str:
        return self.number


_CASES: list[Case] = []


def _case(number: str, *needs: Fault, remote: bool = False) -> Callable[[Proof], Proof]:
    def add(prove: Proof) -> Proof:
        claim = (prove.__doc__ or "").strip()
        _CASES.append(Case(number, claim, prove, frozenset(needs), remote or bool(needs)))
        return prove

    return add


async def run_case(case: Case, control: VenueControl) -> None:
    """Run one case on a fresh venue, and hold at its end what must always hold.

    Raises:
        NotApplicable: The venue declares that it can't do what the case needs.
        AssertionError: The case failed.
    """
    if lacking := case.needs - control.faults:
        raise NotApplicable(f"{case.number} needs {', '.join(sorted(fault.value for fault in lacking))}")
    if case.remote and not control.is_remote:
        raise NotApplicable(f"{case.number} needs a venue outside the engine")
    await control.start()
    desk = ConformanceDesk(control)
    try:
        await control.quote("99.00", "101.00", "10")
        await desk.connect()
        await case.prove(Conformance(desk, control))
        await _hold(desk, control)
    finally:
        await desk.disconnect()
        await control.stop()


async def _hold(desk: ConformanceDesk, control: VenueControl) -> None:
    """After every case: one position, nothing sent twice, and the same state from the facts alone."""
    await desk.until(
        lambda: desk.position() == control.position(), lambda: f"{desk.position()} here, {control.position()} there"
    )
    for order in desk.state.orders.values():
        times = control.received(order.venue_cl_ord_id)
        assert times <= 1, f"{order.order_id} was sent {times} times"
    state = DeskState()
    for record in desk.records:
        evolve(state, record)
    assert state.snapshot() == desk.state.snapshot(), "the facts alone give another state"


@_case("ORD-01")
async def _accepted(at: Conformance) -> None:
    """A limit order that can't trade rests under the venue's own id."""
    order = await at.desk.status(at.desk.submit(BUY, "1", "99.00"), OrdStatus.NEW)
    assert order.venue_order_id


@_case("ORD-02")
async def _taken(at: Conformance) -> None:
    """An order that crosses trades at once, at the exact price and quantity."""
    order = await at.desk.status(at.desk.submit(BUY, "1.5", "101.00"), OrdStatus.FILLED)
    fill = next(record.fact for record in at.desk.records if isinstance(record.fact, OrderFilled))
    assert (fill.qty, fill.price) == (order.qty, Decimal("101.00"))


@_case("ORD-03")
async def _market(at: Conformance) -> None:
    """A market order trades at what is there."""
    await at.desk.status(at.desk.submit(SELL, "1", None), OrdStatus.FILLED)


@_case("ORD-04")
async def _canceled(at: Conformance) -> None:
    """A resting order is taken off when asked."""
    order_id = at.desk.submit(BUY, "1", "99.00")
    await at.desk.status(order_id, OrdStatus.NEW)
    at.desk.cancel(order_id)
    await at.desk.status(order_id, OrdStatus.CANCELED)


@_case("ORD-05")
async def _crossing_cancel(at: Conformance) -> None:
    """A cancel that leaves before the order is acknowledged still ends it."""
    order_id = at.desk.submit(BUY, "1", "99.00")
    at.desk.cancel(order_id)
    await at.desk.status(order_id, OrdStatus.CANCELED)


@_case("ORD-06")
async def _passive(at: Conformance) -> None:
    """A resting order is filled by a trade through its price, in parts that add up."""
    order_id = at.desk.submit(BUY, "2", "100.00")
    await at.desk.status(order_id, OrdStatus.NEW)
    await at.venue.trade("99.50", "0.5", SELL)
    await at.desk.until(lambda: at.desk.order(order_id).cum_qty > 0)
    await at.venue.trade("99.50", "10", SELL)
    await at.desk.status(order_id, OrdStatus.FILLED)


@_case("ORD-20", Fault.LOST_ACK)
async def _lost_ack(at: Conformance) -> None:
    """An order whose answer is lost is unknown, is asked for, is found working, and is not sent again."""
    at.venue.arm(Fault.LOST_ACK)
    order_id = at.desk.submit(BUY, "1", "99.00")
    await at.desk.status(order_id, OrdStatus.UNKNOWN)
    await at.desk.status(order_id, OrdStatus.NEW)


@_case("ORD-21", Fault.LOST_REQUEST)
async def _lost_request(at: Conformance) -> None:
    """An order that never arrived is unknown until the venue's own rule proves that it can't arrive any more."""
    at.venue.arm(Fault.LOST_REQUEST)
    order_id = at.desk.submit(BUY, "1", "99.00")
    await at.desk.status(order_id, OrdStatus.UNKNOWN)
    order = await at.desk.status(order_id, OrdStatus.REJECTED)
    assert order.presumed
    assert at.venue.received(order.venue_cl_ord_id) == 0


@_case("ORD-22", Fault.REORDER)
async def _fill_before_ack(at: Conformance) -> None:
    """A fill that overtakes the acknowledgement is booked, and the acknowledgement changes nothing."""
    at.venue.arm(Fault.REORDER)
    order_id = at.desk.submit(BUY, "1", "101.00")
    await at.desk.status(order_id, OrdStatus.FILLED)


@_case("ORD-23", Fault.LATE_FILL)
async def _late_fill(at: Conformance) -> None:
    """A fill that crosses a confirmed cancel is booked, and somebody is told."""
    order_id = at.desk.submit(BUY, "2", "99.00")
    await at.desk.status(order_id, OrdStatus.NEW)
    at.venue.arm(Fault.LATE_FILL)
    at.desk.cancel(order_id)
    await at.desk.until(lambda: at.desk.order(order_id).cum_qty > 0)
    assert "recon.late_fill" in at.desk.alerts()


@_case("ORD-24")
async def _replaced(at: Conformance) -> None:
    """A chain of amends leaves the order with the last terms, and what was filled counts."""
    order_id = at.desk.submit(BUY, "2", "99.00")
    await at.desk.status(order_id, OrdStatus.NEW)
    for price, qty in (("99.50", None), (None, "3"), ("100.00", "4")):
        at.desk.amend(order_id, price=price, qty=qty)
        await at.desk.status(order_id, OrdStatus.NEW)
    x, order = at.desk.listed, at.desk.order(order_id)
    assert (order.qty, order.price) == (x.qty("4"), x.price("100.00"))


@_case("ORD-25", Fault.DUPLICATE)
async def _duplicate(at: Conformance) -> None:
    """An execution that is told twice is booked once."""
    order_id = at.desk.submit(BUY, "2", "100.00")
    await at.desk.status(order_id, OrdStatus.NEW)
    at.venue.arm(Fault.DUPLICATE)
    await at.venue.trade("99.50", "0.5", SELL)
    await at.venue.trade("99.50", "0.5", SELL)
    await at.desk.until(lambda: at.desk.order(order_id).cum_qty == at.desk.listed.qty("1"))


@_case("ORD-26", Fault.LOST_ACK)
async def _lost_cancel_answer(at: Conformance) -> None:
    """A cancel whose answer is lost ends by what the venue says of the order."""
    order_id = at.desk.submit(BUY, "1", "99.00")
    await at.desk.status(order_id, OrdStatus.NEW)
    at.venue.arm(Fault.LOST_ACK)
    at.desk.cancel(order_id)
    await at.desk.status(order_id, OrdStatus.CANCELED)


@_case("NET-01", Fault.DISCONNECT_BEFORE)
async def _cut_before(at: Conformance) -> None:
    """A link that breaks before the order arrived: unknown, then proven absent; never sent again."""
    at.venue.arm(Fault.DISCONNECT_BEFORE)
    order_id = at.desk.submit(BUY, "1", "99.00")
    await at.desk.status(order_id, OrdStatus.REJECTED)


@_case("NET-02", Fault.DISCONNECT_AFTER)
async def _cut_after(at: Conformance) -> None:
    """A link that breaks before the answer: unknown, then found filled, with the venue's own execution."""
    at.venue.arm(Fault.DISCONNECT_AFTER)
    order_id = at.desk.submit(BUY, "1", "101.00")
    await at.desk.status(order_id, OrdStatus.FILLED)


@_case("NET-03", remote=True)
async def _no_link(at: Conformance) -> None:
    """While the link is down new orders are refused; afterwards nothing that was refused is sent."""
    await at.venue.cut()
    await at.desk.until(lambda: not at.desk.is_reconciled())
    known = len(at.desk.state.orders)
    try:
        at.desk.submit(BUY, "1", "99.00")
    except AssertionError:
        pass
    else:
        raise AssertionError("an order was taken without a link")
    await at.desk.until(at.desk.is_reconciled)
    assert len(at.desk.state.orders) == known
    assert not any(isinstance(record.fact, OrderNotSent) for record in at.desk.records)


@_case("REC-01", remote=True)
async def _restarted(at: Conformance) -> None:
    """After a restart open orders are found again, what was filled meanwhile is booked, and cancels work."""
    kept, filled = at.desk.submit(BUY, "1", "99.00"), at.desk.submit(BUY, "2", "100.00")
    for order_id in (kept, filled):
        await at.desk.status(order_id, OrdStatus.NEW)
    await at.desk.disconnect()
    await at.venue.trade("99.50", "10", SELL)
    await at.desk.begin_again()
    await at.desk.status(filled, OrdStatus.FILLED)
    at.desk.cancel(kept)
    await at.desk.status(kept, OrdStatus.CANCELED)


@_case("REC-02", remote=True)
async def _foreign(at: Conformance) -> None:
    """Orders from elsewhere are shown as external, their fills are booked, and they can be cancelled."""
    await at.venue.place_elsewhere(BUY, "1", "98.00")
    await at.venue.place_elsewhere(BUY, "1", "101.00")
    await at.desk.begin_again()
    external = [order for order in at.desk.state.orders.values() if order.origin == "external"]
    await at.desk.until(lambda: at.desk.position() == at.venue.position() != 0)
    (working,) = [order for order in external if order.status.is_open]
    at.desk.cancel(working.order_id)
    await at.desk.status(working.order_id, OrdStatus.CANCELED)


@_case("REC-03", Fault.SNAPSHOT_ERROR)
async def _failed_query(at: Conformance) -> None:
    """A query that fails changes nothing, is told, and is asked again."""
    await at.desk.status(at.desk.submit(BUY, "1", "101.00"), OrdStatus.FILLED)
    held = at.desk.position()
    at.venue.arm(Fault.SNAPSHOT_ERROR)
    await at.venue.cut()
    await at.desk.until(lambda: "recon.failed" in at.desk.alerts())
    assert at.desk.position() == held
    await at.desk.until(at.desk.is_reconciled)


@_case("REC-04", Fault.ID_REUSE)
async def _ids_again(at: Conformance) -> None:
    """A venue that uses its ids again gives no execution to the wrong order."""
    first = at.desk.submit(BUY, "1", "99.00")
    await at.desk.status(first, OrdStatus.NEW)
    at.venue.arm(Fault.ID_REUSE)
    second = at.desk.submit(BUY, "1", "101.00")
    await at.desk.status(second, OrdStatus.FILLED)
    assert at.desk.order(first).cum_qty == 0


@_case("REC-05", remote=True)
async def _unchanged(at: Conformance) -> None:
    """A warm restart that finds everything as it was books nothing and flattens nothing."""
    await at.desk.status(at.desk.submit(SELL, "1", "99.00"), OrdStatus.FILLED)
    fills = sum(isinstance(record.fact, OrderFilled) for record in at.desk.records)
    await at.desk.begin_again()
    assert sum(isinstance(record.fact, OrderFilled) for record in at.desk.records) == fills


@_case("SEC-02", Fault.HOSTILE_TEXT)
async def _hostile(at: Conformance) -> None:
    """Text that would command a terminal reaches no fact."""
    for _ in HOSTILE:
        at.venue.arm(Fault.HOSTILE_TEXT)
        await at.desk.status(at.desk.submit(BUY, "1", "99.00"), OrdStatus.NEW)
    for text in _texts([record.fact for record in at.desk.records]):
        assert not _UNSAFE.search(text), f"{text!r} reached a fact"
        assert len(text) <= _LONGEST, f"a text of {len(text)} characters reached a fact"


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in _texts(part)]
    return _texts(msgspec.structs.asdict(value)) if isinstance(value, msgspec.Struct) else []


CASES: tuple[Case, ...] = tuple(_CASES)
