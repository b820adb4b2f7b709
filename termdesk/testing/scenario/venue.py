"""Steps at a venue of which only its reports are told."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from termdesk.core.model.command import CancelOrder, SubmitOrder
from termdesk.core.model.execution import BrokerReport, ExecutionReport, OrderCancelReject
from termdesk.core.model.reason import Reason
from termdesk.core.model.terms import ExecType, OrdType, Side
from termdesk.testing.scenario.bench import ACCOUNT
from termdesk.testing.scenario.file import Step
from termdesk.testing.scenario.run import Run, Unsupported

_SAID = Reason("venue.refused")

_WORDS = {
    "accepted": ExecType.NEW,
    "fill": ExecType.TRADE,
    "canceled": ExecType.CANCELED,
    "rejected": ExecType.REJECTED,
    "expired": ExecType.EXPIRED,
}


def oms_order(run: Run, step: Step) -> None:
    """Submit an order to the venue; nobody answers but the scenario."""
    x = run.instrument
    command = SubmitOrder(
        command_id=step["id"],
        account=ACCOUNT,
        instrument=x.id,
        side=Side[step["side"]],
        ord_type=OrdType[step["type"]],
        qty=x.qty(step["qty"]),
        price=x.price(step["px"]) if "px" in step else None,
        origin="scenario",
    )
    answer = run.bench.give(command).answers[0]
    if answer.accepted:
        run.orders[step["id"]] = answer.order_ids[0]
    else:
        run.denied.add(step["id"])


def report(run: Run, step: Step) -> None:
    """Let the venue speak. An order is named by the client's id, whatever the venue calls it."""
    kind = step["kind"]
    other = _OTHERS.get(kind)
    if other is not None:
        other(run, step)
        return
    if kind not in _WORDS:
        raise Unsupported(f"report {kind}")
    name: str = step.get("client_id") or step["order"]
    order = run.order(name)
    is_fill = kind == "fill"
    said: BrokerReport = ExecutionReport(
        exec_id=step.get("exec_id", f"report {len(run.bench.records)}"),
        exec_type=_WORDS[kind],
        order_id=run.order_id(name),
        cl_ord_id=order.cl_ord_ids[-1] if order is not None else "",
        venue_order_id=step.get("venue_id", ""),
        account=ACCOUNT,
        instrument=run.instrument.id,
        at_ns=run.bench.now_ns,
        last_qty=run.instrument.qty(step["last_qty"]) if is_fill else 0,
        last_price=Decimal(step["last_px"]) if is_fill else Decimal(0),
        reason=_SAID if kind == "rejected" else None,
    )
    run.bench.give(said)


def _submitted(run: Run, step: Step) -> None:
    """Says that the order left, which the desk knows."""
    del run, step


def _pending_cancel(run: Run, step: Step) -> None:
    """An order is pending cancel from the moment the desk asks for it."""
    run.bench.give(CancelOrder(command_id=run.command_id(), order_id=run.orders[step["order"]]))


def _cancel_rejected(run: Run, step: Step) -> None:
    order = run.order(step["order"])
    if order is None:
        raise Unsupported("report cancel_rejected of an unknown order")
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


_OTHERS: dict[str, Callable[[Run, Step], None]] = {
    "submitted": _submitted,
    "pending_cancel": _pending_cancel,
    "cancel_rejected": _cancel_rejected,
}
