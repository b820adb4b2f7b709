"""What each step of a scenario does."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from termdesk.core.model.bar import Bar
from termdesk.core.model.command import AmendOrder, CancelOrder, MoveUnits
from termdesk.core.model.errors import NumberRefused, Refused
from termdesk.core.model.posting import Cause
from termdesk.core.model.terms import Phase, Side
from termdesk.core.trading.orders.order import Order
from termdesk.core.venues.delivery import following_day
from termdesk.testing.scenario import venue
from termdesk.testing.scenario.bench import ACCOUNT, VENUE
from termdesk.testing.scenario.file import Step
from termdesk.testing.scenario.orders import submit_bracket, submit_order
from termdesk.testing.scenario.risk import set_risk
from termdesk.testing.scenario.run import MS, START_NS, Run, Unsupported

SIDES = {"BUY": Side.BUY, "SELL": Side.SELL, "bid": Side.BUY, "ask": Side.SELL, "buy": Side.BUY, "sell": Side.SELL}
PHASES = {
    "continuous": Phase.CONTINUOUS,
    "closing_auction": Phase.CLOSING_AUCTION,
    "close": Phase.CLOSED,
}


def take_step(run: Run, step: Step) -> None:
    """Carry out one step.

    Raises:
        Unsupported: The desk has no such thing.
    """
    op = OPS.get(step["op"])
    if op is None:
        raise Unsupported(f"step {step['op']}")
    run.advance(int(step["t"]) if "t" in step else None)
    op(run, step)


def _nothing(run: Run, step: Step) -> None:
    """Accounts are opened before the first step."""
    del run, step


def _clock(run: Run, step: Step) -> None:
    """What is due at the time itself is done: no market event of that moment follows."""
    del step
    run.bench.expire(run.bench.now_ns)


def _level(run: Run, step: Step) -> None:
    run.bench.level(SIDES[step["side"]], run.instrument.price(step["px"]), run.instrument.qty(step["qty"]))


def _quote(run: Run, step: Step) -> None:
    x = run.instrument
    sides = (
        ((x.price(step[side]), x.qty(step[f"{side}_qty"])),) if Decimal(step[side]) else () for side in ("bid", "ask")
    )
    run.bench.book(*sides)


def _trade(run: Run, step: Step) -> None:
    x = run.instrument
    run.bench.trade(x.price(step["px"]), x.qty(step["qty"]), SIDES.get(step.get("aggressor", "none")))


def _mbo(run: Run, step: Step) -> None:
    action, name = step["action"], step["oid"]
    qty = run.instrument.qty(step["qty"]) if "qty" in step else None
    if action == "cancel":
        run.bench.remove_public(name, qty)
    elif qty is not None and action == "add":
        run.bench.add_public(name, SIDES[step["side"]], run.instrument.price(step["px"]), qty)
    elif qty is not None and action == "fill":
        run.bench.match_public(name, qty)
    else:
        raise Unsupported(f"mbo {action}")


def _last(run: Run, step: Step) -> None:
    run.bench.last(run.instrument.price(step["px"]))


def _bar(run: Run, step: Step) -> None:
    x = run.instrument
    first, high, low, close = (x.price(step[key]) for key in "ohlc")
    start_ns = START_NS + int(step["t_open"]) * MS if "t_open" in step else 0
    bar = Bar(start_ns, first, high, low, close, x.qty(step["v"]), Decimal(0), 0, 0)
    end_ns = START_NS + int(step["t"]) * MS if "t" in step else run.bench.now_ns
    run.bench.bar(bar, end_ns)


def _submit(run: Run, step: Step) -> None:
    submit_order(run, step["order"])


def _submit_many(run: Run, step: Step) -> None:
    for number in range(int(step["count"])):
        submit_order(run, {**step["template"], "id": f"{step['id_prefix']}{number}"})


def _modify(run: Run, step: Step) -> None:
    run.bench.expire(run.bench.now_ns)
    try:
        command = _amendment(run, step)
    except NumberRefused:
        # What no field for this instrument takes, never becomes a command.
        run.modify_rejected.append(step["id"])
        return
    asked = run.bench.give(command)
    order = run.order(step["id"])
    is_refused = not asked.answers[0].accepted
    if is_refused or (order is not None and order.status.is_open and _terms_differ(order, command)):
        run.modify_rejected.append(step["id"])


def _amendment(run: Run, step: Step) -> AmendOrder:
    x = run.instrument
    return AmendOrder(
        command_id=run.command_id(),
        order_id=run.order_id(step["id"]),
        price=x.price(step["px"]) if "px" in step else None,
        qty=x.qty(step["qty"]) if "qty" in step else None,
        trigger_price=x.price(step["trigger_px"]) if "trigger_px" in step else None,
    )


def _terms_differ(order: Order, command: AmendOrder) -> bool:
    asked = (
        (command.price, order.price),
        (command.qty, order.qty),
        (command.trigger_price, order.trigger_price),
    )
    return not order.in_flight and any(new is not None and new != has for new, has in asked)


def _cancel(run: Run, step: Step) -> None:
    command = CancelOrder(command_id=run.command_id(), order_id=run.order_id(step["id"]))
    if not run.bench.give(command).answers[0].accepted:
        run.cancel_rejected.append(step["id"])


def _fill(run: Run, step: Step) -> None:
    side = SIDES[step["side"]]
    _move_units(run, side.sign * Decimal(step["qty"]), step["px"], Cause.FILL)


def _seed_position(run: Run, step: Step) -> None:
    sellable = run.instrument.qty(step["sellable"]) if "sellable" in step else None
    _move_units(run, Decimal(step["qty"]), step["avg_px"], Cause.OPENING, sellable)


def _move_units(run: Run, qty: Decimal, price: str, cause: Cause, sellable: int | None = None) -> None:
    x = run.instrument
    command = MoveUnits(
        command_id=run.command_id(),
        account=ACCOUNT,
        instrument=x.id,
        qty=x.qty(qty),
        price=Decimal(price),
        cause=cause,
        sellable=sellable,
        origin="scenario",
    )
    answer = run.bench.give(command).answers[0]
    if not answer.accepted:
        raise Refused(answer.code, answer.params)


def _session(run: Run, step: Step) -> None:
    event = step["event"]
    if event == "next_day":
        run.bench.expire(run.bench.now_ns)
        run.bench.day = following_day("", run.bench.day)
        # No scenario tells the opening of a day.
        run.bench.phase(Phase.CONTINUOUS)
    elif event in PHASES:
        run.bench.phase(PHASES[event])
        run.bench.expire(run.bench.now_ns)
    elif event != "close_minus_1ms":
        raise Unsupported(f"session {event}")
    run.closed()


def _restart(run: Run, step: Step) -> None:
    if run.bench.broker == VENUE:
        venue.restart(run, step["mode"])
    elif step["mode"] != "venue":
        # The simulated exchange has no life of its own that could begin again.
        run.bench.restart(clean=step["mode"] == "clean")


def _snapshot(run: Run, step: Step) -> None:
    run.snapshots_left -= 1
    venue.venue_snapshot(run, step)


OPS: dict[str, Callable[[Run, Step], None]] = {
    "account": _nothing,
    "clock": _clock,
    "level": _level,
    "quote": _quote,
    "trade": _trade,
    "mbo": _mbo,
    "last": _last,
    "bar": _bar,
    "submit": _submit,
    "submit_bracket": submit_bracket,
    "submit_many": _submit_many,
    "modify": _modify,
    "cancel": _cancel,
    "fill": _fill,
    "seed_position": _seed_position,
    "session": _session,
    "restart": _restart,
    "risk": set_risk,
    "oms_order": venue.oms_order,
    "report": venue.report,
    "venue_snapshot": _snapshot,
    "link": venue.link,
    "recon_price": venue.price_cases,
}
