"""Steps at a venue outside, of which only its words are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from termdesk.core.model.command import CancelOrder, SubmitOrder
from termdesk.core.model.execution import BrokerReport, ExecutionReport, OrderCancelReject
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, Link, OrdStatus, Side
from termdesk.core.model.venue import (
    OrderStatusReport,
    OrderStatusRequest,
    TransportError,
    VenueFill,
    VenueOrder,
    VenuePosition,
    VenueSnapshot,
)
from termdesk.core.trading.orders.order import Order
from termdesk.core.trading.venue.external import EXTERNAL
from termdesk.core.trading.venue.recon_price import recon_price
from termdesk.testing.scenario.bench import ACCOUNT, ANY_QTY, VENUE
from termdesk.testing.scenario.file import Step
from termdesk.testing.scenario.orders import TYPES, known_word
from termdesk.testing.scenario.run import Run, Unsupported

_SAID = Reason("venue.refused")

_WORDS = {
    "accepted": ExecType.NEW,
    "fill": ExecType.TRADE,
    "canceled": ExecType.CANCELED,
    "rejected": ExecType.REJECTED,
    "expired": ExecType.EXPIRED,
}
_STATUSES = {
    "SUBMITTED": OrdStatus.NEW,
    "ACCEPTED": OrdStatus.NEW,
    "TRIGGERED": OrdStatus.NEW,
    "PARTIALLY_FILLED": OrdStatus.NEW,
    "PENDING_CANCEL": OrdStatus.PENDING_CANCEL,
    "PENDING_MODIFY": OrdStatus.PENDING_REPLACE,
    "FILLED": OrdStatus.FILLED,
    "CANCELED": OrdStatus.CANCELED,
    "REJECTED": OrdStatus.REJECTED,
    "EXPIRED": OrdStatus.EXPIRED,
}


def oms_order(run: Run, step: Step) -> None:
    """Submit an order to the venue; nobody answers but the scenario."""
    x = run.instrument
    ord_type = known_word(TYPES, step["type"], "order type")
    state = run.bench.market.states[x.id]
    if ord_type.needs_market and not (state.bid and state.ask):
        _show_market(run)
    command = SubmitOrder(
        command_id=step["id"],
        account=ACCOUNT,
        instrument=x.id,
        side=Side[step["side"]],
        ord_type=ord_type,
        qty=x.qty(step["qty"]),
        price=x.price(step["px"]) if "px" in step else None,
        origin="scenario",
    )
    known = len(run.bench.state.orders)
    answer = run.bench.give(command).answers[0]
    if answer.accepted:
        run.orders[step["id"]] = answer.order_ids[0]
    else:
        run.denied.add(step["id"])
    run.refused += len(run.bench.state.orders) == known


def _show_market(run: Run) -> None:
    """A venue where a market order makes sense has a market, also where the scenario does not tell it."""
    one = ((run.instrument.price("1"), ANY_QTY),)
    run.bench.book(one, one)


def report(run: Run, step: Step) -> None:
    """Let the venue speak. An order is named by the client's id, whatever the venue calls it."""
    kind = step["kind"]
    other = _OTHERS.get(kind)
    if other is not None:
        other(run, step)
    elif kind in _WORDS:
        run.bench.give(_word(run, step))
    else:
        raise Unsupported(f"report {kind}")
    _name_strangers(run)


def _word(run: Run, step: Step) -> BrokerReport:
    kind, x = step["kind"], run.instrument
    name: str = step.get("client_id") or step["order"]
    order = None if step.get("venue_only") else run.order(name)
    is_fill = kind == "fill"
    return ExecutionReport(
        exec_id=step.get("exec_id", f"report {len(run.bench.records)}"),
        exec_type=_WORDS[kind],
        order_id=order.order_id if order is not None else "",
        cl_ord_id=order.cl_ord_ids[-1] if order is not None else "",
        venue_order_id=step.get("venue_id", "" if order is not None else name),
        account=ACCOUNT,
        instrument=x.id,
        at_ns=run.bench.now_ns,
        last_qty=x.qty(step["last_qty"]) if is_fill else 0,
        last_price=Decimal(step["last_px"]) if is_fill else Decimal(0),
        reason=_SAID if kind == "rejected" else None,
        side=Side[step["side"]] if "side" in step else None,
    )


def _name_strangers(run: Run) -> None:
    """Orders that the venue told first have the scenario's name for them as the venue's id."""
    named = set(run.orders.values())
    for order in run.bench.state.orders.values():
        if order.origin == EXTERNAL and order.order_id not in named:
            run.orders[order.venue_order_id] = order.order_id


def _submitted(run: Run, step: Step) -> None:
    """Says that the order left, which the desk knows."""
    del run, step


def _pending_cancel(run: Run, step: Step) -> None:
    """An order is pending cancel from the moment the desk asks for it."""
    run.bench.give(CancelOrder(command_id=run.command_id(), order_id=run.orders[step["order"]]))


def _cancel_rejected(run: Run, step: Step) -> None:
    order = _known(run, step)
    run.bench.give(
        OrderCancelReject(
            exec_id=step.get("exec_id", f"report {len(run.bench.records)}"),
            order_id=order.order_id,
            cl_ord_id=order.cl_ord_ids[-1],
            account=ACCOUNT,
            instrument=run.instrument.id,
            at_ns=run.bench.now_ns,
            is_replace=False,
            reason=_SAID,
        )
    )


def _transport_error(run: Run, step: Step) -> None:
    order = _known(run, step)
    if step.get("command", "submit") == "submit":
        cl_ord_id = order.cl_ord_ids[0]
    else:
        if not order.in_flight:
            _pending_cancel(run, step)
        cl_ord_id = _known(run, step).cl_ord_ids[-1]
    at_ns = run.bench.now_ns
    detail = step.get("reason", "time-out")
    run.bench.give(
        TransportError(order_id=order.order_id, cl_ord_id=cl_ord_id, account=ACCOUNT, at_ns=at_ns, detail=detail)
    )


def _known(run: Run, step: Step) -> Order:
    order = run.order(step.get("client_id") or step["order"])
    if order is None:
        raise Unsupported(f"report {step['kind']} of an unknown order")
    return order


_OTHERS: dict[str, Callable[[Run, Step], None]] = {
    "submitted": _submitted,
    "pending_cancel": _pending_cancel,
    "cancel_rejected": _cancel_rejected,
    "transport_error": _transport_error,
}


def venue_snapshot(run: Run, step: Step) -> None:
    """Let the venue tell all it has; what the desk then asks about single orders gets the same answer."""
    if not step.get("repeat_previous"):
        run.snapshot = _snapshot(run, step)
    told = run.snapshot
    if told is None:
        raise Unsupported("venue_snapshot repeat_previous without one before")
    asked = len(run.bench.sent)
    run.bench.give(told)
    _name_strangers(run)
    if not told.error:
        _answer(run, told.orders, run.bench.sent[asked:])


def _snapshot(run: Run, step: Step) -> VenueSnapshot:
    x = run.instrument
    error = step.get("error") or ""
    return VenueSnapshot(
        broker=VENUE,
        accounts=(ACCOUNT,),
        at_ns=run.bench.now_ns,
        orders=() if error else tuple(_told_order(run, one) for one in step.get("orders") or ()),
        fills=() if error else tuple(_told_fill(run, one) for one in step.get("fills") or ()),
        positions=()
        if error
        else tuple(
            VenuePosition(
                account=ACCOUNT, instrument=x.id, qty=x.qty(one["qty"]), average=Decimal(one.get("avg_px") or 0)
            )
            for one in step.get("positions") or ()
        ),
        error=str(error),
    )


def _told_order(run: Run, told: Step) -> VenueOrder:
    x, order = run.instrument, run.order(told["id"])
    return VenueOrder(
        account=ACCOUNT,
        instrument=x.id,
        venue_order_id=_venue_id(told["id"], order),
        venue_cl_ord_id=_client_id(order),
        side=Side[told["side"]] if "side" in told else order.side if order is not None else None,
        qty=x.qty(told["qty"]) if "qty" in told else order.qty if order is not None else 0,
        price=x.price(told["px"]) if "px" in told else order.price if order is not None else None,
        cum_qty=x.qty(told.get("filled") or "0"),
        average=Decimal(told["avg_px"]) if told.get("avg_px") else None,
        status=_STATUSES[told["status"]],
    )


def _told_fill(run: Run, told: Step) -> VenueFill:
    order = run.order(told["order"])
    return VenueFill(
        account=ACCOUNT,
        instrument=run.instrument.id,
        exec_id=told["exec_id"],
        venue_order_id=_venue_id(told["order"], order),
        venue_cl_ord_id=_client_id(order),
        side=Side[told["side"]] if "side" in told else None,
        qty=run.instrument.qty(told["qty"]),
        price=Decimal(told["px"]),
    )


def _venue_id(name: str, order: Order | None) -> str:
    return (order.venue_order_id if order is not None else "") or name


def _client_id(order: Order | None) -> str:
    """Client id at the venue; someone else's orders have none of ours."""
    return order.venue_cl_ord_id if order is not None else ""


def _answer(run: Run, told: tuple[VenueOrder, ...], sent: Iterable[object]) -> None:
    """The venue was just asked for everything: an order that it did not name is one that it does not have."""
    for request in list(sent):
        if not isinstance(request, OrderStatusRequest):
            continue
        found = next((one for one in told if one.venue_cl_ord_id == request.venue_cl_ord_id), None)
        answer = OrderStatusReport(
            order_id=request.order_id, account=request.account, at_ns=run.bench.now_ns, order=found
        )
        run.bench.give(answer)


def link(run: Run, step: Step) -> None:
    """Break or mend the connection to the venue."""
    run.bench.link(Link.DOWN if step["state"] == "down" else Link.UP)
    if step["state"] != "down":
        agree(run)


def restart(run: Run, mode: str) -> None:
    """Begin again, desk or venue; both mean a new connection."""
    if mode == "venue":
        run.bench.link(Link.DOWN)
    else:
        run.bench.restart(clean=mode == "clean")
    run.bench.link(Link.UP)
    agree(run)


def agree(run: Run) -> None:
    """A scenario that tells no snapshot any more has a venue that agrees with the desk."""
    if not run.snapshots_left:
        nothing = VenueSnapshot(broker=VENUE, accounts=(ACCOUNT,), at_ns=run.bench.now_ns)
        run.bench.give(nothing)


def price_cases(run: Run, step: Step) -> None:
    """Hold the price of a synthetic trade against each case."""
    for number, case in enumerate(step["cases"], 1):
        got = recon_price(*(_decimal(case.get(key)) for key in _POSITIONS))  # type: ignore[arg-type]
        wanted = _decimal(case["expect"])
        run.cases.append((number, got, wanted))


_POSITIONS = ("current_qty", "current_avg", "target_qty", "target_avg")


def _decimal(value: Any) -> Decimal | None:  # noqa: ANN401  # as the file has it
    return None if value is None else Decimal(value)
